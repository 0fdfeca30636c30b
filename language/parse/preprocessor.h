/*
 * Macros and conditionals: from the lexer's tokens to those that the parser
 * sees.
 */

#ifndef LANGUAGE_PARSE_PREPROCESSOR_H
#define LANGUAGE_PARSE_PREPROCESSOR_H

#include "language/language.h"

typedef LIST_OF(const struct token *) token_list;

/*
 * All tokens of a source with macros expanded, conditionals decided and
 * adjacent strings joined; the last one is TOKEN_END.  What is wrong is a
 * TOKEN_JUNK with its problem, for the parser to report where it meets it.
 *
 * If MACROS_ONLY, the source is one of a library that only defines macros;
 * they are then seen by all sources that follow.
 */
token_list
preprocess(struct unit *unit, const struct source *source, bool macros_only);

#endif /* LANGUAGE_PARSE_PREPROCESSOR_H */
