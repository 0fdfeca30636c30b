#include "language/parse/parser.h"

#include <string.h>

#include "language/words/operator.h"

struct expression *
parser_make(struct parser *parser, enum expression_kind kind,
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

struct expression *
parser_complete(struct parser *parser, struct expression *e)
{
    ast_each_operand(e, deepen, &e->depth);
    if (e->depth > AST_DEPTH_MAX)
        parser_fail(parser, e->token, "nested too deeply");
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

    struct expression *e = parser_make(parser, EXPRESSION_INCREMENT, token);

    e->increment.by = before ? before : after;
    e->increment.before = before != 0;
    e->increment.target = operand;
    return parser_complete(parser, e);
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
            parser_make(parser, EXPRESSION_UNARY, parser_next(parser));

        parser_enter(parser);
        e->unary.operator= all[i];
        e->unary.operand = parse_unary(parser);
        parser_leave(parser);
        return parser_complete(parser, e);
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
    struct expression *e = parser_make(parser, EXPRESSION_IN, token);

    e->in.indexes = indexes;
    e->in.array = parse_array(parser);
    return parser_complete(parser, e);
}

/* After '[': `x, y] in a`, or `x]`, which is x. */
static struct expression *
parse_list(struct parser *parser)
{
    expression_list indexes = parse_indexes(parser, parse_comparison);

    if (parser_at_keyword(parser, "in"))
        return parse_in(parser, indexes);
    if (indexes.count > 1)
        parser_fail(parser, parser_peek(parser),
                    "unexpected comma-separated expression list");
    if (!indexes.items[0])
        parser_fail(parser, parser_peek(parser), "expected 'in'");
    return indexes.items[0];
}

static struct expression *
parse_regex(struct parser *parser, struct expression *subject)
{
    const struct token *token = parser_next(parser);
    struct expression *e = parser_make(parser, EXPRESSION_REGEX, token);

    e->regex.negated = token->text[0] == '!';
    e->regex.subject = subject;
    e->regex.pattern =
        parser_expect_string(parser, "expected literal string")->text;
    return parser_complete(parser, e);
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
        left = parse_list(parser);
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
            parser_make(parser, EXPRESSION_BINARY, parser_next(parser));

        most = operator_table[found].level;
        compared = most == LEVEL_COMPARISON;
        e->binary.operator= found;
        e->binary.left = left;
        e->binary.right = parse_binary(parser, most + 1);
        left = parser_complete(parser, e);
    }
}

struct expression *
parse_comparison(struct parser *parser)
{
    return parse_binary(parser, LEVEL_COMPARISON);
}

struct expression *
parse_ternary(struct parser *parser)
{
    struct expression *condition = parse_binary(parser, LEVEL_LOGICAL_OR);

    if (!parser_at(parser, "?"))
        return condition;

    struct expression *e =
        parser_make(parser, EXPRESSION_TERNARY, parser_next(parser));

    parser_enter(parser);
    e->ternary.condition = condition;
    e->ternary.yes = parse_expression(parser);
    parser_expect(parser, ":");
    e->ternary.no = parse_ternary(parser);
    parser_leave(parser);
    return parser_complete(parser, e);
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
            parser_make(parser, EXPRESSION_ASSIGN, parser_next(parser));

        e->assign.operator= assigns;
        e->assign.target = left;
        e->assign.value = parse_expression(parser);
        left = parser_complete(parser, e);
    }
    parser_leave(parser);
    return left;
}
