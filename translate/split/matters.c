#include "translate/split/follow_i.h"

bool
follow_varies(const struct follower *follower, const struct expression *e)
{
    const struct target_value *value;

    if (e->kind != EXPRESSION_TARGET)
        return false;
    value = e->target.place;
    return value != NULL && (follower->writes || target_varies(&value->steps));
}

struct search {
    struct follower *follower;
    bool found;
};

static void
look_for_needed(struct expression **slot, void *data)
{
    struct search *search = data;
    const struct expression *target = follow_assigned(*slot);

    if (target != NULL && target->kind == EXPRESSION_SYMBOL) {
        const struct variable_state *state =
            follow_find_variable(search->follower, target->symbol.name);

        search->found = search->found || (state != NULL && state->needed);
    }
    ast_each_operand(*slot, look_for_needed, data);
}

static void
look_for_writes(struct expression **slot, void *data)
{
    const struct expression *target = follow_assigned(*slot);
    bool *found = data;

    *found = *found || (target != NULL && target->kind == EXPRESSION_TARGET);
    ast_each_operand(*slot, look_for_writes, data);
}

bool
follow_writes(struct expression *e)
{
    bool found = false;

    look_for_writes(&e, &found);
    return found;
}

bool
follow_probe_writes(const struct unit *unit, const struct probe *probe)
{
    bool found = false;

    ast_walk(probe->body, look_for_writes, &found);
    LIST_EACH (function, &unit->functions)
        if ((*function)->probe == probe && (*function)->body != NULL &&
            !(*function)->left_out)
            ast_walk((*function)->body, look_for_writes, &found);
    return found;
}

bool
follow_assigns_needed(struct follower *follower, struct expression *e)
{
    struct search search = {follower, false};

    look_for_needed(&e, &search);
    return search.found;
}

static void
look_for_varying(struct expression **slot, void *data)
{
    struct search *search = data;

    const struct expression *target = follow_assigned(*slot);

    search->found = search->found || follow_varies(search->follower, *slot) ||
                    (target != NULL && target->kind == EXPRESSION_TARGET) ||
                    follow_function(*slot) != NULL;
    if ((*slot)->kind != EXPRESSION_TARGET)
        ast_each_operand(*slot, look_for_varying, data);
}

static void
look_for_relevant(struct expression **slot, void *data)
{
    look_for_varying(slot, data);
    look_for_needed(slot, data);
}

struct mattering {
    struct search search;
    bool jumps; /* those of the loop at hand do */
};

static void
look_at_statement(struct statement **slot, void *data)
{
    struct mattering *mattering = data;
    struct statement *s = *slot;
    bool is_loop = s->kind == STATEMENT_LOOP || s->kind == STATEMENT_FOREACH;
    bool jumps = mattering->jumps;

    /* What is written behind a way out of the handler depends on that. */
    if (s->kind == STATEMENT_NEXT || s->kind == STATEMENT_RETURN)
        jumps = jumps || mattering->search.follower->writes;
    else if (s->kind != STATEMENT_BREAK && s->kind != STATEMENT_CONTINUE)
        jumps = false;
    mattering->search.found = mattering->search.found || jumps;
    jumps = mattering->jumps;
    ast_each_expression(s, look_for_relevant, &mattering->search);
    mattering->jumps = jumps && !is_loop;
    ast_each_statement(s, look_at_statement, mattering);
    mattering->jumps = jumps;
}

bool
follow_matters(struct follower *follower, struct statement *s, bool jumps)
{
    struct mattering mattering = {{follower, false}, jumps};

    look_at_statement(&s, &mattering);
    return mattering.search.found;
}
