/*
 * One thread, one handler at a time:
 *
 *   open, arm, begin probes, resume the workload
 *   +-> records and timers in the order of their time
 *   |   output out, wait
 *   +-- until exit(), too many errors, the user, the workload's end
 *   disarm, the records that are left, end or error probes, report
 *
 * After exit() and after an error the records that are left are dropped, as
 * no probe runs then; otherwise all are handled, so that a count is exact.
 */

#include "runtime/events/loop.h"

#include <stddef.h>

#include "client/reader.h"
#include "runtime/base/failure.h"
#include "runtime/base/limit.h"
#include "runtime/base/memory.h"
#include "runtime/base/output.h"
#include "runtime/base/platform.h"
#include "runtime/events/condition.h"
#include "runtime/events/dispatch.h"
#include "runtime/events/guard.h"
#include "runtime/events/input.h"
#include "runtime/events/script.h"
#include "runtime/events/source.h"
#include "runtime/events/task_event.h"
#include "runtime/events/timer.h"
#include "runtime/maps/map.h"
#include "runtime/report/report.h"
#include "runtime/report/show.h"
#include "runtime/report/timing.h"
#include "runtime/setting.h"

/* With several CPUs, how long after its time stamp a record may take to be
 * in its ring: ns, and some thousand times what a program takes. */
#define RECORD_DELAY 1000000

struct loop {
    const struct rt_program *program;
    struct reader reader;
    struct rt_timers timers;
    struct rt_timer *timer; /* the one that is due first */
    struct rt_counts counts;
    uint64_t end; /* when --run-time is over */
};

/* Of the stack, what the runtime itself may need in a call: bytes. */
#define STACK_RESERVE 16384

/* ---- records and timers ---------------------------------------------- */

static void
handle_record(struct loop *loop, const struct probe_record *record,
              uint32_t cpu)
{
    const struct rt_program *program = loop->program;
    uint32_t size = record->size - offsetof(struct probe_record, payload);
    const struct rt_point *point;

    if (record->cookie >= program->kernel_points) {
        loop->counts.broken++;
        return;
    }
    point = &program->points[record->cookie];
    if (size < program->handlers[point->handler].payload_size) {
        loop->counts.broken++;
        return;
    }
    if (!rt_task_event_wanted(point, record->payload, record->time)) {
        loop->counts.unwanted[record->cookie]++;
        return;
    }
    loop->counts.delivered[record->cookie]++;
    rt_dispatch(point, record->payload, record->time, cpu);
}

/* Handle what has been seen in the rings, up to time RECORDS, and the timers
 * that are due up to time TIMERS, in order. */
static void
handle(struct loop *loop, uint64_t records, uint64_t timers)
{
    while (!rt_script.ending) {
        uint32_t cpu = 0;
        const struct probe_record *record = reader_peek(&loop->reader, &cpu);
        struct rt_timer *timer = loop->timer;

        if (timer != NULL && timer->due <= timers &&
            (record == NULL || timer->due <= record->time)) {
            rt_dispatch(timer->point, NULL, timer->due, 0);
            rt_timer_again(timer, timers);
            loop->timer = rt_timers_first(&loop->timers);
        } else if (record != NULL && record->time <= records) {
            handle_record(loop, record, cpu);
            reader_take(&loop->reader);
        } else {
            break;
        }
    }
    reader_release(&loop->reader);
}

/* What was read of standard input, if anything waits for it. */
static void
handle_input(void)
{
    const struct rt_point *point;

    while (!rt_script.ending && (point = rt_input_next()) != NULL)
        rt_dispatch(point, NULL, rt_source_now(), 0);
}

