/*
 * Where events and time come from: a session with the kernel in a task of
 * GNU Mach; on the host there are no events and only the clock.
 *
 * The functions are called in this order, by one thread:
 *
 *   open, attach, announce, resume, { now, wait }, detach, { statistics },
 *   close
 */

#ifndef RUNTIME_EVENTS_SOURCE_H
#define RUNTIME_EVENTS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/probe.h"
#include "runtime/arguments.h"
#include "runtime/program.h"

/* Where records are; COUNT is 0 if there are none. */
struct rt_rings {
    char *address; /* of the first struct probe_ring */
    uint64_t stride;
    uint32_t count;
};

/*
 * Open the source, make sure that the kernel is the one the program was made
 * for, load its programs and map the rings.  False after saying what is
 * wrong on standard error; nothing needs to be closed then.
 */
bool rt_source_open(const struct rt_program *program,
                    const struct rt_arguments *arguments,
                    struct rt_rings *rings);

/* Arm all probes, or none, and say on standard error why not.  Those whose
 * condition does not hold (condition.h) are disabled to begin with. */
bool rt_source_attach(void);

/* Enable or disable COUNT kernel points from FIRST on; false if that cannot be
 * done now for all of them. */
bool rt_source_enable(uint32_t first, uint32_t count, bool on);

/* Have the kernel pass the points of RT_PRESENT for all tasks and threads that
 * there are, if there are such points.  False after saying why not. */
bool rt_source_announce(void);

/* Let the workload run, if there is one. */
void rt_source_resume(void);

/* The session's clock in ns, which is that of the records; and nanoseconds
 * since 1970 when it was 0. */
uint64_t rt_source_now(void);
uint64_t rt_source_wall(void);

/* Why to go on. */
enum rt_wake {
    RT_WAKE_LOOK = 0,    /* there may be records, or the time has come */
    RT_WAKE_STOP = 1,    /* the user asked the script to end */
    RT_WAKE_ENDED = 2,   /* the workload has ended */
    RT_WAKE_FAULTED = 3, /* it has ended by a fault, which was said */
};

/*
 * Wait until there may be enough to do: records, UNTIL (ns of the clock, or
 * UINT64_MAX), or one of the others.  It may come back earlier.
 */
enum rt_wake rt_source_wait(uint64_t until);

/* Remove all probes: no record comes after this returned. */
void rt_source_detach(void);

/* Of all kernel points, into an array of the caller's.  False if they cannot
 * be had. */
bool rt_source_statistics(struct probe_statistics *statistics);

/*
 * The symbol of the kernel that ADDRESS is in: NAME, of PROBE_NAME_MAX bytes,
 * where it begins and its size.  False if there is none.
 */
bool
rt_source_symbol(uint64_t address, char *name, uint64_t *start, uint64_t *size);

/*
 * Bytes of standard input that are there, without waiting: how many, at most
 * SIZE.  *ended becomes true when no more will come.  A wait ends when there
 * are some, if the program has points that are about them.
 */
size_t rt_source_input(char *bytes, size_t size, bool *ended);

/* What target() gives if nothing else was asked for: the workload's task, as
 * task() gives it, or the command's process; 0 if there is none. */
int64_t rt_source_target(void);

void rt_source_close(void);

#endif /* RUNTIME_EVENTS_SOURCE_H */
