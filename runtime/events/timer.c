#include "runtime/events/timer.h"

#include <stddef.h>

#include "runtime/base/memory.h"
#include "runtime/events/script.h"

/* The interval, or one that differs from it at random. */
static uint64_t
next_interval(const struct rt_point *point)
{
    uint64_t interval = point->interval;

    if (point->randomize > 0) {
        uint64_t spread = 2 * point->randomize + 1;

        interval += (uint64_t)rt_random((int64_t)spread);
        interval -= point->randomize;
    }
    return interval > 0 ? interval : 1;
}

bool
rt_timers_open(struct rt_timers *timers, const struct rt_program *program,
               uint64_t now)
{
    uint32_t i;

    *timers = (struct rt_timers){0};
    for (i = 0; i < program->point_count; i++)
        timers->count += program->points[i].kind == RT_TIMER;
    if (timers->count == 0)
        return true;

    timers->timers = rt_memory(timers->count * sizeof(struct rt_timer));
    if (timers->timers == NULL)
        return false;
    timers->count = 0;
    for (i = 0; i < program->point_count; i++) {
        const struct rt_point *point = &program->points[i];

        if (point->kind == RT_TIMER)
            timers->timers[timers->count++] =
                (struct rt_timer){point, now + next_interval(point)};
    }
    return true;
}

struct rt_timer *
rt_timers_first(const struct rt_timers *timers)
{
    struct rt_timer *first = NULL;
    uint32_t i;

    for (i = 0; i < timers->count; i++) {
        if (first == NULL || timers->timers[i].due < first->due)
            first = &timers->timers[i];
    }
    return first;
}

void
rt_timer_again(struct rt_timer *timer, uint64_t now)
{
    timer->due += next_interval(timer->point);
    if (timer->due + RT_TIMER_LATE < now)
        timer->due = now;
}
