#include "runtime/report/timing.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "runtime/base/memory.h"
#include "runtime/base/output.h"
#include "runtime/events/source.h"
#include "runtime/maps/stats.h"

static struct {
    const struct rt_program *program;
    struct rt_stats *handlers; /* one a point; NULL: nothing is measured */
    struct rt_stats *refreshes;
} timing;

bool
rt_timing_open(const struct rt_program *program, bool on)
{
    size_t size = ((size_t)program->point_count + 1) * sizeof(struct rt_stats);

    timing.program = program;
    timing.handlers = timing.refreshes = NULL;
    if (!on)
        return true;
    timing.handlers = rt_memory(size);
    timing.refreshes = rt_memory(size);
    return timing.handlers != NULL && timing.refreshes != NULL;
}

uint64_t
rt_timing_now(void)
{
    return timing.handlers != NULL ? rt_source_now() : 0;
}

static void
add(struct rt_stats *all, const struct rt_point *point, uint64_t from)
{
    if (timing.handlers != NULL)
        rt_stats_add_variance(&all[point - timing.program->points],
                              (int64_t)(rt_source_now() - from), 0);
}

void
rt_timing_handler(const struct rt_point *point, uint64_t from)
{
    add(timing.handlers, point, from);
}

void
rt_timing_refresh(const struct rt_point *point, uint64_t from)
{
    add(timing.refreshes, point, from);
}

/* ---- the report ------------------------------------------------------ */

/* A line of at most RT_OUTPUT_ROOM bytes. */
static void __attribute__((format(printf, 1, 2)))
print(const char *format, ...)
{
    char *line = rt_output_reserve(RT_OUTPUT_ROOM);
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, RT_OUTPUT_ROOM, format, arguments);
    va_end(arguments);
    if (length >= RT_OUTPUT_ROOM) {
        length = RT_OUTPUT_ROOM - 1;
        line[length - 1] = '\n';
    }
    rt_output_add((size_t)length);
}

static void
print_stats(uint32_t number, const struct rt_stats *stats)
{
    const struct rt_point *point = &timing.program->points[number];

    print("%s, (%s), hits: %lld, nsecs: %lldmin/%lldavg/%lldmax, variance: "
          "%lld, from: %s, index: %u\n",
          point->name, timing.program->handlers[point->handler].place,
          (long long)stats->count, (long long)stats->min,
          (long long)(stats->sum / stats->count), (long long)stats->max,
          (long long)rt_stats_get(stats, RT_VARIANCE, 0), point->written,
          number);
}

static void
print_all(const struct rt_stats *all)
{
    uint32_t i;

    for (i = 0; i < timing.program->point_count; i++)
        if (all[i].count > 0)
            print_stats(i, &all[i]);
}

/* Runs of programs, which are those of the hits that were not missed. */
static void
print_kernel(const struct probe_statistics *statistics)
{
    uint32_t i;

    for (i = 0; i < timing.program->kernel_points; i++) {
        const struct probe_statistics *row = &statistics[i];
        uint64_t runs = row->hits;

        if (timing.program->points[i].probe != PROBE_RETURN)
            runs -= row->missed;
        if (runs == 0)
            continue;
        print("%s, hits: %llu, nsecs: %lluavg/%llumax, lost: %llu, missed: "
              "%llu, index: %u\n",
              timing.program->points[i].name, (unsigned long long)row->hits,
              (unsigned long long)(row->time / runs),
              (unsigned long long)row->time_max, (unsigned long long)row->lost,
              (unsigned long long)row->missed, i);
    }
}

void
rt_timing_report(const struct probe_statistics *statistics)
{
    if (timing.handlers == NULL)
        return;
    print("----- probe hit report: \n");
    print_all(timing.handlers);
    if (statistics != NULL) {
        print("----- kernel hit report: \n");
        print_kernel(statistics);
    }
    print("----- refresh report: \n");
    print_all(timing.refreshes);
}
