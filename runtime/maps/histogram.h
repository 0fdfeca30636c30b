/*
 * Histograms: the buckets of statistics that @hist_log or @hist_linear is
 * asked of, and the picture of them.
 *
 * The buckets follow the struct rt_stats in memory, struct rt_histogram says
 * what they are.
 *
 *   @hist_log      bucket 64 counts zeroes, 64 + n values from 2^(n-1) to
 *                  2^n - 1, and 64 - n the same below zero
 *   @hist_linear   bucket 0 counts what is below LOW, bucket i what is from
 *                  LOW + (i-1) * STEP on, the last what is above
 */

#ifndef RUNTIME_MAPS_HISTOGRAM_H
#define RUNTIME_MAPS_HISTOGRAM_H

#include "runtime/maps/stats.h"
#include "runtime/values/print.h"

struct rt_histogram {
    bool linear;
    int64_t low;      /* linear */
    int64_t step;     /* linear; more than 0 */
    uint32_t buckets; /* RT_LOG_BUCKETS; linear: at least 3 */
};

#define RT_LOG_BUCKETS 128

/* Storage of statistics with COUNT buckets. */
#define RT_STATS_OF(count)                               \
    struct {                                             \
        struct rt_stats stats;                           \
        int64_t buckets[(count) > 0 ? (int)(count) : 1]; \
    }

/* Count VALUE in its bucket; the rest of the statistics is not touched. */
void rt_histogram_add(const struct rt_histogram *histogram,
                      struct rt_stats *stats, int64_t value);

/*
 * The count of bucket NUMBER.  Raises "empty aggregate" when STATS is NULL or
 * empty, and an error when there is no such bucket.
 */
int64_t rt_histogram_bucket(const struct rt_histogram *histogram,
                            const struct rt_stats *stats, int64_t number);

/* Whether there is such a bucket: 1 or 0. */
int64_t rt_histogram_has(const struct rt_histogram *histogram, int64_t number);

/* The picture, which ends with a newline, to standard output or as a value
 * cut at the program's limit.  They raise "empty aggregate". */
void rt_print_histogram(const struct rt_histogram *histogram,
                        const struct rt_stats *stats);
struct rt_string rt_sprint_histogram(const struct rt_histogram *histogram,
                                     const struct rt_stats *stats);

#endif /* RUNTIME_MAPS_HISTOGRAM_H */
