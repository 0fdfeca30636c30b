/*
 * The probe path: from a hit to the programs of the probes at its point.
 *
 * The rule of everything called from here: interrupts are off, nothing
 * blocks, nothing takes a lock, nothing faults, and no function of the
 * kernel is called, because any of them can be probed.  What the kernel
 * knows is read from its variables.
 *
 * The functions whose names begin with hit_jump, hit_breakpoint and hit_return
 * are called by the processor's entry.S only.
 */

#ifndef KERNEL_HIT_HIT_H
#define KERNEL_HIT_HIT_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/context.h"

struct cpu;
struct probe;
struct program;

/* A call from a slot; RETURN_ADDRESS says which. */
void hit_jump(struct probe_context *context, uint64_t return_address);

/*
 * A breakpoint of the kernel's, AFTER its instruction.  Returns where to go
 * on, or 0: it is none of ours.
 */
uint64_t hit_breakpoint(struct probe_context *context, uint64_t after);

/*
 * The same of a task's, in user mode.  The CPU cannot be busy with a probe
 * then.
 */
uint64_t hit_user(struct probe_context *context, uint64_t after);

/*
 * Memory that probes watch was used, and the instruction AFTER that is next:
 * run the programs of a list of probes, or count a miss for each.
 */
void hit_watch(struct probe *probes, uint64_t after);
void hit_watch_missed(struct probe *probes);

/* The same while this CPU is busy with a probe: counts it as missed. */
void hit_jump_nested(uint64_t return_address);
uint64_t hit_breakpoint_nested(uint64_t after);

/*
 * A return to probe_return_entry: returns where it really goes.  And the same
 * while this CPU is busy.  (returns.c)
 */
uint64_t hit_return(struct probe_context *context);
uint64_t hit_return_nested(uint64_t slot);

/*
 * Run PROGRAM for PROBE on this CPU and its context.  Whether a record was
 * submitted or lost.  It finds zeroes in saved[] of the context.  PREPARED:
 * those are there, and what is to be there beside.
 */
bool
hit_run(struct probe *probe, const struct program *program, struct cpu *cpu);
void hit_prepare(const struct program *program, struct probe_context *context);
bool hit_run_prepared(struct probe *probe, const struct program *program,
                      struct cpu *cpu);

/* Prepare the CPUs' own memory, once.  Thread context. */
void hit_initialize(void);

#endif /* KERNEL_HIT_HIT_H */
