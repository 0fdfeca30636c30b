/*
 * Expressions of a script that the program in the kernel computes: what is
 * in the brackets of $x[...], what @cast() and kernel_string() are given.
 *
 * They are made of literals, context variables, task() and the like,
 * arithmetic, and locals of the handler that are set once, at its top level,
 * to such an expression.
 */

#ifndef TRANSLATE_VALUES_COMPUTE_H
#define TRANSLATE_VALUES_COMPUTE_H

#include "translate/values/moment.h"

/*
 * Add steps to STEPS that push the value of E.  Returns -1 with an error that
 * says what of it is not known at the hit.
 */
int compute(struct moment *moment, struct expression *e, step_list *steps,
            struct error *error);

#endif /* TRANSLATE_VALUES_COMPUTE_H */
