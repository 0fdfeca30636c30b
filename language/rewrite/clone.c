/*
 * Functions that read of the hit, where they cannot simply be replaced by what
 * they return (expand.c): `function f(n) { if ($size > n) return $size }`.
 *
 * A probe that calls such a function gets a copy of it, in which $x, @defined
 * and the like are those of the probe; so does each function that it calls by
 * the way.  What such an expression makes of a parameter is read in the kernel,
 * before the call is made, so it must be known there, too: in the copy, the
 * argument stands for the parameter.
 */

#include <string.h>

#include "language/state.h"
#include "language/tree/local.h"
#include "language/types/resolve.h"
#include "language/words/builtin.h"

/* Copies within copies; deeper ones are taken for a circle. */
#define DEPTH_MAX 32

struct cloned {
    const struct function *original;
    const char *arguments; /* that stand for parameters, as text */
    struct function *function;
};

struct cloning {
    struct unit *unit;
    const struct language_context *context;
    struct probe *probe;
    struct statement *body; /* that the call at hand is in */
    LIST_OF(struct cloned) done;
    unsigned depth;
};

/* ---- what reads of a hit --------------------------------------------- */

struct reading {
    struct unit *unit;
    LIST_OF(const struct function *) visited;
    bool context; /* only $x counts */
    bool found;
};

static void look_at(struct expression **slot, void *data);

/* All functions that a call may come to mean. */
static void
look_at_functions(struct reading *reading, const struct expression *call)
{
    LIST_EACH (function, &reading->unit->state->functions) {
        bool known = false;

        if (strcmp((*function)->name, call->call.name) ||
            (*function)->parameters.count != call->call.arguments.count)
            continue;
        LIST_EACH (visited, &reading->visited)
            known = known || *visited == *function;
        if (known || !(*function)->body)
            continue;
        LIST_ADD(&reading->unit->arena, &reading->visited, *function);
        ast_walk((*function)->body, look_at, reading);
    }
}

static void
look_at(struct expression **slot, void *data)
{
    struct reading *reading = data;
    const struct expression *e = *slot;

    if (reading->context)
        reading->found = reading->found || e->kind == EXPRESSION_TARGET;
    else if (e->kind == EXPRESSION_DEFINED || resolve_prints_memory(e) ||
             resolve_is_of_moment(reading->unit, e))
        reading->found = true;
    if (e->kind == EXPRESSION_CALL)
        look_at_functions(reading, e);
}

static bool
reads(struct unit *unit, const struct expression *call, bool context)
{
    struct reading reading = {.unit = unit, .context = context};
    unsigned char *known = NULL;

    /* The answer is one for all that the call may mean. */
    LIST_EACH (function, &unit->state->functions)
        if (!known && !strcmp((*function)->name, call->call.name) &&
            (*function)->parameters.count == call->call.arguments.count)
            known =
                context ? &(*function)->reads_context : &(*function)->reads_hit;
    if (!known)
        return false;
    if (!*known) {
        look_at_functions(&reading, call);
        *known = reading.found ? 2 : 1;
    }
    return *known == 2;
}

bool
resolve_calls_targets(struct unit *unit, struct expression *call)
{
    return reads(unit, call, true);
}

bool
resolve_reads_hit(struct unit *unit, const struct expression *call)
{
    return reads(unit, call, false);
}

/* ---- arguments for parameters ---------------------------------------- */

struct substitution {
    struct unit *unit;
    const struct function *function;
    const struct expression *call;
    bool pure;
    unsigned used;  /* bits of parameters that stand in what a hit knows */
    bool replacing; /* else they are only noted */
};

static void
check_pure(struct expression **slot, void *data)
{
    struct substitution *substitution = data;
    const struct expression *e = *slot;

    if (e->kind != EXPRESSION_NUMBER && e->kind != EXPRESSION_STRING &&
        e->kind != EXPRESSION_UNARY && e->kind != EXPRESSION_BINARY &&
        e->kind != EXPRESSION_TERNARY &&
        !resolve_is_of_moment(substitution->unit, e) &&
        !(e->kind == EXPRESSION_CALL && e->call.arguments.count == 0 &&
          builtin_find(e->call.name, 0)))
        substitution->pure = false;
    ast_each_operand(*slot, check_pure, data);
}

/* Whether argument NUMBER is what the parameter is wherever it stands. */
static bool
stands_for_parameter(struct substitution *substitution, unsigned number)
{
    const struct function *function = substitution->function;
    struct expression *argument =
        substitution->call->call.arguments.items[number];
    unsigned changes;

    substitution->pure = true;
    check_pure(&argument, substitution);
    local_setting(function->body, function->parameters.items[number]->name,
                  &changes);
    return substitution->pure && changes == 0;
}

static void
replace_symbols(struct expression **slot, void *data)
{
    struct substitution *substitution = data;
    const variable_list *parameters = &substitution->function->parameters;

    if ((*slot)->kind != EXPRESSION_SYMBOL) {
        ast_each_operand(*slot, replace_symbols, data);
        return;
    }
    for (unsigned i = 0; i < parameters->count && i < 32; i++) {
        if (strcmp(parameters->items[i]->name, (*slot)->symbol.name) ||
            !stands_for_parameter(substitution, i))
            continue;
        substitution->used |= 1u << i;
        if (substitution->replacing)
            *slot = ast_clone_expression(
                &substitution->unit->arena,
                substitution->call->call.arguments.items[i]);
        return;
    }
}

