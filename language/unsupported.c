#include "language/unsupported.h"

#include <string.h>

#include "language/resolve.h"

#define REFUSAL "not supported yet: %s"

static bool
writes_target(const struct expression *e)
{
    return e->assign.target->kind == EXPRESSION_TARGET;
}

static bool
increments_target(const struct expression *e)
{
    return e->increment.target->kind == EXPRESSION_TARGET;
}

/* A row without condition stands for all expressions of its kind; one
 * without name, for something whose token is its name. */
static const struct {
    enum expression_kind kind;
    bool (*applies)(const struct expression *e);
    const char *what;
} expressions[] = {
    {EXPRESSION_ASSIGN, writes_target, "writing to context variables"},
    {EXPRESSION_INCREMENT, increments_target, "writing to context variables"},
};

/* C goes into the process only if the user says that it may. */
static bool
refuse_embedded(struct unit *unit, const struct token *token)
{
    if (unit->options.guru || resolve_origin(token)->library)
        return false;
    unit_error(unit, token,
               "embedded code in unprivileged script; need machtap -g");
    return true;
}

bool
unsupported_expression(struct unit *unit, const struct expression *expression)
{
    if (expression->kind == EXPRESSION_EMBEDDED)
        return refuse_embedded(unit, expression->token);
    if (expression->kind == EXPRESSION_OPERATOR &&
        !strcmp(expression->at.operator->name, "@probewrite")) {
        unit_error(unit, expression->token,
                   "unexpected @probewrite: it is for the handlers of aliases");
        return true;
    }
    if (expression->kind == EXPRESSION_BINARY &&
        expression->binary.operator== BINARY_SHIFT_RIGHT_LOGICAL) {
        unit_error(unit, expression->token, "unsupported binary operator >>>");
        return true;
    }
    for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
        if (expressions[i].kind != expression->kind ||
            (expressions[i].applies && !expressions[i].applies(expression)))
            continue;
        unit_error(unit, expression->token, REFUSAL, expressions[i].what);
        return true;
    }
    return false;
}

bool
unsupported_statement(struct unit *unit, const struct statement *statement)
{
    return statement->kind == STATEMENT_EMBEDDED &&
           refuse_embedded(unit, statement->token);
}

bool
unsupported_function(struct unit *unit, const struct function *function)
{
    return function->embedded && refuse_embedded(unit, function->token);
}

bool
unsupported_script(struct unit *unit, const struct script *script)
{
    return script->embedded.count &&
           refuse_embedded(unit, script->embedded.items[0]);
}
