/*
 * Lists of what scripts can use, for --dump-functions and its like, and the
 * parts of them that manual pages are made of.
 */

#ifndef LANGUAGE_PRINT_DUMP_H
#define LANGUAGE_PRINT_DUMP_H

#include "language/language.h"
#include "language/print/document.h"

struct builtin;

/*
 * A line for each function of the library and of the language itself, sorted:
 * "substr:string (string:string, start:long, length:long)".  WITH_SUMMARY
 * adds a tab and what it does, by the comment that documents it.  The print
 * family, which takes any types, is not among them.
 */
void
dump_functions(const struct unit *unit, bool with_summary, struct text *text);

/* A line for each probe alias of the library, "name = point, point", and what
 * it is likewise. */
void
dump_aliases(const struct unit *unit, bool with_summary, struct text *text);

/* All documents of the unit's sources. */
void dump_documents(const struct unit *unit, struct arena *arena,
                    document_list *documents);

/* The line of one function.  Names of a built-in one's parameters are in its
 * DOCUMENT; without, there are only types. */
void dump_signature(const struct builtin *builtin,
                    const struct document *document, struct text *line);
void dump_declaration(const struct function *function, struct text *line);

#endif /* LANGUAGE_PRINT_DUMP_H */
