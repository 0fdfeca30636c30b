/*
 * Watchpoints: probes of the kernel's data, by the processor's debug
 * registers.
 *
 *   DR0 to DR3   what is watched, one place each
 *   DR7          which of them are in force, for which accesses and lengths
 *   DR6          what a debug exception (vector 1) has come for
 *
 * The exception comes when the instruction that made the access is over, in
 * whatever state the kernel was: with the user's GS; in the few instructions
 * of a system call that run on the user's stack.  So this gate, unlike the
 * breakpoint's, takes nothing for granted: it has a stack of its own (x86-64:
 * the interrupt stack table's last), finds out itself whose GS it is, and
 * takes the watchpoints out of force for as long as it runs: what the probe
 * path does with watched memory there is no hit, and never a second exception.
 *
 * Everything is set up when the first watchpoint comes and as before when the
 * last one has gone: gate, debug registers, and the first byte of
 * db_load_context, which gives each thread that it switches to the thread's
 * own debug registers.  With watchpoints it returns at once, as it does when
 * the kernel's debugger has some.
 *
 * Probes of the same bytes and accesses share a register.
 */

#ifndef KERNEL_WATCH_WATCH_H
#define KERNEL_WATCH_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/context.h"
#include "protocol/probe.h"

struct probe;

static inline bool
watch_is(uint32_t kind)
{
    return kind == PROBE_WATCH_WRITE || kind == PROBE_WATCH_ACCESS;
}

/*
 * Check what PROBE, whose kind is known, is to watch.  PROBE_ERROR_LENGTH;
 * _DATA: not the kernel's memory, or our own; _BUSY: a thread has debug
 * registers of its own; _MEMORY.  Thread context, under the lock.
 */
int watch_prepare(struct probe *probe, uint64_t address, uint32_t length);

/*
 * Put PROBE into force, and take it out.  PROBE_ERROR_WATCHES: no register is
 * left; _BUSY: the kernel's debugger has them.  While all CPUs stand still and
 * text may be written (text.h).
 */
int watch_add(struct probe *probe);
void watch_remove(struct probe *probe);

/*
 * Bring this CPU's registers and gate in line with what the others have; each
 * CPU does so when a stop ends (stop.h).  Interrupts are off.
 */
void watch_load(void);

/* What the processor has pushed. */
struct watch_frame {
    unsigned long pc;
    unsigned long segment;
    unsigned long flags;
    /* x86-64, or from user mode. */
    unsigned long stack;
    unsigned long stack_segment;
};

/*
 * A debug exception, from entry.S: 0, it is dealt with; else the stack with
 * which the kernel's handler has to deal with it.  The latter while this CPU
 * is busy with a probe.
 */
unsigned long
watch_hit(struct probe_context *context, const struct watch_frame *frame);
unsigned long watch_hit_nested(const struct watch_frame *frame);

#endif /* KERNEL_WATCH_WATCH_H */
