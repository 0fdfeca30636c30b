#include "runtime/events/guard.h"

#include <stddef.h>

#include "runtime/base/memory.h"
#include "runtime/base/output.h"
#include "runtime/events/script.h"
#include "runtime/events/source.h"

static struct {
    const struct rt_program *program;
    uint64_t due;  /* of the next look at the time of probes */
    uint64_t time; /* of all probes at the last */
    struct probe_statistics *statistics;
} guard;

bool
rt_guard_measures(const struct rt_program *program)
{
    return program->overload_threshold != 0 && program->kernel_points > 0;
}

bool
rt_guard_open(const struct rt_program *program, uint64_t now)
{
    guard.program = program;
    guard.time = 0;
    guard.due = UINT64_MAX;
    guard.statistics = NULL;
    if (!rt_guard_measures(program))
        return true;
    guard.due = now + program->overload_interval;
    guard.statistics =
        rt_memory(program->kernel_points * sizeof(*guard.statistics));
    return guard.statistics != NULL;
}

uint64_t
rt_guard_due(void)
{
    return guard.due;
}

static void
end_script(void)
{
    rt_script.failed = true;
    rt_script.ending = true;
}

/* Time that all probes together have taken so far. */
static uint64_t
time_of_probes(void)
{
    uint64_t time = 0;
    uint32_t i;

    if (!rt_source_statistics(guard.statistics))
        return guard.time;
    for (i = 0; i < guard.program->kernel_points; i++)
        time += guard.statistics[i].time;
    return time;
}

/* A look that comes late has a longer interval, and as much more is allowed:
 * the shares are compared. */
static void
check_overload(uint64_t now)
{
    const struct rt_program *program = guard.program;
    uint64_t past = now - (guard.due - program->overload_interval);
    uint64_t time = time_of_probes();
    uint64_t spent = time - guard.time;

    if ((double)spent * (double)program->overload_interval >
        (double)program->overload_threshold * (double)past) {
        rt_message("ERROR: probe overhead (%llu ns) exceeded threshold (%llu "
                   "ns in each %llu ns) in last %llu ns\n",
                   (unsigned long long)spent,
                   (unsigned long long)program->overload_threshold,
                   (unsigned long long)program->overload_interval,
                   (unsigned long long)past);
        end_script();
    }
    guard.time = time;
    guard.due = now + program->overload_interval;
}

void
rt_guard_check(const struct reader *reader, uint64_t now)
{
    if (rt_script.ending)
        return;
    if (!rt_script.suppress && reader_lost(reader) > guard.program->skipped) {
        rt_message("ERROR: Skipped too many probes, check MAXSKIPPED or try "
                   "again with -t for more details.\n");
        end_script();
        return;
    }
    if (now >= guard.due)
        check_overload(now);
}
