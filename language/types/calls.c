/*
 * Which function a call is of.
 */

#include <string.h>

#include "language/messages.h"
#include "language/state.h"
#include "language/types/resolve.h"
#include "language/words/builtin.h"
#include "language/words/foreign.h"
#include "language/words/print_name.h"

struct function *
resolve_function(struct unit *unit, const struct token *token, unsigned count)
{
    const struct source *origin = resolve_origin(token);
    struct function *best = NULL;

    LIST_EACH (at, &unit->state->functions) {
        struct function *function = *at;

        if (strcmp(function->name, token->text) ||
            function->parameters.count != count)
            continue;
        /* They are in the order in which they are tried. */
        if (function->private && function->token->position.source == origin)
            return function;
        if (!function->private && !best)
            best = function;
    }
    return best;
}

static void
unresolved_call(struct unit *unit, struct expression *e)
{
    struct similar similar = {.name = e->call.name};
    unsigned rows, arities = 0;
    const struct builtin *builtin = builtin_table(&rows);
    struct text takes = {0};

    LIST_EACH (function, &unit->state->functions) {
        similar_offer(&similar, (*function)->name);
        if (!strcmp((*function)->name, e->call.name))
            text_printf(&takes, "%s%u", arities++ ? ", or " : "",
                        (*function)->parameters.count);
    }
    for (const struct print_name *at = print_names; at->name; at++)
        similar_offer(&similar, at->name);
    for (unsigned i = 0; i < rows; i++) {
        if (!builtin[i].refused)
            similar_offer(&similar, builtin[i].name);
        if (!strcmp(builtin[i].name, e->call.name))
            text_printf(&takes, "%s%u", arities++ ? ", or " : "",
                        builtin[i].parameter_count);
    }
    if (foreign_function(e->call.name))
        unit_error(unit, e->token, "%s", foreign_function(e->call.name));
    else if (arities)
        unit_error(unit, e->token,
                   "arity mismatch found (function '%s' takes %s args)",
                   e->call.name, text_string(&takes));
    else
        unit_error(unit, e->token, "unresolved function %s%s", e->call.name,
                   similar_text(&unit->arena, &similar));
    text_free(&takes);
}

void
resolve_need_function(struct unit *unit, struct function *function)
{
    if (function->used)
        return;
    function->used = true;
    LIST_ADD(&unit->arena, &unit->functions, function);
    resolve_need_script(unit, function->token->position.source);
}

void
resolve_call(struct unit *unit, struct expression *e)
{
    unsigned count = e->call.arguments.count;

    if (!e->call.function)
        e->call.function = resolve_function(unit, e->token, count);
    if (e->call.function) {
        resolve_need_function(unit, e->call.function);
        return;
    }
    e->call.builtin = builtin_find(e->call.name, count);
    if (!e->call.builtin)
        unresolved_call(unit, e);
    else if (e->call.builtin->refused)
        unit_error(unit, e->token, "%s", e->call.builtin->refused);
}
