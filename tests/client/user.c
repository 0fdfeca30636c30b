/*
 * A function of the process is called each time that a task, here the same one,
 * enters a function of its code.
 */

#include <stdio.h>
#include <string.h>

#include <mach.h>

#include "client/machprobe.h"
#include "mach/task.h"
#include "mig/gnumach_user.h"
#include "protocol/image.h"

#define CALLS 20

/* It begins with an instruction of one byte, which is moved as it is. */
void watched(unsigned long first, unsigned long second);
extern const uint8_t watched_code[];

__asm__(".text\n"
        ".globl watched, watched_code\n"
        "watched:\n"
        "watched_code:\n"
        "nop\n"
        "ret\n");

static void
entered(const struct machprobe_event *event, void *data)
{
    unsigned *calls = data;

    printf("%s %u %s %u %u\n", event->task_name, *calls,
           event->address == (uintptr_t)watched_code ? "watched" : "elsewhere",
           (unsigned)event->arguments[0], (unsigned)event->arguments[1]);
    ++*calls;
}

static void
must(kern_return_t error, const char *what)
{
    if (error != KERN_SUCCESS)
        task_fail("%s: %s", what, machprobe_error_text(error));
}

static uint64_t
find(struct machprobe *session, const char *name)
{
    struct probe_task *tasks;
    uint64_t address = 0;
    uint32_t count;

    must(machprobe_tasks(session, &tasks, &count), "tasks");
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(tasks[i].name, name) == 0)
            address = tasks[i].address;
    }
    machprobe_tasks_free(tasks, count);
    return address;
}

int
main(void)
{
    struct probe_request request = {
        .address = (uintptr_t)watched_code,
        .flags = PROBE_FLAG_SELF,
        .instruction = IMAGE_MOVE_COPY << 4 | 1,
        .text = {0x90},
    };
    struct machprobe *session;
    unsigned calls = 0;

    task_set_name(mach_task_self(), "itself");
    must(machprobe_open(task_ports.host, &session), "a session");
    request.task = find(session, "itself");
    must(probe_on_user_instruction(session, &request, entered, &calls),
         "a place in a task's code");
    for (unsigned i = 0; i < CALLS; i++)
        watched(i, 2 * i);
    must(machprobe_run(session, 0), "reading");
    machprobe_close(session);
    watched(0, 0);
    printf("%u calls\n", calls);
    return 0;
}
