/*
 * The operators written @name(...).
 */

#ifndef LANGUAGE_WORDS_AT_OPERATOR_H
#define LANGUAGE_WORDS_AT_OPERATOR_H

#include "language/tree/ast.h"

/* The row of "@kderef" and the like, which are EXPRESSION_OPERATOR; NULL if
 * the name is none of them. */
const struct at_operator *at_operator_find(const char *name);

/* Whether "@count" and so on; its number then in *found. */
bool at_operator_is_stat(const char *name, enum stat_operator *found);

/* "@count" */
/* The name of number I of all of these and of what the parser knows by name;
 * NULL after the last. */
const char *at_operator_name(unsigned i);

const char *at_operator_stat_name(enum stat_operator operator);

/* Whether a name has a meaning that no macro may take. */
bool at_operator_is_reserved(const char *name);

#endif /* LANGUAGE_WORDS_AT_OPERATOR_H */
