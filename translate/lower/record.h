/*
 * The program of a kernel probe: what the kernel runs at a hit to write the
 * record that a handler reads.
 */

#ifndef TRANSLATE_LOWER_RECORD_H
#define TRANSLATE_LOWER_RECORD_H

#include "translate/plan.h"
#include "translate/values/moment.h"

/* Captures that one fault word tells of. */
#define RECORD_FAULT_BITS 64

/*
 * Give each capture its place in the payload, and the fault words that they
 * need.  VALUES are, for each capture of the handler, the value of a
 * CAPTURE_TARGET, NULL for others.  Fails if it all is larger than a record
 * can be.
 */
int record_lay_out(struct plan_handler *handler,
                   const struct target_value *const *values,
                   struct error *error);

/* Write the program that makes such a record. */
int record_program(struct arena *arena, const struct plan_handler *handler,
                   const struct target_value *const *values,
                   struct plan_program *program, struct error *error);

/*
 * Write the program of a return probe that is run at the function's entry: it
 * saves VALUES in that order.
 */
int record_entry_program(struct arena *arena,
                         const struct target_value *const *values,
                         unsigned count, struct plan_program *program,
                         struct error *error);

#endif /* TRANSLATE_LOWER_RECORD_H */
