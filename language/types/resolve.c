#include "language/types/resolve.h"

#include <string.h>

#include "language/state.h"

/* Functions of all scripts, those of smaller priority first. */
static void
collect_functions(struct unit *unit)
{
    function_list *all = &unit->state->functions;

    LIST_EACH (script, &unit->scripts)
        LIST_EACH (at, &(*script)->functions) {
            unsigned i;

            LIST_ADD(&unit->arena, all, *at);
            for (i = all->count - 1;
                 i > 0 && all->items[i - 1]->priority > (*at)->priority; i--)
                all->items[i] = all->items[i - 1];
            all->items[i] = *at;
        }
}

void
resolve_overloads(struct unit *unit)
{
    function_list *all = &unit->state->functions;

    for (unsigned i = 0; i < all->count; i++) {
        struct function *function = all->items[i];

        for (unsigned j = i + 1; j < all->count && !function->overload; j++) {
            struct function *next = all->items[j];

            if (next->parameters.count == function->parameters.count &&
                !strcmp(next->name, function->name) &&
                (!next->private || next->token->position.source ==
                                       function->token->position.source))
                function->overload = next;
        }
    }
}

void
resolve_need_script(struct unit *unit, const struct source *source)
{
    if (!source->library)
        return;
    LIST_EACH (script, &unit->state->needed)
        if ((*script)->source == source)
            return;
    LIST_EACH (script, &unit->scripts)
        if ((*script)->source == source)
            LIST_ADD(&unit->arena, &unit->state->needed, *script);
}

/* One name is one global, of those that are seen together. */
static void
check_globals(struct unit *unit, const struct script *script, unsigned index)
{
    LIST_EACH (at, &script->globals) {
        struct variable *variable = *at;

        for (unsigned i = 0; i <= index; i++)
            LIST_EACH (other, &unit->scripts.items[i]->globals) {
                bool apart = (*other)->private || variable->private;

                if (*other == variable)
                    break;
                if (strcmp((*other)->name, variable->name) ||
                    (apart && i != index))
                    continue;
                unit_error(unit, variable->token, "duplicate global name");
                unit_error(unit, (*other)->token, "first declared here");
            }
        variable->id = unit->state->variables++;
    }
}

static void
collect_globals(struct unit *unit)
{
    LIST_EACH (script, &unit->scripts)
        LIST_EACH (at, &(*script)->globals) {
            struct variable *variable = *at;

            if (!variable->read && !variable->written)
                continue;
            if (variable->arity == VARIABLE_ARITY_UNKNOWN)
                variable->arity = 0;
            if (variable->arity == 0 &&
                (variable->max_entries || variable->wrap))
                unit_error(unit, variable->token,
                           "size or '%%' given, but variable is no array");
            if (variable->arity > 0 && variable->initial)
                unit_error(unit, variable->token,
                           "an array has no initial value");
            LIST_ADD(&unit->arena, &unit->globals, variable);
        }
}

/* Probes and functions are found while others are looked into. */
static void
resolve_names(struct unit *unit, const struct language_context *context)
{
    unsigned scripts = 0, probes = 0, functions = 0;
    script_list *needed = &unit->state->needed;

    while (scripts < needed->count || probes < unit->probes.count ||
           functions < unit->functions.count) {
        if (scripts < needed->count) {
            resolve_points(unit, context, needed->items[scripts++]);
        } else if (probes < unit->probes.count) {
            struct probe *probe = unit->probes.items[probes++];

            resolve_targets(unit, context, probe);
            resolve_probe_symbols(unit, probe);
        } else {
            struct function *function = unit->functions.items[functions];

            function->id = functions++;
            resolve_function_symbols(unit, function);
        }
    }
}

int
unit_resolve(struct unit *unit, const struct language_context *context)
{
    unsigned errors = unit->messages.errors;

    for (unsigned i = 0; i < unit->scripts.count; i++) {
        struct script *script = unit->scripts.items[i];

        check_globals(unit, script, i);
        if (script->source->library)
            continue;
        LIST_ADD(&unit->arena, &unit->state->needed, script);
    }
    collect_functions(unit);
    resolve_overloads(unit);
    resolve_names(unit, context);
    collect_globals(unit);
    if (!unit->probes.count && unit->messages.errors == errors)
        unit_error(unit, NULL, "no probes found");
    if (unit->messages.errors != errors)
        return -1;

    resolve_iterations(unit);
    if (unit->messages.errors != errors)
        return -1;
    resolve_types(unit);
    if (unit->messages.errors != errors)
        return -1;
    resolve_warnings(unit);
    resolve_forget_idle(unit);
    resolve_empty_probes(unit);
    if (unit->messages.errors != errors)
        return -1;
    if (!unit->options.warnings_errors || !unit->messages.warnings)
        return 0;
    unit_error(unit, NULL, "warnings are treated as errors");
    return -1;
}
