/*
 * Functions of the language that write to the kernel at a hit: set_kernel_long()
 * and their kin, of guru mode.
 */

#ifndef TRANSLATE_VALUES_WRITE_FUNCTION_H
#define TRANSLATE_VALUES_WRITE_FUNCTION_H

#include "translate/values/moment.h"

/* Whether the built-in function NAME is one of them. */
bool write_is_by(const char *name);

/*
 * moment_resolve() for a call of one: it becomes an assignment to a target
 * that says where (target_value.place), several for a string.
 */
int write_resolve(struct moment *moment, struct expression *call,
                  enum type *type, struct error *error);

#endif /* TRANSLATE_VALUES_WRITE_FUNCTION_H */
