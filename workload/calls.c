/*
 * Counting the calls of the kernel.
 */

#include "workload/workload.h"

#include "mach/console.h"
#include "mach/task.h"

/* Numbers of MIG's messages to the kernel. */
#define ID_FIRST 2000
#define ID_LAST  4999

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

void
workload_report_calls(void)
{
    uint64_t messages;

    /* The task's last message, which exit() is about to send. */
    task_messages_sent++;
    sent[id_task_terminate - ID_FIRST]++;

    messages = task_messages_sent;
    if (console_kind() == CONSOLE_PORT)
        messages += CONSOLE_PORT_MESSAGES - CONSOLE_PORT_MESSAGES_OURS;
    for (unsigned i = 0; i <= ID_LAST - ID_FIRST; i++)
        if (sent[i] > 0)
            workload_say("call %s=%u", names[i], sent[i]);
    workload_say("kernel messages=%llu", (unsigned long long)messages);
}
