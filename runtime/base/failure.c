#include "runtime/base/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/failure_i.h"
#include "runtime/base/scratch.h"

int rt_failed;
int64_t rt_actions;
unsigned rt_nesting;
uintptr_t rt_stack_end;
bool rt_next;

static char message[1024];

/* Where it was, and where that was called from, as far as there is room. */
static char places[512];
static size_t places_size;

static void
raise_kind(enum rt_failure kind)
{
    rt_failed = kind;
    places_size = 0;
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
    size_t room = sizeof(places) - places_size;
    int size = snprintf(places + places_size, room,
                        places_size == 0 ? "%s" : " (called from %s)", place);

    if ((size_t)size < room)
        places_size += (size_t)size;
    else
        places[places_size] = '\0';
}

bool
rt_catch(void)
{
    if (rt_failed != RT_FAILURE_ERROR)
        return false;
    rt_failed = RT_FAILURE_NONE;
    return true;
}

void
rt_failure_text(char *text, size_t size)
{
    if (places_size == 0)
        snprintf(text, size, "%s", message);
    else
        snprintf(text, size, "%s near %s", message, places);
}

struct rt_string
rt_caught(void)
{
    return rt_hold((struct rt_string){message, strlen(message)});
}

void
rt_failure_clear(void)
{
    rt_failed = RT_FAILURE_NONE;
}
