#include "language/parse/parser.h"

#include <string.h>

#include "language/parse/lexer.h"

/* Braces multiply; more points than this in one probe are a mistake. */
#define POINTS_MAX 10000

/* One way to read what has braces: `?` and `!` may stand in them, too. */
struct alternative {
    component_list components;
    bool optional;
    bool sufficient;
};

typedef LIST_OF(struct alternative) alternatives;

static alternatives parse_components(struct parser *parser);

static bool
continues_name(const struct token *token)
{
    return (token->kind == TOKEN_IDENTIFIER && token->text[0] != '$' &&
            token->text[0] != '@') ||
           token->kind == TOKEN_KEYWORD || token->kind == TOKEN_NUMBER ||
           token_is(token, TOKEN_OPERATOR, "*");
}

/* A name of pieces that touch: kernel*, **, sys_*64 */
static struct probe_component
parse_component(struct parser *parser)
{
    const struct token *token = parser_peek(parser);
    struct probe_component component = {.token = token};

    if (!continues_name(token) || token->kind == TOKEN_NUMBER)
        parser_fail(parser, token, "expected identifier or '*' or '{'");
    component.name = parser_next(parser)->text;
    while (token_adjacent(token, parser_peek(parser)) &&
           continues_name(parser_peek(parser))) {
        token = parser_next(parser);
        component.name =
            arena_printf(parser->arena, "%s%s", component.name, token->text);
    }
    if (parser_accept(parser, "(")) {
        component.argument = parse_literal(parser);
        parser_expect(parser, ")");
    }
    return component;
}

/* `?` or `!`, if there. */
static void
parse_mark(struct parser *parser, struct alternative *alternative)
{
    if (parser_accept(parser, "?"))
        alternative->optional = true;
    else if (parser_accept(parser, "!"))
        alternative->sufficient = true;
}

/* What may stand between two dots: a component, or {a,b.c}. */
static alternatives
parse_piece(struct parser *parser)
{
    alternatives pieces = {0};

    if (parser_accept(parser, "{")) {
        parser_enter(parser);
        do {
            alternatives some = parse_components(parser);

            struct alternative mark = {.optional = false};

            parse_mark(parser, &mark);
            LIST_EACH (one, &some) {
                one->optional = one->optional || mark.optional;
                one->sufficient = one->sufficient || mark.sufficient;
                LIST_ADD(parser->arena, &pieces, *one);
            }
        } while (parser_accept(parser, ","));
        if (!parser_accept(parser, "}"))
            parser_fail(parser, parser_peek(parser), "expected ',' or '}'");
        parser_leave(parser);
    } else {
        struct alternative one = {.optional = false};
        struct probe_component component = parse_component(parser);

        LIST_ADD(parser->arena, &one.components, component);
        LIST_ADD(parser->arena, &pieces, one);
    }
    return pieces;
}

/* Each of LEFT followed by each of RIGHT. */
static alternatives
multiply(struct parser *parser, const alternatives *left,
         const alternatives *right)
{
    alternatives product = {0};

    if ((uint64_t)left->count * right->count > POINTS_MAX)
        parser_fail(parser, parser_peek(parser),
                    "braces expand to too many probe points");
    LIST_EACH (head, left)
        LIST_EACH (tail, right) {
            struct alternative both = *head;

            LIST_COPY(parser->arena, &both.components);
            LIST_EACH (component, &tail->components)
                LIST_ADD(parser->arena, &both.components, *component);
            both.optional = head->optional || tail->optional;
            both.sufficient = head->sufficient || tail->sufficient;
            LIST_ADD(parser->arena, &product, both);
        }
    return product;
}

static alternatives
parse_components(struct parser *parser)
{
    alternatives all = parse_piece(parser);

    while (parser_accept(parser, ".")) {
        alternatives more = parse_piece(parser);

        all = multiply(parser, &all, &more);
    }
    return all;
}

/* One point as written, which braces may make several. */
static void
parse_point(struct parser *parser, point_list *points)
{
    const struct token *token = parser_peek(parser);
    alternatives all = parse_components(parser);
    struct alternative mark = {.optional = false};
    struct expression *condition = NULL;

    parse_mark(parser, &mark);
    if (parser_accept_keyword(parser, "if")) {
        parser_expect(parser, "(");
        condition = parse_expression(parser);
        parser_expect(parser, ")");
    }
    parser->points += all.count;
    if (parser->points > POINTS_MAX)
        parser_fail(parser, token, "too many probe points");
    LIST_EACH (one, &all) {
        struct probe_point *point =
            ARENA_NEW(parser->arena, struct probe_point);

        point->token = all.count > 1 ? one->components.items[0].token : token;
        point->components = one->components;
        point->optional = one->optional || mark.optional;
        point->sufficient = one->sufficient || mark.sufficient;
        if (condition)
            point->condition = ast_clone_expression(parser->arena, condition);
        LIST_ADD(parser->arena, points, point);
    }
}

point_list
parse_points(struct parser *parser)
{
    point_list points = {0};

    do
        parse_point(parser, &points);
    while (parser_accept(parser, ","));
    if (!parser_at(parser, "{") && !parser_at(parser, "=") &&
        !parser_at(parser, "+="))
        parser_fail(parser, parser_peek(parser),
                    "expected one of ', { } = +='");
    return points;
}
