/*
 * A probe: one session's interest in one point, with its program and counts.
 */

#ifndef KERNEL_HIT_PROBE_H
#define KERNEL_HIT_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/probe.h"

struct point;
struct program;
struct session;
struct user_point;

/*
 * Counts of one CPU, which alone changes them, with interrupts off: so they
 * need no atomic instructions.
 */
struct probe_counts {
    uint64_t runs; /* PROBE_RETURN: calls whose return is waited for */
    uint64_t missed;
    uint64_t submitted;
    uint64_t lost;
    uint64_t filtered;
    uint64_t self;
    uint64_t returned; /* these three: PROBE_RETURN only */
    uint64_t abandoned;
    uint64_t continuations;
    uint64_t time; /* ns, if the probe is timed */
    uint64_t time_max;
};

struct probe {
    struct probe *next; /* at the same point */
    struct program *program;
    struct program *entry_program; /* PROBE_RETURN: at the entry, or NULL */
    /* The task whose hits are not traced; NULL, which is none, traces all. */
    const void *own_task;
    uint64_t cookie;
    struct probe_counts *counts; /* one for each CPU */
    struct session *session;
    struct point *point;     /* in the kernel's text, or NULL */
    struct user_point *user; /* in a task's code, or NULL */
    uint64_t watched;        /* in the kernel's data, and... */
    uint32_t length;         /* ...how many bytes; 0: no data */
    uint32_t number;         /* in its session */
    uint32_t kind;           /* as asked for: enum probe_kind */
    uint32_t way;            /* how its point was armed for it; of data: KIND */
    bool timed;              /* how long its programs run is measured */
    bool attached;           /* not yet detached */
    bool enabled;            /* at its point, which is armed */
    bool wanted;  /* what enabled is to become, while it is changed */
    bool changed; /* it was, in the same request */
};

#endif /* KERNEL_HIT_PROBE_H */
