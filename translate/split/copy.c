/*
 * What a function records is different each time that it is called, and where
 * that is depends on the call.  So each call in a handler of a function that
 * reads what varies gets a copy of its own, to which the places of its captures
 * and loops belong.
 *
 * The copies of one function have the same variables, by their scope; these
 * are set anew at the beginning of each call.
 */

#include "translate/split/follow.h"

/* Calls within calls; deeper ones are taken for a circle. */
#define DEPTH_MAX 16

struct copying {
    struct unit *unit;
    const struct probe *probe;
    bool writes;
    unsigned depth;
    bool failed;
};

struct search {
    struct copying *copying;
    unsigned depth;
    bool found;
};

static bool
is_of_probe(const struct copying *copying, const struct expression *e)
{
    return e->kind == EXPRESSION_CALL && e->call.function != NULL &&
           e->call.function->probe == copying->probe &&
           e->call.function->body != NULL;
}

static void
look_for_varying(struct expression **slot, void *data)
{
    struct search *search = data;
    const struct expression *e = *slot;

    if (e->kind == EXPRESSION_TARGET && e->target.place != NULL) {
        const struct target_value *value = e->target.place;

        search->found = search->found || search->copying->writes ||
                        target_varies(&value->steps);
    } else if (is_of_probe(search->copying, e) && !search->found &&
               search->depth < DEPTH_MAX) {
        search->depth++;
        ast_walk(e->call.function->body, look_for_varying, search);
        search->depth--;
    }
}

static bool
reads_varying(struct copying *copying, const struct function *function)
{
    struct search search = {copying, 0, false};

    ast_walk(function->body, look_for_varying, &search);
    return search.found;
}

static void
copy_call(struct expression **slot, void *data)
{
    struct copying *copying = data;
    struct expression *call = *slot;
    struct arena *arena = &copying->unit->arena;
    struct function *original, *copy;

    if (!is_of_probe(copying, call) || copying->failed ||
        !reads_varying(copying, call->call.function))
        return;
    original = call->call.function;
    if (copying->depth == DEPTH_MAX || original->overload != NULL ||
        original->next) {
        unit_error(copying->unit, call->token,
                   copying->depth == DEPTH_MAX
                       ? "not supported yet: a function that calls itself and "
                         "reads what varies"
                       : "not supported yet: a function that reads what varies "
                         "and has others of its name");
        copying->failed = true;
        return;
    }
    copy = arena_copy(arena, original, sizeof(*original));
    copy->body = ast_clone_statement(arena, original->body);
    copy->place = original->place != NULL ? original->place : original->body;
    copy->id = copying->unit->functions.count;
    original->left_out = true;
    copy->left_out = false;
    LIST_ADD(arena, &copying->unit->functions, copy);
    call->call.function = copy;
    copying->depth++;
    ast_walk(copy->body, copy_call, copying);
    copying->depth--;
}

int
follow_copy(struct unit *unit, const struct probe *probe, bool writes)
{
    struct copying copying = {unit, probe, writes, 0, false};

    ast_walk(probe->body, copy_call, &copying);
    return copying.failed ? -1 : 0;
}
