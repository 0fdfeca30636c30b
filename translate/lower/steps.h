/*
 * Steps (debuginfo/location.h) as instructions of a program.
 *
 * How registers and the stack of a program are used:
 *
 *   r0 to r5   arguments and results of helpers, and scratch
 *   r6         the context of the hit
 *   r7         the record
 *   r8         top of the stack of words that steps work on
 *   r9         free
 *
 *   r10 -8, -16, ...     the words below the top, the lowest first
 *   r10 -STEPS_FRAME     where memory is read to; what is below is free
 */

#ifndef TRANSLATE_LOWER_STEPS_H
#define TRANSLATE_LOWER_STEPS_H

#include "debuginfo/location.h"
#include "protocol/context.h"
#include "support/error.h"
#include "translate/lower/assembler.h"

#define STEPS_CONTEXT 6
#define STEPS_RECORD  7
#define STEPS_TOP     8

#define STEPS_FRAME (8 * (LOCATION_DEPTH_MAX + 1))

/* The word of saved[] that tells which of the others were not read. */
#define STEPS_SAVED_FAULTS (PROBE_CONTEXT_SAVED - 1)

struct steps_writer {
    struct assembler assembler;
    unsigned depth;      /* of words, the one in r8 included */
    unsigned deepest;    /* it was for the value at hand */
    struct label *fault; /* where a read that fails goes */

    /* For STEP_VARIABLE, STEP_TARGET and the like: the word of saved[] that
     * the first variable is in, and what is done about captures. */
    unsigned variables;
    void (*target)(struct steps_writer *writer, unsigned capture, bool done);
    void *data;
};

/* Place of a word of saved[] in the context. */
int16_t steps_saved_offset(unsigned word);

/*
 * Write STEPS: the value is in r8 then.  -1 with an error if they are too
 * much for the stack, or of registers that are not recorded; NAME is what is
 * computed.
 */
int steps_write(struct steps_writer *writer, const step_list *steps,
                const char *name, struct error *error);

/* The words that the steps take at the same time, at most. */
unsigned steps_depth(const step_list *steps);

/* Forget the words that were below the top: see steps.c. */
void steps_forget(struct steps_writer *writer);

#endif /* TRANSLATE_LOWER_STEPS_H */
