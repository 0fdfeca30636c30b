#include "language/parse/parser.h"

#include <string.h>

#include "language/parse/directives.h"
#include "language/parse/lexer.h"
#include "language/words/at_operator.h"
#include "language/words/print_name.h"

#define PRINT_ARGUMENTS_MAX 32

/* Of a linear histogram. */
#define BUCKETS_MAX 4096

static bool
is_name(const struct token *token)
{
    return token->kind == TOKEN_IDENTIFIER && token->text[0] != '$' &&
           token->text[0] != '@';
}

/* ---- literals and names ---------------------------------------------- */

struct expression *
parse_literal(struct parser *parser)
{
    const struct token *token = parser_peek(parser);
    struct expression *e;

    if (token->kind == TOKEN_STRING) {
        e = parser_make(parser, EXPRESSION_STRING, parser_next(parser));
        e->string = token->text;
        return e;
    }
    if (parser_at(parser, "-"))
        token = parser_peek_ahead(parser, 1);
    if (token->kind != TOKEN_NUMBER)
        parser_fail(parser, parser_peek(parser),
                    "expected literal string or number");
    e = parser_make(parser, EXPRESSION_NUMBER, token);
    e->number = parser_expect_number(parser);
    return e;
}

static struct expression *
symbol(struct parser *parser, const struct token *token)
{
    struct expression *e = parser_make(parser, EXPRESSION_SYMBOL, token);

    e->symbol.name = token->text;
    return e;
}

struct expression *
parse_symbol(struct parser *parser)
{
    return symbol(parser, parser_expect_name(parser, false));
}

expression_list
parse_indexes(struct parser *parser,
              struct expression *(*parse)(struct parser *parser))
{
    expression_list indexes = {0};

    do {
        struct expression *index = NULL;

        if (!parser_accept(parser, "*"))
            index = parse(parser);
        LIST_ADD(parser->arena, &indexes, index);
    } while (parser_accept(parser, ","));
    if (!parser_accept(parser, "]"))
        parser_fail(parser, parser_peek(parser), "expected ',' or ']'");
    return indexes;
}

/* `[...]` after an array or a histogram, if there. */
static struct expression *
parse_index(struct parser *parser, struct expression *base)
{
    if (!parser_at(parser, "["))
        return base;

    struct expression *e = parser_make(parser, EXPRESSION_INDEX, base->token);

    parser_next(parser);
    e->index.base = base;
    e->index.indexes = parse_indexes(parser, parse_expression);
    return parser_complete(parser, e);
}

/* Arguments up to ')', after '('. */
static expression_list
parse_arguments(struct parser *parser)
{
    expression_list arguments = {0};

    if (parser_accept(parser, ")"))
        return arguments;
    do {
        struct expression *argument = parse_expression(parser);

        LIST_ADD(parser->arena, &arguments, argument);
    } while (parser_accept(parser, ","));
    if (!parser_accept(parser, ")"))
        parser_fail(parser, parser_peek(parser), "expected ',' or ')'");
    return arguments;
}

/* ---- print and its family -------------------------------------------- */

/* The format of printf; its directives are known from here on. */
static void
parse_format(struct parser *parser, struct expression *print)
{
    const struct token *token =
        parser_expect_string(parser, "expected literal string");
    struct error error;

    print->print.format = token->text;
    if (format_parse(parser->arena, token->text, &print->print.directives,
                     &error) < 0)
        parser_fail(parser, token,
                    arena_printf(parser->arena, "%s", error.text));
}

/* At least LEAST of them. */
static void
parse_print_arguments(struct parser *parser, struct expression *print,
                      unsigned least)
{
    const struct token *end;

    if (least > 0 && parser_at(parser, ")"))
        parser_fail(parser, parser_peek(parser),
                    "expected literal string or number");
    print->print.arguments = parse_arguments(parser);
    end = parser->tokens.items[parser->next - 1];
    if (print->print.arguments.count < least)
        parser_fail(parser, end, "expected literal string or number");
}

