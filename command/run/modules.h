/*
 * The boot modules beside the script's own: the bundled workload, or what -c
 * gives instead, and those of --module.
 */

#ifndef COMMAND_RUN_MODULES_H
#define COMMAND_RUN_MODULES_H

#include "command/options/options.h"
#include "command/passes/kernel.h"
#include "support/arena.h"

struct module {
    const char *path;
    const char *name; /* of its task, as vm/ calls the module */
    bool workload;    /* the one that waits for the probes */
};

typedef LIST_OF(struct module) module_list;

/* Add them, in the order of booting. */
void modules_find(const struct options *options, const struct kernel *kernel,
                  struct arena *arena, module_list *modules);

#endif /* COMMAND_RUN_MODULES_H */
