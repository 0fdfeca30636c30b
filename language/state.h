/*
 * What the language keeps of a program between its passes.
 */

#ifndef LANGUAGE_STATE_H
#define LANGUAGE_STATE_H

#include "language/language.h"

struct macro {
    const char *name; /* with the @ */
    const struct token *token;
    LIST_OF(const char *) parameters; /* without the @ */
    bool has_parameters;              /* (), even if empty */
    LIST_OF(const struct token *) body;
};

typedef LIST_OF(struct macro *) macro_list;

/* Texts of messages. */
typedef LIST_OF(const char *) shown_list;

struct language_state {
    macro_list macros;    /* of libraries: seen by all sources after them */
    bool *arguments_used; /* of options.argument_count */
    /* Library sources that have $1 or @1: they count once they are needed. */
    LIST_OF(const struct source *) argument_sources;

    /* Of all scripts, in the order in which those of one name are tried. */
    function_list functions;
    script_list needed;                 /* scripts whose probes are to run */
    unsigned variables;                 /* how many have an id */
    LIST_OF(struct statement) left_out; /* as they were: see idle.c */

    /* What tells messages apart that were shown: see messages.c. */
    shown_list shown_errors;
    shown_list shown_warnings;
    bool last_hidden; /* the last error was */
};

#endif /* LANGUAGE_STATE_H */
