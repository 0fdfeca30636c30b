#include "runtime/events/condition.h"

#include <stddef.h>

#include "runtime/base/memory.h"
#include "runtime/events/source.h"

static struct {
    const struct rt_program *program;
    bool *enabled; /* of each kernel point; NULL: none has a condition */
} conditions;

static bool
holds(uint32_t number)
{
    const struct rt_program *program = conditions.program;
    bool (*condition)(void) =
        program->handlers[program->points[number].handler].condition;

    return condition == NULL || condition();
}

bool
rt_conditions_open(const struct rt_program *program)
{
    bool any = false;
    uint32_t i;

    conditions.program = program;
    conditions.enabled = NULL;
    for (i = 0; i < program->kernel_points; i++)
        any |= program->handlers[program->points[i].handler].condition != NULL;
    if (!any)
        return true;
    conditions.enabled = rt_memory(program->kernel_points);
    if (conditions.enabled == NULL)
        return false;
    for (i = 0; i < program->kernel_points; i++)
        conditions.enabled[i] = holds(i);
    return true;
}

bool
rt_condition_enabled(uint32_t number)
{
    return conditions.enabled == NULL || conditions.enabled[number];
}

/* Runs of probes that change alike are changed by one request: a wildcard's
 * are next to each other. */
void
rt_conditions_check(void)
{
    uint32_t count = conditions.program->kernel_points;
    uint32_t first, end, i;

    if (conditions.enabled == NULL)
        return;
    for (first = 0; first < count; first = end) {
        bool on = holds(first);

        end = first + 1;
        if (on == conditions.enabled[first])
            continue;
        while (end < count && conditions.enabled[end] != on && holds(end) == on)
            end++;
        /* What could not be changed is tried again at the next check. */
        if (!rt_source_enable(first, end - first, on))
            continue;
        for (i = first; i < end; i++)
            conditions.enabled[i] = on;
    }
}