static struct expression *
parse_print(struct parser *parser, const struct token *token,
            const struct print_name *name)
{
    struct expression *e = parser_make(parser, EXPRESSION_PRINT, token);
    bool literal_first = name->format || name->delimiter;

    e->print.to_string = name->to_string;
    e->print.newline = name->newline;
    parser_expect(parser, "(");
    if (name->format) {
        parse_format(parser, e);
    } else if (name->delimiter) {
        parser_expect_string(parser, "expected literal string");
        parser->next--;
        e->print.delimiter = parse_literal(parser);
    }
    if (!literal_first) {
        parse_print_arguments(parser, e, name->newline ? 0 : 1);
    } else if (name->delimiter || parser_at(parser, ",")) {
        if (!parser_accept(parser, ","))
            parser_fail(parser, parser_peek(parser), "expected ',' or ')'");
        parse_print_arguments(parser, e, name->delimiter ? 2 : 1);
    } else if (!parser_accept(parser, ")")) {
        parser_fail(parser, parser_peek(parser), "expected ',' or ')'");
    }
    if (e->print.arguments.count > PRINT_ARGUMENTS_MAX)
        parser_fail(parser,
                    e->print.arguments.items[PRINT_ARGUMENTS_MAX]->token,
                    "additional argument to print, 32 are possible");
    return parser_complete(parser, e);
}

/* ---- @name(...) ------------------------------------------------------ */

static struct expression *
parse_histogram(struct parser *parser)
{
    const struct token *token = parser_next(parser);
    struct expression *e = parser_make(parser, EXPRESSION_HISTOGRAM, token);

    e->histogram.linear = !strcmp(token->text, "@hist_linear");
    parser_expect(parser, "(");
    e->histogram.stats = parse_index(parser, parse_symbol(parser));
    if (e->histogram.linear) {
        parser_expect(parser, ",");
        e->histogram.low = parser_expect_number(parser);
        parser_expect(parser, ",");
        e->histogram.high = parser_expect_number(parser);
        parser_expect(parser, ",");
        e->histogram.step = parser_expect_number(parser);
        if (e->histogram.step <= 0)
            parser_fail(parser, token, "histogram step must be positive");
        if (e->histogram.high <= e->histogram.low)
            parser_fail(parser, token,
                        "histogram's upper bound must exceed its lower one");
        if ((uint64_t)(e->histogram.high - e->histogram.low) /
                (uint64_t)e->histogram.step >
            BUCKETS_MAX)
            parser_fail(parser, token,
                        arena_printf(parser->arena,
                                     "a histogram has at most %d buckets",
                                     BUCKETS_MAX));
    }
    parser_expect(parser, ")");
    return parser_complete(parser, e);
}

static bool
at_histogram(const struct parser *parser)
{
    const struct token *token = parser_peek(parser);

    return token_is(token, TOKEN_IDENTIFIER, "@hist_log") ||
           token_is(token, TOKEN_IDENTIFIER, "@hist_linear");
}

struct expression *
parse_array(struct parser *parser)
{
    if (at_histogram(parser))
        return parse_histogram(parser);
    if (!is_name(parser_peek(parser)))
        parser_fail(parser, parser_peek(parser),
                    "expected identifier or statistical operation");
    return parse_symbol(parser);
}

static struct expression *
parse_stat(struct parser *parser, enum stat_operator found)
{
    struct expression *e =
        parser_make(parser, EXPRESSION_STAT, parser_next(parser));

    e->stat.operator= found;
    parser_expect(parser, "(");
    e->stat.stats = parse_index(parser, parse_symbol(parser));
    if (found == STAT_VARIANCE && parser_accept(parser, ",")) {
        e->stat.shift = parser_expect_number(parser);
        if (e->stat.shift < 0 || e->stat.shift > 62)
            parser_fail(parser, e->token,
                        "bit shift of @variance must be from 0 to 62");
    }
    parser_expect(parser, ")");
    return parser_complete(parser, e);
}

