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

struct target_value;

/* One place of the kernel. */
struct site {
    enum point_kind kind;                      /* one that is in the kernel */
    const struct debuginfo_function *function; /* the code it is in */
    uint64_t address;
    uint64_t scope;    /* entry of the function expanded there; 0: none */
    const char *name;  /* probefunc() */
    const char *point; /* pp() */
};

struct place_variable {
    const char *name;
    const void *scope; /* the body that it is a local of */
};

/*
 * What is behind one resolved probe (struct probe's `place`).  Sites are more
 * than one only if the body reads no variable of theirs; none: the probe is
 * not of the kernel.
 */
struct place {
    enum point_kind kind;
    bool exits; /* oneshot: the script ends after it */
    int64_t priority;
    uint64_t interval; /* ns */
    uint64_t randomize;
    LIST_OF(struct site) sites;
    /* What a return probe's program finds of the entry. */
    LIST_OF(const struct target_value *) saved;
    /* Variables of the handler, and of functions that were copied for it, that
     * what it reads depends on; their numbers are those of STEP_VARIABLE. */
    LIST_OF(struct place_variable) variables;
    /* It is about what the function interrupted, not about the function. */
    bool interrupted;
    /* NULL, or what is 0 at hits that are none: they leave no record. */
    const struct target_value *when;
    /* If any, so must a hit's stack begin: others leave no record. */
    caller_list callers;
};

/* Everything that finding places takes. */
struct place_finder {
    struct unit *unit; /* for warnings, and its arena */
    struct arena *arena;
    struct kernel_source *kernel;
    bool apart; /* a place for each function, whatever the body reads */
    uint32_t string_size; /* bytes of a script's string, with the NUL */
};

/*
 * language_context's resolve_point.  A function that must not be probed is
 * left out of a glob, and is an error where it is named.
 */
int place_resolve(struct place_finder *finder,
                  struct probe_resolution *resolution,
                  const struct probe_point *point, bool has_targets,
                  unsigned *component, struct error *error);

#endif /* TRANSLATE_PLACE_H */
