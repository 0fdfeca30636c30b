#include "translate/emit/condition.h"

#include <stddef.h>

/* ---- what can be looked at ------------------------------------------- */

static void
check(struct expression **slot, void *data)
{
    const struct expression *e = *slot;
    bool *possible = data;

    switch (e->kind) {
    case EXPRESSION_NUMBER:
    case EXPRESSION_UNARY:
    case EXPRESSION_TERNARY:
        break;
    case EXPRESSION_SYMBOL:
        if (e->symbol.variable->kind != VARIABLE_GLOBAL ||
            e->symbol.variable->arity > 0 || e->type != TYPE_LONG)
            *possible = false;
        break;
    case EXPRESSION_BINARY:
        if (e->binary.operator== BINARY_DIVIDE ||
            e->binary.operator== BINARY_MODULO ||
            e->binary.operator== BINARY_CONCAT)
            *possible = false;
        break;
    default:
        *possible = false;
        break;
    }
    if (e->type != TYPE_LONG)
        *possible = false;
    ast_each_operand(*slot, check, data);
}

const struct expression *
condition_of(const struct plan_handler *handler)
{
    const struct probe *probe = handler->probe;
    const struct statement *guard;
    bool possible = true;

    if (handler->payload_size == 0 ||
        probe->points.items[0]->condition == NULL ||
        probe->body->kind != STATEMENT_BLOCK || probe->body->block.count == 0)
        return NULL;
    /* `if (!(condition)) next` */
    guard = probe->body->block.items[0];
    if (guard->kind != STATEMENT_IF ||
        guard->branch.condition->kind != EXPRESSION_UNARY ||
        guard->branch.yes->kind != STATEMENT_NEXT)
        return NULL;
    struct expression *condition = guard->branch.condition->unary.operand;
    check(&condition, &possible);
    return possible ? condition : NULL;
}

/* ---- what changes it ------------------------------------------------- */

struct changes {
    struct arena *arena;
    LIST_OF(const struct variable *) watched;
    LIST_OF(const struct function *) visited;
    bool found;
};

static void
watch(struct expression **slot, void *data)
{
    struct changes *changes = data;

    if ((*slot)->kind == EXPRESSION_SYMBOL) {
        const struct variable *variable = (*slot)->symbol.variable;

        LIST_ADD(changes->arena, &changes->watched, variable);
    }
    ast_each_operand(*slot, watch, data);
}

static void
change(struct changes *changes, const struct expression *target)
{
    if (target == NULL || target->kind != EXPRESSION_SYMBOL)
        return;
    LIST_EACH (variable, &changes->watched)
        if (*variable == target->symbol.variable)
            changes->found = true;
}

static void look_at_statement(struct statement **slot, void *data);

static void
look_at_function(struct changes *changes, const struct function *function)
{
    struct statement *body = function->body;

    LIST_EACH (visited, &changes->visited)
        if (*visited == function)
            return;
    LIST_ADD(changes->arena, &changes->visited, function);
    if (body == NULL) /* C may do anything */
        changes->found = true;
    else
        look_at_statement(&body, changes);
}

static void
look_at_expression(struct expression **slot, void *data)
{
    struct changes *changes = data;
    const struct expression *e = *slot;

    if (e->kind == EXPRESSION_ASSIGN)
        change(changes, e->assign.target);
    else if (e->kind == EXPRESSION_INCREMENT)
        change(changes, e->increment.target);
    else if (e->kind == EXPRESSION_EMBEDDED)
        changes->found = true;
    else if (e->kind == EXPRESSION_CALL)
        for (const struct function *function = e->call.function;
             function != NULL; function = function->overload)
            look_at_function(changes, function);
    ast_each_operand(*slot, look_at_expression, data);
}

static void
look_at_statement(struct statement **slot, void *data)
{
    struct changes *changes = data;
    const struct statement *s = *slot;

    if (s->kind == STATEMENT_EMBEDDED)
        changes->found = true;
    if (s->kind == STATEMENT_DELETE)
        change(changes, s->delete);
    if (s->kind == STATEMENT_TRY)
        change(changes, s->try.message);
    if (s->kind == STATEMENT_FOREACH) {
        change(changes, s->foreach.value);
        LIST_EACH (key, &s->foreach.keys)
            change(changes, *key);
    }
    ast_each_expression(*slot, look_at_expression, data);
    ast_each_statement(*slot, look_at_statement, data);
}

bool
condition_may_change(const struct plan *plan,
                     const struct plan_handler *handler, struct arena *arena)
{
    struct changes changes = {.arena = arena};
    struct statement *body = handler->probe->body;

    LIST_EACH (other, &plan->handlers) {
        struct expression *condition = (struct expression *)condition_of(other);

        if (condition != NULL)
            watch(&condition, &changes);
    }
    if (changes.watched.count > 0)
        look_at_statement(&body, &changes);
    return changes.found;
}
