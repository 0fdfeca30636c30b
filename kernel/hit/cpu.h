/*
 * What each CPU has of its own in the probe path.
 *
 * The kernel's stacks are one page, and a probe may be hit when little of it
 * is left, so a hit moves to a stack of ours:
 *
 *   0       8               CPU_CONTEXT
 *   +------+---------------+---------+---------+-----+-----------+
 *   | busy | stack_pointer | stack ◄─| context | hit | execution |
 *   +------+---------------+---------+---------+-----+-----------+
 *
 * The registers of the hit are stored straight into the context that the
 * program gets, and the stack grows down from below it.
 *
 * There is one such stack, not one for each depth: a hit that comes while
 * BUSY is set (from an NMI, or a fault of ours) stays on the stack that it
 * found, runs no program and counts as missed.  BUSY is tested before the
 * stack is changed, by assembler, with interrupts off.
 */

#ifndef KERNEL_HIT_CPU_H
#define KERNEL_HIT_CPU_H

/* Offsets into struct cpu, for assembler. */
#define CPU_BUSY          0
#define CPU_STACK_POINTER 8
#define CPU_CONTEXT       16384
#define CPU_SIZE          24576

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/program/program.h"
#include "protocol/context.h"

struct probe;
struct ring;
struct probe_record;

/* One run of a program: what its helpers work on. */
struct hit {
    struct probe *probe;
    struct ring *ring;           /* of the record reserved last */
    struct probe_record *record; /* reserved and not yet ended, or NULL */
    uint64_t ring_head;          /* where the ring's head goes on submit */
    bool ended;                  /* a record was submitted or lost */
};

struct cpu {
    uint64_t busy;
    uint64_t stack_pointer; /* of the stack that was hit */
    uint8_t stack[CPU_CONTEXT - 16];
    struct probe_context context;
    struct hit hit;
    struct execution execution;
} __attribute__((aligned(4096)));

_Static_assert(sizeof(struct cpu) == CPU_SIZE, "assembler's view");
_Static_assert(offsetof(struct cpu, busy) == CPU_BUSY, "assembler's view");
_Static_assert(offsetof(struct cpu, stack_pointer) == CPU_STACK_POINTER,
               "assembler's view");
_Static_assert(offsetof(struct cpu, context) == CPU_CONTEXT,
               "assembler's view");

/* All of them, by the CPU's number; the array's size is the kernel's. */
extern struct cpu probe_cpus[];

#endif /* __ASSEMBLER__ */

#endif /* KERNEL_HIT_CPU_H */
