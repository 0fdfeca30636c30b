/*
 * The families of probe points: their forms, and which of them there is no
 * support for.
 */

#ifndef TRANSLATE_POINTS_FAMILY_H
#define TRANSLATE_POINTS_FAMILY_H

#include "language/language.h"

/* A point of no family has more components than any form. */
#define FAMILY_COMPONENTS_MAX 4

enum family_kind {
    FAMILY_BEGIN,
    FAMILY_END,
    FAMILY_ERROR,
    FAMILY_NEVER,
    FAMILY_ONESHOT,
    FAMILY_INPUT_CHAR,
    FAMILY_INPUT_LINE,
    FAMILY_TIMER,
    FAMILY_TIMER_HZ,
    FAMILY_PROFILE,
    FAMILY_PERF,
    FAMILY_PROCESS,
    FAMILY_FUNCTION,
    FAMILY_FUNCTION_AT, /* the one that an address is in */
    FAMILY_KPROBE_FUNCTION,
    FAMILY_CALLEE,
    FAMILY_LABEL,
    FAMILY_MARK,      /* compiled into a program */
    FAMILY_STATEMENT, /* by line */
    FAMILY_ADDRESS,
    FAMILY_DATA, /* accesses to it */
};

/* Which places of the functions that match. */
enum family_sites {
    SITES_ALL, /* entries, and expansions of a function that is named */
    SITES_ENTRIES,
    SITES_RETURNS,
    SITES_EXPORTED, /* entries of functions that are not static */
    SITES_EXPANSIONS,
    SITES_WRITES, /* of data */
    SITES_ACCESSES,
};

/* What happens to a task. */
enum process_event {
    PROCESS_BEGIN,
    PROCESS_END,
    PROCESS_THREAD_BEGIN,
    PROCESS_THREAD_END,
    PROCESS_SYSCALL,
    PROCESS_SYSCALL_RETURN,
};

struct family {
    /*
     * Names of the components with dots between; "(n)" after one that takes
     * a number, "(s)" a string.
     */
    const char *form;
    enum family_kind kind;
    uint64_t unit;          /* of timers: ns */
    const char *suffix;     /* in the kernel: what comes after the argument */
    enum family_sites what; /* of functions and data */
    bool nearest;           /* of statements: the next line that has code */
    const char *name;       /* of addresses: what comes first, or NULL */
    enum process_event event;
};

/* Whether its points are in the code of a program, its first component. */
bool family_is_of_program(const struct family *family);

/* Rows that POINT is one of: several only if it has wildcards. */
typedef LIST_OF(const struct family *) family_list;

/*
 * Find the families of POINT.  0, or POINT_NO_MATCH or POINT_WRONG as
 * language_context's resolve_point returns them, with error and component.
 */
int family_find(struct arena *arena, const struct probe_point *point,
                family_list *families, unsigned *component,
                struct error *error);

/* First components of all families, also of those there is no support for,
 * NULL-terminated; some are there several times. */
const char *const *family_names(struct arena *arena);

/* A line for each kind of point that there is support for:
 * "kernel.function(string).call"; UNPRIVILEGED: of those that need no kernel. */
void family_dump(struct text *text, bool unprivileged);

#endif /* TRANSLATE_POINTS_FAMILY_H */
