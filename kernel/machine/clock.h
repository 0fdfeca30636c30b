/*
 * Time in nanoseconds, from the processor's time stamp counter.
 *
 * It starts when the first session opens and never goes back.  The kernel's
 * own clock counts ticks: too coarse for probes, and under some emulators its
 * ticks come at another rate than they should, so it is not what the counter
 * is measured against.
 */

#ifndef KERNEL_MACHINE_CLOCK_H
#define KERNEL_MACHINE_CLOCK_H

#include <stdint.h>

/* As protocol/clock.h says. */
struct clock {
    uint64_t base;
    uint64_t multiplier;
};

extern struct clock clock;

/* Measure the counter's rate, once: takes some 20 ms.  Thread context. */
void clock_calibrate(void);

/* Any context. */
uint64_t clock_ns(void);

#endif /* KERNEL_MACHINE_CLOCK_H */
