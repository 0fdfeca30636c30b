#include "language/parse/parser.h"

#include "language/parse/lexer.h"
#include "language/words/at_operator.h"

static struct statement *
make(struct parser *parser, enum statement_kind kind, const struct token *token)
{
    struct statement *s = ARENA_NEW(parser->arena, struct statement);

    s->kind = kind;
    s->token = token;
    return s;
}

struct statement *
parse_block(struct parser *parser)
{
    struct statement *s =
        make(parser, STATEMENT_BLOCK, parser_expect(parser, "{"));

    parser_enter(parser);
    while (!parser_accept(parser, "}")) {
        if (parser_peek(parser)->kind == TOKEN_END)
            parser_fail(parser, parser_peek(parser), "expected statement");
        if (parser_accept(parser, ";"))
            continue;

        struct statement *one = parse_statement(parser);

        LIST_ADD(parser->arena, &s->block, one);
    }
    parser_leave(parser);
    return s;
}

static struct statement *
parse_if(struct parser *parser)
{
    struct statement *s = make(parser, STATEMENT_IF, parser_next(parser));

    parser_expect(parser, "(");
    s->branch.condition = parse_expression(parser);
    parser_expect(parser, ")");
    s->branch.yes = parse_statement(parser);
    if (parser_accept_keyword(parser, "else"))
        s->branch.no = parse_statement(parser);
    return s;
}

static struct statement *
parse_while(struct parser *parser)
{
    struct statement *s = make(parser, STATEMENT_LOOP, parser_next(parser));

    parser_expect(parser, "(");
    s->loop.condition = parse_expression(parser);
    parser_expect(parser, ")");
    s->loop.body = parse_statement(parser);
    return s;
}

static struct statement *
parse_for(struct parser *parser)
{
    struct statement *s = make(parser, STATEMENT_LOOP, parser_next(parser));

    parser_expect(parser, "(");
    if (!parser_at(parser, ";"))
        s->loop.initial = parse_expression(parser);
    parser_expect(parser, ";");
    if (!parser_at(parser, ";"))
        s->loop.condition = parse_expression(parser);
    parser_expect(parser, ";");
    if (!parser_at(parser, ")"))
        s->loop.step = parse_expression(parser);
    parser_expect(parser, ")");
    s->loop.body = parse_statement(parser);
    return s;
}

/* ---- foreach --------------------------------------------------------- */

/* A + or - that says to sort by COLUMN. */
static void
parse_sort(struct parser *parser, struct statement *s, unsigned column)
{
    const struct token *token = parser_peek(parser);
    int sort = parser_accept(parser, "+")   ? 1
               : parser_accept(parser, "-") ? -1
                                            : 0;

    if (!sort)
        return;
    if (s->foreach.sort)
        parser_fail(parser, token, "multiple sort directives");
    s->foreach.sort = sort;
    s->foreach.sort_column = column;
}

static void
add_key(struct parser *parser, struct statement *s, struct expression *key)
{
    LIST_ADD(parser->arena, &s->foreach.keys, key);
}

/* `v =` and the keys, up to `in`. */
static void
parse_foreach_variables(struct parser *parser, struct statement *s)
{
    if (!parser_at(parser, "[")) {
        struct expression *first = parse_symbol(parser);

        /* Which column the mark is for shows when `=` follows or not. */
        parse_sort(parser, s, 0);
        if (!parser_accept(parser, "=")) {
            if (s->foreach.sort)
                s->foreach.sort_column = 1;
            add_key(parser, s, first);
            return;
        }
        s->foreach.value = first;
    }
    if (!parser_accept(parser, "[")) {
        add_key(parser, s, parse_symbol(parser));
        parse_sort(parser, s, 1);
        return;
    }
    do {
        add_key(parser, s, parse_symbol(parser));
        parse_sort(parser, s, s->foreach.keys.count);
    } while (parser_accept(parser, ","));
    if (!parser_accept(parser, "]"))
        parser_fail(parser, parser_peek(parser), "expected ',' or ']'");
}

