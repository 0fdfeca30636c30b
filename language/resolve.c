#include "language/resolve.h"

#include <string.h>

#include "language/state.h"
#include "language/unsupported.h"

/* Functions of all scripts, those of smaller priority first. */
static void
collect_functions(struct program *program)
{
    function_list *all = &program->state->functions;

    LIST_EACH (script, &program->scripts)
        LIST_EACH (at, &(*script)->functions) {
            unsigned i;

            LIST_ADD(&program->arena, all, *at);
            for (i = all->count - 1;
                 i > 0 && all->items[i - 1]->priority > (*at)->priority; i--)
                all->items[i] = all->items[i - 1];
            all->items[i] = *at;
        }
}

void
resolve_overloads(struct program *program)
{
    function_list *all = &program->state->functions;

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
resolve_need_script(struct program *program, const struct source *source)
{
    if (!source->library)
        return;
    LIST_EACH (script, &program->state->needed)
        if ((*script)->source == source)
            return;
    LIST_EACH (script, &program->scripts)
        if ((*script)->source == source)
            LIST_ADD(&program->arena, &program->state->needed, *script);
}

/* One name is one global, of those that are seen together. */
static void
check_globals(struct program *program, const struct script *script,
              unsigned index)
{
    LIST_EACH (at, &script->globals) {
        struct variable *variable = *at;

        for (unsigned i = 0; i <= index; i++)
            LIST_EACH (other, &program->scripts.items[i]->globals) {
                bool apart = (*other)->private || variable->private;

                if (*other == variable)
                    break;
                if (strcmp((*other)->name, variable->name) ||
                    (apart && i != index))
                    continue;
                program_error(program, variable->token,
                              "duplicate global variable");
                program_error(program, (*other)->token, "first declared here");
            }
        variable->id = program->state->variables++;
    }
}

static void
collect_globals(struct program *program)
{
    LIST_EACH (script, &program->scripts)
        LIST_EACH (at, &(*script)->globals) {
            struct variable *variable = *at;

            if (!variable->read && !variable->written)
                continue;
            if (variable->arity == VARIABLE_ARITY_UNKNOWN)
                variable->arity = 0;
            if (variable->arity == 0 &&
                (variable->max_entries || variable->wrap))
                program_error(program, variable->token,
                              "size or '%%' given, but variable is no array");
            if (variable->arity > 0 && variable->initial)
                program_error(program, variable->token,
                              "an array has no initial value");
            LIST_ADD(&program->arena, &program->globals, variable);
        }
}

/* Probes and functions are found while others are looked into. */
static void
resolve_names(struct program *program, const struct language_context *context)
{
    unsigned scripts = 0, probes = 0, functions = 0;
    script_list *needed = &program->state->needed;

    while (scripts < needed->count || probes < program->probes.count ||
           functions < program->functions.count) {
        if (scripts < needed->count) {
            unsupported_script(program, needed->items[scripts]);
            resolve_points(program, context, needed->items[scripts++]);
        } else if (probes < program->probes.count) {
            struct probe *probe = program->probes.items[probes++];

            resolve_targets(program, context, probe);
            resolve_probe_symbols(program, probe);
        } else {
            struct function *function = program->functions.items[functions];

            function->id = functions++;
            if (unsupported_function(program, function))
                continue;
            resolve_function_targets(program, function);
            resolve_function_symbols(program, function);
        }
    }
}

int
program_resolve(struct program *program, const struct language_context *context)
{
    unsigned errors = program->messages.errors;
    bool written = false;

    for (unsigned i = 0; i < program->scripts.count; i++) {
        struct script *script = program->scripts.items[i];

        check_globals(program, script, i);
        if (script->source->library)
            continue;
        written = written || script->probes.count;
        LIST_ADD(&program->arena, &program->state->needed, script);
    }
    collect_functions(program);
    resolve_overloads(program);
    resolve_names(program, context);
    collect_globals(program);
    if (!program->probes.count && program->messages.errors == errors)
        program_error(program, NULL,
                      written ? "no probes found" : "script has no probes");
    if (program->messages.errors != errors)
        return -1;

    resolve_iterations(program);
    if (program->messages.errors != errors)
        return -1;
    resolve_types(program);
    if (program->messages.errors != errors)
        return -1;
    resolve_warnings(program);
    if (!program->options.warnings_errors || !program->messages.warnings)
        return 0;
    program_error(program, NULL, "warnings are treated as errors");
    return -1;
}
