/*
 * The part of a program that follows the handler (follow.h).
 */

#ifndef TRANSLATE_LOWER_FOLLOWED_H
#define TRANSLATE_LOWER_FOLLOWED_H

#include "translate/lower/steps.h"
#include "translate/split/follow.h"

/* For handlers with loops, behind record_reserve() of a raw record: what has
 * to be 0 is. */
void
follow_begin(struct assembler *assembler, const struct plan_handler *handler);

/* Follow, and cut the record to what was written.  VALUES are those of the
 * handler's captures.  -1 with an error if it is too much. */
int
follow_program(struct steps_writer *steps, const struct plan_handler *handler,
               const struct target_value *const *values, struct error *error);

#endif /* TRANSLATE_LOWER_FOLLOWED_H */
