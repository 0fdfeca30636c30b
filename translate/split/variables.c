/*
 * Variables that the program can know at any time: whatever is assigned to
 * them can be computed at the hit.
 */

#include "translate/split/follow_i.h"

#include <string.h>

#include "translate/values/compute.h"

struct variable_state *
follow_state(struct follower *follower, unsigned number)
{
    static const struct variable_state none;

    while (follower->variables.count <= number)
        LIST_ADD(follower->arena, &follower->variables, none);
    return &follower->variables.items[number];
}

/* The variable of a local's name, or NULL if nothing is made of it. */
struct variable_state *
follow_find_variable(struct follower *follower, const char *name)
{
    const struct place *place = follower->moment.place;
    const void *scope = follower->moment.scope;

    for (unsigned i = 0; i < place->variables.count; i++)
        if (place->variables.items[i].scope == scope &&
            strcmp(place->variables.items[i].name, name) == 0)
            return follow_state(follower, i);
    return NULL;
}

/* The function that is followed where E is, or NULL. */
const struct function *
follow_function(const struct expression *e)
{
    return e->kind == EXPRESSION_CALL && e->call.function != NULL &&
                   e->call.function->place != NULL
               ? e->call.function
               : NULL;
}

void
follow_enter(struct follower *follower, const struct function *function,
             struct scope *outer)
{
    outer->scope = follower->moment.scope;
    outer->probe = follower->moment.probe;
    outer->inside = *follower->moment.probe;
    outer->inside.body = function->body;
    outer->inside.within = function;
    follower->moment.scope = function->place;
    follower->moment.probe = &outer->inside;
}

void
follow_leave(struct follower *follower, const struct scope *outer)
{
    follower->moment.scope = outer->scope;
    follower->moment.probe = outer->probe;
}

/* It may turn out to be what something is read by. */
static void
know_variable(struct follower *follower, const char *name)
{
    const struct place_variable variable = {name, follower->moment.scope};

    if (follow_find_variable(follower, name) == NULL)
        LIST_ADD(follower->arena, &follower->moment.place->variables, variable);
}

/* ---- what is possible ------------------------------------------------ */

/* Whether E can be computed at the hit; else WHY it cannot. */
bool
follow_can_compute(struct follower *follower, struct expression *e,
                   const char **why)
{
    step_list steps = {0};
    struct error error;

    if (e->type != TYPE_LONG ||
        compute(&follower->moment, e, &steps, &error) != 0) {
        *why = e->type != TYPE_LONG ? "it is no number"
                                    : arena_string(follower->arena, error.text,
                                                   strlen(error.text));
        return false;
    }
    LIST_EACH (step, &steps) {
        if ((step->kind == STEP_VARIABLE || step->kind == STEP_ASSIGN) &&
            follow_state(follower, (unsigned)step->value)->impossible) {
            *why = follow_state(follower, (unsigned)step->value)->why;
            return false;
        }
    }
    return true;
}

static void
forbid(struct follower *follower, const struct expression *symbol,
       const char *why)
{
    struct variable_state *state;

    if (symbol->kind != EXPRESSION_SYMBOL)
        return;
    state = follow_find_variable(follower, symbol->symbol.name);
    if (state == NULL || state->impossible)
        return;
    state->impossible = true;
    state->token = symbol->token;
    state->why = why;
    follower->changed = true;
}

/* What E assigns to, or NULL. */
const struct expression *
follow_assigned(const struct expression *e)
{
    return e->kind == EXPRESSION_ASSIGN      ? e->assign.target
           : e->kind == EXPRESSION_INCREMENT ? e->increment.target
                                             : NULL;
}

struct forbidding {
    struct follower *follower;
    const char *why;
};

static void
forbid_assigned(struct expression **slot, void *data)
{
    struct forbidding *forbidding = data;
    const struct expression *target = follow_assigned(*slot);

    if (target != NULL)
        forbid(forbidding->follower, target, forbidding->why);
    ast_each_operand(*slot, forbid_assigned, data);
}

/* What its parameters are is known if the arguments are. */
static void
limit_call(struct expression **slot, void *data)
{
    struct follower *follower = data;
    const struct function *function = follow_function(*slot);
    struct scope outer;

    ast_each_operand(*slot, limit_call, data);
    if (function == NULL)
        return;
    for (unsigned i = 0; i < function->parameters.count; i++) {
        const struct variable *parameter = function->parameters.items[i];
        struct expression symbol = {.kind = EXPRESSION_SYMBOL,
                                    .token = (*slot)->token,
                                    .symbol.name = parameter->name};
        const char *why;

        if (follow_can_compute(follower, (*slot)->call.arguments.items[i],
                               &why))
            continue;
        follow_enter(follower, function, &outer);
        know_variable(follower, parameter->name);
        forbid(follower, &symbol, why);
        follow_leave(follower, &outer);
    }
    struct statement *body = function->body;
    follow_enter(follower, function, &outer);
    follow_limit(&body, follower);
    follow_leave(follower, &outer);
}

