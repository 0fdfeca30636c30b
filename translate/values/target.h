/*
 * Context variables: $x, $x->member[3], &$x, $return, @var("x@file.c"),
 * @cast(p, "struct x"): from debugging information to the steps that compute
 * the value at the hit.
 */

#ifndef TRANSLATE_VALUES_TARGET_H
#define TRANSLATE_VALUES_TARGET_H

#include "translate/values/cursor.h"
#include "translate/values/moment.h"

/*
 * moment_resolve() for an EXPRESSION_TARGET.  In a return probe variables are
 * those of the entry: the value is computed there and saved (place.saved).
 */
int target_resolve(struct moment *moment, struct expression *target,
                   enum type *type, struct error *error);

/*
 * The steps that write what is on top of the stack, and leave it there, to
 * TARGET.  -1 with an error if it is where nothing can be written.
 */
int target_write(struct moment *moment, struct expression *target,
                 step_list *steps, struct error *error);

/* Put a cursor on what TARGET begins with, before its accesses. */
int target_begin(struct cursor *cursor, struct expression *target);

/* The cursor's number becomes TARGET's value; WHERE it is read decides
 * whether it must be saved at the entry. */
int target_end(struct cursor *cursor, struct expression *target,
               struct target_value *value);

/*
 * Have the entry program of a return probe compute VALUE: it becomes what
 * reads the saved word.  -1 with an error if there are too many.
 */
int target_save(struct moment *moment, struct target_value *value,
                struct error *error);

#endif /* TRANSLATE_VALUES_TARGET_H */