/* @defined(e) and @entry(e) */
static struct expression *
parse_wrapper(struct parser *parser, enum expression_kind kind)
{
    struct expression *e = parser_make(parser, kind, parser_next(parser));

    parser_expect(parser, "(");
    e->defined.operand = parse_expression(parser);
    parser_expect(parser, ")");
    return parser_complete(parser, e);
}

static struct expression *
parse_at_operator(struct parser *parser, const struct at_operator *row)
{
    const struct token *token = parser_next(parser);
    struct expression *e = parser_make(parser, EXPRESSION_OPERATOR, token);

    e->at.operator= row;
    if (row->most || parser_at(parser, "(")) {
        parser_expect(parser, "(");
        e->at.arguments = parse_arguments(parser);
    }
    if (e->at.arguments.count < row->least || e->at.arguments.count > row->most)
        parser_fail(parser, token,
                    arena_printf(parser->arena, "%s takes %u argument%s",
                                 row->name, row->least,
                                 row->least == 1 ? "" : "s"));
    return parser_complete(parser, e);
}

/* ---- targets --------------------------------------------------------- */

/* Trailing $s of a name: taken off, unless the name has nothing else. */
static const char *
split_pretty(struct parser *parser, const char *name, unsigned *depth)
{
    size_t size = strlen(name);

    *depth = 0;
    while (size > 1 && name[size - 1] == '$' && strspn(name, "$") != size) {
        size--;
        ++*depth;
    }
    return arena_string(parser->arena, name, size);
}

static void
add_pretty(struct parser *parser, struct expression *e,
           const struct token *token, unsigned depth)
{
    struct access access = {ACCESS_PRETTY, token, NULL, NULL, depth};

    if (depth > 2)
        parser_fail(parser, token, "expected '$' or '$$'");
    LIST_ADD(parser->arena, &e->target.accesses, access);
}

/* ->member and [index] as far as they go, then $ or $$. */
static void
parse_accesses(struct parser *parser, struct expression *e)
{
    for (;;) {
        struct access access = {.token = parser_peek(parser)};
        unsigned depth = 0;

        if (parser_accept(parser, "->")) {
            const struct token *name = parser_peek(parser);

            access.kind = ACCESS_MEMBER;
            access.token = name;
            access.member = split_pretty(
                parser, parser_expect_name(parser, true)->text, &depth);
        } else if (parser_accept(parser, "[")) {
            access.kind = ACCESS_INDEX;
            access.index = parse_expression(parser);
            parser_expect(parser, "]");
        } else {
            break;
        }
        LIST_ADD(parser->arena, &e->target.accesses, access);
        if (depth) {
            add_pretty(parser, e, access.token, depth);
            return;
        }
    }

    const struct token *token = parser_peek(parser);

    if (token_is(token, TOKEN_IDENTIFIER, "$") ||
        token_is(token, TOKEN_IDENTIFIER, "$$"))
        add_pretty(parser, e, parser_next(parser),
                   (unsigned)strlen(token->text));
}

static struct expression *
parse_context(struct parser *parser)
{
    const struct token *token = parser_next(parser);
    struct expression *e = parser_make(parser, EXPRESSION_TARGET, token);
    unsigned depth;

    e->target.kind = TARGET_CONTEXT;
    e->target.name = split_pretty(parser, token->text, &depth);
    if (!e->target.name[strspn(e->target.name, "$")])
        parser_fail(parser, token, "expected a name after '$'");
    if (depth)
        add_pretty(parser, e, token, depth);
    else
        parse_accesses(parser, e);
    return parser_complete(parser, e);
}

static struct expression *
parse_var(struct parser *parser)
{
    struct expression *e =
        parser_make(parser, EXPRESSION_TARGET, parser_next(parser));

    e->target.kind = TARGET_VAR;
    parser_expect(parser, "(");
    e->target.name = parser_expect_string(parser, "expected string")->text;
    if (parser_accept(parser, ","))
        e->target.module =
            parser_expect_string(parser, "expected string")->text;
    parser_expect(parser, ")");
    parse_accesses(parser, e);
    return parser_complete(parser, e);
}

