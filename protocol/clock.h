/*
 * The session's clock is the processor's time stamp counter, scaled:
 *
 *   ns = ((counter - base) * multiplier) >> 32, in 128 bits
 *
 * The kernel measures the multiplier (struct probe_kernel says it), and both
 * sides read the counter.
 */

#ifndef PROTOCOL_CLOCK_H
#define PROTOCOL_CLOCK_H

#include <stdint.h>

/* The lower 64 bits of (COUNT * MULTIPLIER) >> 32. */
static inline uint64_t
clock_scale(uint64_t count, uint64_t multiplier)
{
#ifdef __SIZEOF_INT128__
    return (uint64_t)((unsigned __int128)count * multiplier >> 32);
#else
    uint64_t low = (uint32_t)count;

    return (count >> 32) * multiplier + low * (multiplier >> 32) +
           (low * (uint32_t)multiplier >> 32);
#endif
}

#endif /* PROTOCOL_CLOCK_H */