static void
substitute(struct expression **slot, void *data)
{
    struct substitution *substitution = data;

    if (resolve_is_of_moment(substitution->unit, *slot))
        ast_each_operand(*slot, replace_symbols, substitution);
    else
        ast_each_operand(*slot, substitute, substitution);
}

static void
substitute_statement(struct statement **slot, void *data)
{
    ast_each_expression(*slot, substitute, data);
    ast_each_statement(*slot, substitute_statement, data);
}

/* What tells this call from others of the function in the same probe. */
static const char *
arguments_text(struct substitution *substitution)
{
    struct statement *body = ast_clone_statement(&substitution->unit->arena,
                                                 substitution->function->body);
    struct text text = {0};
    const char *copy;

    resolve_memory(substitution->unit, body);
    substitute_statement(&body, substitution);
    for (unsigned i = 0; i < 32; i++) {
        if (substitution->used & 1u << i) {
            text_printf(&text, "%u ", i);
            expression_print(substitution->call->call.arguments.items[i],
                             &text);
            text_puts(&text, "; ");
        }
    }
    copy =
        arena_string(&substitution->unit->arena, text_string(&text), text.size);
    text_free(&text);
    return copy;
}

/* ---- copies ---------------------------------------------------------- */

static void clone_call(struct expression **slot, void *data);

static void
clone_calls(struct statement **slot, void *data)
{
    ast_each_expression(*slot, clone_call, data);
    ast_each_statement(*slot, clone_calls, data);
}

static struct function *
clone_function(struct cloning *cloning, const struct function *original,
               const struct expression *call)
{
    struct arena *arena = &cloning->unit->arena;
    struct substitution substitution = {
        .unit = cloning->unit, .function = original, .call = call};
    struct function *copy;

    if (!original->body)
        return (struct function *)original;
    struct cloned cloned = {original, arguments_text(&substitution), NULL};

    LIST_EACH (one, &cloning->done)
        if (one->original == original &&
            !strcmp(one->arguments, cloned.arguments))
            return one->function;
    copy = arena_copy(arena, original, sizeof(*original));
    cloned.function = copy;
    LIST_ADD(arena, &cloning->probe->copies, copy);
    LIST_ADD(arena, &cloning->done, cloned);
    LIST_COPY(arena, &copy->parameters);
    LIST_EACH (parameter, &copy->parameters)
        *parameter = arena_copy(arena, *parameter, sizeof(**parameter));
    copy->body = ast_clone_statement(arena, original->body);
    copy->probe = cloning->probe;
    copy->used = false;
    resolve_memory(cloning->unit, copy->body);
    substitution.replacing = true;
    substitute_statement(&copy->body, &substitution);
    resolve_copy_targets(cloning->unit, cloning->context, cloning->probe, copy);
    struct statement *outer = cloning->body;

    cloning->body = copy->body;
    clone_calls(&copy->body, cloning);
    cloning->body = outer;
    if (original->overload)
        copy->overload = clone_function(cloning, original->overload, call);
    return copy;
}

/* The call with what its arguments are, where that are locals set once. */
static struct expression *
with_values(struct cloning *cloning, const struct expression *call)
{
    struct expression *copy = ast_clone_expression(&cloning->unit->arena, call);

    LIST_EACH (argument, &copy->call.arguments) {
        for (unsigned i = 0;
             i < DEPTH_MAX && (*argument)->kind == EXPRESSION_SYMBOL; i++) {
            unsigned changes;
            struct expression *setting = local_setting(
                cloning->body, (*argument)->symbol.name, &changes);

            if (!setting || changes != 1 ||
                !local_is_before(setting->token, call->token))
                break;
            *argument = setting->assign.value;
        }
    }
    return copy;
}

static void
clone_call(struct expression **slot, void *data)
{
    struct cloning *cloning = data;
    struct expression *call = *slot;
    struct function *function;

    ast_each_operand(call, clone_call, cloning);
    if (call->kind != EXPRESSION_CALL || call->call.function ||
        !resolve_reads_hit(cloning->unit, call))
        return;
    if (cloning->depth == DEPTH_MAX) {
        unit_error(cloning->unit, call->token,
                   "function calls itself and reads what only a hit knows by "
                   "a parameter");
        return;
    }
    function = resolve_function(cloning->unit, call->token,
                                call->call.arguments.count);
    if (!function)
        return;
    cloning->depth++;
    call->call.function =
        clone_function(cloning, function, with_values(cloning, call));
    cloning->depth--;
}

void
resolve_clones(struct unit *unit, const struct language_context *context,
               struct probe *probe)
{
    struct cloning cloning = {
        .unit = unit, .context = context, .probe = probe, .body = probe->body};

    clone_calls(&probe->body, &cloning);
}
