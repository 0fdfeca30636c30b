/*
 * What a session says about itself, how probes are asked for, and their
 * statistics.  These are the bytes that machprobe.defs carries.
 */

#ifndef PROTOCOL_PROBE_H
#define PROTOCOL_PROBE_H

#include <stdint.h>

#include "protocol/limits.h"

/* Goes up when a message, a record or a helper changes its meaning. */
#define PROBE_PROTOCOL_VERSION 5

/* The kernel that a session is with. */
struct probe_kernel {
    char identity[PROBE_IDENTITY_MAX]; /* as in struct image_header */
    uint32_t version;                  /* PROBE_PROTOCOL_VERSION */
    uint32_t cpus;                     /* CPUs that run */
    uint32_t word_size;                /* 8 or 4 bytes */
    uint32_t functions;                /* that may be probed */
    uint32_t hz;                       /* clock interrupts a second */
    uint32_t reserved;
    /*
     * The session's clock, for the process (protocol/clock.h).  Nanoseconds since 1970 are wall_base + ns.
     */
    uint64_t tsc_base;
    uint64_t tsc_multiplier;
    uint64_t wall_base;
};

enum probe_kind {
    PROBE_ENTRY = 1,      /* function entry, the faster way that is possible */
    PROBE_ENTRY_JUMP = 2, /* function entry, by a jump only */
    PROBE_ENTRY_BREAKPOINT = 3, /* function entry, by a breakpoint only */
    PROBE_RETURN = 4,           /* return of the function at the address */
    PROBE_INSTRUCTION = 5,      /* before any instruction */
    PROBE_USER_INSTRUCTION = 6, /* before an instruction of a task, user mode */
    PROBE_USER_RETURN = 7,      /* for later: PROBE_ERROR_SUPPORT */
    PROBE_WATCH_WRITE = 8,      /* after memory of the kernel was written */
    PROBE_WATCH_ACCESS = 9,     /* after it was read or written */
};

#define PROBE_FLAG_SELF          1 /* the session's own task counts too */
#define PROBE_FLAG_ENTRY_PROGRAM 2 /* a return's: entry_program is there */
#define PROBE_FLAG_DISABLED      4 /* attach it, to be enabled later */
#define PROBE_FLAG_TIMED         8 /* measure how long its programs run */

#define PROBE_USER_TEXT_MAX 15 /* bytes of an instruction */

/* One probe of an attach request. */
struct probe_request {
    /* Of the instruction; a user's: of the function; PROBE_WATCH_: of what is
     * watched. */
    uint64_t address;
    uint64_t cookie;  /* passed to the program and into records */
    uint32_t kind;    /* enum probe_kind */
    uint32_t flags;   /* PROBE_FLAG_* */
    uint32_t program; /* number that load gave */
    /*
     * PROBE_FLAG_ENTRY_PROGRAM: number of the program to run when the function
     * is entered; what it writes to saved[] of its context the program finds
     * there when the function returns.  Else 0.
     */
    uint32_t entry_program;
    /*
     * PROBE_USER_ kinds, else zeroes: the task, by the address that probe_tasks
     * gives; the instruction's length and how it can be moved, which is the
     * byte of protocol/image.h; and its bytes as the program's file has them,
     * the rest zeroes.  The kernel has no decoder, and compares them with the
     * task's memory before it changes that.
     */
    uint64_t task;
    uint8_t instruction;
    uint8_t text[PROBE_USER_TEXT_MAX];
    /*
     * PROBE_WATCH_ kinds, else 0: bytes that are watched, 1, 2, 4 or, with 64
     * bits, 8; the address is a multiple of it.
     */
    uint32_t length;
    uint32_t reserved; /* 0 */
};

#define PROBE_WATCHES_MAX 4 /* places watched at a time: debug registers */

#define PROBE_TASK_NAME_MAX 32 /* with the NUL */

/* One task, as probe_tasks gives them. */
struct probe_task {
    uint64_t address; /* of the kernel's struct task */
    char name[PROBE_TASK_NAME_MAX];
};

/*
 * Counts of one probe since it was attached.  Every hit of another task than
 * the session's own (or of any, with PROBE_FLAG_SELF) is in HITS, and
 * HITS = runs of the program + MISSED.  SELF is not in HITS.
 *
 * For PROBE_RETURN a hit is a call whose return is waited for, and
 *
 *   HITS = RETURNED + ABANDONED + ACTIVE,  RETURNED = runs of the program
 *
 * as a thread may leave a function for good: it blocks with a continuation,
 * ends, or goes back to user mode from within.  Not in HITS are MISSED (calls
 * that came while this CPU was busy, or when no more could be waited for) and
 * CONTINUATIONS, entries that have no caller to return to.  After a detach
 * ACTIVE stays what it was.
 */
struct probe_statistics {
    uint64_t hits;
    uint64_t missed;    /* came while another probe ran on this CPU */
    uint64_t submitted; /* records that reached the ring */
    uint64_t lost;      /* records that the full ring had no room for */
    uint64_t filtered;  /* runs that neither submitted nor lost a record */
    uint64_t self;      /* hits of the session's own task, not traced */
    uint64_t returned;  /* this and the rest: PROBE_RETURN only, else 0 */
    uint64_t abandoned; /* calls that will never return */
    uint64_t active;    /* calls that have not returned yet */
    uint64_t continuations;
    /* With PROBE_FLAG_TIMED, else 0: ns that its programs ran, and the
     * longest run.  What comes before and after is not in them: the exception
     * or jump, and saving the registers. */
    uint64_t time;
    uint64_t time_max;
    uint32_t kind; /* how: PROBE_ENTRY_JUMP or _BREAKPOINT, or PROBE_WATCH_ */
    uint32_t enabled; /* 0 or 1 */
};

/* Why wait returned. */
enum probe_wake {
    PROBE_WAKE_RECORDS = 1, /* a ring is past the watermark */
    PROBE_WAKE_DEADLINE = 2,
};

#endif /* PROTOCOL_PROBE_H */
