/*
 * What a new thread's registers must hold on this machine.
 */

#ifndef MACH_X86_64_THREAD_STATE_H
#define MACH_X86_64_THREAD_STATE_H

#include <mach/thread_status.h>

void task_thread_entry(void);

static inline void
thread_state_prepare(struct i386_thread_state *state, uintptr_t stack_top,
                     void (*function)(void *), void *argument)
{
    state->rip = (uintptr_t)task_thread_entry;
    state->ursp = stack_top;
    state->rbx = (uintptr_t)function;
    state->r12 = (uintptr_t)argument;
}

#endif /* MACH_X86_64_THREAD_STATE_H */
