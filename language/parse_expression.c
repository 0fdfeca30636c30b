#include "language/parser.h"

#include <string.h>

#include "language/at_operator.h"
#include "language/format.h"
#include "language/lexer.h"
#include "language/operator.h"
#include "language/print_name.h"

#define PRINT_ARGUMENTS_MAX 32

static struct expression *
make(struct parser *parser, enum expression_kind kind,
     const struct token *token)
{
    struct expression *e = ARENA_NEW(parser->arena, struct expression);

    e->kind = kind;
    e->token = token;
    e->depth = 1;
    return e;
}

static void
deepen(struct expression **slot, void *data)
{
    unsigned *depth = data;

    if ((*slot)->depth >= *depth)
        *depth = (*slot)->depth + 1;
}

/* An expression whose operands are all there. */
static struct expression *
complete(struct parser *parser, struct expression *e)
{
    ast_each_operand(e, deepen, &e->depth);
    if (e->depth > AST_DEPTH_MAX)
        parser_fail(parser, e->token, "nested too deeply");
    return e;
}

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
        e = make(parser, EXPRESSION_STRING, parser_next(parser));
        e->string = token->text;
        return e;
    }
    if (parser_at(parser, "-") || parser_at(parser, "+"))
        token = parser_peek_ahead(parser, 1);
    if (token->kind != TOKEN_NUMBER)
        parser_fail(parser, parser_peek(parser),
                    "expected literal string or number");
    e = make(parser, EXPRESSION_NUMBER, token);
    e->number = parser_expect_number(parser);
    return e;
}

static struct expression *
symbol(struct parser *parser, const struct token *token)
{
    struct expression *e = make(parser, EXPRESSION_SYMBOL, token);

    e->symbol.name = token->text;
    return e;
}

struct expression *
parse_symbol(struct parser *parser)
{
    return symbol(parser, parser_expect_name(parser, false));
}

expression_list
parse_indexes(struct parser *parser)
{
    expression_list indexes = {0};

    do {
        struct expression *index = NULL;

        if (!parser_accept(parser, "*"))
            index = parse_expression(parser);
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

    struct expression *e = make(parser, EXPRESSION_INDEX, base->token);

    parser_next(parser);
    e->index.base = base;
    e->index.indexes = parse_indexes(parser);
    return complete(parser, e);
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
        parser_expect_string(parser, "expected literal format string");
    struct error error;

    print->print.format = token->text;
    if (format_parse(parser->arena, token->text, &print->print.directives,
                     &error) < 0)
        parser_fail(parser, token,
                    arena_printf(parser->arena, "%s", error.text));
}

static struct expression *
parse_print(struct parser *parser, const struct token *token,
            const struct print_name *name)
{
    struct expression *e = make(parser, EXPRESSION_PRINT, token);
    bool literal_first = name->format || name->delimiter;

    e->print.to_string = name->to_string;
    e->print.newline = name->newline;
    parser_expect(parser, "(");
    if (name->format) {
        parse_format(parser, e);
    } else if (name->delimiter) {
        if (parser_peek(parser)->kind != TOKEN_STRING)
            parser_fail(parser, parser_peek(parser),
                        "expected literal delimiter string");
        e->print.delimiter = parse_literal(parser);
    }
    if (!literal_first) {
        e->print.arguments = parse_arguments(parser);
    } else if (parser_accept(parser, ",")) {
        if (parser_at(parser, ")"))
            parse_literal(parser); /* fails: an argument must follow */
        e->print.arguments = parse_arguments(parser);
    } else if (!parser_accept(parser, ")")) {
        parser_fail(parser, parser_peek(parser), "expected ',' or ')'");
    }
    if (e->print.arguments.count > PRINT_ARGUMENTS_MAX)
        parser_fail(parser,
                    e->print.arguments.items[PRINT_ARGUMENTS_MAX]->token,
                    "additional argument to print, 32 are possible");
    if (!name->format && !e->print.arguments.count)
        parser_fail(parser, token, "expected an argument to print");
    return complete(parser, e);
}

/* ---- @name(...) ------------------------------------------------------ */

static struct expression *
parse_histogram(struct parser *parser)
{
    const struct token *token = parser_next(parser);
    struct expression *e = make(parser, EXPRESSION_HISTOGRAM, token);

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
    }
    parser_expect(parser, ")");
    return complete(parser, e);
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
    return at_histogram(parser) ? parse_histogram(parser)
                                : parse_symbol(parser);
}

