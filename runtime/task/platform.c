/*
 * The system below the runtime: a task of GNU Mach without the Hurd.
 */

#include "runtime/base/platform.h"

#include <mach.h>

#include "mach/console.h"
#include "mach/thread.h"

void *
rt_platform_memory(size_t size)
{
    vm_address_t address = 0;

    if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS)
        return NULL;
    return (void *)address;
}

size_t
rt_platform_stack_left(void)
{
    return task_stack_left();
}

/* Writing waits until there is room, so it never fails. */
bool
rt_platform_write(enum rt_stream stream, const void *data, size_t size)
{
    console_write(stream == RT_STDOUT ? CHANNEL_STDOUT : CHANNEL_STDERR, data,
                  size);
    return true;
}

const char *
rt_platform_name(void)
{
    return "machtap";
}

const char *
rt_platform_variable(const char *name)
{
    /* A boot module has words, and no environment. */
    (void)name;
    return NULL;
}

int64_t
rt_platform_zone(const char **name)
{
    *name = "UTC";
    return 0;
}

bool
rt_platform_system(const char *command)
{
    (void)command;
    return false;
}

void
rt_platform_mark(const char *phase)
{
    console_mark(phase);
}
