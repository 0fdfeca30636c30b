/*
 * Source texts, places in them, and tokens.
 *
 * Every node of the tree keeps the token it began with, so that a message at
 * any later stage can name its place and show the line.
 */

#ifndef LANGUAGE_TREE_TOKEN_H
#define LANGUAGE_TREE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that tokens come from; lives as long as the unit. */
struct source {
    const char *name; /* as messages show it: a path, or "<input>" */
    const char *text; /* followed by a NUL that does not count */
    size_t size;
    bool library; /* of the tapset, not the user's */
};

struct position {
    const struct source *source;
    unsigned line;   /* from 1 */
    unsigned column; /* from 1, in bytes */
};

enum token_kind {
    TOKEN_END,        /* after the last token of a source */
    TOKEN_IDENTIFIER, /* a, $a, @a; not a keyword */
    TOKEN_KEYWORD,
    TOKEN_OPERATOR,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_EMBEDDED, /* %{ ... %}, text without the braces */
    TOKEN_JUNK,     /* no token of the language: see problem */
};

struct token {
    enum token_kind kind;
    const char *text;      /* a string's value, otherwise as written */
    int64_t value;         /* of a TOKEN_NUMBER */
    const char *problem;   /* of a TOKEN_JUNK: what is wrong */
    enum token_kind looks; /* what it is in messages; kind for most */
    struct position position;
    /* The use of the macro or argument that this token came out of; NULL
     * for one that stands in the source itself. */
    const struct token *expansion;
};

/* "identifier", "operator", ... as in messages. */
const char *token_kind_name(enum token_kind kind);

#endif /* LANGUAGE_TREE_TOKEN_H */
