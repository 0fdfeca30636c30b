/*
 * Automatic casts: `t = $thread->task; t->map` and the like.  A number that a
 * script has from a typed address keeps that type.
 */

#ifndef TRANSLATE_VALUES_AUTOCAST_H
#define TRANSLATE_VALUES_AUTOCAST_H

#include "debuginfo/ctype.h"
#include "translate/values/moment.h"

/*
 * The type, one of OBJECT, of what E, the value that -> is used on, is the
 * address of.  -1 with an error if that cannot be told.
 */
int autocast(struct moment *moment, const struct expression *e,
             const struct object **object, struct ctype *type,
             struct error *error);

#endif /* TRANSLATE_VALUES_AUTOCAST_H */
