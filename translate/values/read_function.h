/*
 * Functions of the language that read memory at a hit: kernel_long(),
 * user_string_n_quoted() and their kin.
 */

#ifndef TRANSLATE_VALUES_READ_FUNCTION_H
#define TRANSLATE_VALUES_READ_FUNCTION_H

#include "translate/values/moment.h"

/* Whether the built-in function NAME is one of them. */
bool memory_is_read_by(const char *name);

/*
 * moment_resolve() for a call of one: what it reads becomes a target, and what
 * it makes of that, or of a failure, an expression of the process.
 */
int memory_resolve(struct moment *moment, struct expression *call,
                   enum type *type, struct error *error);

/*
 * What user_long(x) and the like read, of the expression that such a call
 * became; any other expression as it is.  For what is computed at the hit,
 * where a failure makes the whole fail.
 */
struct expression *memory_value(struct expression *e);

#endif /* TRANSLATE_VALUES_READ_FUNCTION_H */
