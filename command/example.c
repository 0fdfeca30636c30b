#include "command/example.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/path.h"
#include "support/text.h"

#define SUFFIX ".stp"

char *
example_find(const char *name, struct error *error)
{
    size_t length = strlen(name);
    bool whole = length > strlen(SUFFIX) &&
                 strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
    char *file = xasprintf("examples/%s%s", name, whole ? "" : SUFFIX);
    char *path = path_home(file);

    free(file);
    if (path_exists(path))
        return path;
    error_set(error, "there is no example '%s'; --example alone lists them",
              name);
    free(path);
    return NULL;
}

/*
 * What a script says of itself: its first comment behind "NAME.stp: ", whose
 * lines are joined up to the end of the sentence.
 */
static void
add_summary(const char *script, struct text *text)
{
    const char *at = strstr(script, SUFFIX ": ");

    if (at == NULL)
        return;
    for (at += strlen(SUFFIX ": "); *at != '\0'; at++) {
        if (*at == '\n' && (at[1] != '#' || at[2] != ' '))
            return;
        if (*at == '.' && (at[1] == ' ' || at[1] == '\n'))
            return;
        if (*at == '\n')
            at += 2;
        text_putc(text, *at);
    }
}

static int
print_one(const char *path, struct error *error)
{
    const char *name = strrchr(path, '/') + 1;
    struct text summary = {0};
    char *script;
    size_t size;

    if (path_read(path, &script, &size, error) != 0)
        return -1;
    add_summary(script, &summary);
    printf("%-12.*s %s\n", (int)(strlen(name) - strlen(SUFFIX)), name,
           text_string(&summary));
    text_free(&summary);
    free(script);
    return 0;
}

int
example_list(struct error *error)
{
    char *pattern = path_home("examples/*" SUFFIX);
    glob_t found;
    int result = 0;

    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
            result = print_one(found.gl_pathv[i], error);
        globfree(&found);
    } else {
        result = error_set(error, "there are no examples: %s", pattern);
    }
    free(pattern);
    return result;
}
