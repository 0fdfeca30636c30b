/*
 * The patch of where other CPUs get the memory of their descriptor tables.
 *
 * Each of them, when it starts, asks for it in mp_desc_init by
 *
 *     init_alloc_aligned(size, &physical)
 *
 * which takes pages off the end of the memory that the kernel started in.
 * But what was left there has been given to the VM system by then, and so the
 * tables overwrite pages that are in use.  Whether anybody misses them depends
 * on what was allocated: the size of the modules, and ours.  So this call
 * leads to the subsystem's function of the same form, which has the memory.
 */

#include "image/patch_i.h"

#include <string.h>

#define ALLOCATE "init_alloc_aligned"
#define CALLER   "mp_desc_init" /* or the part of it that has the call */

#define CALL_OPCODE 0xe8

static bool
is_caller(const struct function *function)
{
    const size_t length = strlen(CALLER);

    return function != NULL && strncmp(function->name, CALLER, length) == 0 &&
           (function->name[length] == '\0' || function->name[length] == '.');
}

int
patch_find_tables(struct patches *patches, struct analysis *analysis,
                  struct error *error)
{
    const struct symbol *allocate =
        symbols_find(&analysis->kernel->symbols, ALLOCATE, NULL);
    unsigned i;

    for (i = 0; allocate != NULL && i < analysis->code_count; i++) {
        const struct instruction *at = &analysis->code[i];

        if (!at->call || !at->branch || at->target != allocate->address ||
            !is_caller(analysis_function(analysis, at->address)))
            continue;
        if (at->length != PATCH_BRANCH_SIZE ||
            patch_parameters(analysis, ALLOCATE) != 2)
            return error_set(error,
                             "%s: " CALLER " does not call " ALLOCATE
                             "(size, address) as it should",
                             patch_path(analysis));
        if (patch_add(patches, analysis, IMAGE_PATCH_TABLES, at->address,
                      PATCH_BRANCH_SIZE, error) == NULL)
            return -1;
    }
    return 0;
}

int
patch_fill_tables(struct patch *patch, const struct analysis *analysis,
                  struct combined *combined, struct error *error)
{
    uint64_t ours;

    if (combined_symbol(combined, SYMBOL_ALLOCATE, &ours, error) != 0)
        return -1;
    patch_put_branch(patch->after, CALL_OPCODE, patch->address, ours);
    return 0;
}
