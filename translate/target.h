/*
 * Context variables: $x, $x->member[3], &$x, @var("x@file.c"): from debugging
 * information to the steps that compute the value at the hit.
 */

#ifndef TRANSLATE_TARGET_H
#define TRANSLATE_TARGET_H

#include "debuginfo/location.h"
#include "language/language.h"
#include "translate/kernel.h"
#include "translate/place.h"

/* What target.place holds while the script is elaborated. */
struct target_value {
    step_list steps;  /* leave the value: 64 bits, extended as its type is */
    const char *name; /* as the script says it */
};

/*
 * language_context's target_type for a probe at PLACE: sets target.place to
 * a struct target_value.  The error names the variable, the probe point if it
 * has to do with it, and alternatives.
 */
int target_resolve(struct arena *arena, struct kernel_source *kernel,
                   const struct place *place, struct expression *target,
                   enum type *type, struct error *error);

#endif /* TRANSLATE_TARGET_H */
