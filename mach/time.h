/*
 * Time as a task sees it.
 *
 * The kernel's clock is coarse, and under QEMU's TCG it runs fast on some
 * kernels; intervals are measured with the time stamp counter.
 */

#ifndef MACH_TIME_H
#define MACH_TIME_H

#include <stdint.h>

/* The time stamp counter. */
static inline uint64_t
time_tsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Wait for so many milliseconds of the kernel's clock. */
void time_sleep(unsigned milliseconds);

#endif /* MACH_TIME_H */
