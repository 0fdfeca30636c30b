/*
 * Ports: made, given a send right, put into a set, used for one message,
 * removed.
 */

#include "workload/workload.h"

#include "mach/task.h"

#define NUMBERS 4

static uint64_t made;

static void
send_number(mach_port_t port, uint64_t number)
{
    struct workload_message message;
    mach_msg_size_t size;

    size = workload_message_make(&message, NUMBERS, port,
                                 MACH_MSG_TYPE_COPY_SEND, MACH_PORT_NULL, 0);
    for (unsigned i = 0; i < NUMBERS; i++)
        message.numbers[i] = number + i;
    WORKLOAD_CALL(mach_msg_trap(&message.header, MACH_SEND_MSG, size, 0,
                                MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE,
                                MACH_PORT_NULL));
}

static void
receive_number(mach_port_t set, mach_port_t port, uint64_t number)
{
    struct workload_message message;

    WORKLOAD_CALL(mach_msg_trap(&message.header, MACH_RCV_MSG, 0,
                                sizeof(message), set, MACH_MSG_TIMEOUT_NONE,
                                MACH_PORT_NULL));
    if (message.header.msgh_local_port != port)
        workload_fail("ports: the message came to port %u, not %u",
                      message.header.msgh_local_port, port);
    for (unsigned i = 0; i < NUMBERS; i++)
        if (message.numbers[i] != number + i)
            workload_fail("ports: %llu came instead of %llu",
                          (unsigned long long)message.numbers[i],
                          (unsigned long long)number + i);
}

static void
use_port(mach_port_t set)
{
    mach_port_type_t type;
    mach_port_t port;
    kern_return_t kr;

    WORKLOAD_CALL(
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port));
    WORKLOAD_CALL(mach_port_insert_right(mach_task_self(), port, port,
                                         MACH_MSG_TYPE_MAKE_SEND));
    WORKLOAD_CALL(mach_port_move_member(mach_task_self(), port, set));
    send_number(port, made);
    receive_number(set, port, made);
    WORKLOAD_CALL(mach_port_destroy(mach_task_self(), port));
    kr = mach_port_type(mach_task_self(), port, &type);
    if (kr != KERN_INVALID_NAME)
        workload_fail("ports: a destroyed port's name gives %s",
                      task_error_text(kr));
}

static void
run(unsigned count)
{
    mach_port_t set;

    WORKLOAD_CALL(
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set));
    for (; count > 0; count--, made++)
        use_port(set);
    WORKLOAD_CALL(mach_port_destroy(mach_task_self(), set));
}

static void
report(void)
{
    workload_say("ports made=%llu messages=%llu", (unsigned long long)made,
                 (unsigned long long)made);
}

const struct workload_part workload_ports = {"ports", 200, run, report};
