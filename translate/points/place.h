/*
 * Probe points: from what a script writes to the occasions and places that it
 * stands for.
 */

#ifndef TRANSLATE_POINTS_PLACE_H
#define TRANSLATE_POINTS_PLACE_H

#include "debuginfo/debuginfo.h"
#include "debuginfo/location.h"
#include "debuginfo/mark.h"
#include "language/language.h"
#include "translate/objects/kernel.h"
#include "translate/plan.h"

struct target_value;

/* One place of the kernel, or of a program of user mode. */
struct site {
    enum point_kind kind;        /* one that has a place */
    const struct object *object; /* the program it is in */
    /* The code it is in; NULL for data. */
    const struct debuginfo_function *function;
    uint64_t address;
    uint32_t length; /* of data: bytes */
    uint64_t scope;  /* entry of the function expanded there; 0: none */
    const struct debuginfo_mark *mark; /* that it is, or NULL */
    const char *name;                  /* probefunc() */
    const char *point;                 /* pp() */
};

struct place_variable {
    const char *name;
    const void *scope; /* the body that it is a local of */
};

/*
 * What a place is an event of, if that is not that its function is entered:
 * something happens to a task or thread, which need not be the one that runs
 * (process.begin).  So no variables of the function can be read there; what
 * execname(), task() and thread() give is what these say.
 */
struct place_event {
    const char *type; /* probe_type() */
    /* The task and its thread, if it is not those that run; where its name
     * is, always; and the other of two, if it is about to be renamed. */
    step_list task;
    step_list thread;
    step_list name;
    step_list other_name;
    /* NULL, or a glob for the name, of which the program looks at no more than
     * how it begins: the process decides. */
    const char *pattern;
    enum plan_presence presence;
    unsigned group;   /* of places that tell of a beginning for one probe */
    bool trap;        /* a system call: there are $syscall and $arg1 */
    step_list result; /* if any, what $return is */
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
    const struct place_event *event; /* or NULL */
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
    struct program_list *programs;
    bool apart; /* a place for each function, whatever the body reads */
    uint32_t string_size; /* bytes of a script's string, with the NUL */
    bool targeted;        /* -c or -x: points of no task mean target() */
    unsigned groups;      /* numbers of place_event.group that are taken */
};

/*
 * language_context's resolve_point.  A function that must not be probed is
 * left out of a glob, and is an error where it is named.
 */
int place_resolve(struct place_finder *finder,
                  struct probe_resolution *resolution,
                  const struct probe_point *point, bool has_targets,
                  unsigned *component, struct error *error);

#endif /* TRANSLATE_POINTS_PLACE_H */
