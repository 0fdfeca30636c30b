/*
 * Emission: from the typed tree and the plan to the C of the process.
 *
 * The file that comes out includes "runtime/runtime.h" only, defines
 * rt_program, and is linked with the runtime, which has main().  It reads
 * like a program: one C function for each function and handler of the script,
 * with the place of every statement beside it.
 */

#ifndef TRANSLATE_EMIT_EMIT_H
#define TRANSLATE_EMIT_EMIT_H

#include <stdint.h>

#include "language/language.h"
#include "support/error.h"
#include "support/text.h"
#include "translate/plan.h"

/* What recursion adds to the calls that may be open. */
#define EMIT_NESTING_MORE 10

/* Limits that -D sets; see the table in limits.c for their names. */
struct emit_limits {
    int64_t string_size;  /* MAXSTRINGLEN, with the NUL */
    int64_t map_entries;  /* MAXMAPENTRIES */
    int64_t actions;      /* MAXACTION */
    int64_t actions_slow; /* MAXACTION_INTERRUPTIBLE: begin, end, timers */
    int64_t nesting;      /* MAXNESTING; 0: as deep as the script calls,
                             and 10 more if it recurses */
    int64_t errors;       /* MAXERRORS */
    int64_t skipped;      /* MAXSKIPPED */
    int64_t memory;       /* STP_MAXMEMORY, KiB; 0: no limit */
    int64_t backtrace;    /* MAXBACKTRACE */
    int64_t overload_threshold; /* STP_OVERLOAD_THRESHOLD, ns; 0: none */
    int64_t overload_interval;  /* STP_OVERLOAD_INTERVAL, ns */
    /* Others, for embedded C: "NAME=VALUE", which the caller keeps. */
    const char *const *definitions;
    unsigned definition_count;
};

/* Those of a kernel of ARCH: strings are shorter where words have 32 bits. */
void emit_limits_default(struct emit_limits *limits, const char *arch);

/* Handlers may run for ever, and probes take any time. */
void emit_limits_no_time(struct emit_limits *limits);

enum emit_definition {
    EMIT_DEFINITION_LIMIT,   /* a limit was set */
    EMIT_DEFINITION_IGNORED, /* stap has it, and here it limits nothing: the
                                error says why */
    EMIT_DEFINITION_OTHER,   /* the name is none of these: the error lists
                                those that are */
    EMIT_DEFINITION_WRONG,   /* no value that it can have, with an error */
};

/* Take "NAME=VALUE", or "NAME", which is 1. */
enum emit_definition emit_limits_set(struct emit_limits *limits,
                                     const char *definition,
                                     struct error *error);

/* The file that C includes as its objects: blocks of protocol/object.h. */
#define EMIT_OBJECTS "objects"

/*
 * Add the C to TEXT, and say in *PARTS which objects it is to be given (enum
 * object_parts); if that is none, it includes no file.  What cannot be emitted yet is reported by name through
 * unit_error(), at its place, and -1 returned.
 */
int emit_program(struct unit *unit, const struct plan *plan,
                 const struct emit_limits *limits, struct text *text,
                 unsigned *parts);

#endif /* TRANSLATE_EMIT_EMIT_H */