static struct expression *
parse_stat(struct parser *parser, enum stat_operator found)
{
    struct expression *e = make(parser, EXPRESSION_STAT, parser_next(parser));

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
    return complete(parser, e);
}

/* @defined(e) and @entry(e) */
static struct expression *
parse_wrapper(struct parser *parser, enum expression_kind kind)
{
    struct expression *e = make(parser, kind, parser_next(parser));

    parser_expect(parser, "(");
    e->defined.operand = parse_expression(parser);
    parser_expect(parser, ")");
    return complete(parser, e);
}

static struct expression *
parse_at_operator(struct parser *parser, const struct at_operator *row)
{
    const struct token *token = parser_next(parser);
    struct expression *e = make(parser, EXPRESSION_OPERATOR, token);

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
    return complete(parser, e);
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
    struct expression *e = make(parser, EXPRESSION_TARGET, token);
    unsigned depth;

    e->target.kind = TARGET_CONTEXT;
    e->target.name = split_pretty(parser, token->text, &depth);
    if (!e->target.name[strspn(e->target.name, "$")])
        parser_fail(parser, token, "expected a name after '$'");
    if (depth)
        add_pretty(parser, e, token, depth);
    else
        parse_accesses(parser, e);
    return complete(parser, e);
}

static struct expression *
parse_var(struct parser *parser)
{
    struct expression *e = make(parser, EXPRESSION_TARGET, parser_next(parser));

    e->target.kind = TARGET_VAR;
    parser_expect(parser, "(");
    e->target.name = parser_expect_string(parser, "expected string")->text;
    if (parser_accept(parser, ","))
        e->target.module =
            parser_expect_string(parser, "expected string")->text;
    parser_expect(parser, ")");
    parse_accesses(parser, e);
    return complete(parser, e);
}

static struct expression *
parse_cast(struct parser *parser)
{
    struct expression *e = make(parser, EXPRESSION_TARGET, parser_next(parser));

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
    return complete(parser, e);
}

/* ---- values ---------------------------------------------------------- */

static struct expression *
parse_call(struct parser *parser, const struct token *token)
{
    const struct print_name *print = print_name_find(token->text);

    if (print)
        return parse_print(parser, token, print);

    struct expression *e = make(parser, EXPRESSION_CALL, token);

    e->call.name = token->text;
    parser_expect(parser, "(");
    e->call.arguments = parse_arguments(parser);
    return complete(parser, e);
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
            make(parser, EXPRESSION_EMBEDDED, parser_next(parser));

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
static struct expression *
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

        e = make(parser, EXPRESSION_TARGET, token);
        e->target.kind = TARGET_AUTO;
        e->target.operand = operand;
        parse_accesses(parser, e);
        complete(parser, e);
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

static int
increment_at(const struct parser *parser)
{
    return parser_at(parser, "++") ? 1 : parser_at(parser, "--") ? -1 : 0;
}

static struct expression *
parse_increment(struct parser *parser)
{
    int before = increment_at(parser);
    const struct token *token = before ? parser_next(parser) : NULL;
    struct expression *operand = parse_target(parser);
    int after = before ? 0 : increment_at(parser);

    if (!before && !after)
        return operand;
    if (after)
        token = parser_next(parser);

    struct expression *e = make(parser, EXPRESSION_INCREMENT, token);

    e->increment.by = before ? before : after;
    e->increment.before = before != 0;
    e->increment.target = operand;
    return complete(parser, e);
}

static struct expression *
parse_unary(struct parser *parser)
{
    static const enum unary_operator all[] = {UNARY_PLUS, UNARY_MINUS,
                                              UNARY_NOT, UNARY_COMPLEMENT};

    for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!parser_at(parser, operator_unary_text(all[i])))
            continue;

        struct expression *e =
            make(parser, EXPRESSION_UNARY, parser_next(parser));

        parser_enter(parser);
        e->unary.operator= all[i];
        e->unary.operand = parse_unary(parser);
        parser_leave(parser);
        return complete(parser, e);
    }
    return parse_increment(parser);
}

/* ---- operators of two operands --------------------------------------- */