static struct statement *
parse_foreach(struct parser *parser)
{
    struct statement *s = make(parser, STATEMENT_FOREACH, parser_next(parser));
    const struct token *token;

    parser_expect(parser, "(");
    parse_foreach_variables(parser, s);
    parser_expect_keyword(parser, "in");
    s->foreach.array = parse_array(parser);
    if (parser_accept(parser, "["))
        s->foreach.slice = parse_indexes(parser, parse_expression);

    token = parser_peek(parser);
    if (token->kind == TOKEN_IDENTIFIER &&
        at_operator_is_stat(token->text, &s->foreach.sort_operator)) {
        parser_next(parser);
        if (!parser_at(parser, "+") && !parser_at(parser, "-"))
            parser_fail(parser, parser_peek(parser), "expected sort directive");
    }
    parse_sort(parser, s, 0);
    if (parser_accept_keyword(parser, "limit"))
        s->foreach.limit = parse_expression(parser);
    parser_expect(parser, ")");
    s->foreach.body = parse_statement(parser);
    return s;
}

/* ---- the rest -------------------------------------------------------- */

static struct statement *
parse_try(struct parser *parser)
{
    struct statement *s = make(parser, STATEMENT_TRY, parser_next(parser));

    s->try.body = parse_block(parser);
    parser_expect_keyword(parser, "catch");
    if (parser_accept(parser, "(")) {
        s->try.message = parse_symbol(parser);
        parser_expect(parser, ")");
    }
    s->try.handler = parse_block(parser);
    return s;
}

static struct statement *
parse_return(struct parser *parser)
{
    const struct token *token = parser_next(parser);
    struct statement *s = make(parser, STATEMENT_RETURN, token);

    if (!parser->in_function)
        parser_fail(parser, token, "found 'return' not in function context");
    if (!parser_at(parser, ";") && !parser_at(parser, "}") &&
        parser_peek(parser)->kind != TOKEN_END)
        s->expression = parse_expression(parser);
    return s;
}

static struct statement *
parse_delete(struct parser *parser)
{
    struct statement *s = make(parser, STATEMENT_DELETE, parser_next(parser));

    s->delete = parse_expression(parser);
    return s;
}

static struct statement *
parse_break(struct parser *parser)
{
    return make(parser, STATEMENT_BREAK, parser_next(parser));
}

static struct statement *
parse_continue(struct parser *parser)
{
    return make(parser, STATEMENT_CONTINUE, parser_next(parser));
}

static struct statement *
parse_next(struct parser *parser)
{
    return make(parser, STATEMENT_NEXT, parser_next(parser));
}

struct statement_row {
    const char *keyword;
    struct statement *(*parse)(struct parser *parser);
    bool block_like; /* no ';' belongs to it */
};

static const struct statement_row statements[] = {
    {"if", parse_if, true},
    {"while", parse_while, true},
    {"for", parse_for, true},
    {"foreach", parse_foreach, true},
    {"try", parse_try, true},
    {"return", parse_return, false},
    {"delete", parse_delete, false},
    {"break", parse_break, false},
    {"continue", parse_continue, false},
    {"next", parse_next, false},
};

struct statement *
parse_statement(struct parser *parser)
{
    const struct token *token = parser_peek(parser);
    struct statement *s = NULL;
    bool block_like = false;

    if (parser_accept(parser, ";"))
        return make(parser, STATEMENT_NULL, token);
    if (parser_at(parser, "{"))
        return parse_block(parser);
    if (token->kind == TOKEN_EMBEDDED) {
        s = make(parser, STATEMENT_EMBEDDED, parser_embedded(parser));
        s->embedded = token->text;
        return s;
    }

    parser_enter(parser);
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
        if (parser_at_keyword(parser, statements[i].keyword)) {
            s = statements[i].parse(parser);
            block_like = statements[i].block_like;
            break;
        }
    if (!s) {
        if (parser_at(parser, "}") || token->kind == TOKEN_END ||
            (token->kind == TOKEN_KEYWORD && !parser_at_type(parser)))
            parser_fail(parser, token, "expected statement");
        s = make(parser, STATEMENT_EXPRESSION, token);
        s->expression = parse_expression(parser);
    }
    parser_leave(parser);
    if (!block_like)
        parser_accept(parser, ";");
    return s;
}
