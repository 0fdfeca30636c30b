#include "kernel/port/wait.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/ring.h"
#include "kernel/machine/clock.h"
#include "kernel/machine/machine.h"
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
    uint32_t over;     /* nobody waits any more: the timer shall end */
    uint32_t ended;    /* the timer will not be set again, nor look here */
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

/*
 * The timer has run out: from the kernel's soft clock, which may be another
 * CPU's than that of the thread that waits.
 */
static void
look(void *argument)
{
    struct waiter *waiter = argument;

    if (__atomic_load_n(&waiter->over, __ATOMIC_SEQ_CST) == 0) {
        waiter->wake = reason_to_wake(waiter);
        if (waiter->wake == 0) {
            set_timeout(&waiter->timer, NEXT_TICK);
            return;
        }
        thread_wakeup_prim(waiter, 0, 0); /* all of them: THREAD_AWAKENED */
    }
    __atomic_store_n(&waiter->ended, 1, __ATOMIC_SEQ_CST);
}

/*
 * The waiter is on this thread's stack, so the timer must be done with it.  A
 * timer that cannot be taken back has run out: look runs, has run, or is
 * about to, and says when it is done.
 */
static void
end_timer(struct waiter *waiter)
{
    __atomic_store_n(&waiter->over, 1, __ATOMIC_SEQ_CST);
    if (reset_timeout(&waiter->timer))
        return;
    while (__atomic_load_n(&waiter->ended, __ATOMIC_SEQ_CST) == 0)
        machine_pause();
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
    end_timer(&waiter);
    *wake = waiter.wake;
    return waiter.wake != 0 ? 0 : KERN_ABORTED;
}
