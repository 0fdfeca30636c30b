/*
 * Functions of the language that steer the script.
 */

#include "runtime/events/script.h"

#include "runtime/base/failure_i.h"
#include "runtime/base/output.h"
#include "runtime/base/platform.h"
#include "runtime/events/source.h"
#include "runtime/values/function.h"

struct rt_script rt_script;

void
rt_exit(void)
{
    rt_script.ending = true;
}

void
rt_abort(void)
{
    rt_script.ending = true;
    rt_raise_abort();
}

void
rt_error(struct rt_string message)
{
    rt_raise("%s", message.text);
}

void
rt_log(struct rt_string message)
{
    rt_output(message.text, message.length);
    rt_output("\n", 1);
}

void
rt_warn(struct rt_string message)
{
    bool ends = message.length > 0 && message.text[message.length - 1] == '\n';

    rt_message("WARNING: %s%s", message.text, ends ? "" : "\n");
}

void
rt_system(struct rt_string command)
{
    rt_output_flush();
    if (!rt_platform_system(command.text))
        rt_raise("system() needs a shell, and there is none here");
}

void
rt_assert(int64_t condition)
{
    if (!condition)
        rt_raise("Assertion failed");
}

void
rt_assert_message(int64_t condition, struct rt_string message)
{
    if (!condition)
        rt_raise("%s", message.text);
}

int64_t
rt_target(void)
{
    return rt_script.target != 0 ? rt_script.target : rt_source_target();
}

/* What SystemTap has room for. */
#define RANDOM_MAX (1 << 20)

/* splitmix64: one multiplication chain over a counter. */
int64_t
rt_random(int64_t limit)
{
    static uint64_t state;
    uint64_t value;

    if (state == 0)
        state = rt_source_now() + rt_source_wall() + 1;
    state += 0x9e3779b97f4a7c15u;
    value = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    value ^= value >> 31;
    return limit < 1 ? 0 : (int64_t)(value % (uint64_t)limit);
}

int64_t
rt_randint(int64_t limit)
{
    if (limit >= 0 && limit <= RANDOM_MAX)
        return rt_random(limit);
    rt_raise("range too wide");
    return 0;
}
