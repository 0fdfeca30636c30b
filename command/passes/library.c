#include "command/passes/library.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "support/path.h"
#include "support/text.h"

static void
add_matches(struct library *library, const char *folder, const char *pattern)
{
    char *path = xasprintf("%s/%s", folder, pattern);
    glob_t found;
    size_t i;

    if (glob(path, 0, NULL, &found) == 0) {
        library->paths =
            xrealloc(library->paths, (library->count + found.gl_pathc + 1) *
                                         sizeof(*library->paths));
        for (i = 0; i < found.gl_pathc; i++)
            library->paths[library->count++] = xstrdup(found.gl_pathv[i]);
        globfree(&found);
    }
    free(path);
}

static void
add_folder(struct library *library, const char *folder)
{
    add_matches(library, folder, "*.stpm");
    add_matches(library, folder, "*.stp");
}

int
library_find(struct library *library, const struct string_list *folders,
             struct error *error)
{
    char *own = path_home("tapset");
    unsigned i;

    *library = (struct library){0};
    add_folder(library, own);
    free(own);
    for (i = 0; i < folders->count; i++) {
        if (!path_exists(folders->items[i])) {
            library_free(library);
            return error_set(error, "-I %s: %s", folders->items[i],
                             strerror(errno));
        }
        add_folder(library, folders->items[i]);
    }
    return 0;
}

void
library_free(struct library *library)
{
    unsigned i;

    for (i = 0; i < library->count; i++)
        free(library->paths[i]);
    free(library->paths);
    *library = (struct library){0};
}
