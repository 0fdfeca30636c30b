/*
 * Functions of what only a hit knows: `function f(t) { return
 * @cast(t, "task")->map }`.
 *
 * What they read is read in the kernel at the hit, which each call does with
 * values of its own; so such a call is replaced by what the function returns,
 * before anything else is known of it.
 */

#include <string.h>

#include "language/state.h"
#include "language/types/resolve.h"
#include "language/words/builtin.h"

/* Calls within functions; deeper ones are taken for a circle. */
#define DEPTH_MAX 16

struct binding {
    const char *name;
    const struct expression *value;
};

typedef LIST_OF(struct binding) binding_list;

struct expansion {
    struct unit *unit;
    binding_list bindings;
    unsigned depth;
    bool possible; /* nothing that cannot be replaced */
};

static void expand(struct expression **slot, void *data);

static void
note_next(struct statement **slot, void *data)
{
    bool *found = data;

    *found = *found || (*slot)->kind == STATEMENT_NEXT;
    ast_each_statement(*slot, note_next, data);
}

/* The function that a call is of, or NULL if it may hand the call on to
 * another. */
static const struct function *
function_of(struct unit *unit, const struct expression *call)
{
    const struct function *function =
        resolve_function(unit, call->token, call->call.arguments.count);
    bool next = false;

    if (function && function->body)
        ast_each_statement(function->body, note_next, &next);
    return next ? NULL : function;
}

/* ---- what can be replaced -------------------------------------------- */

static const struct expression *
bound(const struct expansion *expansion, const char *name)
{
    LIST_EACH (binding, &expansion->bindings)
        if (!strcmp(binding->name, name))
            return binding->value;
    return NULL;
}

/* Part of a function: all names in it are its own, and nothing changes. */
static void
check_part(struct expression **slot, void *data)
{
    struct expansion *expansion = data;
    const struct expression *e = *slot;

    switch (e->kind) {
    case EXPRESSION_NUMBER:
    case EXPRESSION_STRING:
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY:
    case EXPRESSION_TERNARY:
        break;
    case EXPRESSION_SYMBOL:
        if (!bound(expansion, e->symbol.name))
            expansion->possible = false;
        break;
    case EXPRESSION_TARGET:
        if (e->target.kind == TARGET_CONTEXT)
            expansion->possible = false;
        break;
    case EXPRESSION_ENTRY:
    case EXPRESSION_OPERATOR:
    case EXPRESSION_DEFINED:
    case EXPRESSION_CALL:
        break;
    default:
        expansion->possible = false;
        break;
    }
    ast_each_operand(*slot, check_part, data);
}

/* Whether a call gives the same whenever it is made at one hit. */
static bool
is_of_hit(const struct expression *call)
{
    const struct builtin *builtin =
        builtin_find(call->call.name, call->call.arguments.count);

    return builtin && builtin->time != BUILTIN_PROCESS;
}

/* An argument may come to stand several times, or not at all: so it must be
 * the same each time, do nothing, and be no error. */
static void
check_argument(struct expression **slot, void *data)
{
    struct expansion *expansion = data;
    const struct expression *e = *slot;

    switch (e->kind) {
    case EXPRESSION_ASSIGN:
    case EXPRESSION_INCREMENT:
    case EXPRESSION_PRINT:
    case EXPRESSION_EMBEDDED:
        expansion->possible = false;
        break;
    case EXPRESSION_CALL:
        if (function_of(expansion->unit, e) || !is_of_hit(e))
            expansion->possible = false;
        break;
    case EXPRESSION_BINARY:
        if ((e->binary.operator== BINARY_DIVIDE ||
             e->binary.operator== BINARY_MODULO) &&
            (e->binary.right->kind != EXPRESSION_NUMBER ||
             e->binary.right->number == 0))
            expansion->possible = false;
        break;
    default:
        break;
    }
    ast_each_operand(*slot, check_argument, data);
}

/* ---- replacing ------------------------------------------------------- */

static void
substitute(struct expression **slot, void *data)
{
    struct expansion *expansion = data;

    if ((*slot)->kind == EXPRESSION_SYMBOL) {
        const struct expression *value = bound(expansion, (*slot)->symbol.name);

        if (value)
            *slot = ast_clone_expression(&expansion->unit->arena, value);
        return;
    }
    ast_each_operand(*slot, substitute, data);
}

static struct expression *
substituted(struct expansion *expansion, struct expression *e)
{
    struct expression *copy;

    check_part(&e, expansion);
    if (!expansion->possible)
        return e;
    copy = ast_clone_expression(&expansion->unit->arena, e);
    substitute(&copy, expansion);
    return copy;
}

/* `x = ...` for a name that nothing else has. */
static void
bind_local(struct expansion *expansion, const struct statement *s)
{
    struct expression *e = s->expression;
    struct binding binding;

    if (s->kind != STATEMENT_EXPRESSION || e->kind != EXPRESSION_ASSIGN ||
        e->assign.operator!= ASSIGN_PLAIN || e->assign.target->kind !=
        EXPRESSION_SYMBOL || bound(expansion, e->assign.target->symbol.name)) {
        expansion->possible = false;
        return;
    }
    binding.name = e->assign.target->symbol.name;
    binding.value = substituted(expansion, e->assign.value);
    LIST_ADD(&expansion->unit->arena, &expansion->bindings, binding);
}

/* What FUNCTION returns when called with what is bound; NULL if it cannot be
 * said. */
static struct expression *
value_of(struct expansion *expansion, const struct function *function)
{
    const struct statement *body = function->body;
    struct expression *value = NULL;

    if (body->kind != STATEMENT_BLOCK)
        return NULL;
    LIST_EACH (s, &body->block) {
        if (value || !expansion->possible)
            return NULL;
        if ((*s)->kind == STATEMENT_RETURN && (*s)->expression)
            value = substituted(expansion, (*s)->expression);
        else
            bind_local(expansion, *s);
    }
    return expansion->possible ? value : NULL;
}

static void
expand(struct expression **slot, void *data)
{
    struct expansion *outer = data;
    struct expression *e = *slot;

    ast_each_operand(e, expand, outer);
    if (e->kind != EXPRESSION_CALL || outer->depth == DEPTH_MAX)
        return;
    const struct function *function = function_of(outer->unit, e);
    struct expansion inner = {
        .unit = outer->unit, .depth = outer->depth + 1, .possible = true};

    if (!function || !function->body || !resolve_reads_hit(outer->unit, e))
        return;
    for (unsigned i = 0; i < function->parameters.count; i++) {
        struct expression *argument = e->call.arguments.items[i];
        struct binding binding = {function->parameters.items[i]->name,
                                  argument};

        check_argument(&argument, &inner);
        LIST_ADD(&outer->unit->arena, &inner.bindings, binding);
    }
    /* Else the function is refused when it is looked into. */
    struct expression *value =
        inner.possible ? value_of(&inner, function) : NULL;
    if (!value)
        return;
    expand(&value, &inner);
    *slot = value;
}

static void
expand_statement(struct statement **slot, void *data)
{
    ast_each_expression(*slot, expand, data);
    ast_each_statement(*slot, expand_statement, data);
}

void
resolve_expansions(struct unit *unit, struct probe *probe)
{
    struct expansion expansion = {.unit = unit};

    expand_statement(&probe->body, &expansion);
}
