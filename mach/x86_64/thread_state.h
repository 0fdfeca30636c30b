/*
 * Registers of a thread on this machine: what a new one's must hold, and
 * what a stopped one's tell.
 */

#ifndef MACH_X86_64_THREAD_STATE_H
#define MACH_X86_64_THREAD_STATE_H

#include <mach/thread_status.h>

static inline void
thread_state_prepare(struct i386_thread_state *state, uintptr_t stack_top,
                     void (*function)(void *), void *argument)
{
    state->rip = (uintptr_t)task_thread_entry;
    state->ursp = stack_top;
    state->rbx = (uintptr_t)function;
    state->r12 = (uintptr_t)argument;
}

static inline uintptr_t
thread_state_pc(const struct i386_thread_state *state)
{
    return state->rip;
}

#endif /* MACH_X86_64_THREAD_STATE_H */
