/*
 * Threads that call the kernel at the same time: each has memory and a port
 * made and removed, and sends a message to that port, many times.
 */

#include "workload/workload.h"

#include <string.h>

#include "mach/task.h"
#include "mach/thread.h"

#define THREADS 4
#define PAGES   2
#define NUMBERS 8

static uint64_t done;

struct worker {
    struct task_thread thread;
    unsigned number;
    unsigned count;
};

static void
use_memory(unsigned char byte)
{
    vm_size_t size = PAGES * vm_page_size;
    vm_address_t address = 0;
    const unsigned char *bytes;

    WORKLOAD_CALL(vm_allocate(mach_task_self(), &address, size, TRUE));
    memset((void *)address, byte, size);
    bytes = (const unsigned char *)address;
    for (vm_size_t i = 0; i < size; i += 64)
        if (bytes[i] != byte)
            workload_fail("parallel: thread %u finds %u in its memory", byte,
                          bytes[i]);
    WORKLOAD_CALL(vm_deallocate(mach_task_self(), address, size));
}

static void
use_port(uint64_t number)
{
    struct workload_message message;
    mach_msg_size_t size;
    mach_port_t port;

    WORKLOAD_CALL(
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port));
    size = workload_message_make(&message, NUMBERS, port,
                                 MACH_MSG_TYPE_MAKE_SEND, MACH_PORT_NULL, 0);
    for (unsigned i = 0; i < NUMBERS; i++)
        message.numbers[i] = number + i;
    WORKLOAD_CALL(mach_msg_trap(&message.header, MACH_SEND_MSG | MACH_RCV_MSG,
                                size, sizeof(message), port,
                                MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL));
    for (unsigned i = 0; i < NUMBERS; i++)
        if (message.numbers[i] != number + i)
            workload_fail("parallel: %llu came instead of %llu",
                          (unsigned long long)message.numbers[i],
                          (unsigned long long)number + i);
    WORKLOAD_CALL(mach_port_mod_refs(mach_task_self(), port,
                                     MACH_PORT_RIGHT_RECEIVE, -1));
}

static void
work(void *argument)
{
    const struct worker *worker = argument;

    for (unsigned i = 0; i < worker->count; i++) {
        use_memory((unsigned char)worker->number);
        use_port((uint64_t)worker->number << 32 | i);
    }
}

static void
run(unsigned count)
{
    static struct worker workers[THREADS];

    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].number = i;
        workers[i].count = count;
        WORKLOAD_CALL(task_thread_start(&workers[i].thread, work, &workers[i]));
    }
    for (unsigned i = 0; i < THREADS; i++)
        task_thread_join(&workers[i].thread);
    done += (uint64_t)count * THREADS;
}

static void
report(void)
{
    workload_say("parallel threads=%u rounds=%llu", THREADS,
                 (unsigned long long)done);
}

const struct workload_part workload_parallel = {"parallel", 50, run, report};
