/*
 * RPC ping-pong with a second task.
 *
 * The peer is made by task_create and inherits a copy of this task's memory,
 * so it runs the same code.  It receives from a port whose right it is given
 * under a fixed name, and answers each request with its numbers changed; a
 * request without numbers ends it.
 */

#include "workload/workload.h"

#include "mach/task.h"
#include "mach/thread.h"
#include "mig/gnumach_user.h"

#define PEER_NAME    "workload(42)" /* as the Hurd names process 42 */
#define REQUEST_NAME 0x1000         /* the request port, in the peer */

static uint64_t round_trips;
uint64_t workload_peer_messages;

static uint64_t
answer(uint64_t number)
{
    return ~number * 3;
}

/* In the peer: answer one request; returns false after the last. */
static bool
serve(struct workload_message *message)
{
    mach_msg_return_t result;
    unsigned count;

    result = mach_msg_trap(&message->header, MACH_RCV_MSG, 0, sizeof(*message),
                           REQUEST_NAME, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
    if (result != MACH_MSG_SUCCESS)
        return false;
    count = message->type.msgt_number;
    for (unsigned i = 0; i < count; i++)
        message->numbers[i] = answer(message->numbers[i]);
    /* The last answer tells of the messages, task_terminate included. */
    if (count == 0)
        message->numbers[0] = task_messages_sent + 1;
    workload_message_make(message, count == 0 ? 1 : count,
                          message->header.msgh_remote_port,
                          MACH_MSG_TYPE_MOVE_SEND_ONCE, MACH_PORT_NULL, 0);
    result = mach_msg_trap(&message->header, MACH_SEND_MSG,
                           message->header.msgh_size, 0, MACH_PORT_NULL,
                           MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
    return count > 0 && result == MACH_MSG_SUCCESS;
}

static void
run_peer(void *argument)
{
    struct workload_message message;

    (void)argument;
    mach_task_self_ = mach_task_self_trap();
    task_messages_sent = 0;
    while (serve(&message))
        continue;
    for (;;)
        task_terminate(mach_task_self());
}

/* Make the peer; returns its task port, and the port that it serves. */
static task_t
make_peer(mach_port_t *request)
{
    vm_address_t stack;
    thread_t thread;
    task_t peer;

    WORKLOAD_CALL(task_stack_allocate(&stack));
    WORKLOAD_CALL(task_create(mach_task_self(), TRUE, &peer));
    WORKLOAD_CALL(task_stack_free(stack));
    WORKLOAD_CALL(task_set_name(peer, (char *)PEER_NAME));
    WORKLOAD_CALL(
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, request));
    WORKLOAD_CALL(mach_port_insert_right(mach_task_self(), *request, *request,
                                         MACH_MSG_TYPE_MAKE_SEND));
    WORKLOAD_CALL(mach_port_insert_right(peer, REQUEST_NAME, *request,
                                         MACH_MSG_TYPE_MOVE_RECEIVE));
    WORKLOAD_CALL(thread_create(peer, &thread));
    WORKLOAD_CALL(task_thread_begin(thread, stack, run_peer, NULL));
    WORKLOAD_CALL(mach_port_deallocate(mach_task_self(), thread));
    return peer;
}

/* Send a request with COUNT numbers and receive the answer in its place. */
static void
call_peer(struct workload_message *message, unsigned count, mach_port_t request,
          mach_port_t reply)
{
    mach_msg_size_t size;

    size =
        workload_message_make(message, count, request, MACH_MSG_TYPE_COPY_SEND,
                              reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    WORKLOAD_CALL(mach_msg_trap(&message->header, MACH_SEND_MSG | MACH_RCV_MSG,
                                size, sizeof(*message), reply,
                                MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL));
}

static void
ping(mach_port_t request, mach_port_t reply)
{
    unsigned count = 1 + round_trips % WORKLOAD_NUMBERS;
    struct workload_message message;

    for (unsigned i = 0; i < count; i++)
        message.numbers[i] = round_trips + i;
    call_peer(&message, count, request, reply);
    if (message.type.msgt_number != count)
        workload_fail("rpc: %u numbers came back of %u",
                      message.type.msgt_number, count);
    for (unsigned i = 0; i < count; i++)
        if (message.numbers[i] != answer(round_trips + i))
            workload_fail("rpc: the answer to %llu is %llu",
                          (unsigned long long)round_trips + i,
                          (unsigned long long)message.numbers[i]);
}

static void
run(unsigned count)
{
    struct workload_message message;
    struct task_watch watch;
    mach_port_t request, reply;
    task_t peer = make_peer(&request);

    WORKLOAD_CALL(
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &reply));
    for (; count > 0; count--, round_trips++)
        ping(request, reply);

    WORKLOAD_CALL(task_watch_begin(&watch, peer));
    call_peer(&message, 0, request, reply);
    workload_peer_messages += message.numbers[0];
    while (!task_watch_ended(&watch, 1000))
        continue;
    WORKLOAD_CALL(task_watch_end(&watch));
    WORKLOAD_CALL(mach_port_deallocate(mach_task_self(), peer));
    WORKLOAD_CALL(mach_port_deallocate(mach_task_self(), request));
    WORKLOAD_CALL(mach_port_mod_refs(mach_task_self(), reply,
                                     MACH_PORT_RIGHT_RECEIVE, -1));
}

static void
report(void)
{
    workload_say("rpc round_trips=%llu messages=%llu",
                 (unsigned long long)round_trips,
                 (unsigned long long)round_trips * 2);
}

const struct workload_part workload_rpc = {"rpc", 2000, run, report};
