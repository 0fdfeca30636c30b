/*
 * From characters to tokens.  Macros and conditionals are not expanded here
 * (preprocessor.h), but $1, @1, $# and @# are, since an argument is pasted as
 * characters.
 */

#ifndef LANGUAGE_PARSE_LEXER_H
#define LANGUAGE_PARSE_LEXER_H

#include "language/language.h"

/* One text being read; pasted arguments are stacked above the file. */
struct lexer_input {
    struct lexer_input *below;
    const struct source *source;
    const char *next;
    struct position position;
    const struct token *expansion;
};

struct lexer {
    struct unit *unit;
    struct lexer_input *input;
};

void lexer_start(struct lexer *lexer, struct unit *unit,
                 const struct source *source);

/*
 * The next token, of kind TOKEN_END again and again at the end.  What is no
 * token comes as TOKEN_JUNK; that is not reported here, since it may be in a
 * part that is skipped.
 */
const struct token *lexer_next(struct lexer *lexer);

/*
 * Whether B follows A with nothing between them, so that `kernel*` is one
 * name.  Only for tokens whose text is as written.
 */
bool token_adjacent(const struct token *a, const struct token *b);

/* Whether the token is this operator or this keyword. */
bool
token_is(const struct token *token, enum token_kind kind, const char *text);

/* A missing $1 or @1, no error while it is in a skipped part. */
bool token_is_missing_argument(const struct token *token);

#endif /* LANGUAGE_PARSE_LEXER_H */
