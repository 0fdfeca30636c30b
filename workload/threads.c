/*
 * Threads: started a few at a time, each does a sum and ends.
 */

#include "workload/workload.h"

#include "mach/task.h"
#include "mach/thread.h"

#define TOGETHER 4
#define TERMS    1000

static uint64_t ended;

struct sum {
    uint64_t first;
    uint64_t result;
};

static void
add_up(void *argument)
{
    struct sum *sum = argument;

    for (uint64_t i = 0; i < TERMS; i++)
        sum->result += sum->first + i;
}

static void
run_together(unsigned count)
{
    struct task_thread threads[TOGETHER];
    struct sum sums[TOGETHER];

    for (unsigned i = 0; i < count; i++) {
        sums[i] = (struct sum){.first = ended + i};
        WORKLOAD_CALL(task_thread_start(&threads[i], add_up, &sums[i]));
    }
    for (unsigned i = 0; i < count; i++) {
        task_thread_join(&threads[i]);
        if (sums[i].result !=
            TERMS * sums[i].first + (uint64_t)TERMS * (TERMS - 1) / 2)
            workload_fail("threads: the sum from %llu is %llu",
                          (unsigned long long)sums[i].first,
                          (unsigned long long)sums[i].result);
    }
    ended += count;
}

static void
run(unsigned count)
{
    for (; count > TOGETHER; count -= TOGETHER)
        run_together(TOGETHER);
    run_together(count);
}

static void
report(void)
{
    workload_say("threads ended=%llu", (unsigned long long)ended);
}

const struct workload_part workload_threads = {"threads", 40, run, report};
