#include "language/types/resolve.h"

#include <string.h>

#include "language/state.h"
#include "language/words/builtin.h"
#include "language/words/unsupported.h"

struct targets {
    struct unit *unit;
    const struct language_context *context;
    const struct probe *probe;
};

/* What an expression is once @defined is decided: 0 or 1 if that alone says
 * so, else OPEN. */
enum { OPEN = -1 };

bool
resolve_is_of_moment(struct unit *unit, const struct expression *e)
{
    if (e->kind == EXPRESSION_TARGET || e->kind == EXPRESSION_ENTRY ||
        e->kind == EXPRESSION_OPERATOR)
        return true;
    if (e->kind != EXPRESSION_CALL)
        return false;
    const struct builtin *builtin =
        builtin_find(e->call.name, e->call.arguments.count);
    if (!builtin || builtin->time != BUILTIN_HIT)
        return false;
    LIST_EACH (function, &unit->state->functions)
        if (!strcmp((*function)->name, e->call.name) &&
            (*function)->parameters.count == e->call.arguments.count)
            return false;
    return true;
}

static int
ask(struct targets *targets, struct expression *e, struct error *error)
{
    return targets->context->target_type(targets->context->data, targets->probe,
                                         e, &e->type, error);
}

struct search {
    struct targets *targets;
    bool defined;
};

static void
ask_if_defined(struct expression **slot, void *data)
{
    struct search *search = data;
    struct error error;

    ast_each_operand(*slot, ask_if_defined, search);
    if (!resolve_is_of_moment(search->targets->unit, *slot))
        return;
    if (unsupported_expression(search->targets->unit, *slot) ||
        ask(search->targets, *slot, &error))
        search->defined = false;
}

static int
decide_defined(struct targets *targets, struct expression *e)
{
    struct search search = {targets, true};

    ask_if_defined(&e->defined.operand, &search);
    return search.defined;
}

static int fold(struct targets *targets, struct expression **slot);

static void
fold_operand(struct expression **slot, void *data)
{
    fold(data, slot);
}

static int
fold_logical(struct targets *targets, struct expression *e)
{
    int ends = e->binary.operator== BINARY_LOGICAL_OR;
    int left = fold(targets, &e->binary.left);

    if (left == ends)
        return ends;

    int right = fold(targets, &e->binary.right);

    return left == OPEN ? OPEN : right;
}

static int
fold(struct targets *targets, struct expression **slot)
{
    struct expression *e = *slot;
    int value = OPEN;

    if (e->kind == EXPRESSION_DEFINED) {
        value = decide_defined(targets, e);
    } else if (e->kind == EXPRESSION_TERNARY) {
        int condition = fold(targets, &e->ternary.condition);

        if (condition != OPEN) {
            *slot = condition ? e->ternary.yes : e->ternary.no;
            return fold(targets, slot);
        }
        fold(targets, &e->ternary.yes);
        fold(targets, &e->ternary.no);
    } else if (e->kind == EXPRESSION_UNARY && e->unary.operator== UNARY_NOT) {
        value = fold(targets, &e->unary.operand);
        if (value != OPEN)
            value = !value;
    } else if (e->kind == EXPRESSION_BINARY &&
               (e->binary.operator== BINARY_LOGICAL_AND ||
                e->binary.operator== BINARY_LOGICAL_OR)) {
        value = fold_logical(targets, e);
    } else {
        ast_each_operand(e, fold_operand, targets);
    }
    if (value != OPEN) {
        struct expression *number =
            arena_copy(&targets->unit->arena, e, sizeof(*e));

        number->kind = EXPRESSION_NUMBER;
        number->number = value;
        *slot = number;
    }
    return value;
}

static void
fold_statement(struct statement **slot, void *data)
{
    struct targets *targets = data;
    struct statement *s = *slot;

    if (s->kind == STATEMENT_IF) {
        int condition = fold(targets, &s->branch.condition);

        if (condition != OPEN) {
            struct statement *left = condition ? s->branch.yes : s->branch.no;

            if (!left) {
                left = ARENA_NEW(&targets->unit->arena, struct statement);
                left->kind = STATEMENT_NULL;
                left->token = s->token;
            }
            *slot = left;
            fold_statement(slot, targets);
            return;
        }
    } else {
        ast_each_expression(s, fold_operand, targets);
    }
    ast_each_statement(s, fold_statement, targets);
}

/* --skip-badvars: what cannot be had is 0. */
static void
make_zero(struct expression *e)
{
    e->kind = EXPRESSION_NUMBER;
    e->number = 0;
    e->type = TYPE_LONG;
}

static void
learn_type(struct expression **slot, void *data)
{
    struct targets *targets = data;
    struct expression *e = *slot;
    struct error error;

    if (!resolve_is_of_moment(targets->unit, e) ||
        unsupported_expression(targets->unit, e))
        return;
    if (!ask(targets, e, &error))
        return;
    if (targets->unit->options.skip_badvars && e->kind == EXPRESSION_TARGET)
        make_zero(e);
    else
        unit_error(targets->unit, e->token, "%s", error.text);
}

static void
resolve_body(struct targets *targets, struct statement **body)
{
    fold_statement(body, targets);
    ast_walk(*body, learn_type, targets);
}

void
resolve_targets(struct unit *unit, const struct language_context *context,
                struct probe *probe)
{
    struct targets targets = {unit, context, probe};

    resolve_memory(unit, probe->body);
    resolve_expansions(unit, probe);
    resolve_clones(unit, context, probe);
    resolve_body(&targets, &probe->body);
}

void
resolve_copy_targets(struct unit *unit, const struct language_context *context,
                     const struct probe *probe, struct function *copy)
{
    /* Locals are looked for in the function. */
    struct probe inside = *probe;
    struct targets targets = {unit, context, &inside};

    inside.body = copy->body;
    inside.within = copy;
    resolve_body(&targets, &copy->body);
}
