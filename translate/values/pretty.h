/*
 * Strings of many values: $x$ and $x$$, $$vars, $$parms, $$locals, $$return,
 * and names of enumerators.
 */

#ifndef TRANSLATE_VALUES_PRETTY_H
#define TRANSLATE_VALUES_PRETTY_H

#include "debuginfo/ctype.h"
#include "translate/values/moment.h"

/* Whether a target is one of these strings. */
bool pretty_is_asked(const struct expression *target);

/*
 * moment_resolve() for such a target: it becomes a sprintf() over targets.
 * If what it shows cannot be read at the hit the string is "ERROR"; a
 * variable without a place is "?".
 */
int pretty_resolve(struct moment *moment, struct expression *target,
                   enum type *type, struct error *error);

/* An expression for the name of the enumerator of TYPE whose value is that of
 * VALUE, a target; for other values their number. */
struct expression *
pretty_enumerator(struct moment *moment, struct debuginfo *debuginfo,
                  const struct ctype *type, const struct expression *value);

#endif /* TRANSLATE_VALUES_PRETTY_H */
