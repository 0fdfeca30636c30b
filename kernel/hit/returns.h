/*
 * Function return probes: from a function's entry to its return.
 *
 * At the entry the return address is replaced (calls.h), and the probe's
 * entry program runs, if it has one.  The function then returns to
 * probe_return_entry, in the processor's folder, which calls hit_return.
 *
 * An entry that is no call is not waited for: a continuation is entered by a
 * jump, with something else at the top of the stack than an address in the
 * kernel's text, and what is there must stay.
 */

#ifndef KERNEL_HIT_RETURNS_H
#define KERNEL_HIT_RETURNS_H

#include <stdint.h>

#include "protocol/context.h"

struct cpu;
struct probe;

/* Make ready for probes of returns.  0 or PROBE_ERROR_MEMORY.  Thread
 * context, under the lock. */
int returns_prepare(void);

/*
 * A function was entered that PROBE, which is no other than a PROBE_RETURN,
 * is at.  Probe context, on CPU and with its context.
 */
void returns_enter(struct probe *probe, struct cpu *cpu);

/*
 * Probes were detached: the calls that they wait for return as they should,
 * and nobody is told.  Between text_unlock and text_lock (text.h).
 */
void returns_forget(void);

/*
 * What a walk over a kernel stack shall take for VALUE, read at ADDRESS as a
 * return address: VALUE, or the true one if that is the trampoline; 0 if it
 * is not known.  Probe context.
 */
uint64_t returns_true_address(uint64_t address, uint64_t value);

#endif /* KERNEL_HIT_RETURNS_H */
