/*
 * Comments of a library that document what scripts can use.  One begins with
 * a slash and two asterisks and goes on like this:
 *
 *     sfunction substr - part of a string
 *
 *     @string: what to take it from
 *     @start: the first byte, from 0
 *     @length: how many bytes; there may be fewer
 *
 *     What is said of it at length, in paragraphs.  Lines that are further
 *     in stay as they are:
 *
 *         substr("machtap", 0, 4) is "mach"
 *
 * with an asterisk before each line.  "probe" and "macro" instead of
 * "sfunction" document these.  The first comment of a file, which has one
 * asterisk, says what the file is about: a title, then paragraphs.
 *
 * A function of the library has its comment above it, one that is built in
 * has it alone; which it is of several with one name, the number of
 * parameters says.
 */

#ifndef LANGUAGE_PRINT_DOCUMENT_H
#define LANGUAGE_PRINT_DOCUMENT_H

#include "language/tree/token.h"
#include "support/arena.h"

enum document_kind {
    DOCUMENT_FILE,
    DOCUMENT_FUNCTION,
    DOCUMENT_PROBE,
    DOCUMENT_MACRO,
};

struct document_parameter {
    const char *name;
    const char *text;
};

struct document_paragraph {
    bool verbatim; /* lines stay as they are; else it is one line */
    const char *text;
};

struct document {
    enum document_kind kind;
    const char *name;    /* of a file, without folder and ending */
    const char *summary; /* no full stop; of a file, its title */
    LIST_OF(struct document_parameter) parameters;
    LIST_OF(struct document_paragraph) paragraphs;
};

typedef LIST_OF(struct document) document_list;

/* Add the documents of a source, in their order.  They live as long as ARENA
 * does. */
void document_read(struct arena *arena, const struct source *source,
                   document_list *list);

/* The document of a function with COUNT parameters, or NULL. */
const struct document *document_of_function(const document_list *list,
                                            const char *name, unsigned count);

/* That of a probe alias, or NULL. */
const struct document *
document_of_probe(const document_list *list, const char *name);

#endif /* LANGUAGE_PRINT_DOCUMENT_H */
