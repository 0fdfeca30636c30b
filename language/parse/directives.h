/*
 * Formats of printf: from text to directives.
 */

#ifndef LANGUAGE_PARSE_DIRECTIVES_H
#define LANGUAGE_PARSE_DIRECTIVES_H

#include "language/tree/ast.h"
#include "support/error.h"

/*
 * Take a format apart and number the arguments its directives use.
 * Returns how many those are, or -1 with an error that names the directive.
 */
int format_parse(struct arena *arena, const char *format,
                 directive_list *directives, struct error *error);

#endif /* LANGUAGE_PARSE_DIRECTIVES_H */
