/*
 * Counting the calls of the kernel.
 */

#include "workload/workload.h"

#include <stdio.h>
#include <string.h>

#include "mach/console.h"
#include "mach/task.h"

/* Numbers of MIG's messages to the kernel. */
#define ID_FIRST 2000
#define ID_LAST  4999

/* Bytes of a line of them, without what comes before. */
#define LINE 64

#define CALL(number, function) [number - ID_FIRST] = #function,
static const char *const names[ID_LAST - ID_FIRST + 1] = {
#include "workload/calls.h"
};
#undef CALL

#define CALL(number, function) id_##function = number,
enum {
#include "workload/calls.h"
};
#undef CALL

static uint32_t sent[ID_LAST - ID_FIRST + 1];

void
task_message_sent(mach_msg_id_t id)
{
    if (id >= ID_FIRST && id <= ID_LAST)
        __atomic_fetch_add(&sent[id - ID_FIRST], 1, __ATOMIC_RELAXED);
}

/* The numbers, as many on a line as it takes. */
static void
report_each(void)
{
    char line[LINE];
    size_t size = 0;

    for (unsigned i = 0; i <= ID_LAST - ID_FIRST; i++) {
        char item[LINE];

        if (sent[i] == 0)
            continue;
        snprintf(item, sizeof(item), " %s=%u", names[i], sent[i]);
        if (size + strlen(item) >= sizeof(line)) {
            workload_say("calls%s", line);
            size = 0;
        }
        strcpy(line + size, item);
        size += strlen(item);
    }
    workload_say("calls%s", line);
}

void
workload_report_calls(bool each)
{
    uint64_t own, peer = workload_peer_messages;

    /* The task's last message, which exit() is about to send. */
    task_messages_sent++;
    sent[id_task_terminate - ID_FIRST]++;

    if (each)
        report_each();
    own = task_messages_sent;
    if (console_kind() == CONSOLE_PORT)
        own += CONSOLE_PORT_MESSAGES - CONSOLE_PORT_MESSAGES_OURS;
    workload_say("kernel own=%llu peer=%llu messages=%llu",
                 (unsigned long long)own, (unsigned long long)peer,
                 (unsigned long long)(own + peer));
}
