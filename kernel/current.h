/*
 * Who runs on this CPU, read from the kernel's variables: any context.  With
 * interrupts on, the answer may be old by the time it is used.
 *
 * In an interrupt the current thread is the one that was interrupted.
 */

#ifndef KERNEL_CURRENT_H
#define KERNEL_CURRENT_H

#include <stddef.h>

#include "kernel_types.h"

_Static_assert(KERNEL_CPUS == 1, "this reads the data of CPU 0 only");

static inline unsigned
current_cpu(void)
{
    return 0;
}

/* NULL until the kernel has started its first thread. */
static inline struct thread *
current_thread(void)
{
    return percpu_array[0].active_thread;
}

static inline struct task *
current_task(void)
{
    return current_thread()->task;
}

#endif /* KERNEL_CURRENT_H */