static struct expression *
parse_cast(struct parser *parser)
{
    struct expression *e =
        parser_make(parser, EXPRESSION_TARGET, parser_next(parser));

    e->target.kind = TARGET_CAST;
    parser_expect(parser, "(");
    e->target.operand = parse_expression(parser);
    parser_expect(parser, ",");
    e->target.type_name = parser_expect_string(parser, "expected string")->text;
    if (parser_accept(parser, ","))
        e->target.module =
            parser_expect_string(parser, "expected string")->text;
    parser_expect(parser, ")");
    parse_accesses(parser, e);
    return parser_complete(parser, e);
}

/* ---- values ---------------------------------------------------------- */

static struct expression *
parse_call(struct parser *parser, const struct token *token)
{
    const struct print_name *print = print_name_find(token->text);

    if (print)
        return parse_print(parser, token, print);

    struct expression *e = parser_make(parser, EXPRESSION_CALL, token);

    e->call.name = token->text;
    parser_expect(parser, "(");
    e->call.arguments = parse_arguments(parser);
    return parser_complete(parser, e);
}

static struct expression *
parse_at(struct parser *parser)
{
    const struct token *token = parser_peek(parser);
    const struct at_operator *row;
    enum stat_operator stat;

    if (at_histogram(parser))
        return parse_index(parser, parse_histogram(parser));
    if (at_operator_is_stat(token->text, &stat))
        return parse_stat(parser, stat);
    if (!strcmp(token->text, "@defined"))
        return parse_wrapper(parser, EXPRESSION_DEFINED);
    if (!strcmp(token->text, "@entry"))
        return parse_wrapper(parser, EXPRESSION_ENTRY);
    row = at_operator_find(token->text);
    if (row)
        return parse_at_operator(parser, row);
    parser_fail(parser, token, "unexpected operator");
}

static struct expression *
parse_value(struct parser *parser)
{
    const struct token *token = parser_peek(parser);
    bool called = token_is(parser_peek_ahead(parser, 1), TOKEN_OPERATOR, "(");

    if (parser_accept(parser, "(")) {
        struct expression *e = parse_expression(parser);

        parser_expect(parser, ")");
        return e;
    }
    if (token->kind == TOKEN_EMBEDDED) {
        struct expression *e =
            parser_make(parser, EXPRESSION_EMBEDDED, parser_embedded(parser));

        e->embedded = token->text;
        return e;
    }
    if (token->kind == TOKEN_IDENTIFIER && token->text[0] == '@')
        return parse_at(parser);
    if (called && (is_name(token) || parser_at_keyword(parser, "string") ||
                   parser_at_keyword(parser, "long")))
        return parse_call(parser, parser_next(parser));
    if (is_name(token))
        return parse_index(parser, parse_symbol(parser));
    if (token->kind != TOKEN_NUMBER && token->kind != TOKEN_STRING)
        parser_fail(parser, token, "expected literal string or number");
    return parse_literal(parser);
}

/* Values with & before and ->, [] and $ after them. */
struct expression *
parse_target(struct parser *parser)
{
    bool address_of = parser_accept(parser, "&");
    const struct token *token = parser_peek(parser);
    struct expression *e;

    if (token->kind == TOKEN_IDENTIFIER && token->text[0] == '$')
        e = parse_context(parser);
    else if (token_is(token, TOKEN_IDENTIFIER, "@var"))
        e = parse_var(parser);
    else if (token_is(token, TOKEN_IDENTIFIER, "@cast"))
        e = parse_cast(parser);
    else
        e = parse_value(parser);

    if (e->kind != EXPRESSION_TARGET && parser_at(parser, "->")) {
        struct expression *operand = e;

        e = parser_make(parser, EXPRESSION_TARGET, token);
        e->target.kind = TARGET_AUTO;
        e->target.operand = operand;
        parse_accesses(parser, e);
        parser_complete(parser, e);
    }
    if (address_of) {
        if (e->kind != EXPRESSION_TARGET)
            parser_fail(parser, token,
                        "expected a context variable, @var or @cast after "
                        "'&'");
        e->target.address_of = true;
    }
    return e;
}
