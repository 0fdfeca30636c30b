/*
 * Stopping the other CPUs, so that this one can change what they run.
 *
 * Each is interrupted and held in our handler.  The probe path runs with
 * interrupts off, so a CPU that is held is not in it: whoever has stopped
 * the others may change text, points and lists of probes as if there were
 * one CPU, and what he took away nobody uses any more.
 *
 * One thing remains.  A CPU can be interrupted between two instructions that
 * a jump is to replace, and would go on in the middle of the jump.  Threads
 * in this kernel are not preempted, so only what was running when the CPU was
 * stopped must be asked: if it was at such a place, or handled an interrupt,
 * below which such a place can be, all are let go and stopped again.
 *
 *   us      GATHER ──────────► HOLD ────────► (text is changed) ──► RUN
 *   others     gathered: interrupts   held: interrupts off             go on
 *              still on
 *
 * Why in two steps: a CPU may be waiting, with interrupts off, until we or a
 * third answer its request to flush a TLB.  So nobody turns interrupts off
 * before all others have come.
 *
 * Before they go on the others forget their translations of addresses.  The
 * kernel does not tell an idle CPU that it unmapped a page, until it has work
 * to do; but an idle CPU takes interrupts, and probes in them.  It could see
 * another page than the one that our memory is now.  So what programs and
 * probes use is published by stopping the others.
 *
 * Breakpoint first, tail later, first byte last: this usual way to change
 * text under running CPUs has the same hole for a jump over several
 * instructions, needs three rounds, and lets programs and lists change under
 * the probe path.
 */

#ifndef KERNEL_MACHINE_STOP_H
#define KERNEL_MACHINE_STOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Find the CPUs and give them a vector, once; false: no vector is free.
 * Thread context.
 */
bool stop_initialize(void);

/* CPUs that run: 0 to stop_cpus() - 1. */
unsigned stop_cpus(void);

/*
 * Be the only CPU that runs, without interrupts, until stop_end.  Keep it
 * short.  False, and all run on: some CPU takes no interrupts (in 5 s).
 * Thread context, under the lock, interrupts on, no spin lock held.
 */
bool stop_begin(unsigned long *interrupts);
void stop_end(unsigned long interrupts);

#endif /* KERNEL_MACHINE_STOP_H */
