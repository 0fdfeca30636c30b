/*
 * Timers of the script, each a point that runs its handler again and again.
 */

#ifndef RUNTIME_EVENTS_TIMER_H
#define RUNTIME_EVENTS_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/program.h"

struct rt_timer {
    const struct rt_point *point;
    uint64_t due; /* ns of the session's clock */
};

struct rt_timers {
    struct rt_timer *timers;
    uint32_t count;
};

/* All timers of the program, from NOW on.  False when there is no memory. */
bool rt_timers_open(struct rt_timers *timers, const struct rt_program *program,
                    uint64_t now);

/* The one that is due first, or NULL if there is none. */
struct rt_timer *rt_timers_first(const struct rt_timers *timers);

/*
 * It has run: set when it is due again.  Rounds that a late process missed
 * are made up for, one after the other, but for those more than
 * RT_TIMER_LATE back from NOW, which are left out.
 */
#define RT_TIMER_LATE 1000000000 /* ns */
void rt_timer_again(struct rt_timer *timer, uint64_t now);

#endif /* RUNTIME_EVENTS_TIMER_H */
