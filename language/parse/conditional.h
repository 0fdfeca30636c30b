/*
 * One comparison of a preprocessor conditional, `%( LEFT OPERATOR RIGHT %?`.
 */

#ifndef LANGUAGE_PARSE_CONDITIONAL_H
#define LANGUAGE_PARSE_CONDITIONAL_H

#include "language/language.h"

/*
 * Whether it holds: 1 or 0.  Returns -1 with what is wrong in *problem and
 * the token at fault in *at.
 */
int condition_compare(const struct language_options *options,
                      const struct token *left, const struct token *operator,
                      const struct token * right, const char **problem,
                      const struct token **at);

#endif /* LANGUAGE_PARSE_CONDITIONAL_H */
