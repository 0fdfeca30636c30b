#include "runtime/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/failure_i.h"
#include "runtime/scratch.h"

int rt_failed;
int64_t rt_actions;
unsigned rt_nesting;
uintptr_t rt_stack_end;
bool rt_next;

static char message[1024];
static const char *near_place;

static void
raise_kind(enum rt_failure kind)
{
    rt_failed = kind;
    near_place = NULL;
}

void
rt_raise(const char *format, ...)
{
    va_list arguments;

    if (rt_failed != RT_FAILURE_NONE)
        return;
    raise_kind(RT_FAILURE_ERROR);
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
}

void
rt_raise_actions(void)
{
    if (rt_failed != RT_FAILURE_NONE)
        return;
    raise_kind(RT_FAILURE_ACTIONS);
    strcpy(message, "MAXACTION exceeded");
}

void
rt_raise_abort(void)
{
    if (rt_failed == RT_FAILURE_NONE)
        raise_kind(RT_FAILURE_ABORT);
}

void
rt_near(const char *place)
{
    if (near_place == NULL)
        near_place = place;
}

bool
rt_catch(void)
{
    if (rt_failed != RT_FAILURE_ERROR)
        return false;
    rt_failed = RT_FAILURE_NONE;
    return true;
}

struct rt_string
rt_caught(void)
{
    static const char between[] = " near ";
    size_t length = strlen(message);
    size_t size = length;
    char *text;

    if (near_place != NULL)
        size += sizeof(between) - 1 + strlen(near_place);
    text = rt_scratch_reserve(&size);
    if (near_place == NULL)
        memcpy(text, message, size);
    else
        snprintf(text, size + 1, "%s%s%s", message, between, near_place);
    return rt_scratch_take(text, size);
}

void
rt_failure_clear(void)
{
    rt_failed = RT_FAILURE_NONE;
}
