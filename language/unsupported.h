/*
 * What the grammar has but the rest of machtap cannot do yet.  One table;
 * to support a thing, take its row out.
 */

#ifndef LANGUAGE_UNSUPPORTED_H
#define LANGUAGE_UNSUPPORTED_H

#include "language/language.h"

/* Refuse the expression, statement or function itself, not what is in it,
 * with "not supported yet: ...".  Returns whether it was refused. */
bool
unsupported_expression(struct unit *unit, const struct expression *expression);
bool
unsupported_statement(struct unit *unit, const struct statement *statement);
bool unsupported_function(struct unit *unit, const struct function *function);
bool unsupported_script(struct unit *unit, const struct script *script);

#endif /* LANGUAGE_UNSUPPORTED_H */
