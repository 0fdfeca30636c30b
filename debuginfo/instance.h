/*
 * Functions that the compiler expanded in place: where their code begins, and
 * which of them an address is in.
 */

#ifndef DEBUGINFO_INSTANCE_H
#define DEBUGINFO_INSTANCE_H

#include "debuginfo/debuginfo.h"

/* One expansion of a function in the code of another. */
struct debuginfo_instance {
    /* What was expanded; its address is that of the expansion's first
     * instruction, its size is 0. */
    struct debuginfo_function what;
    const struct debuginfo_function *function; /* the code it is in */
    uint64_t scope;                            /* its entry in .debug_info */
};

typedef LIST_OF(struct debuginfo_instance) debuginfo_instances;

/*
 * Add the expansions of functions that match PATTERN, whose line, if it has
 * one, is that of the declaration.  Reads all of .debug_info if the pattern
 * can match one that is expanded anywhere, some 100 ms.
 */
void debuginfo_find_instances(struct debuginfo *debuginfo,
                              const struct debuginfo_pattern *pattern,
                              struct arena *arena,
                              debuginfo_instances *instances);

/*
 * The innermost expansion that ADDRESS of FUNCTION is in.  False if it is in
 * none, but in the function itself.
 */
bool debuginfo_instance_at(struct debuginfo *debuginfo,
                           const struct debuginfo_function *function,
                           uint64_t address,
                           struct debuginfo_instance *instance);

#endif /* DEBUGINFO_INSTANCE_H */
