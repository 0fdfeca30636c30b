/*
 * The verifier: proof that a program may run unchecked in the kernel.
 *
 * It follows every path that the program can take, with each register and
 * stack slot holding not a value but what is known of it: unset, a number in
 * a range (range.h), or a pointer into some object at an offset in a range.
 * On each path
 *
 *  - only set registers and stack bytes are read;
 *  - memory is accessed through pointers only, within their object: the
 *    context (of which only a part may be written), the stack of this or a
 *    calling function, a map's value, the open record;
 *  - pointers that may be null are compared with 0 first;
 *  - helpers get what their table (helper.c) asks for;
 *  - a record that was reserved is submitted or discarded, once;
 *  - r0 is set at the end, and there is an end.
 *
 * Two paths that meet go on as one when the second knows at least what the
 * first knew.  Loops are followed round by round: one that comes back with
 * nothing changed never ends and is refused, as is a program that takes more
 * than PROBE_VERIFIER_STEPS_MAX instructions to follow.  A program of which a
 * run could take more than PROBE_PROGRAM_WORK_MAX steps is refused too: they
 * are as long as interrupts are kept away.
 * A loop that asks again() before each round need not end by itself: it is
 * followed until a round begins with no more known than one before, and a run
 * goes as many rounds as fit into these steps.
 *
 * Pointers may be compared, subtracted, stored and sent: kernel addresses
 * are no secret from whoever may trace.  What is read back from anywhere but
 * an aligned stack slot is a number, and numbers do not become pointers.
 * Code that no path reaches is validated but not verified.
 */

#ifndef KERNEL_PROGRAM_VERIFIER_H
#define KERNEL_PROGRAM_VERIFIER_H

#include <stdint.h>

#include "kernel/program/log.h"
#include "kernel/program/program.h"

/* What r1 points to when the program starts; r2 is its size if WRITABLE. */
struct verifier_entry {
    uint32_t size; /* bytes; 0: r1 is 0 */
    int writable;
    /* Else: what may be written of it begins at this byte; 0: nothing. */
    uint32_t scratch;
    uint32_t *reach; /* if not NULL, gets the end of what may be accessed */
    /*
     * If not NULL, gets for each instruction that calls again() how many steps
     * there can be from a 1 there to the next 1 or the end; behind the last,
     * how many from the start.
     */
    uint32_t *costs;
};

/*
 * Verify a program that instructions_validate accepted.  0;
 * PROBE_ERROR_PROGRAM, the reason in LOG; PROBE_ERROR_MEMORY.
 * Thread context.
 */
int program_verify(const struct program_source *source,
                   const struct verifier_entry *entry, struct log *log);

#endif /* KERNEL_PROGRAM_VERIFIER_H */
