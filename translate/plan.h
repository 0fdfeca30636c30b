/*
 * The plan: what a script comes to, and all that the emitter needs to know
 * to write the process in C.
 *
 *   point     a place or an occasion: a function of the kernel, a timer,
 *             begin.  It has a handler, and in the kernel a program.
 *   handler   a body of the script to be run in the process, with the list of
 *             what it finds in the record of the hit (its captures).
 *   program   what the kernel runs at a hit; it writes that record.
 *
 * Handlers and programs are shared where they can be: 1,600 functions probed
 * by `kernel.function("*")` are 1,600 points, one handler, and one program.
 * Two probes of a script never share a handler.
 *
 * The cookie of a kernel probe (protocol/probe.h) is the number of its point,
 * an index into plan.points.  So a record is handled thus: its cookie gives
 * the point, the point its handler, and the captures say where in the payload
 * the values are.  The time of the hit is in the record and the CPU in the
 * ring (protocol/ring.h), so they are no captures.
 *
 * The plan and all in it live in the unit's arena (language/language.h).
 */

#ifndef TRANSLATE_PLAN_H
#define TRANSLATE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "language/tree/ast.h"
#include "protocol/ebpf.h"
#include "support/arena.h"
#include "translate/objects/object.h"

/* What a capture is the value of. */
enum capture_kind {
    CAPTURE_TARGET,     /* of each EXPRESSION_TARGET whose place it is */
    CAPTURE_TASK_NAME,  /* string: name of the task that was running */
    CAPTURE_TASK,       /* long: address of its struct task */
    CAPTURE_THREAD,     /* long: address of the struct thread running */
    CAPTURE_STACK,      /* bytes: addresses of the kernel's stack, then 0 */
    CAPTURE_USER_STACK, /* the same in user mode */
    CAPTURE_ADDRESS,    /* long: where the processor was */
    CAPTURE_USER_MODE,  /* long: whether that was in user mode */
    CAPTURE_OTHER_NAME, /* string: the task's name before or after this one */
};

#define CAPTURE_KINDS (CAPTURE_OTHER_NAME + 1)

/* Whether a point tells that tasks or threads begin. */
enum plan_presence {
    PRESENCE_NONE,
    PRESENCE_BEGINS,  /* now */
    PRESENCE_PRESENT, /* they were there when the script started */
};

/* Addresses of a captured stack. */
#define CAPTURE_STACK_MAX 32

/* No bit of the fault word: the value can always be had. */
#define CAPTURE_NO_FAULT (-1)

/*
 * A value in the payload of a record.
 *
 * A long is 8 bytes in the machine's order, already extended from the width
 * and signedness that it has in the kernel.  A string is SIZE bytes with at
 * least one NUL, which ends it.
 *
 * What is read from memory may fail.  Then bit FAULT of the fault words, of 64
 * bits each from handler.faults on, is set, the value is 0 or "", and whoever
 * reads it must raise the run-time error "read fault".
 *
 * Of each kind but CAPTURE_TARGET a handler has at most one.  A function of
 * the script may be called by several handlers, in whose records these are at
 * different places: they have to be put into the context of the event before
 * the handler is run.
 */
struct capture {
    enum capture_kind kind;
    enum type type;   /* TYPE_LONG or TYPE_STRING */
    uint32_t offset;  /* bytes into the payload, a multiple of 8 */
    uint32_t size;    /* bytes: 8 for a long */
    int fault;        /* bit of the fault word, or CAPTURE_NO_FAULT */
    const char *name; /* as the script says it: "$size", "execname()" */
    /*
     * NULL: it is read once.  Else in each round of this loop: offset and
     * fault are those within the round, and a string is where the word at the
     * offset says, or had no room if that is 0.
     */
    const struct plan_loop *loop;
    bool followed; /* the program comes by it as it follows the handler */
    bool written;  /* it is what was written there, if that did not fail */
};

/*
 * A loop of the handler that the program goes as well, and what each round of
 * it has read (translate/split/follow.h).  The rounds are a list: the word at FIRST
 * in the outer loop's round (without one, in the payload) says where in the
 * payload the first is, and that at the beginning of each where the next is.
 * If there should be one but is none, it is PLAN_NO_ROOM, or PLAN_NO_MORE if a
 * run of the program may not take longer.
 */
struct plan_loop {
    unsigned number;               /* of the handler's loops */
    const struct plan_loop *outer; /* NULL: none */
    const struct token *token;
    uint32_t first;
    uint32_t size;   /* bytes of a round, a multiple of 8 */
    uint32_t faults; /* place of its fault words in a round */
};

enum { PLAN_NO_ROOM, PLAN_NO_MORE };

