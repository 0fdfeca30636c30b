/*
 * Messages: mach_msg, and what MIG's client code needs beside it.
 */

#include <mach/mig_support.h>
#include <mach.h>
#include <string.h>

#include "mach/task.h"
#include "mach/thread.h"

uint64_t task_messages_sent;

/* Whether a call with this result has put its message into the queue. */
static bool
was_sent(mach_msg_return_t result)
{
    return result == MACH_MSG_SUCCESS ||
           (result & ~MACH_MSG_MASK) >= MACH_RCV_IN_PROGRESS;
}

mach_msg_return_t
mach_msg(mach_msg_header_t *message, mach_msg_option_t option,
         mach_msg_size_t send_size, mach_msg_size_t receive_size,
         mach_port_name_t receive_name, mach_msg_timeout_t timeout,
         mach_port_name_t notify)
{
    mach_msg_id_t id = message->msgh_id; /* a reply will overwrite it */
    mach_msg_return_t result;

    do
        result = mach_msg_trap(message, option, send_size, receive_size,
                               receive_name, timeout, notify);
    while (result == MACH_SEND_INTERRUPTED && !(option & MACH_SEND_INTERRUPT));
    if ((option & MACH_SEND_MSG) && was_sent(result)) {
        __atomic_fetch_add(&task_messages_sent, 1, __ATOMIC_RELAXED);
        if (task_message_sent != NULL)
            task_message_sent(id);
    }
    /* The message is away: only the receiving half may be done again. */
    while (result == MACH_RCV_INTERRUPTED && !(option & MACH_RCV_INTERRUPT))
        result = mach_msg_trap(message, option & ~MACH_SEND_MSG, 0,
                               receive_size, receive_name, timeout, notify);
    return result;
}

mach_port_t
mig_get_reply_port(void)
{
    struct task_thread_block *block = task_thread_block();

    if (block->reply == MACH_PORT_NULL)
        block->reply = mach_reply_port();
    return block->reply;
}

void
mig_put_reply_port(mach_port_t port)
{
    (void)port;
}

/*
 * After a failed call a late reply may yet come to the port: use another.
 *
 * Giving it up is a call as well, which fails in a task that is being ended:
 * the next port is then left as it is, or this would go on until the stack is
 * used up.
 */
void
mig_dealloc_reply_port(mach_port_t port)
{
    struct task_thread_block *block = task_thread_block();
    mach_port_t old = block->reply;

    (void)port;
    block->reply = MACH_PORT_NULL;
    if (old == MACH_PORT_NULL || block->dropping)
        return;
    block->dropping = 1;
    mach_port_mod_refs(mach_task_self(), old, MACH_PORT_RIGHT_RECEIVE, -1);
    block->dropping = 0;
}

void
mig_allocate(vm_address_t *address, vm_size_t size)
{
    if (vm_allocate(mach_task_self(), address, size, TRUE) != KERN_SUCCESS)
        *address = 0;
}

void
mig_deallocate(vm_address_t address, vm_size_t size)
{
    vm_deallocate(mach_task_self(), address, size);
}

vm_size_t
mig_strncpy(char *target, const char *source, vm_size_t size)
{
    vm_size_t length;

    if (size == 0)
        return 0;
    length = strnlen(source, size - 1);
    memcpy(target, source, length);
    target[length] = '\0';
    return length + 1;
}
