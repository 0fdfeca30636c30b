#include "runtime/report/report.h"

#include <stddef.h>

#include "runtime/base/memory.h"
#include "runtime/base/output.h"
#include "runtime/events/script.h"
#include "runtime/events/source.h"
#include "runtime/report/timing.h"

/* Points named under a warning. */
#define NAMES_MAX 10

bool
rt_counts_open(struct rt_counts *counts, const struct rt_program *program)
{
    /* One more, since nothing can be asked for as memory of no size. */
    size_t size = ((size_t)program->kernel_points + 1) * sizeof(uint64_t);

    *counts = (struct rt_counts){
        .delivered = rt_memory(size),
        .unwanted = rt_memory(size),
    };
    return counts->delivered != NULL && counts->unwanted != NULL;
}

/* A member of the statistics that is a loss, and what to say of it. */
struct loss {
    size_t offset;
    const char *text;
};

static const struct loss losses[] = {
    {offsetof(struct probe_statistics, lost),
     "events lost: the script could not keep up and a ring was full (option "
     "-s makes rings larger)"},
    {offsetof(struct probe_statistics, missed),
     "hits missed: they came while another probe was running on their CPU"},
};

static uint64_t
member(const struct probe_statistics *statistics, const struct loss *loss)
{
    return *(const uint64_t *)((const char *)statistics + loss->offset);
}

/* Returns how many there were. */
static uint64_t
warn_of(const struct rt_program *program,
        const struct probe_statistics *statistics, const struct loss *loss)
{
    uint64_t total = 0;
    uint32_t points = 0;
    uint32_t i;

    for (i = 0; i < program->kernel_points; i++)
        total += member(&statistics[i], loss);
    if (total == 0)
        return 0;

    rt_message("WARNING: %llu %s\n", (unsigned long long)total, loss->text);
    for (i = 0; i < program->kernel_points; i++) {
        uint64_t count = member(&statistics[i], loss);

        if (count > 0 && ++points <= NAMES_MAX)
            rt_message("WARNING:   %llu at %s\n", (unsigned long long)count,
                       program->points[i].name);
    }
    if (points > NAMES_MAX)
        rt_message("WARNING:   and at %u other probes\n", points - NAMES_MAX);
    return total;
}

static void
print_table(const struct rt_program *program, const struct rt_counts *counts,
            const struct probe_statistics *statistics)
{
    uint32_t i;

    rt_message("%10s %10s %10s %10s %10s %10s %10s %-10s %s\n", "hits",
               "delivered", "dropped", "lost", "missed", "filtered", "own",
               "by", "probe");
    for (i = 0; i < program->kernel_points; i++) {
        const struct probe_statistics *row = &statistics[i];
        bool jump = row->kind == PROBE_ENTRY_JUMP;

        if (row->hits == 0 && row->self == 0)
            continue;
        rt_message("%10llu %10llu %10llu %10llu %10llu %10llu %10llu %-10s "
                   "%s\n",
                   (unsigned long long)row->hits,
                   (unsigned long long)counts->delivered[i],
                   (unsigned long long)(row->submitted - counts->delivered[i] -
                                        counts->unwanted[i]),
                   (unsigned long long)row->lost,
                   (unsigned long long)row->missed,
                   (unsigned long long)(row->filtered + counts->unwanted[i]),
                   (unsigned long long)row->self, jump ? "jump" : "breakpoint",
                   program->points[i].name);
    }
}

static uint64_t
report_hits(const struct rt_program *program, const struct rt_counts *counts,
            unsigned verbose)
{
    struct probe_statistics *statistics;
    uint64_t skipped = 0;
    size_t i;

    if (program->kernel_points == 0) {
        rt_timing_report(NULL);
        return 0;
    }

    statistics = rt_memory(program->kernel_points * sizeof(*statistics));
    if (statistics == NULL || !rt_source_statistics(statistics)) {
        rt_message("WARNING: the statistics of the probes cannot be had; "
                   "losses are not known\n");
        return 0;
    }
    for (i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
        skipped += warn_of(program, statistics, &losses[i]);
    rt_timing_report(statistics);
    if (verbose > 0)
        print_table(program, counts, statistics);
    return skipped;
}

void
rt_report(const struct rt_program *program, const struct rt_counts *counts,
          unsigned verbose)
{
    uint64_t skipped = report_hits(program, counts, verbose);

    if (counts->broken > 0)
        rt_message("WARNING: %llu records made no sense and were dropped\n",
                   (unsigned long long)counts->broken);
    if (rt_script.errors > 0 || skipped > 0)
        rt_message("WARNING: Number of errors: %llu, skipped probes: %llu\n",
                   (unsigned long long)rt_script.errors,
                   (unsigned long long)skipped);
}
