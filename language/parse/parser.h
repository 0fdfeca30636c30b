/*
 * The parser: recursive descent, with precedence climbing for the operators
 * of two operands.  One file for expressions, statements and declarations
 * each; this is what they share.
 *
 * The first error of a declaration leaves it by longjmp to the loop over
 * declarations, which reports it and goes on with the next one.  Nothing is
 * lost by that, since all nodes are the arena's.
 */

#ifndef LANGUAGE_PARSE_PARSER_H
#define LANGUAGE_PARSE_PARSER_H

#include <setjmp.h>

#include "language/parse/preprocessor.h"

struct parser {
    struct unit *unit;
    struct arena *arena;
    token_list tokens;
    unsigned next;    /* of them */
    unsigned depth;   /* of the recursion */
    bool in_function; /* where `return` is right */
    unsigned points;  /* of the probe being parsed */
    struct script *script;
    const char *problem; /* what recover gets */
    const struct token *problem_token;
    jmp_buf recover;
};

/* Reading tokens; the last one, TOKEN_END, is never passed. */
const struct token *parser_peek(const struct parser *parser);
const struct token *
parser_peek_ahead(const struct parser *parser, unsigned ahead);
const struct token *parser_next(struct parser *parser);

bool parser_at(const struct parser *parser, const char *operator);
bool parser_at_keyword(const struct parser *parser, const char *keyword);
/* Pass it if it is there. */
bool parser_accept(struct parser *parser, const char *operator);
bool parser_accept_keyword(struct parser *parser, const char *keyword);
/* Pass it or fail with "expected '...'". */
const struct token *parser_expect(struct parser *parser, const char *operator);
const struct token *
parser_expect_keyword(struct parser *parser, const char *keyword);
/* A name without $ or @; a keyword as well if KEYWORDS. */
const struct token *parser_expect_name(struct parser *parser, bool keywords);
const struct token *
parser_expect_string(struct parser *parser, const char *what);
/* A number with an optional sign. */
int64_t parser_expect_number(struct parser *parser);

_Noreturn void parser_fail(struct parser *parser, const struct token *token,
                           const char *problem);

/* At `string` or `long`, which can name functions, too. */
bool parser_at_type(const struct parser *parser);

/* C between %{ and %}, which goes into the process only if the user says so:
 * fails without -g, but not for a library's. */
const struct token *parser_embedded(struct parser *parser);

/* Around every function that can recurse. */
void parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* A new expression, and the same once its operands are all there. */
struct expression *parser_make(struct parser *parser, enum expression_kind kind,
                               const struct token *token);
struct expression *parser_complete(struct parser *parser, struct expression *e);

struct expression *parse_expression(struct parser *parser);
/* A value with &, ->, [] and $ as far as they go. */
struct expression *parse_target(struct parser *parser);
/* What may stand on the left of `=`. */
struct expression *parse_ternary(struct parser *parser);
/* A number with an optional sign, or a string. */
struct expression *parse_literal(struct parser *parser);
/* Two operands that are compared, or what binds tighter. */
struct expression *parse_comparison(struct parser *parser);
/* After '[': what PARSE takes, up to ']', with NULL for '*'. */
expression_list
parse_indexes(struct parser *parser,
              struct expression *(*parse)(struct parser *parser));
/* The symbol or histogram after `in`. */
struct expression *parse_array(struct parser *parser);
/* A symbol without index. */
struct expression *parse_symbol(struct parser *parser);

struct statement *parse_statement(struct parser *parser);
struct statement *parse_block(struct parser *parser);

void parse_probe(struct parser *parser);
void parse_global(struct parser *parser, bool private);
void parse_function(struct parser *parser, bool private);

/* The points of a probe up to '{', '=' or '+='. */
point_list parse_points(struct parser *parser);

/* All of a source; only @define if MACROS_ONLY.  Returns -1 after reporting
 * its errors. */
int parse_source(struct unit *unit, const struct source *source,
                 struct script *script, bool macros_only);

#endif /* LANGUAGE_PARSE_PARSER_H */
