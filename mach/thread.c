#include "mach/thread.h"

#include <mach/mig_support.h>

#include "mach/thread_state.h"

struct task_thread_block *
task_thread_block(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    return (struct task_thread_block *)(here &
                                        ~(uintptr_t)(TASK_STACK_SIZE - 1));
}

/* The first thread's stack has nothing below it but its block. */
size_t
task_stack_left(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    const struct task_thread_block *block = task_thread_block();

    return (here & (TASK_STACK_SIZE - 1)) -
           (block->closed != 0 ? block->closed : sizeof(*block));
}

/*
 * Allocate TASK_STACK_SIZE bytes, aligned to as much, by as many messages
 * whatever address comes out.  What lies below stays without access, so that a
 * stack that grows too long faults: the thread's block would be the first
 * thing to be overwritten.
 */
kern_return_t
task_stack_allocate(vm_address_t *stack)
{
    vm_address_t place = 0;
    kern_return_t kr;

    kr = vm_map(mach_task_self(), &place, TASK_STACK_SIZE, TASK_STACK_SIZE - 1,
                TRUE, MACH_PORT_NULL, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
                VM_INHERIT_DEFAULT);
    if (kr != KERN_SUCCESS)
        return kr;
    kr = vm_protect(mach_task_self(), place + vm_page_size, vm_page_size, FALSE,
                    VM_PROT_NONE);
    if (kr != KERN_SUCCESS) {
        vm_deallocate(mach_task_self(), place, TASK_STACK_SIZE);
        return kr;
    }
    ((struct task_thread_block *)place)->closed = 2 * vm_page_size;
    *stack = place;
    return KERN_SUCCESS;
}

kern_return_t
task_stack_free(vm_address_t stack)
{
    return vm_deallocate(mach_task_self(), stack, TASK_STACK_SIZE);
}

/*
 * What a thread does when its function has returned.  Neither telling so nor
 * waiting for the end is a message to the kernel, and the reply port is there
 * by then in any case: so the messages that a thread costs are always as many.
 */
static void
wait_for_removal(struct task_thread *thread, mach_port_t reply)
{
    mach_msg_header_t message = {
        .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND_ONCE, 0),
        .msgh_size = sizeof(message),
        .msgh_remote_port = thread->done,
    };

    mach_msg_trap(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL,
                  MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
    for (;;)
        mach_msg_trap(&message, MACH_RCV_MSG, 0, sizeof(message), reply,
                      MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

static void
run_thread(void *argument)
{
    struct task_thread *thread = argument;

    thread->function(thread->argument);
    wait_for_removal(thread, mig_get_reply_port());
}

kern_return_t
task_thread_begin(thread_t thread, vm_address_t stack,
                  void (*function)(void *argument), void *argument)
{
    struct i386_thread_state state;
    mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
    kern_return_t kr;

    kr = thread_get_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                          &count);
    if (kr != KERN_SUCCESS)
        return kr;
    thread_state_prepare(&state, stack + TASK_STACK_SIZE, function, argument);
    kr = thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                          i386_THREAD_STATE_COUNT);
    if (kr != KERN_SUCCESS)
        return kr;
    return thread_resume(thread);
}

kern_return_t
task_thread_start(struct task_thread *thread, void (*function)(void *),
                  void *argument)
{
    kern_return_t kr;

    thread->function = function;
    thread->argument = argument;
    kr = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                            &thread->done);
    if (kr != KERN_SUCCESS)
        return kr;
    kr = task_stack_allocate(&thread->stack);
    if (kr != KERN_SUCCESS)
        goto error_stack;
    kr = thread_create(mach_task_self(), &thread->port);
    if (kr != KERN_SUCCESS)
        goto error_thread;
    kr = task_thread_begin(thread->port, thread->stack, run_thread, thread);
    if (kr != KERN_SUCCESS)
        goto error_start;
    return KERN_SUCCESS;

error_start:
    thread_terminate(thread->port);
    mach_port_deallocate(mach_task_self(), thread->port);
error_thread:
    task_stack_free(thread->stack);
error_stack:
    mach_port_mod_refs(mach_task_self(), thread->done, MACH_PORT_RIGHT_RECEIVE,
                       -1);
    return kr;
}

void
task_thread_join(struct task_thread *thread)
{
    struct task_thread_block *block = (void *)thread->stack;
    mach_msg_header_t message;

    while (mach_msg(&message, MACH_RCV_MSG, 0, sizeof(message), thread->done,
                    MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL) != MACH_MSG_SUCCESS)
        continue;
    thread_terminate(thread->port);
    mach_port_deallocate(mach_task_self(), thread->port);
    mach_port_mod_refs(mach_task_self(), block->reply, MACH_PORT_RIGHT_RECEIVE,
                       -1);
    mach_port_mod_refs(mach_task_self(), thread->done, MACH_PORT_RIGHT_RECEIVE,
                       -1);
    task_stack_free(thread->stack);
}

void
task_lock(struct task_lock *lock)
{
    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE) != 0)
        swtch_pri(0);
}

void
task_unlock(struct task_lock *lock)
{
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}
