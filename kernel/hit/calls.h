/*
 * Calls whose return is waited for.
 *
 * While one is waited for, the word of the kernel's stack that held the return
 * address, its slot, holds the address of our trampoline, and a struct call
 * keeps what was there:
 *
 *   kernel stack (one page)          calls of this page, newest first
 *   |                     |
 *   | locals of g         |
 *   | trampoline   slot 2 |<-------- { slot 2, return into f, probe of g }
 *   | locals of f         |                      |
 *   | trampoline   slot 1 |<-------- { slot 1, return address, probe of f }
 *   | locals of f's caller|
 *   +---------------------+
 *
 * The key is the slot, and never the thread.  Under Mach a thread that blocks
 * with a continuation leaves its stack for good, and the stack goes on with
 * another thread; so what belongs to a thread is not on its stack, and what is
 * on a stack is not its thread's.  A list in the thread, which is how Linux
 * does it, would return one thread to the other's caller.
 *
 * The invariant: of one stack's calls, those at lower addresses were entered
 * later.  When a function is entered at some slot, or returns, whatever call is
 * below that slot cannot be there any more: its function never returned, and
 * it is retired and counted as abandoned.  So nothing needs to be
 * known of the ways in which a function can be left.
 *
 * Two calls may have one slot: two probes of a function, or a function that
 * goes to another by a jump.  The trampoline is in the slot then already,
 * and the older call says where it really goes.
 *
 * A stack is run by one CPU at a time; other CPUs come by only where their
 * stacks share a bucket of the table.  Each bucket has a lock of its own,
 * taken with interrupts off for some ten instructions.
 */

#ifndef KERNEL_HIT_CALLS_H
#define KERNEL_HIT_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/context.h"

/* Calls that are waited for at a time, of all sessions. */
#define CALLS_MAX 4096

struct probe;

struct call {
    uint64_t slot;       /* address of the word */
    uint64_t caller;     /* the address to return to */
    uint64_t entry_time; /* ns */
    struct probe *probe; /* NULL: it is gone, and nobody is told */
    struct call *next;   /* in the table, a chain, or the free list */
    uint32_t saved_size; /* bytes of saved[] that count */
    bool sweepable;      /* the slot is on the stack of a thread */
    uint64_t saved[PROBE_CONTEXT_SAVED];
};

/*
 * Get the memory for calls, once: it stays, because one may be needed
 * long after its session.  0 or PROBE_ERROR_MEMORY.  Thread context, under
 * the lock.
 */
int calls_prepare(void);

/* The rest: probe context, or with interrupts off. */

/* One to fill in, or NULL; and back. */
struct call *calls_take(void);
void calls_give(struct call *call);

/*
 * Retire the calls below SLOT, then add CALL and
 * put the trampoline into the slot.  False, and nothing was done: the slot
 * holds the trampoline but belongs to no call, as where it was left behind.
 */
bool calls_push(struct call *frame, uint64_t slot);

/*
 * A return through SLOT: the calls of it, newest first, linked by next, and
 * *CALLER, where it really goes.  Retires those below.  NULL cannot be.
 */
struct call *calls_pop(uint64_t slot, uint64_t *caller);

/*
 * What the word at SLOT held before we came: VALUE itself, unless that is
 * the trampoline; 0 if nobody knows any more.  For those who walk a stack.
 */
uint64_t calls_caller(uint64_t slot, uint64_t value);

/* Forget the probes of calls that are detached.  While no other CPU runs. */
void calls_forget(void);

/*
 * Retire calls whose slot holds something else by now.  Looks at a part of
 * the table, each time at the next; IN_USE says whether a page is a stack
 * that some CPU runs on: those are left alone, for between a return and our
 * trampoline's first instruction an interrupt may have overwritten the slot.
 */
void calls_sweep(bool (*in_use)(uint64_t page));

#endif /* KERNEL_HIT_CALLS_H */
