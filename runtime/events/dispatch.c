#include "runtime/events/dispatch.h"

#include <stddef.h>

#include "runtime/base/failure_i.h"
#include "runtime/base/output.h"
#include "runtime/base/scratch.h"
#include "runtime/events/condition.h"
#include "runtime/events/event.h"
#include "runtime/events/script.h"
#include "runtime/maps/map.h"
#include "runtime/report/timing.h"
#include "runtime/values/regex.h"

static void
count_error(const struct rt_point *point, int kind)
{
    char text[RT_FAILURE_MAX];

    /* As if each handler were in try { } catch { next }. */
    if (rt_script.suppress && kind == RT_FAILURE_ERROR) {
        rt_script.errors++;
        return;
    }
    rt_failure_text(text, sizeof(text));
    rt_message("ERROR: %s in probe %s\n", text, point->name);
    rt_script.errors++;
    if (rt_script.errors > rt_program.errors) {
        rt_script.failed = true;
        rt_script.ending = true;
    }
}

void
rt_dispatch(const struct rt_point *point, const uint8_t *payload, uint64_t time,
            uint32_t cpu)
{
    uint64_t from;

    rt_event = (struct rt_event){
        .point = point,
        .payload = payload,
        .time = time,
        .cpu = cpu,
    };
    rt_actions = payload != NULL ? rt_program.actions : rt_program.actions_slow;
    rt_nesting = 0;
    rt_next = false;
    rt_release(0);
    rt_regex_forget();
    rt_walk_forget();

    from = rt_timing_now();
    rt_program.handlers[point->handler].run(payload);
    rt_timing_handler(point, from);
    if (rt_program.handlers[point->handler].rechecks) {
        from = rt_timing_now();
        rt_conditions_check();
        rt_timing_refresh(point, from);
    }

    if (__builtin_expect(rt_failed, RT_FAILURE_NONE) != RT_FAILURE_NONE) {
        int kind = rt_failed;

        rt_failure_clear();
        rt_release(0);
        if (kind != RT_FAILURE_ABORT)
            count_error(point, kind);
    }
}
