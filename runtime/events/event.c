#include "runtime/events/event.h"

#include <string.h>

#include "runtime/base/platform.h"
#include "runtime/events/source.h"
#include "runtime/program.h"
#include "runtime/symbols/address.h"
#include "runtime/symbols/stack.h"

struct rt_event rt_event;

/* ---- time ------------------------------------------------------------ */

int64_t
rt_ktime_get_ns(void)
{
    return (int64_t)rt_event.time;
}

int64_t
rt_gettimeofday_ns(void)
{
    return (int64_t)(rt_source_wall() + rt_event.time);
}

int64_t
rt_gettimeofday_us(void)
{
    return rt_gettimeofday_ns() / 1000;
}

int64_t
rt_gettimeofday_ms(void)
{
    return rt_gettimeofday_ns() / 1000000;
}

int64_t
rt_gettimeofday_s(void)
{
    return rt_gettimeofday_ns() / 1000000000;
}

/* ---- who ------------------------------------------------------------- */

static const struct rt_handler *
handler(void)
{
    return &rt_program.handlers[rt_event.point->handler];
}

static int64_t
recorded_long(uint32_t offset)
{
    if (rt_event.payload == NULL || offset == RT_NO_OFFSET)
        return 0;
    return rt_load_long(rt_event.payload, offset);
}

int64_t
rt_cpu(void)
{
    return rt_event.cpu;
}

int64_t
rt_task(void)
{
    return recorded_long(handler()->task);
}

int64_t
rt_thread(void)
{
    return recorded_long(handler()->thread);
}

struct rt_string
rt_module_name(void)
{
    const char *name = rt_platform_name();

    return (struct rt_string){name, strlen(name)};
}

struct rt_string
rt_execname(void)
{
    const struct rt_handler *running = handler();

    if (rt_event.payload == NULL || running->task_name == RT_NO_OFFSET)
        return rt_module_name();
    return rt_load_string(rt_event.payload, running->task_name,
                          running->task_name_size);
}

/* ---- which probe ----------------------------------------------------- */

struct rt_string
rt_pp(void)
{
    const char *name = rt_event.point->name;

    return (struct rt_string){name, strlen(name)};
}

struct rt_string
rt_pn(void)
{
    const char *written = rt_event.point->written;

    return (struct rt_string){written, strlen(written)};
}

struct rt_string
rt_probefunc(void)
{
    const struct rt_point *point = rt_event.point;
    const char *name = point->function;

    /* Of data: the instruction before the one that is next. */
    if (point->kind == RT_KERNEL && point->length != 0)
        return rt_symname(rt_addr() - 1);
    return (struct rt_string){name, strlen(name)};
}

struct rt_string
rt_probemod(void)
{
    const struct rt_tasks *tasks;
    uint32_t number, i;

    if (rt_event.point->kind != RT_KERNEL)
        return RT_TEXT("");
    number = (uint32_t)(rt_event.point - rt_program.points);
    for (i = 0; i < rt_program.task_count; i++) {
        tasks = &rt_program.tasks[i];
        if (number - tasks->first < tasks->count)
            return (struct rt_string){tasks->program, strlen(tasks->program)};
    }
    return RT_TEXT("kernel");
}
