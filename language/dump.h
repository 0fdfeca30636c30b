/*
 * Lists of what scripts can use, for --dump-functions and its like.
 */

#ifndef LANGUAGE_DUMP_H
#define LANGUAGE_DUMP_H

#include "language/language.h"

/*
 * A line for each function of the library and of the language itself, sorted:
 * "substr:string (string, long, long)".  WITH_SUMMARY adds a tab and what it
 * does; of a library function that is the comment above it.  The print
 * family, which takes any types, is not among them.
 */
void
dump_functions(const struct unit *unit, bool with_summary, struct text *text);

/* A line for each probe alias of the library: "name = point, point". */
void dump_aliases(const struct unit *unit, struct text *text);

#endif /* LANGUAGE_DUMP_H */
