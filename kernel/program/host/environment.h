/*
 * The environment of programs on an ordinary system, for tests.
 *
 * Its state is that of one process and set by the test.
 */

#ifndef KERNEL_PROGRAM_HOST_ENVIRONMENT_H
#define KERNEL_PROGRAM_HOST_ENVIRONMENT_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"

/* Zero-initialized is a usable default; tests change what they need. */
struct host_environment {
    unsigned cpus; /* 0 counts as 1 */
    unsigned cpu;
    uint64_t time; /* goes up by 1 with each call */
    uint64_t task;
    uint64_t thread;
    const char *task_name; /* NULL: "host" */

    /* Memory that read_kernel and read_user find, at its own address. */
    const void *memory;
    size_t memory_size;
    int memory_is_writable;

    /* Records: at most one is open. */
    uint64_t record[PROBE_RECORD_PAYLOAD_MAX / 8];
    uint32_t record_size; /* of the open one, or 0 */
    uint32_t trimmed_size;
    int ring_is_full; /* reserve fails */
    unsigned submitted;
    unsigned discarded;
    uint32_t submitted_size; /* of the last one, whose bytes are in record */

    /* The allocation of this number, counted down to 0, fails; -1: none. */
    int fail_allocation;
    size_t allocated; /* bytes in use */
};

extern struct host_environment host_environment;

/* Back to the default.  What is allocated stays. */
void host_environment_reset(void);

#endif /* KERNEL_PROGRAM_HOST_ENVIRONMENT_H */
