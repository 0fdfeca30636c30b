/*
 * Probe points: from what a script writes to the occasions and places that it
 * stands for.
 */

#ifndef TRANSLATE_PLACE_H
#define TRANSLATE_PLACE_H

#include "debuginfo/debuginfo.h"
#include "language/language.h"
#include "translate/kernel.h"
#include "translate/plan.h"

/*
 * What is behind one resolved probe (struct probe's `place`).  Functions are
 * more than one only if the body reads no variable of theirs.
 */
struct place {
    enum point_kind kind;
    bool exits; /* oneshot: the script ends after it */
    int64_t priority;
    uint64_t interval; /* ns */
    uint64_t randomize;
    LIST_OF(const struct debuginfo_function *) functions;
    /* It is about what the function interrupted, not about the function. */
    bool interrupted;
    const char *suffix; /* what follows the function in the point's name */
};

/* Everything that finding places takes. */
struct place_finder {
    struct unit *unit; /* for warnings, and its arena */
    struct arena *arena;
    struct kernel_source *kernel;
    bool apart; /* a place for each function, whatever the body reads */
};

/*
 * language_context's resolve_point.  A function that must not be probed is
 * left out of a glob, and is an error where it is named.
 */
int place_resolve(struct place_finder *finder,
                  struct probe_resolution *resolution,
                  const struct probe_point *point, bool has_targets,
                  unsigned *component, struct error *error);

/* kernel.function("vm_map_enter@vm/vm_map.c:960"), as pp() says it. */
const char *place_function_name(struct arena *arena, const struct place *place,
                                const struct debuginfo_function *function);

#endif /* TRANSLATE_PLACE_H */
