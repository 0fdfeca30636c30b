/*
 * What the grammar has but the rest of machtap cannot do yet.  One table;
 * to support a thing, take its row out.
 */

#ifndef LANGUAGE_WORDS_UNSUPPORTED_H
#define LANGUAGE_WORDS_UNSUPPORTED_H

#include "language/language.h"

/* Refuse the expression itself, not what is in it, with what is wrong.
 * Returns whether it was refused. */
bool
unsupported_expression(struct unit *unit, const struct expression *expression);

#endif /* LANGUAGE_WORDS_UNSUPPORTED_H */
