#include "kernel/wait.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/clock.h"
#include "kernel/ring.h"
#include "protocol/probe.h"

#define NS_PER_MS    1000000u
#define KERN_ABORTED 14 /* mach/kern_return.h */

/*
 * Timers, under the name that they have in this kernel, and how long one is
 * that runs out with the next tick.  Before they were called timeouts an
 * interval was counted from the last tick, and one of 0 never got past it.
 */
#if KERNEL_HAS_timeout
typedef struct timeout timer_t;
#define NEXT_TICK 0
#else
typedef struct timer_elt timer_t;
#define NEXT_TICK 1
#endif

struct waiter {
    timer_t timer;
    const struct ring *rings;
    uint32_t count;
    uint32_t watermark;
    uint64_t deadline; /* of clock_ns */
    uint32_t wake;     /* why it was woken; 0: not yet */
};

static uint32_t
reason_to_wake(const struct waiter *waiter)
{
    for (uint32_t i = 0; i < waiter->count; i++) {
        uint64_t used = ring_used(&waiter->rings[i]);

        if (used != 0 && used >= waiter->watermark)
            return PROBE_WAKE_RECORDS;
    }
    return clock_ns() >= waiter->deadline ? PROBE_WAKE_DEADLINE : 0;
}

/* The timer has run out: from the kernel's soft clock. */
static void
look(void *argument)
{
    struct waiter *waiter = argument;

    waiter->wake = reason_to_wake(waiter);
    if (waiter->wake != 0)
        thread_wakeup_prim(waiter, 0, 0); /* all of them: THREAD_AWAKENED */
    else
        set_timeout(&waiter->timer, NEXT_TICK);
}

/*
 * The deadline is kept by our clock and not by the kernel's timeouts, which
 * count ticks: the two would not agree about what a millisecond is.
 */
int
wait_for_records(const struct ring *rings, uint32_t count, uint32_t watermark,
                 uint32_t timeout, uint32_t *wake)
{
    struct waiter waiter = {
        .rings = rings,
        .count = count,
        .watermark = watermark,
        .deadline = clock_ns() + (uint64_t)timeout * NS_PER_MS,
    };

    *wake = reason_to_wake(&waiter);
    if (*wake != 0)
        return 0;

    waiter.timer.fcn = look;
    waiter.timer.param = &waiter;
    assert_wait(&waiter, 1);
    set_timeout(&waiter.timer, NEXT_TICK);
    thread_block(NULL);
    reset_timeout(&waiter.timer);
    *wake = waiter.wake;
    return waiter.wake != 0 ? 0 : KERN_ABORTED;
}
