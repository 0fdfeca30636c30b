#include "language/resolve.h"

#include "language/messages.h"
#include "language/state.h"

static const char *
similar_to(struct program *program, const struct variable *variable,
           const variable_list *locals)
{
    struct similar similar = {.name = variable->name};

    if (locals)
        LIST_EACH (other, locals)
            if ((*other)->written)
                similar_offer(&similar, (*other)->name);
    LIST_EACH (other, &program->globals)
        similar_offer(&similar, (*other)->name);
    return similar_text(&program->arena, &similar);
}

static void
warn_locals(struct program *program, const variable_list *locals)
{
    LIST_EACH (at, locals) {
        struct variable *variable = *at;

        if (!variable->written)
            program_warning(program, variable->token,
                            "never-assigned local variable '%s'%s",
                            variable->name,
                            similar_to(program, variable, locals));
        else if (!variable->read)
            program_warning(program, variable->token,
                            "unused local variable '%s'", variable->name);
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
warn_globals(struct program *program, const struct script *script)
{
    LIST_EACH (at, &script->globals) {
        struct variable *variable = *at;

        if (!variable->read && !variable->written)
            program_warning(program, variable->token,
                            "unused global variable '%s'", variable->name);
        else if (!variable->written && !variable->initial)
            program_warning(program, variable->token,
                            "never-assigned global variable '%s'%s",
                            variable->name,
                            similar_to(program, variable, NULL));
    }
}

void
resolve_warnings(struct program *program)
{
    LIST_EACH (script, &program->scripts)
        if (!(*script)->source->library)
            warn_globals(program, *script);
    LIST_EACH (at, &program->functions)
        if (!(*at)->token->position.source->library)
            warn_locals(program, &(*at)->locals);
    LIST_EACH (at, &program->probes) {
        const struct probe *probe = *at;

        if (probe->token->position.source->library)
            continue;
        if (is_empty(probe->body))
            program_warning(program, probe->token, "side-effect-free probe");
        /* What an alias sets need not be of use to each probe. */
        if (!probe->aliased)
            warn_locals(program, &probe->locals);
    }
    for (unsigned i = 0; i < program->options.argument_count; i++)
        if (!program->state->arguments_used[i])
            program_warning(program, NULL, "unused command line option $%u/@%u",
                            i + 1, i + 1);
}
