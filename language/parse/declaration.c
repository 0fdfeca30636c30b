#include "language/parse/parser.h"

#include <string.h>

#include "language/parse/lexer.h"

/* ---- globals --------------------------------------------------------- */

void
parse_global(struct parser *parser, bool private)
{
    do {
        const struct token *token = parser_expect_name(parser, false);
        struct variable *variable = ARENA_NEW(parser->arena, struct variable);

        variable->name = token->text;
        variable->token = token;
        variable->kind = VARIABLE_GLOBAL;
        variable->arity = VARIABLE_ARITY_UNKNOWN;
        variable->private = private;
        variable->wrap = parser_accept(parser, "%");
        if (parser_accept(parser, "[")) {
            const struct token *size = parser_peek(parser);

            variable->max_entries = parser_expect_number(parser);
            if (variable->max_entries <= 0 || variable->max_entries > INT32_MAX)
                parser_fail(parser, size, "array size out of range");
            parser_expect(parser, "]");
        }
        if (parser_accept(parser, "=")) {
            if (variable->max_entries || variable->wrap)
                parser_fail(parser, token,
                            "only scalar globals can be initialized");
            variable->initial = parse_literal(parser);
        }
        LIST_ADD(parser->arena, &parser->script->globals, variable);
    } while (parser_accept(parser, ","));
    parser_accept(parser, ";");
}

/* ---- functions ------------------------------------------------------- */

/* `:long` or `:string`, if there. */
static enum type
parse_type(struct parser *parser)
{
    if (!parser_accept(parser, ":"))
        return TYPE_UNKNOWN;
    if (parser_accept_keyword(parser, "long"))
        return TYPE_LONG;
    if (parser_accept_keyword(parser, "string"))
        return TYPE_STRING;
    parser_fail(parser, parser_peek(parser), "expected 'string' or 'long'");
}

static void
parse_parameters(struct parser *parser, struct function *function)
{
    parser_expect(parser, "(");
    if (parser_accept(parser, ")"))
        return;
    do {
        const struct token *token = parser_expect_name(parser, false);
        struct variable *parameter = ARENA_NEW(parser->arena, struct variable);

        LIST_EACH (other, &function->parameters)
            if (!strcmp((*other)->name, token->text))
                parser_fail(parser, token, "duplicate parameter names");
        parameter->name = token->text;
        parameter->token = token;
        parameter->kind = VARIABLE_PARAMETER;
        parameter->type = parse_type(parser);
        parameter->type_token = parameter->type ? token : NULL;
        LIST_ADD(parser->arena, &function->parameters, parameter);
    } while (parser_accept(parser, ","));
    if (!parser_accept(parser, ")"))
        parser_fail(parser, parser_peek(parser), "expected ',' or ')'");
}

void
parse_function(struct parser *parser, bool private)
{
    parser_expect_keyword(parser, "function");

    const struct token *token = parser_at_type(parser)
                                    ? parser_next(parser)
                                    : parser_expect_name(parser, false);
    struct function *function = ARENA_NEW(parser->arena, struct function);

    function->name = token->text;
    function->token = token;
    function->private = private;
    function->declared = parse_type(parser);
    function->type = function->declared;
    function->type_token = function->declared ? token : NULL;
    parse_parameters(parser, function);
    /* The script's functions run before a library's of the same name. */
    function->priority = token->position.source->library;
    if (parser_accept(parser, ":")) {
        const struct token *priority = parser_peek(parser);

        if (priority->kind == TOKEN_NUMBER)
            function->priority = parser_expect_number(parser);
        else
            parser_fail(parser, priority, "expected literal string or number");
        if (function->priority <= 0)
            parser_fail(parser, priority, "specified priority must be > 0");
    }
    if (parser_peek(parser)->kind == TOKEN_EMBEDDED) {
        function->embedded = parser_embedded(parser)->text;
    } else {
        parser->in_function = true;
        function->body = parse_block(parser);
        parser->in_function = false;
    }
    LIST_ADD(parser->arena, &parser->script->functions, function);
}

/* ---- probes and aliases ---------------------------------------------- */

static void
parse_alias(struct parser *parser, const struct token *token, point_list names,
            bool epilogue)
{
    struct alias *alias = ARENA_NEW(parser->arena, struct alias);
    struct probe_point *name = names.items[0];

    if (names.count > 1)
        parser_fail(parser, names.items[1]->token,
                    "expected probe point specifier: an alias has one name");
    if (name->optional || name->sufficient || name->condition)
        parser_fail(parser, name->token,
                    "probe point alias name cannot be optional nor "
                    "sufficient nor conditional");
    LIST_EACH (component, &name->components) {
        if (strchr(component->name, '*'))
            parser_fail(parser, component->token,
                        "probe point alias name cannot contain a wildcard");
        if (component->argument)
            parser_fail(parser, component->token,
                        arena_printf(parser->arena,
                                     "alias component %s contains illegal "
                                     "parameter",
                                     component->name));
    }
    alias->token = token;
    alias->name = name;
    parser->points = 0;
    alias->points = parse_points(parser);
    if (epilogue) {
        alias->epilogue = parse_block(parser);
    } else {
        alias->prologue = parse_block(parser);
        if (parser_accept(parser, ","))
            alias->epilogue = parse_block(parser);
    }
    LIST_ADD(parser->arena, &parser->script->aliases, alias);
}

void
parse_probe(struct parser *parser)
{
    const struct token *token = parser_expect_keyword(parser, "probe");
    point_list points;

    parser->points = 0;
    points = parse_points(parser);
    if (parser_accept(parser, "=")) {
        parse_alias(parser, token, points, false);
    } else if (parser_accept(parser, "+=")) {
        parse_alias(parser, token, points, true);
    } else {
        struct probe *probe = ARENA_NEW(parser->arena, struct probe);

        probe->token = token;
        probe->points = points;
        probe->body = parse_block(parser);
        LIST_ADD(parser->arena, &parser->script->probes, probe);
    }
}