/* The binary operator that comes next, BINARY_COUNT if none does. */
static enum binary_operator
binary_at(const struct parser *parser)
{
    const struct token *token = parser_peek(parser);

    if (token->kind != TOKEN_OPERATOR)
        return BINARY_COUNT;
    for (int i = 0; i < BINARY_COUNT; i++)
        if (!strcmp(operator_table[i].text, token->text))
            return i;
    return BINARY_COUNT;
}

/* `in a` after its indexes. */
static struct expression *
parse_in(struct parser *parser, expression_list indexes)
{
    const struct token *token = parser_expect_keyword(parser, "in");
    struct expression *e = make(parser, EXPRESSION_IN, token);

    e->in.indexes = indexes;
    e->in.array = parse_array(parser);
    return complete(parser, e);
}

static struct expression *
parse_regex(struct parser *parser, struct expression *subject)
{
    const struct token *token = parser_next(parser);
    struct expression *e = make(parser, EXPRESSION_REGEX, token);

    e->regex.negated = token->text[0] == '!';
    e->regex.subject = subject;
    e->regex.pattern =
        parser_expect_string(parser, "expected string literal")->text;
    return complete(parser, e);
}

/*
 * Operators that bind at least as tight as LEAST.  MOST is what may still
 * follow: `in` and =~ do not chain, so after them only looser ones do.
 */
static struct expression *
parse_binary(struct parser *parser, int least)
{
    struct expression *left;
    int most = LEVEL_MULTIPLICATIVE;
    bool compared = false;

    if (least <= LEVEL_IN && parser_accept(parser, "[")) {
        left = parse_in(parser, parse_indexes(parser));
        most = LEVEL_IN - 1;
    } else {
        left = parse_unary(parser);
    }
    for (;;) {
        bool matches = parser_at(parser, "=~") || parser_at(parser, "!~");

        if (parser_at_keyword(parser, "in") && least <= LEVEL_IN &&
            most >= LEVEL_IN) {
            expression_list indexes = {0};

            LIST_ADD(parser->arena, &indexes, left);
            left = parse_in(parser, indexes);
            most = LEVEL_IN - 1;
            continue;
        }
        if (matches && least <= LEVEL_COMPARISON && most >= LEVEL_COMPARISON &&
            !compared) {
            left = parse_regex(parser, left);
            most = LEVEL_COMPARISON - 1;
            continue;
        }

        enum binary_operator found = binary_at(parser);

        if (found == BINARY_COUNT || operator_table[found].level < least ||
            operator_table[found].level > most)
            return left;

        struct expression *e =
            make(parser, EXPRESSION_BINARY, parser_next(parser));

        most = operator_table[found].level;
        compared = most == LEVEL_COMPARISON;
        e->binary.operator= found;
        e->binary.left = left;
        e->binary.right = parse_binary(parser, most + 1);
        left = complete(parser, e);
    }
}

struct expression *
parse_ternary(struct parser *parser)
{
    struct expression *condition = parse_binary(parser, LEVEL_LOGICAL_OR);

    if (!parser_at(parser, "?"))
        return condition;

    struct expression *e =
        make(parser, EXPRESSION_TERNARY, parser_next(parser));

    parser_enter(parser);
    e->ternary.condition = condition;
    e->ternary.yes = parse_expression(parser);
    parser_expect(parser, ":");
    e->ternary.no = parse_ternary(parser);
    parser_leave(parser);
    return complete(parser, e);
}

/* The assignment that comes next, -1 if none does. */
static int
assignment_at(const struct parser *parser)
{
    for (int i = 0; i <= ASSIGN_STATS; i++) {
        if (i < BINARY_COUNT && !operator_table[i].assigns)
            continue;
        if (parser_at(parser, operator_assign_text(i)))
            return i;
    }
    return -1;
}

struct expression *
parse_expression(struct parser *parser)
{
    parser_enter(parser);

    struct expression *left = parse_ternary(parser);
    int assigns = assignment_at(parser);

    if (assigns >= 0) {
        struct expression *e =
            make(parser, EXPRESSION_ASSIGN, parser_next(parser));

        e->assign.operator= assigns;
        e->assign.target = left;
        e->assign.value = parse_expression(parser);
        left = complete(parser, e);
    }
    parser_leave(parser);
    return left;
}
