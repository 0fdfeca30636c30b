/*
 * Timed waits: for a message that does not come.
 */

#include "workload/workload.h"

#include "mach/task.h"
#include "mach/time.h"

#define MILLISECONDS 10

static uint64_t timed_out;

static void
run(unsigned count)
{
    struct workload_message message;
    mach_port_t port;

    WORKLOAD_CALL(
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port));
    for (; count > 0; count--, timed_out++) {
        uint64_t before = time_tsc();
        mach_msg_return_t result =
            mach_msg(&message.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
                     sizeof(message), port, MILLISECONDS, MACH_PORT_NULL);

        if (result != MACH_RCV_TIMED_OUT)
            workload_fail("waits: result 0x%x instead of a timeout", result);
        if (time_tsc() == before)
            workload_fail("waits: no time has passed");
    }
    WORKLOAD_CALL(mach_port_mod_refs(mach_task_self(), port,
                                     MACH_PORT_RIGHT_RECEIVE, -1));
}

static void
report(void)
{
    workload_say("waits timed_out=%llu", (unsigned long long)timed_out);
}

const struct workload_part workload_waits = {"waits", 10, run, report};
