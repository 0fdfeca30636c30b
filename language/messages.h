/*
 * Messages about scripts: the text, the place, the line and a caret.  The
 * public ones are in language.h.
 */

#ifndef LANGUAGE_MESSAGES_H
#define LANGUAGE_MESSAGES_H

#include <stdarg.h>

#include "language/language.h"

/*
 *     parse error: expected ')'
 *             saw: operator '{' at a.stp:1:12
 *          source: probe begin {
 *                              ^
 */
void message_parse_error(struct unit *unit, const struct token *token,
                         const char *text);

/* A line that explains the semantic error before it; counts as none. */
void message_note(struct unit *unit, const struct token *token,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * " (similar: a, b)" for the candidates that NAME may have been meant as, or
 * "".  Candidates are collected one by one.
 */
struct similar {
    const char *name;
    struct {
        const char *name;
        unsigned distance;
    } best[5];
    unsigned count;
};

void similar_offer(struct similar *similar, const char *candidate);
const char *similar_text(struct arena *arena, const struct similar *similar);

#endif /* LANGUAGE_MESSAGES_H */
