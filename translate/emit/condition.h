/*
 * Conditions of probe points, `probe POINT if (EXPRESSION)`: while one over
 * globals does not hold, its probes are disabled in the kernel and cost
 * nothing.  The handler looks at it again, as records of before may be left,
 * and that is all that is done of a condition that calls functions, divides
 * or compares strings.
 */

#ifndef TRANSLATE_EMIT_CONDITION_H
#define TRANSLATE_EMIT_CONDITION_H

#include "translate/plan.h"

/* The condition of HANDLER that can be looked at without an event, or NULL. */
const struct expression *condition_of(const struct plan_handler *handler);

/* Whether HANDLER may change a variable that some condition of PLAN reads. */
bool condition_may_change(const struct plan *plan,
                          const struct plan_handler *handler,
                          struct arena *arena);

#endif /* TRANSLATE_EMIT_CONDITION_H */
