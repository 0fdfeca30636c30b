#include "command/run/modules.h"

#include <stdlib.h>
#include <string.h>

#include "command/run/run.h"
#include "support/text.h"
#include "vm/folder.h"

/* What the process's own module takes of the names. */
#define PROCESS "process"

static bool
is_taken(const module_list *modules, const char *name)
{
    LIST_EACH (module, modules)
        if (strcmp(module->name, name) == 0)
            return true;
    return strcmp(name, PROCESS) == 0;
}

/* One of a name that there is before it gets a number. */
static void
add(struct arena *arena, module_list *modules, const char *line, bool workload)
{
    struct module module = {
        .path = arena_string(arena, line, strcspn(line, " ")),
        .workload = workload,
    };

    for (unsigned number = 1; module.name == NULL; number++) {
        char *name = vm_folder_name(module.path, number);

        if (!is_taken(modules, name))
            module.name = arena_string(arena, name, strlen(name));
        free(name);
    }
    LIST_ADD(arena, modules, module);
}

void
modules_find(const struct options *options, const struct kernel *kernel,
             struct arena *arena, module_list *modules)
{
    if (!options->no_workload) {
        char *line = run_workload_line(options, kernel);

        add(arena, modules, line, true);
        free(line);
    }
    for (unsigned i = 0; i < options->modules.count; i++)
        add(arena, modules, options->modules.items[i], false);
}
