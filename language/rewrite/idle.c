/* Statements that only name variables which nothing gives a type, such as
 * `x;` or `x = y`: they do nothing and cannot fail, so they are left out. */

#include "language/types/resolve.h"

#include "language/messages.h"
#include "language/state.h"

struct search {
    struct unit *unit;
    bool idle;    /* the expression looked at, so far */
    bool unknown; /* it names a variable without type */
    bool changed; /* another variable turned out to be used */
    bool leaving; /* the last round: leave out what is idle */
};

/* ---- what is idle ----------------------------------------------------- */

static bool
assigns_local(const struct expression *e)
{
    return e->assign.operator== ASSIGN_PLAIN &&
        e->assign.target->kind == EXPRESSION_SYMBOL &&
        e->assign.target->symbol.variable &&
        e->assign.target->symbol.variable->kind ==
        VARIABLE_LOCAL && !e->assign.target->symbol.variable->used;
}

static void
look_at(struct expression **slot, void *data)
{
    struct search *search = data;
    const struct expression *e = *slot;

    switch (e->kind) {
    case EXPRESSION_NUMBER:
    case EXPRESSION_STRING:
    case EXPRESSION_UNARY:
    case EXPRESSION_TERNARY:
        break;
    case EXPRESSION_SYMBOL:
        if (!e->symbol.variable || e->symbol.variable->type == TYPE_STATS)
            search->idle = false;
        else if (e->symbol.variable->type == TYPE_UNKNOWN)
            search->unknown = true;
        break;
    case EXPRESSION_INDEX:
        if (e->index.base->kind != EXPRESSION_SYMBOL)
            search->idle = false;
        break;
    case EXPRESSION_BINARY:
        if (e->binary.operator== BINARY_DIVIDE ||
            e->binary.operator== BINARY_MODULO)
            search->idle = false;
        break;
    case EXPRESSION_ASSIGN:
        if (!assigns_local(e))
            search->idle = false;
        break;
    default:
        search->idle = false;
    }
    ast_each_operand(*slot, look_at, search);
}

static bool
is_idle(struct search *search, struct statement *s)
{
    if (s->kind != STATEMENT_EXPRESSION)
        return false;
    search->idle = true;
    search->unknown = false;
    look_at(&s->expression, search);
    return search->idle && search->unknown;
}

/* ---- what is used ----------------------------------------------------- */

static void
use(struct expression **slot, void *data)
{
    struct search *search = data;
    struct expression *e = *slot;

    if (e->kind == EXPRESSION_SYMBOL && e->symbol.variable &&
        !e->symbol.variable->used) {
        e->symbol.variable->used = true;
        search->changed = true;
    }
    ast_each_operand(e, use, search);
}

static void
visit(struct statement **slot, void *data)
{
    struct search *search = data;
    struct statement *s = *slot;

    if (!is_idle(search, s)) {
        ast_each_expression(s, use, search);
        ast_each_statement(s, visit, search);
    } else if (search->leaving) {
        LIST_ADD(&search->unit->arena, &search->unit->state->left_out, *s);
        s->kind = STATEMENT_NULL;
    }
}

static void
visit_all(struct search *search)
{
    LIST_EACH (probe, &search->unit->probes)
        visit(&(*probe)->body, search);
    LIST_EACH (function, &search->unit->functions)
        if ((*function)->body)
            visit(&(*function)->body, search);
}

void
resolve_idle(struct unit *unit)
{
    struct search search = {.unit = unit};

    do {
        search.changed = false;
        visit_all(&search);
    } while (search.changed);
    search.leaving = true;
    visit_all(&search);
}

/* ---- afterwards -------------------------------------------------------- */

static void
warn_assignment(struct unit *unit, const struct expression *e)
{
    if (e->kind != EXPRESSION_ASSIGN)
        return;
    warn_assignment(unit, e->assign.value);
    unit_warning(unit, e->token, "Eliding assignment to '%s'",
                 e->assign.target->symbol.name);
}

void
resolve_idle_warnings(struct unit *unit)
{
    LIST_EACH (s, &unit->state->left_out) {
        if (s->token->position.source->library)
            continue;
        warn_assignment(unit, s->expression);
        unit_warning(unit, s->token, "Eliding side-effect-free expression");
    }
}

static void
forget(variable_list *variables)
{
    unsigned kept = 0;

    LIST_EACH (variable, variables)
        if ((*variable)->type != TYPE_UNKNOWN)
            variables->items[kept++] = *variable;
    variables->count = kept;
}

void
resolve_forget_idle(struct unit *unit)
{
    forget(&unit->globals);
    LIST_EACH (function, &unit->functions)
        forget(&(*function)->locals);
    LIST_EACH (probe, &unit->probes)
        forget(&(*probe)->locals);
}
