#include "language/parse/parser.h"

#include <string.h>

#include "language/messages.h"
#include "language/parse/lexer.h"
#include "language/types/resolve.h"

/* After so many errors the rest helps nobody. */
#define ERRORS_MAX 20

const struct token *
parser_peek_ahead(const struct parser *parser, unsigned ahead)
{
    unsigned last = parser->tokens.count - 1;
    unsigned at = parser->next + ahead;

    return parser->tokens.items[at < last ? at : last];
}

const struct token *
parser_peek(const struct parser *parser)
{
    return parser_peek_ahead(parser, 0);
}

const struct token *
parser_next(struct parser *parser)
{
    const struct token *token = parser_peek(parser);

    if (token->kind != TOKEN_END)
        parser->next++;
    return token;
}

bool
parser_at(const struct parser *parser, const char *operator)
{
    return token_is(parser_peek(parser), TOKEN_OPERATOR, operator);
}

bool
parser_at_keyword(const struct parser *parser, const char *keyword)
{
    return token_is(parser_peek(parser), TOKEN_KEYWORD, keyword);
}

bool
parser_accept(struct parser *parser, const char *operator)
{
    bool there = parser_at(parser, operator);

    if (there)
        parser->next++;
    return there;
}

bool
parser_accept_keyword(struct parser *parser, const char *keyword)
{
    bool there = parser_at_keyword(parser, keyword);

    if (there)
        parser->next++;
    return there;
}

void
parser_fail(struct parser *parser, const struct token *token,
            const char *problem)
{
    /* What the lexer found wrong is the better explanation. */
    parser->problem = token->problem ? token->problem : problem;
    parser->problem_token = token;
    longjmp(parser->recover, 1);
}

static _Noreturn void
fail_expected(struct parser *parser, const char *what)
{
    parser_fail(parser, parser_peek(parser),
                arena_printf(parser->arena, "expected '%s'", what));
}

const struct token *
parser_expect(struct parser *parser, const char *operator)
{
    if (!parser_at(parser, operator))
        fail_expected(parser, operator);
    return parser_next(parser);
}

const struct token *
parser_expect_keyword(struct parser *parser, const char *keyword)
{
    if (!parser_at_keyword(parser, keyword))
        fail_expected(parser, keyword);
    return parser_next(parser);
}

const struct token *
parser_expect_name(struct parser *parser, bool keywords)
{
    const struct token *token = parser_peek(parser);

    if (token->kind == TOKEN_KEYWORD
            ? !keywords
            : token->kind != TOKEN_IDENTIFIER || token->text[0] == '$' ||
                  token->text[0] == '@')
        parser_fail(parser, token, "expected identifier");
    return parser_next(parser);
}

const struct token *
parser_expect_string(struct parser *parser, const char *what)
{
    if (parser_peek(parser)->kind != TOKEN_STRING)
        parser_fail(parser, parser_peek(parser), what);
    return parser_next(parser);
}

int64_t
parser_expect_number(struct parser *parser)
{
    bool minus = parser_accept(parser, "-");

    if (parser_peek(parser)->kind != TOKEN_NUMBER)
        parser_fail(parser, parser_peek(parser), "expected number");

    uint64_t value = (uint64_t)parser_next(parser)->value;

    return (int64_t)(minus ? 0 - value : value);
}

bool
parser_at_type(const struct parser *parser)
{
    return parser_at_keyword(parser, "string") ||
           parser_at_keyword(parser, "long");
}

const struct token *
parser_embedded(struct parser *parser)
{
    const struct token *token = parser_peek(parser);

    if (!parser->unit->options.guru && !resolve_origin(token)->library)
        parser_fail(parser, token,
                    "embedded code in unprivileged script; need machtap -g");
    return parser_next(parser);
}

void
parser_enter(struct parser *parser)
{
    if (++parser->depth > AST_DEPTH_MAX)
        parser_fail(parser, parser_peek(parser), "nested too deeply");
}

void
parser_leave(struct parser *parser)
{
    parser->depth--;
}

/* ---- whole sources --------------------------------------------------- */

static bool
starts_declaration(const struct parser *parser)
{
    return parser_at_keyword(parser, "probe") ||
           parser_at_keyword(parser, "global") ||
           parser_at_keyword(parser, "function") ||
           parser_at_keyword(parser, "private");
}

static void
parse_declaration(struct parser *parser)
{
    if (parser_peek(parser)->kind == TOKEN_EMBEDDED) {
        LIST_ADD(parser->arena, &parser->script->embedded,
                 parser_embedded(parser));
        return;
    }

    bool private = parser_accept_keyword(parser, "private");

    if (parser_at_keyword(parser, "function")) {
        parse_function(parser, private);
    } else if (parser_accept_keyword(parser, "global")) {
        parse_global(parser, private);
    } else if (private) {
        if (parser_peek(parser)->kind != TOKEN_IDENTIFIER)
            parser_fail(parser, parser_peek(parser),
                        "expected 'function', 'global' or identifier");
        parse_global(parser, true);
    } else if (parser_at_keyword(parser, "probe")) {
        parse_probe(parser);
    } else {
        parser_fail(parser, parser_peek(parser),
                    "expected 'probe', 'global', 'private', 'function', or "
                    "'%{'");
    }
}

int
parse_source(struct unit *unit, const struct source *source,
             struct script *script, bool macros_only)
{
    /* Not on the stack, so that longjmp leaves it as it is. */
    struct parser *parser = ARENA_NEW(&unit->arena, struct parser);
    volatile unsigned errors = 0;

    parser->unit = unit;
    parser->arena = &unit->arena;
    parser->tokens = preprocess(unit, source, macros_only);
    parser->script = script;

    if (setjmp(parser->recover)) {
        message_parse_error(unit, parser->problem_token, parser->problem);
        errors++;
        parser->depth = 0;
        parser->in_function = false;
        while (parser_peek(parser)->kind != TOKEN_END &&
               !starts_declaration(parser))
            parser->next++;
    } else if (parser_peek(parser)->kind == TOKEN_END && !source->library) {
        parser_fail(parser, parser_peek(parser), "Input file is empty");
    }
    if (macros_only && !errors && parser_peek(parser)->kind != TOKEN_END)
        parser_fail(parser, parser_peek(parser),
                    "expected '@define' in a library of macros");
    while (errors < ERRORS_MAX && parser_peek(parser)->kind != TOKEN_END)
        if (!parser_accept(parser, ";"))
            parse_declaration(parser);
    if (!errors && parser_peek(parser)->problem)
        parser_fail(parser, parser_peek(parser), NULL);
    if (!errors)
        return 0;
    text_printf(&unit->messages.text, "%u parse error%s.\n", errors,
                errors == 1 ? "" : "s");
    return -1;
}
