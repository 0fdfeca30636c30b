/*
 * Who runs on this CPU, read from the kernel's variables: any context.  With
 * interrupts on, the answer may be old by the time it is used.
 *
 * In an interrupt the current thread is the one that was interrupted.
 */

#ifndef KERNEL_MACHINE_CURRENT_H
#define KERNEL_MACHINE_CURRENT_H

#include <stddef.h>

#include "kernel_types.h"

#if KERNEL_CPUS == 1

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

#else

/*
 * GS leads to this CPU's element of percpu_array.  Volatile, and by the
 * member's distance: a pointer that was kept could be another CPU's by then.
 */
#define CURRENT_READ(value, member)     \
    __asm__ volatile("mov %%gs:%c1, %0" \
                     : "=r"(value)      \
                     : "i"(__builtin_offsetof(struct percpu, member)))

static inline unsigned
current_cpu(void)
{
    uint32_t number;

    CURRENT_READ(number, cpu_id);
    return number;
}

static inline struct thread *
current_thread(void)
{
    struct thread *thread;

    CURRENT_READ(thread, active_thread);
    return thread;
}

#endif

static inline struct task *
current_task(void)
{
    return current_thread()->task;
}

#endif /* KERNEL_MACHINE_CURRENT_H */
