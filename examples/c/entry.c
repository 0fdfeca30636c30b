/*
 * Print each call of the kernel's vm_map_enter: who, when, how many bytes.
 *
 * On GNU/Hurd, as root, gives up after 20 calls:
 *
 *     gcc entry.c -lmachprobe -o entry && ./entry
 *
 * As a boot module beside a suspended workload, ends when that does; the
 * boot script hands over the ports (mach/task.h):
 *
 *     workload vm=10 $(wl=task-create)
 *     entry --host-port=${host-port} --workload-task=${wl} --halt
 *         $(task-create) $(task-resume)
 */

#include <stdio.h>
#include <stdlib.h>

#include <mach.h>

#include "client/machprobe.h"

static void
must(kern_return_t error, const char *what)
{
    if (error == KERN_SUCCESS)
        return;
    fprintf(stderr, "entry: %s: %s\n", what, machprobe_error_text(error));
    exit(1);
}

/* kern_return_t vm_map_enter(map, &address, size, mask, anywhere, ...) */
static void
entered(const struct machprobe_event *event, void *data)
{
    unsigned *calls = data;

    printf("%s (task %llx) at %llu ns: %llu bytes\n", event->task_name,
           (unsigned long long)event->task, (unsigned long long)event->time,
           (unsigned long long)event->arguments[2]);
    ++*calls;
}

#ifdef __GNU__

#include <hurd.h>

static mach_port_t
privileged_port(void)
{
    mach_port_t host;
    must(get_privileged_ports(&host, NULL), "the host privileged port");
    return host;
}

static void
start_work(void)
{
}

static int
is_over(unsigned calls)
{
    return calls >= 20;
}

#else

#include "mach/task.h"

static struct task_watch watch;

static mach_port_t
privileged_port(void)
{
    return task_ports.host;
}

static void
start_work(void)
{
    must(task_watch_begin(&watch, task_ports.workload), "watching");
    must(task_resume(task_ports.workload), "starting the workload");
}

static int
is_over(unsigned calls)
{
    return task_watch_ended(&watch, 0);
}

#endif

int
main(void)
{
    struct machprobe *session;
    unsigned calls = 0;
    uint64_t lost, missed;

    must(machprobe_open(privileged_port(), &session), "opening a session");
    must(probe_on_entry(session, "vm_map_enter", entered, &calls),
         "vm_map_enter");
    start_work();
    while (!is_over(calls))
        must(machprobe_run(session, 100), "waiting");
    must(machprobe_run(session, 0), "reading what is left");
    must(machprobe_lost(session, &lost, &missed), "statistics");
    printf("%u calls, %llu lost, %llu missed\n", calls,
           (unsigned long long)lost, (unsigned long long)missed);
    machprobe_close(session);
    return 0;
}
