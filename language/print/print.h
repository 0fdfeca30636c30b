/*
 * Trees as text of the language.  Expressions and probe points are in
 * language.h.
 */

#ifndef LANGUAGE_PRINT_PRINT_H
#define LANGUAGE_PRINT_PRINT_H

#include "language/language.h"

/* A string literal as a script would write it. */
void print_string(struct text *text, const char *string);

/* A statement on lines of its own, DEPTH steps from the left. */
void print_statement(struct text *text, const struct statement *statement,
                     unsigned depth);

#endif /* LANGUAGE_PRINT_PRINT_H */
