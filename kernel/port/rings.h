/*
 * The memory of a session's rings, mapped in the kernel and in a task.
 * Thread context, under the lock.
 */

#ifndef KERNEL_PORT_RINGS_H
#define KERNEL_PORT_RINGS_H

#include <stdint.h>

#include "kernel/hit/ring.h"

struct task;

struct rings_memory {
    struct task *task; /* that they are mapped in, referenced; NULL: none */
    uint64_t kernel;   /* address in the kernel */
    uint64_t user;     /* address in the task */
    uint64_t size;     /* bytes, all rings together */
};

/*
 * Map a ring of SIZE bytes for each CPU into the current task, and set up
 * RINGS, an array of as many as there are CPUs.  *STRIDE is from one to the
 * next.  0, PROBE_ERROR_ARGUMENT (SIZE), PROBE_ERROR_MEMORY or
 * PROBE_ERROR_CPU.
 */
int rings_map(struct rings_memory *memory, struct ring *rings, uint32_t size,
              uint64_t *stride);

/* Unmap them.  No probe may write to them any more. */
void rings_unmap(struct rings_memory *memory, struct ring *rings);

#endif /* KERNEL_PORT_RINGS_H */
