/*
 * Faults: a thread of the task's own receives its exceptions, and those of
 * a task that it watches.
 */

#include <stdbool.h>

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

static struct {
    task_t task; /* or MACH_PORT_NULL */
    const char *name;
    bool faulted;
} watched;

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

static void
report(const char *name, mach_port_t thread, int exception, int code,
       unsigned long long subcode)
{
    struct i386_thread_state state = {0};
    mach_msg_type_number_t size = i386_THREAD_STATE_COUNT;

    thread_get_state(thread, i386_THREAD_STATE, (thread_state_t)&state, &size);
    console_printf(CHANNEL_STDERR,
                   "%s: fault: %s (exception %d, code %d, address 0x%llx, "
                   "instruction 0x%llx)\n",
                   name, kind_of(exception), exception, code, subcode,
                   (unsigned long long)thread_state_pc(&state));
}

/* Several threads may fault before the task has ended. */
static void
end_watched(mach_port_t thread, int exception, int code,
            unsigned long long subcode)
{
    if (!watched.faulted)
        report(watched.name, thread, exception, code, subcode);
    __atomic_store_n(&watched.faulted, true, __ATOMIC_RELAXED);
    task_terminate(watched.task);
}

kern_return_t
catch_exception_raise(mach_port_t port, mach_port_t thread, mach_port_t task,
                      integer_t exception, integer_t code,
                      rpc_long_integer_t subcode)
{
    unsigned long long address = (unsigned long)subcode;

    (void)port;
    if (task == watched.task) {
        end_watched(thread, exception, code, address);
        return KERN_SUCCESS;
    }
    stop_others();
    console_take_over();
    report(task_program(), thread, exception, code, address);
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

/* Make the port and the thread that serves it, unless they are there. */
static kern_return_t
serve(void)
{
    kern_return_t kr;

    if (exceptions != MACH_PORT_NULL)
        return KERN_SUCCESS;
    kr = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                            &exceptions);
    if (kr != KERN_SUCCESS)
        return kr;
    kr = mach_port_insert_right(mach_task_self(), exceptions, exceptions,
                                MACH_MSG_TYPE_MAKE_SEND);
    if (kr != KERN_SUCCESS)
        return kr;
    return task_thread_start(&catcher, catch, NULL);
}

void
task_catch_faults(void)
{
    if (serve() != KERN_SUCCESS ||
        task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT,
                              exceptions) != KERN_SUCCESS)
        task_fail("cannot catch faults");
}

kern_return_t
task_watch_faults(task_t task, const char *name)
{
    kern_return_t kr = serve();

    if (kr != KERN_SUCCESS)
        return kr;
    watched.task = task;
    watched.name = name;
    return task_set_special_port(task, TASK_EXCEPTION_PORT, exceptions);
}

bool
task_watch_faulted(void)
{
    return __atomic_load_n(&watched.faulted, __ATOMIC_RELAXED);
}
