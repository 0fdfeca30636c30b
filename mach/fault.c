/*
 * Faults: a thread of the task's own receives its exceptions.
 */

#include <mach/exception.h>
#include <mach/thread_status.h>

#include "mig/exc_server.h"
#include "mach/console_i.h"
#include "mach/task.h"
#include "mach/task_i.h"
#include "mach/thread.h"
#include "mach/thread_state.h"

static mach_port_t exceptions;
static struct task_thread catcher;

static const char *
kind_of(int exception)
{
    switch (exception) {
    case EXC_BAD_ACCESS:
        return "access to memory that is not there";
    case EXC_BAD_INSTRUCTION:
        return "invalid instruction";
    case EXC_ARITHMETIC:
        return "arithmetic error";
    default:
        return "exception";
    }
}

/* Stop all threads but this one, so that none is in the middle of a write. */
static void
stop_others(void)
{
    mach_port_t self = mach_thread_self();
    thread_array_t threads;
    mach_msg_type_number_t count;

    if (task_threads(mach_task_self(), &threads, &count) != KERN_SUCCESS)
        return;
    for (unsigned i = 0; i < count; i++)
        if (threads[i] != self)
            thread_suspend(threads[i]);
}

kern_return_t
catch_exception_raise(mach_port_t port, mach_port_t thread, mach_port_t task,
                      integer_t exception, integer_t code,
                      rpc_long_integer_t subcode)
{
    struct i386_thread_state state = {0};
    mach_msg_type_number_t size = i386_THREAD_STATE_COUNT;

    (void)port;
    (void)task;
    stop_others();
    console_take_over();
    thread_get_state(thread, i386_THREAD_STATE, (thread_state_t)&state, &size);
    console_printf(CHANNEL_STDERR,
                   "%s: fault: %s (exception %d, code %d, address 0x%llx, "
                   "instruction 0x%llx)\n",
                   task_program(), kind_of(exception), exception, code,
                   (unsigned long long)subcode,
                   (unsigned long long)thread_state_pc(&state));
    task_end(STATUS_FAULT);
}

static void catch (void *argument)
{
    union {
        mach_msg_header_t header;
        char room[512];
    } request, reply;

    (void)argument;
    for (;;) {
        mig_routine_t routine;

        if (mach_msg_trap(&request.header, MACH_RCV_MSG, 0, sizeof(request),
                          exceptions, MACH_MSG_TIMEOUT_NONE,
                          MACH_PORT_NULL) != MACH_MSG_SUCCESS)
            continue;
        routine = exc_server_routine(&request.header);
        if (routine != NULL)
            routine(&request.header, &reply.header);
    }
}

void
task_catch_faults(void)
{
    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                           &exceptions) != KERN_SUCCESS ||
        mach_port_insert_right(mach_task_self(), exceptions, exceptions,
                               MACH_MSG_TYPE_MAKE_SEND) != KERN_SUCCESS ||
        task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT,
                              exceptions) != KERN_SUCCESS ||
        task_thread_start(&catcher, catch, NULL) != KERN_SUCCESS)
        task_fail("cannot catch faults");
}
