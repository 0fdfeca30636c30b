#include "language/types/resolve.h"

#include "language/messages.h"

/*
 * An array must not change while foreach goes over it: neither in the loop's
 * body nor in a function called from there.  A sorted foreach in the loop
 * changes the order only; the loop then must keep the one that it began with.
 */

/* An array being iterated over. */
struct iteration {
    struct statement *statement;
    const struct variable *array;
    const struct iteration *around;
};

struct check {
    struct unit *unit;
    const struct iteration *iteration;
    /* For each function by its id: the arrays it changes, and sorts. */
    variable_list *changes;
    variable_list *sorts;
    /* Where those of a function go; complaints wait until all are known. */
    variable_list *collected;
    variable_list *collected_sorts;
    bool grown;
};

static void
collect(struct check *check, variable_list *list, struct variable *variable)
{
    LIST_EACH (known, list)
        if (*known == variable)
            return;
    LIST_ADD(&check->unit->arena, list, variable);
    check->grown = true;
}

static void
sorted(struct check *check, struct variable *variable)
{
    if (check->collected)
        collect(check, check->collected_sorts, variable);
    for (const struct iteration *at = check->iteration; at; at = at->around)
        if (at->array == variable)
            at->statement->foreach.reordered = true;
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
        collect(check, check->collected, variable);
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
    for (; function; function = function->overload) {
        LIST_EACH (variable, &check->sorts[function->id])
            sorted(check, *variable);
        LIST_EACH (variable, &check->changes[function->id]) {
            if (check->collected) {
                collect(check, check->collected, *variable);
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
        iteration.statement = s;
        iteration.array = s->foreach.array->symbol.variable;
        if (s->foreach.sort)
            sorted(check, s->foreach.array->symbol.variable);
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
        .sorts = arena_alloc(&unit->arena, count * sizeof(*check.sorts) + 1),
    };

    do {
        check.grown = false;
        LIST_EACH (function, &unit->functions) {
            if (!(*function)->body)
                continue;
            check.collected = &check.changes[(*function)->id];
            check.collected_sorts = &check.sorts[(*function)->id];
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
