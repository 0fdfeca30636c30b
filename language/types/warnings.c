#include "language/types/resolve.h"

#include <string.h>

#include "language/messages.h"
#include "language/state.h"

static const char *
similar_to(struct unit *unit, const struct variable *variable,
           const variable_list *locals)
{
    struct similar similar = {.name = variable->name};

    if (locals)
        LIST_EACH (other, locals)
            if ((*other)->written)
                similar_offer(&similar, (*other)->name);
    LIST_EACH (other, &unit->globals)
        similar_offer(&similar, (*other)->name);
    return similar_text(&unit->arena, &similar);
}

static void
warn_locals(struct unit *unit, const variable_list *locals)
{
    LIST_EACH (at, locals) {
        struct variable *variable = *at;

        if (!variable->written)
            unit_warning(unit, variable->token,
                         "never-assigned local variable '%s'%s", variable->name,
                         similar_to(unit, variable, locals));
        else if (!variable->read)
            unit_warning(unit, variable->token, "unused local variable '%s'",
                         variable->name);
    }
}

static bool
is_empty(const struct statement *statement)
{
    if (statement->kind == STATEMENT_NULL)
        return true;
    if (statement->kind != STATEMENT_BLOCK)
        return false;
    LIST_EACH (one, &statement->block)
        if (!is_empty(*one))
            return false;
    return true;
}

static void
warn_globals(struct unit *unit, const struct script *script)
{
    LIST_EACH (at, &script->globals) {
        struct variable *variable = *at;

        if (!variable->read && !variable->written)
            unit_warning(unit, variable->token, "unused global variable '%s'",
                         variable->name);
        else if (!variable->written && !variable->initial)
            unit_warning(unit, variable->token,
                         "never-assigned global variable '%s'%s",
                         variable->name, similar_to(unit, variable, NULL));
    }
}

/* Of a parameter whose name is a global's the function sees no other. */
static void
warn_parameters(struct unit *unit, const struct function *function)
{
    LIST_EACH (parameter, &function->parameters)
        LIST_EACH (script, &unit->scripts)
            LIST_EACH (global, &(*script)->globals)
                if (!(*script)->source->library &&
                    !strcmp((*global)->name, (*parameter)->name))
                    unit_warning(unit, (*parameter)->token,
                                 "function parameter '%s' hides a global "
                                 "variable",
                                 (*parameter)->name);
}

/* Whether the script uses a part of the library that hands arguments on. */
static bool
library_takes_arguments(const struct unit *unit)
{
    LIST_EACH (source, &unit->state->argument_sources)
        LIST_EACH (script, &unit->state->needed)
            if ((*script)->source == *source)
                return true;
    return false;
}

/* Nothing in it but perhaps the condition of its point.  A oneshot ends the
 * script. */
static bool
does_nothing(const struct probe *probe)
{
    bool guarded = probe->points.items[0]->condition != NULL;

    if (!strcmp(probe->points.items[0]->components.items[0].name, "oneshot"))
        return false;

    for (unsigned i = guarded; i < probe->body->block.count; i++)
        if (!is_empty(probe->body->block.items[i]))
            return false;
    return true;
}

void
resolve_empty_probes(struct unit *unit)
{
    unsigned kept = 0;

    if (unit->options.unoptimized)
        return;
    for (unsigned i = 0; i < unit->probes.count; i++) {
        struct probe *probe = unit->probes.items[i];

        if (does_nothing(probe)) {
            if (!probe->token->position.source->library)
                unit_warning(unit, probe->token, "Probe '%s' has been elided",
                             probe->name);
            continue;
        }
        probe->id = kept;
        unit->probes.items[kept++] = probe;
    }
    unit->probes.count = kept;
    if (kept == 0)
        unit_error(unit, NULL, "no probes found");
}

void
resolve_warnings(struct unit *unit)
{
    LIST_EACH (script, &unit->scripts)
        if (!(*script)->source->library)
            warn_globals(unit, *script);
    LIST_EACH (at, &unit->functions)
        if (!(*at)->token->position.source->library) {
            warn_parameters(unit, *at);
            warn_locals(unit, &(*at)->locals);
        }
    LIST_EACH (at, &unit->probes) {
        const struct probe *probe = *at;

        if (probe->token->position.source->library)
            continue;
        /* What an alias sets need not be of use to each probe. */
        if (!probe->alias)
            warn_locals(unit, &probe->locals);
    }
    resolve_idle_warnings(unit);
    if (library_takes_arguments(unit))
        return;
    for (unsigned i = 0; i < unit->options.argument_count; i++)
        if (!unit->state->arguments_used[i])
            unit_warning(unit, NULL, "unused command line option $%u/@%u",
                         i + 1, i + 1);
}
