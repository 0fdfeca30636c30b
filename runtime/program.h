/*
 * What generated C says of itself: tables that the runtime reads.
 *
 * The generated file defines rt_program; the runtime has main().
 */

#ifndef RUNTIME_PROGRAM_H
#define RUNTIME_PROGRAM_H

#include "protocol/probe.h"
#include "runtime/base/value.h"
#include "runtime/maps/map.h"

/* Offset of what a record does not hold. */
#define RT_NO_OFFSET UINT32_MAX

/* A body of the script. */
struct rt_handler {
    void (*run)(const uint8_t *payload);
    uint32_t payload_size; /* least bytes of the record it reads */
    /* Places in the payload of what functions called by it ask for, or
     * RT_NO_OFFSET.  The name is a string of NAME_SIZE bytes. */
    uint32_t task_name;
    uint32_t task_name_size;
    uint32_t task;
    uint32_t thread;
    uint32_t address;
    uint32_t user_mode;
    uint32_t other_name; /* of a task that is renamed; as long as the name */
    /* Stacks: addresses of 8 bytes, 0 behind the last; 0 bytes: none. */
    uint32_t stack;
    uint32_t stack_size;
    uint32_t user_stack;
    uint32_t user_stack_size;
    /* Of its probes' condition, whether it holds; NULL: there is none. */
    bool (*condition)(void);
    bool rechecks;     /* it may change what a condition reads */
    const char *place; /* in the script: "f.stp:1:1" */
};

enum rt_point_kind {
    RT_BEGIN,
    RT_END,
    RT_ERROR,
    RT_TIMER,
    RT_KERNEL,
    RT_NEVER, /* not run at all */
    RT_INPUT_CHAR,
    RT_INPUT_LINE,
};

/* Whether a point tells that tasks or threads begin. */
enum rt_presence {
    RT_PRESENCE_NONE,
    RT_BEGINS,  /* now */
    RT_PRESENT, /* they were there when the script started: rt_source_announce()
                   makes the kernel pass the point for each */
};

/* When a handler runs. */
struct rt_point {
    enum rt_point_kind kind;
    uint32_t handler;     /* index into handlers */
    const char *name;     /* pp() */
    const char *function; /* probefunc() */
    union {
        int64_t priority;  /* begin, end, error: least first */
        uint64_t address;  /* kernel: of the instruction */
        uint64_t interval; /* timer: ns, at least 1 */
    };
    union {
        uint64_t randomize; /* timer: ns, at most the interval */
        uint32_t program;   /* kernel: index into codes */
    };
    const char *written; /* pn() */
    /* Kernel only. */
    uint32_t probe;         /* enum probe_kind */
    uint32_t length;        /* of data: bytes that are watched */
    bool has_entry_program; /* of a return */
    uint32_t entry_program; /* index into codes */
    /* Of events of tasks (task_event.h). */
    const char *pattern; /* for the task's name, or NULL */
    enum rt_presence presence;
    uint32_t group;   /* of points that tell the same probe of a beginning */
    uint32_t subject; /* place in the payload of what begins */
    /* Of a program's places, as struct probe_request has it. */
    uint8_t instruction;
    uint8_t text[PROBE_USER_TEXT_MAX];
};

/* Tasks that run a program in which points are. */
struct rt_tasks {
    const char *program;      /* as the script names it */
    const char *path;         /* of it, for messages */
    const char *const *names; /* of its tasks (task_name.h), then NULL */
    uint32_t first;           /* index of the points, and... */
    uint32_t count;           /* ...how many there are */
};

/* A program for the kernel: 8 bytes an instruction, in which the process puts
 * what it knows (protocol/known.h). */
struct rt_code {
    const uint64_t *instructions;
    uint32_t count;
};

struct rt_global {
    const char *name;
    enum rt_type type;
    bool show;           /* written and never read: printed at the end */
    bool array;          /* place is a struct rt_map */
    void *place;         /* int64_t, struct rt_variable, struct rt_stats */
    const char *initial; /* of a string that is not "" at first, else NULL */
    bool variance;       /* statistics, no array: asked for @variance */
    uint8_t shift;       /* of @variance */
};

struct rt_program {
    const char *identity; /* of the kernel it is for; "" if for none */

    /* Kernel points come first; the index of one is its probe's cookie. */
    const struct rt_point *points;
    uint32_t point_count;
    uint32_t kernel_points;
    /* The last of those are in programs, the others in the kernel. */
    const struct rt_tasks *tasks;
    uint32_t task_count;
    bool writes; /* some of its programs write to the kernel */
    const struct rt_handler *handlers;
    const struct rt_code *codes;
    uint32_t code_count;
    const struct rt_global *globals;
    uint32_t global_count;

    /* Limits; see emit.h for their names in a script's options. */
    uint32_t string_size; /* bytes of a string, with the NUL */
    int64_t actions;      /* statements of a handler of an event */
    int64_t actions_slow; /* of begin, end, error, timer */
    uint64_t errors;      /* that may happen before the script ends */
    uint64_t skipped;     /* events that may be lost before it ends */
    uint64_t memory;      /* KiB that the runtime may ask for; 0: no limit */
    uint32_t backtrace;   /* addresses of a stack */
    /* If probes take more than so many ns in the kernel in each interval of
     * so many, the script ends.  0: they may. */
    uint64_t overload_threshold;
    uint64_t overload_interval;

    /* Blocks of executables that addresses are looked up in
     * (protocol/object.h), one after the other; NULL and NULL if none. */
    const uint8_t *objects;
    const uint8_t *objects_end;
    uint32_t task_name_size; /* bytes of a task's name in the kernel, with
                                the NUL; 0: no handler asks for it */
};

extern const struct rt_program rt_program;

#endif /* RUNTIME_PROGRAM_H */
