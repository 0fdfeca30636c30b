/*
 * Context variables that are of no function: $syscall, $arg1 and $return where
 * a place is an event of tasks (struct place_event), $$name and $$system of
 * the library's tracepoints; $arg1, $$name and $$provider of marks.
 */

#ifndef TRANSLATE_VALUES_EVENT_VARIABLE_H
#define TRANSLATE_VALUES_EVENT_VARIABLE_H

#include "translate/values/moment.h"

/* Whether TARGET is one of these here, or can be none of others. */
bool event_has(const struct moment *moment, const struct expression *target);

/* target_resolve() of such a one. */
int event_resolve(struct moment *moment, struct expression *target,
                  enum type *type, struct error *error);

/*
 * The number N of a variable named "argN", which in a tracepoint is parameter
 * N of its function; 0 for others.
 */
unsigned event_argument(const struct moment *moment, const char *name);

#endif /* TRANSLATE_VALUES_EVENT_VARIABLE_H */
