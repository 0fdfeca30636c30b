/*
 * The probe path: from a hit to the programs of the probes at its point.
 *
 * The rule of everything called from here: interrupts are off, nothing
 * blocks, nothing takes a lock, nothing faults, and no function of the
 * kernel is called, because any of them can be probed.  What the kernel
 * knows is read from its variables.
 *
 * These are called by x86_64/entry.S only.
 */

#ifndef KERNEL_HIT_H
#define KERNEL_HIT_H

#include <stdint.h>

#include "protocol/context.h"

/* A call from a slot; RETURN_ADDRESS says which. */
void hit_jump(struct probe_context *context, uint64_t return_address);

/*
 * A breakpoint of the kernel's, AFTER its instruction.  Returns where to go
 * on, or 0: it is none of ours.
 */
uint64_t hit_breakpoint(struct probe_context *context, uint64_t after);

/* The same while this CPU is busy with a probe: counts it as missed. */
void hit_jump_nested(uint64_t return_address);
uint64_t hit_breakpoint_nested(uint64_t after);

/* Prepare the CPUs' own memory, once.  Thread context. */
void hit_initialize(void);

#endif /* KERNEL_HIT_H */
