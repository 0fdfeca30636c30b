/*
 * The part of a program that follows the handler (follow.h).
 */

#ifndef TRANSLATE_FOLLOW_PROGRAM_H
#define TRANSLATE_FOLLOW_PROGRAM_H

#include "translate/follow.h"
#include "translate/steps.h"

/* For handlers with loops, behind record_reserve() of a raw record: what has
 * to be 0 is. */
void
follow_begin(struct assembler *assembler, const struct plan_handler *handler);

/* Follow, and cut the record to what was written.  VALUES are those of the
 * handler's captures.  -1 with an error if it is too much. */
int
follow_program(struct steps_writer *steps, const struct plan_handler *handler,
               const struct target_value *const *values, struct error *error);

#endif /* TRANSLATE_FOLLOW_PROGRAM_H */