typedef LIST_OF(struct capture *) capture_list;

/* Where calls return to, the innermost first. */
#define CALLERS_MAX 8

struct caller_chain {
    unsigned count;
    uint64_t returns[CALLERS_MAX];
};

typedef LIST_OF(struct caller_chain) caller_list;

struct follow_list;

struct place_event;

struct target_value;

/* Tasks of a program of user mode, and the points that are in it. */
struct plan_tasks {
    const struct object *object;
    unsigned first; /* index into plan.points */
    unsigned count;
};

struct plan_handler {
    /*
     * Body and locals.  In it each EXPRESSION_TARGET has target.place set to
     * its struct capture.
     */
    const struct probe *probe;
    capture_list captures;
    uint32_t payload_size; /* bytes of each record, a multiple of 8, and... */
    uint32_t fixed_size;   /* ...without the rounds of loops */
    uint32_t faults;  /* place of the fault words, if any capture has a bit */
    bool interrupted; /* it is about what the hit function interrupted */
    bool user;        /* its hits are in the code of a program, and... */
    bool entered;     /* ...all of them at entries of functions */
    /* NULL, or what is 0 at hits that leave no record. */
    const struct target_value *when;
    /* If any, so must a hit's stack begin; AT_RETURN: of a return. */
    const caller_list *callers;
    bool at_return;
    /* What the program follows of the handler (translate/split/follow.h), or NULL;
     * the loops; the word of saved[] that its first variable is in. */
    const struct follow_list *followed;
    LIST_OF(struct plan_loop *) loops;
    unsigned variables;
    bool writes;                     /* its program writes to the kernel */
    const struct place_event *event; /* place.h; or NULL */
};

enum point_kind {
    POINT_BEGIN,      /* once at the start, least priority first */
    POINT_END,        /* once at the end, unless the session failed */
    POINT_ERROR,      /* instead of POINT_END when it did */
    POINT_NEVER,      /* checked and translated, never run */
    POINT_TIMER,      /* every INTERVAL, in the process */
    POINT_INPUT_CHAR, /* a byte of standard input */
    POINT_INPUT_LINE, /* a line of it */
    /* Of the kernel, or of a program of user mode: */
    POINT_FUNCTION,  /* entry of a function */
    POINT_RETURN,    /* return of a function */
    POINT_STATEMENT, /* before an instruction */
    POINT_WRITE,     /* after memory was written */
    POINT_ACCESS,    /* after it was read or written */
};

/* Whether it is about data: what it is of the text is known at the hit. */
static inline bool
point_is_data(enum point_kind kind)
{
    return kind == POINT_WRITE || kind == POINT_ACCESS;
}

struct plan_point {
    enum point_kind kind;
    const char *name;     /* pp() */
    const char *written;  /* pn(): as the script has it */
    const char *function; /* probefunc(); "" if there is none, or of data */
    unsigned handler;     /* index into plan.handlers */

    /* Begin, end, error: order of running; equal ones as in the script. */
    int64_t priority;

    /* Timers. */
    uint64_t interval;  /* ns, at least 1 */
    uint64_t randomize; /* ns to add or subtract at random; <= interval */

    /* In code. */
    const struct object *object; /* what it is in */
    uint64_t address;
    uint32_t length;                       /* of data: bytes */
    struct object_instruction instruction; /* of a program's place */
    unsigned program;                      /* index into plan.programs */
    /* POINT_RETURN: the one that is run at the entry, or PLAN_NO_PROGRAM. */
    unsigned entry_program;

    /* Of tasks and threads: see struct place_event.  SUBJECT is the capture
     * that tells which one it is, if PRESENCE says that they begin. */
    const char *pattern;
    enum plan_presence presence;
    unsigned group;
    const struct capture *subject;
};

#define PLAN_NO_PROGRAM UINT32_MAX

struct plan_program {
    const struct ebpf_insn *instructions;
    unsigned count;
    uint32_t payload_size; /* of the record that it submits */
};

struct plan {
    /* Points that the kernel reports come first, so that they can be one array
     * of requests in which the index is the cookie. */
    LIST_OF(struct plan_point) points;
    unsigned kernel_points;
    /* The last of those are in programs, each program's together. */
    LIST_OF(struct plan_tasks) tasks;
    LIST_OF(struct plan_handler) handlers;
    LIST_OF(struct plan_program) programs;
    uint32_t task_name_size; /* bytes, with the NUL; 0: none is captured */
    /* Of the kernel that addresses and programs are for (protocol/image.h);
     * "" if there is no kernel point. */
    const char *identity;
};

#endif /* TRANSLATE_PLAN_H */
