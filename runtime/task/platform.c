/*
 * The system below the runtime: a task of GNU Mach without the Hurd.
 */

#include "runtime/platform.h"

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

/* Stacks are aligned to their size, with the thread's own block at the low
 * end. */
size_t
rt_platform_stack_left(void)
{
    return ((uintptr_t)__builtin_frame_address(0) & (TASK_STACK_SIZE - 1)) -
           sizeof(struct task_thread_block);
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

void
rt_platform_mark(const char *phase)
{
    console_mark(phase);
}
