#include "language/resolve.h"

#include "language/messages.h"

/*
 * An array must not change while foreach goes over it: neither in the loop's
 * body nor in a function called from there.  A sorted foreach changes the
 * order, so it counts, too.
 */

/* An array being iterated over. */
struct iteration {
    const struct variable *array;
    const struct iteration *around;
};

struct check {
    struct unit *unit;
    const struct iteration *iteration;
    /* For each function by its id: the arrays it changes. */
    variable_list *changes;
    /* Where those of a function go; complaints wait until all are known. */
    variable_list *collected;
    bool grown;
};

static void
collect(struct check *check, struct variable *variable)
{
    LIST_EACH (known, check->collected)
        if (*known == variable)
            return;
    LIST_ADD(&check->unit->arena, check->collected, variable);
    check->grown = true;
}

/* The array is changed here, by TOKEN. */
static void
changed(struct check *check, struct expression *e, const struct token *token)
{
    if (e->kind == EXPRESSION_INDEX)
        e = e->index.base;
    if (e->kind != EXPRESSION_SYMBOL || !e->symbol.variable ||
        e->symbol.variable->arity <= 0)
        return;

    struct variable *variable = e->symbol.variable;

    if (check->collected) {
        collect(check, variable);
        return;
    }
    for (const struct iteration *at = check->iteration; at; at = at->around)
        if (at->array == variable)
            unit_error(check->unit, token,
                       "variable '%s' modified during 'foreach' iteration",
                       variable->name);
}

static void
called(struct check *check, const struct function *function,
       const struct token *token)
{
    for (; function; function = function->overload)
        LIST_EACH (variable, &check->changes[function->id]) {
            if (check->collected) {
                collect(check, *variable);
                continue;
            }
            for (const struct iteration *at = check->iteration; at;
                 at = at->around)
                if (at->array == *variable)
                    unit_error(check->unit, token,
                               "function call modifies variable '%s' "
                               "during 'foreach' iteration",
                               (*variable)->name);
        }
}

static void
visit(struct expression **slot, void *data)
{
    struct check *check = data;
    struct expression *e = *slot;

    ast_each_operand(e, visit, check);
    if (e->kind == EXPRESSION_ASSIGN)
        changed(check, e->assign.target, e->token);
    else if (e->kind == EXPRESSION_INCREMENT)
        changed(check, e->increment.target, e->token);
    else if (e->kind == EXPRESSION_CALL && e->call.function)
        called(check, e->call.function, e->token);
}

static void
visit_statement(struct statement **slot, void *data)
{
    struct check *check = data;
    struct statement *s = *slot;
    const struct iteration *around = check->iteration;
    struct iteration iteration = {.around = around};

    ast_each_expression(s, visit, check);
    if (s->kind == STATEMENT_DELETE)
        changed(check, s->delete, s->delete->token);
    if (s->kind == STATEMENT_FOREACH &&
        s->foreach.array->kind == EXPRESSION_SYMBOL) {
        if (s->foreach.sort)
            changed(check, s->foreach.array, s->foreach.array->token);
        iteration.array = s->foreach.array->symbol.variable;
        check->iteration = &iteration;
    }
    ast_each_statement(s, visit_statement, check);
    check->iteration = around;
}

void
resolve_iterations(struct unit *unit)
{
    unsigned count = unit->functions.count;
    struct check check = {
        .unit = unit,
        .changes =
            arena_alloc(&unit->arena, count * sizeof(*check.changes) + 1),
    };

    do {
        check.grown = false;
        LIST_EACH (function, &unit->functions) {
            if (!(*function)->body)
                continue;
            check.collected = &check.changes[(*function)->id];
            visit_statement(&(*function)->body, &check);
        }
    } while (check.grown);

    check.collected = NULL;
    LIST_EACH (function, &unit->functions)
        if ((*function)->body)
            visit_statement(&(*function)->body, &check);
    LIST_EACH (probe, &unit->probes)
        visit_statement(&(*probe)->body, &check);
}