static uint64_t
least(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* Returns why it ended, RT_WAKE_LOOK if the script did so. */
static enum rt_wake
run_events(struct loop *loop)
{
    uint64_t delay = loop->reader.count > 1 ? RECORD_DELAY : 0;
    enum rt_wake wake = RT_WAKE_LOOK;
    uint32_t cpu;

    while (!rt_script.ending && wake == RT_WAKE_LOOK) {
        uint64_t now = rt_source_now();
        uint64_t settled = now > delay ? now - delay : 0;
        uint64_t until = loop->end;

        reader_look(&loop->reader);
        rt_guard_check(&loop->reader, now);
        handle(loop, settled, settled);
        handle_input();
        if (rt_script.ending || now >= loop->end)
            break;

        rt_output_flush();
        if (!rt_output_alive())
            break;
        until = least(until, rt_guard_due());
        if (loop->timer != NULL)
            until = least(until, loop->timer->due + delay);
        if (reader_peek(&loop->reader, &cpu) != NULL)
            until = least(until, now + delay);
        wake = rt_source_wait(until);
    }

    rt_source_detach();
    reader_look(&loop->reader);
    rt_guard_check(&loop->reader, 0);
    handle(loop, UINT64_MAX, 0);
    return wake;
}

/* ---- the script's beginning and end ---------------------------------- */

static bool
open_globals(const struct rt_program *program)
{
    const struct rt_global *global = program->globals;
    uint32_t i;

    for (i = 0; i < program->global_count; i++, global++) {
        struct rt_map *map = global->place;

        if (global->array && !rt_map_open(map)) {
            rt_message("ERROR: no memory for array '%s' of %u elements\n",
                       map->name, map->limit);
            return false;
        }
        if (global->initial != NULL)
            rt_store(global->place,
                     (struct rt_string){global->initial,
                                        __builtin_strlen(global->initial)});
    }
    return true;
}

/* Run the probes of a kind, least priority first, unless STOP becomes so. */
static void
run_kind(const struct rt_program *program, enum rt_point_kind kind,
         const bool *stop)
{
    const struct rt_point *end = program->points + program->point_count;
    const struct rt_point *last = NULL;

    while (!*stop) {
        const struct rt_point *next = NULL;
        const struct rt_point *point;

        /* The least that comes after the last in (priority, place). */
        for (point = program->points; point < end; point++) {
            if (point->kind != kind)
                continue;
            if (last != NULL &&
                (point->priority < last->priority ||
                 (point->priority == last->priority && point <= last)))
                continue;
            if (next == NULL || point->priority < next->priority)
                next = point;
        }
        if (next == NULL)
            break;
        rt_dispatch(next, NULL, rt_source_now(), 0);
        last = next;
    }
}

static void
run_ends(const struct rt_program *program, bool show)
{
    bool never = false;

    if (!rt_script.failed)
        run_kind(program, RT_END, &rt_script.failed);
    if (rt_script.failed)
        run_kind(program, RT_ERROR, &never);
    else if (show)
        rt_show_globals(program);
}

static bool
open_loop(struct loop *loop, const struct rt_arguments *arguments)
{
    const struct rt_program *program = loop->program;
    struct rt_rings rings = {0};

    rt_memory_limit(program->memory);
    if (!rt_limits_open(program->string_size) ||
        !rt_counts_open(&loop->counts, program)) {
        rt_message("ERROR: no memory to start the script\n");
        return false;
    }
    if (!open_globals(program) || !rt_settings_apply(program, arguments))
        return false;
    if (!rt_timing_open(program, arguments->timing) ||
        !rt_input_open(program)) {
        rt_message("ERROR: no memory to start the script\n");
        return false;
    }
    if (!rt_conditions_open(program)) {
        rt_message("ERROR: no memory for the probes' conditions\n");
        return false;
    }
    if (!rt_source_open(program, arguments, &rings))
        return false;
    if (!reader_open(&loop->reader, rings.address, rings.stride, rings.count)) {
        rt_message("ERROR: the kernel's rings are not what they should be\n");
        rt_source_close();
        return false;
    }
    return true;
}

static bool
start(struct loop *loop, const struct rt_arguments *arguments)
{
    uint64_t now;

    if (!rt_source_attach())
        return false;
    rt_platform_mark("armed");
    run_kind(loop->program, RT_BEGIN, &rt_script.ending);
    rt_output_flush();
    if (!rt_script.ending && !rt_source_announce())
        return false;
    if (!rt_script.ending)
        rt_source_resume();

    now = rt_source_now();
    if (!rt_guard_open(loop->program, now)) {
        rt_message("ERROR: no memory to watch the probes\n");
        return false;
    }
    loop->end = UINT64_MAX;
    if (arguments->run_time > 0)
        loop->end = now + (uint64_t)arguments->run_time * 1000000000;
    if (!rt_timers_open(&loop->timers, loop->program, now)) {
        rt_message("ERROR: no memory for timers\n");
        return false;
    }
    loop->timer = rt_timers_first(&loop->timers);
    return true;
}

int
rt_run(const struct rt_program *program, const struct rt_arguments *arguments)
{
    static struct loop loop;
    enum rt_wake wake = RT_WAKE_LOOK;
    bool started;

    loop = (struct loop){.program = program};
    rt_stack_end = (uintptr_t)__builtin_frame_address(0) -
                   rt_platform_stack_left() + STACK_RESERVE;
    rt_script.suppress = arguments->suppress_errors;
    rt_script.target = arguments->target;
    if (!open_loop(&loop, arguments))
        return 1;

    started = start(&loop, arguments);
    if (started) {
        wake = run_events(&loop);
        run_ends(program, !arguments->no_globals);
        loop.counts.broken += loop.reader.broken;
        rt_report(program, &loop.counts, arguments->verbose);
    }
    rt_output_flush();
    rt_source_close();
    return started && !rt_script.failed && wake != RT_WAKE_FAULTED ? 0 : 1;
}
