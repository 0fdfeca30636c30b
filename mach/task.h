/*
 * A task that a boot script starts, without the Hurd: what it is given and
 * how it ends.
 *
 * A boot script line such as
 *
 *   FILE --host-port=${host-port} --device-port=${device-port} ARGUMENTS
 *       $(task-create) $(task-resume)
 *
 * hands over ports as decimal numbers.  The start code takes the words below
 * out of the arguments, opens the console and calls main(argc, argv) with
 * what is left (argv[0] is the path in the boot script); main's result goes
 * to exit().
 *
 *   --host-port=N      host privileged port
 *   --device-port=N    device master port (channel, debug port)
 *   --workload-task=N  task port of the task that is watched
 *   --console=KIND     channel, port or print: mach/console.h; without it,
 *                      task_console_default or the best that is possible
 *   --halt             the machine's run ends with this task (exit() below)
 *
 * A word of this form with a bad value ends the task with a message.
 *
 * exit(STATUS) calls what atexit() registered, then ends the task.  With
 * --halt it first writes STATUS as the run's and switches the machine off,
 * which needs the host privileged port.  abort() does so with status 134.
 */

#ifndef MACH_TASK_H
#define MACH_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include <mach.h>

struct task_ports {
    mach_port_t host;     /* host privileged port, or MACH_PORT_NULL */
    mach_port_t device;   /* device master port, or MACH_PORT_NULL */
    mach_port_t workload; /* a task port, or MACH_PORT_NULL */
};

extern struct task_ports task_ports;

/* A task may define this: the kind of console that it would rather have. */
extern const char task_console_default[] __attribute__((weak));

/*
 * Messages that threads of this task have sent by mach_msg(), as MIG's calls
 * do.  A task that counts what it asks of the kernel sends its other messages
 * by mach_msg_trap(), which is not counted; this library does so.
 */
extern uint64_t task_messages_sent;

/*
 * A task may define this: it is called after each of those, by the thread
 * that sent it, with the message's msgh_id.
 */
void task_message_sent(mach_msg_id_t id) __attribute__((weak));

/* Text of a kern_return_t or mach_msg_return_t; never NULL. */
const char *task_error_text(kern_return_t code);

/* Write "PROGRAM: " and a message by printf rules to stderr, then exit(1). */
void task_fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/*
 * Watching for another task's end, by a dead-name notification on its task
 * port.
 */
struct task_watch {
    mach_port_t notify; /* receive right */
    bool ended;
};

/* Begin to watch; a task that has ended already counts as ended. */
kern_return_t task_watch_begin(struct task_watch *watch, task_t task);

/* Whether it has ended; waits up to TIMEOUT milliseconds for that. */
bool task_watch_ended(struct task_watch *watch, unsigned timeout);

/* Watch no longer. */
kern_return_t task_watch_end(struct task_watch *watch);

/*
 * The kernel ends a task that faults and says nothing.  From now on a fault of
 * TASK, another one than this, ends it with a message to stderr that calls it
 * NAME (not copied), unless it gives itself an exception port.  There can be
 * one such task.
 */
kern_return_t task_watch_faults(task_t task, const char *name);

/* Whether it has faulted. */
bool task_watch_faulted(void);

#endif /* MACH_TASK_H */
