/*
 * What a local variable is set to, where the text alone says that.
 */

#ifndef LANGUAGE_TREE_LOCAL_H
#define LANGUAGE_TREE_LOCAL_H

#include "language/tree/ast.h"

/*
 * The assignment at the top level of BODY that sets NAME, or NULL.  *CHANGES
 * is how many places of BODY change it; what it is set to is its value from
 * there on if there is one only.
 */
struct expression *
local_setting(struct statement *body, const char *name, unsigned *changes);

/* Whether A stands before B in the script, where that can be told. */
bool local_is_before(const struct token *a, const struct token *b);

#endif /* LANGUAGE_TREE_LOCAL_H */
