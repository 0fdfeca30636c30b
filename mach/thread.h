/*
 * Threads of a task, and locks between them.
 *
 * Every stack is TASK_STACK_SIZE bytes and aligned to as much, the first
 * thread's too, so a thread finds its own block by its stack pointer.
 */

#ifndef MACH_THREAD_H
#define MACH_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mach.h>

#define TASK_STACK_SIZE (128 * 1024)

/* What each thread has for itself, at the low end of its stack. */
struct task_thread_block {
    mach_port_t reply; /* for MIG's calls, made at the first of them */
    uint32_t closed;   /* bytes above this end that a stack cannot use, or 0 */
    uint32_t dropping; /* a reply port is being given up */
};

struct task_thread_block *task_thread_block(void);

/* Bytes of the stack that the calling thread may still use. */
size_t task_stack_left(void);

/* A thread that was started; the caller owns the struct. */
struct task_thread {
    thread_t port;
    mach_port_t done; /* receives one message when the function returns */
    vm_address_t stack;
    void (*function)(void *argument);
    void *argument;
};

/*
 * Start a thread that calls FUNCTION(ARGUMENT).  *THREAD must stay where it
 * is until the thread is joined.
 */
kern_return_t task_thread_start(struct task_thread *thread,
                                void (*function)(void *argument),
                                void *argument);

/* Wait until the function has returned; then remove the thread and stack. */
void task_thread_join(struct task_thread *thread);

/*
 * The parts of that, for a thread in another task: a stack alone, with an
 * empty block in it, and the start of a thread that thread_create() made, on
 * a stack that its task has.
 */
kern_return_t task_stack_allocate(vm_address_t *stack);
kern_return_t task_stack_free(vm_address_t stack);
kern_return_t task_thread_begin(thread_t thread, vm_address_t stack,
                                void (*function)(void *argument),
                                void *argument);

/*
 * A lock for short sections.  It gives the CPU away while it waits; zero
 * is unlocked.
 */
struct task_lock {
    uint32_t taken;
};

void task_lock(struct task_lock *lock);
void task_unlock(struct task_lock *lock);

#endif /* MACH_THREAD_H */
