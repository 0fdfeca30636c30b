#include "runtime/maps/stats.h"

#include <stddef.h>

#include "runtime/base/failure.h"

/*
 * Welford's method in integers.  The shift keeps that many bits of fraction
 * in the mean, since its error would add up; squares have twice as many.
 */
void
rt_stats_add_variance(struct rt_stats *stats, int64_t value, unsigned shift)
{
    int64_t scaled = rt_shift_left(value, shift);
    int64_t delta = rt_subtract(scaled, stats->mean);

    rt_stats_add(stats, value);
    stats->mean = rt_add(stats->mean, delta / stats->count);
    stats->squares = rt_add(
        stats->squares, rt_multiply(delta, rt_subtract(scaled, stats->mean)));
}

/*
 * As stap's manual shows it (STATISTICS): what the integer mean was wrong by
 * is made good, as where the statistics of several processors are merged.
 * Without a shift the variance of 1 to 5 is 12.  Of an array's element stap
 * takes the sum as it is.
 */
static int64_t
variance(const struct rt_stats *stats, unsigned shift)
{
    int64_t degrees = stats->count - 1;
    int64_t mean = rt_shift_left(stats->sum, shift) / stats->count;
    int64_t off = rt_subtract(stats->mean, mean);
    int64_t squares;

    if (degrees == 0)
        return 0;
    squares = rt_multiply(stats->squares / degrees, degrees);
    squares = rt_add(squares, rt_multiply(stats->count, rt_multiply(off, off)));
    return (squares / degrees) >> (2 * shift & 63);
}

int64_t
rt_stats_get(const struct rt_stats *stats, enum rt_stat stat, unsigned shift)
{
    if (stats == NULL || stats->count == 0) {
        if (stat != RT_COUNT && stat != RT_SUM)
            rt_raise("empty aggregate");
        return 0;
    }

    switch (stat) {
    case RT_COUNT:
        return stats->count;
    case RT_SUM:
        return stats->sum;
    case RT_MIN:
        return stats->min;
    case RT_MAX:
        return stats->max;
    case RT_AVG:
        return stats->sum / stats->count;
    case RT_ELEMENT_VARIANCE:
        return stats->count == 1
                   ? 0
                   : stats->squares / (stats->count - 1) >> (2 * shift & 63);
    case RT_VARIANCE:
        break;
    }
    return variance(stats, shift);
}
