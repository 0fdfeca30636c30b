#include "command/passes/program.h"

#include <stdlib.h>
#include <string.h>

#include "command/machtap.h"
#include "command/run/modules.h"
#include "command/run/where.h"
#include "language/messages.h"
#include "support/path.h"
#include "support/text.h"
#include "vm/folder.h"

struct search {
    const struct options *options;
    struct arena *arena;
    module_list modules;
    struct program_file *file;
};

/* What a task is called that runs the file at PATH. */
static const char *
name_of(struct search *search, const char *path)
{
    char *name = vm_folder_name(path, 1);
    const char *kept = arena_string(search->arena, name, strlen(name));

    free(name);
    return kept;
}

static bool
is_same_file(const char *a, const char *b)
{
    char *first = realpath(a, NULL), *second = realpath(b, NULL);
    bool same = first != NULL && second != NULL && strcmp(first, second) == 0;

    free(first);
    free(second);
    return same;
}

static void
add_name(struct search *search, const char *name)
{
    LIST_EACH (other, &search->file->tasks)
        if (strcmp(*other, name) == 0)
            return;
    LIST_ADD(search->arena, &search->file->tasks, name);
}

/* The program at PATH, and whatever its tasks are called. */
static int
take(struct search *search, const char *path)
{
    search->file->path = path;
    add_name(search, name_of(search, path));
    LIST_EACH (module, &search->modules)
        if (is_same_file(module->path, path))
            add_name(search, module->name);
    return 0;
}

static int
take_path(struct search *search, const char *path, struct error *error)
{
    if (!path_exists(path))
        return error_set(error, "there is no program %s", path);
    return take(search, arena_string(search->arena, path, strlen(path)));
}

static int
take_workload(struct search *search, struct error *error)
{
    LIST_EACH (module, &search->modules)
        if (module->workload)
            return take(search, module->path);
    return error_set(error, "process without a program is that of -c, and "
                            "there is none: process(\"PATH\") names one");
}

static int
take_named(struct search *search, const char *name, struct error *error)
{
    struct similar similar = {.name = name};
    struct text names = {0};

    LIST_EACH (module, &search->modules) {
        if (strcmp(module->name, name) == 0)
            return take(search, module->path);
        text_printf(&names, "%s '%s'", names.size > 0 ? "," : "", module->name);
        similar_offer(&similar, module->name);
    }
    for (unsigned i = 0; i < search->options->objects.count; i++) {
        const char *path = search->options->objects.items[i];

        if (strcmp(name_of(search, path), name) == 0)
            return take(search, path);
        similar_offer(&similar, name_of(search, path));
    }
    error_set(error,
              "there is no program '%s'%s: it is neither a boot module (%s) "
              "nor one of -d, and no path",
              name, similar_text(search->arena, &similar),
              names.size > 0 ? text_string(&names) + 1 : "none");
    text_free(&names);
    return -1;
}

int
program_find(void *data, struct arena *arena, const char *name,
             struct program_file *file, struct error *error)
{
    struct machtap *machtap = data;
    struct search search = {
        .options = &machtap->options,
        .arena = arena,
        .file = file,
    };
    struct kernel_source source = {0};

    /* Which programs there are depends on the kernel's architecture. */
    if (where_need(machtap, &source, error) != 0)
        return -1;
    file->word_size = kernel_word_size(&machtap->kernel);
    modules_find(search.options, &machtap->kernel, arena, &search.modules);
    if (name == NULL)
        return take_workload(&search, error);
    return strchr(name, '/') != NULL ? take_path(&search, name, error)
                                     : take_named(&search, name, error);
}
