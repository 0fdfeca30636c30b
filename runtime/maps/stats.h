/*
 * Statistics: what `s <<< v` adds to.
 */

#ifndef RUNTIME_MAPS_STATS_H
#define RUNTIME_MAPS_STATS_H

#include "runtime/base/value.h"

/* All zeroes is an empty one. */
struct rt_stats {
    int64_t count;
    int64_t sum;
    int64_t min; /* min and max mean nothing while count is 0 */
    int64_t max;
    /* For @variance, shifted left by the variable's shift: the mean so far
     * and the sum of squared distances from it. */
    int64_t mean;
    int64_t squares;
};

/* Operators. */
enum rt_stat {
    RT_COUNT,
    RT_SUM,
    RT_MIN,
    RT_MAX,
    RT_AVG,
    RT_VARIANCE,
    RT_ELEMENT_VARIANCE, /* of an array's element; runtime/maps/stats.c says why */
};

static inline void
rt_stats_add(struct rt_stats *stats, int64_t value)
{
    if (stats->count == 0 || value < stats->min)
        stats->min = value;
    if (stats->count == 0 || value > stats->max)
        stats->max = value;
    stats->sum = rt_add(stats->sum, value);
    stats->count++;
}

/* The same where @variance is asked for, with SHIFT bits of fraction. */
void
rt_stats_add_variance(struct rt_stats *stats, int64_t value, unsigned shift);

/*
 * An operator's value; STATS may be NULL, which is an empty one.  Raises
 * "empty aggregate" for all but RT_COUNT and RT_SUM of an empty one.  SHIFT
 * is that of rt_stats_add_variance().
 */
int64_t
rt_stats_get(const struct rt_stats *stats, enum rt_stat stat, unsigned shift);

static inline void
rt_stats_clear(struct rt_stats *stats)
{
    *stats = (struct rt_stats){0};
}

#endif /* RUNTIME_MAPS_STATS_H */