static void
limit_expression(struct expression **slot, void *data)
{
    struct forbidding forbidding = {data, NULL};

    if (!follow_can_compute(data, *slot, &forbidding.why))
        forbid_assigned(slot, &forbidding);
    limit_call(slot, data);
}

static void
forbid_all(struct statement **slot, void *data)
{
    ast_each_expression(*slot, forbid_assigned, data);
    ast_each_statement(*slot, forbid_all, data);
}

void
follow_limit(struct statement **slot, void *data)
{
    struct follower *follower = data;
    struct forbidding forbidding = {follower, NULL};
    struct statement *s = *slot;

    switch (s->kind) {
    case STATEMENT_FOREACH:
        forbidding.why = "it is set in a foreach, which only the process knows";
        LIST_EACH (key, &s->foreach.keys)
            forbid(follower, *key, forbidding.why);
        if (s->foreach.value != NULL)
            forbid(follower, s->foreach.value, forbidding.why);
        forbid_all(&s->foreach.body, &forbidding);
        break;
    case STATEMENT_TRY:
        forbidding.why = "it is set where an error is caught";
        if (s->try.message != NULL)
            forbid(follower, s->try.message, forbidding.why);
        forbid_all(&s->try.handler, &forbidding);
        follow_limit(&s->try.body, follower);
        break;
    default:
        ast_each_expression(s, limit_expression, follower);
        ast_each_statement(s, follow_limit, follower);
        break;
    }
}

/* ---- what goes wrong ------------------------------------------------- */

void
follow_report(struct follower *follower)
{
    const struct place *place = follower->moment.place;

    for (unsigned i = 0; i < follower->variables.count; i++) {
        const struct variable_state *state = &follower->variables.items[i];

        if (!state->needed || !state->impossible)
            continue;
        unit_error(follower->unit, state->token,
                   "'%s' has to be known at the hit, for what is read by it: "
                   "%s",
                   place->variables.items[i].name, state->why);
        follower->failed = true;
    }
}

/* The first target that is read by variable NUMBER. */
struct use_search {
    unsigned number;
    const struct token *token;
};

static void
look_for_use(struct expression **slot, void *data)
{
    struct use_search *search = data;
    const struct target_value *value = (*slot)->target.place;

    if ((*slot)->kind != EXPRESSION_TARGET || value == NULL ||
        search->token != NULL)
        return;
    LIST_EACH (step, &value->steps)
        if (step->kind == STEP_VARIABLE &&
            step->value == (int64_t)search->number)
            search->token = (*slot)->token;
}

static const struct token *
first_use(struct follower *follower, struct statement *body, unsigned number)
{
    struct use_search search = {number, NULL};

    ast_walk(body, look_for_use, &search);
    return search.token != NULL ? search.token : follower->moment.probe->token;
}

/* Names that are no locals where they are used. */
struct locals {
    struct follower *follower;
    struct statement *body;
    const void *scope;
    const variable_list *locals;
    const variable_list *parameters;
};

static bool
is_number_of(const variable_list *variables, const char *name)
{
    LIST_EACH (variable, variables)
        if (strcmp((*variable)->name, name) == 0)
            return (*variable)->type == TYPE_LONG;
    return false;
}

static void
check_locals(const struct locals *locals)
{
    struct follower *follower = locals->follower;
    const struct place *place = follower->moment.place;

    for (unsigned i = 0; i < place->variables.count; i++) {
        const struct place_variable *variable = &place->variables.items[i];
        struct variable_state *state = follow_state(follower, i);

        if (variable->scope != locals->scope ||
            is_number_of(locals->locals, variable->name) ||
            (locals->parameters != NULL &&
             is_number_of(locals->parameters, variable->name)))
            continue;
        state->impossible = true;
        state->token = first_use(follower, locals->body, i);
        state->why = "only the process knows it";
        LIST_EACH (global, &follower->unit->globals)
            if (strcmp((*global)->name, variable->name) == 0)
                state->why = "it is a global variable, which the process has";
    }
}

void
follow_check_names(struct follower *follower, const struct probe *probe)
{
    struct locals locals = {follower, probe->body, probe->body, &probe->locals,
                            NULL};

    check_locals(&locals);
    LIST_EACH (function, &follower->unit->functions) {
        if ((*function)->probe != probe || (*function)->place == NULL)
            continue;
        locals.scope = (*function)->place;
        locals.body = (*function)->body;
        locals.locals = &(*function)->locals;
        locals.parameters = &(*function)->parameters;
        check_locals(&locals);
    }
}
