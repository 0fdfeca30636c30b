/*
 * It is found out in passes over the handler's body:
 *
 *   possible   variables that the program can know at any time: whatever is
 *              assigned to them can be computed at the hit; all are, until an
 *              assignment says otherwise
 *   needed     those that a target is made of, or what is assigned to one
 *              that is needed, or a condition around all this; none are, until
 *              a pass finds one
 *
 * Both are done again until nothing changes.  Each pass of the second kind
 * builds what is to be followed, and the last one is right.
 */

#include "translate/follow.h"

#include <string.h>

#include "translate/compute.h"
#include "translate/place.h"

/* By number in place.variables. */
struct variable_state {
    bool impossible;
    bool needed;
    const struct token *token; /* why it is impossible */
    const char *why;
};

/* Where the pass is. */
struct context {
    follow_list *out;
    struct plan_loop *loop;
    bool jumps; /* leave the loop at hand, or without one the handler */
    /* Only the process knows whether it is here; since the loop began. */
    bool apart;
    bool apart_from_all;
    bool apart_in_function;
    bool in_function;
    struct follow *at; /* the loop at hand */
};

/* What is followed is in a function, whose body has a scope of its own. */
struct scope {
    const void *scope;
    const struct probe *probe;
    struct probe inside;
};

/* A target, and the number of its capture. */
struct use {
    struct expression *target;
    unsigned capture;
};

struct follower {
    struct unit *unit;
    struct arena *arena;
    struct moment moment;
    struct plan_handler *handler;
    LIST_OF(struct variable_state) variables;
    LIST_OF(struct capture *) captures;
    value_list values; /* of the captures */
    LIST_OF(struct use) uses;
    LIST_OF(struct plan_loop *) loops;
    const struct context *context; /* of what is computed */
    bool writes; /* to the kernel: then all that is read is read in its turn */
    bool changed;
    bool failed;
};

static struct variable_state *
state_of(struct follower *follower, unsigned number)
{
    static const struct variable_state none;

    while (follower->variables.count <= number)
        LIST_ADD(follower->arena, &follower->variables, none);
    return &follower->variables.items[number];
}

/* The variable of a local's name, or NULL if nothing is made of it. */
static struct variable_state *
find_variable(struct follower *follower, const char *name)
{
    const struct place *place = follower->moment.place;
    const void *scope = follower->moment.scope;

    for (unsigned i = 0; i < place->variables.count; i++)
        if (place->variables.items[i].scope == scope &&
            strcmp(place->variables.items[i].name, name) == 0)
            return state_of(follower, i);
    return NULL;
}

/* The function that is followed where E is, or NULL. */
static const struct function *
followed_function(const struct expression *e)
{
    return e->kind == EXPRESSION_CALL && e->call.function != NULL &&
                   e->call.function->place != NULL
               ? e->call.function
               : NULL;
}

static void
enter_function(struct follower *follower, const struct function *function,
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

static void
leave_function(struct follower *follower, const struct scope *outer)
{
    follower->moment.scope = outer->scope;
    follower->moment.probe = outer->probe;
}

/* It may turn out to be what something is read by. */
static void
know_variable(struct follower *follower, const char *name)
{
    const struct place_variable variable = {name, follower->moment.scope};

    if (find_variable(follower, name) == NULL)
        LIST_ADD(follower->arena, &follower->moment.place->variables, variable);
}

/* ---- what is possible ------------------------------------------------ */

/* Whether E can be computed at the hit; else WHY it cannot. */
static bool
can_compute(struct follower *follower, struct expression *e, const char **why)
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
            state_of(follower, (unsigned)step->value)->impossible) {
            *why = state_of(follower, (unsigned)step->value)->why;
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
    state = find_variable(follower, symbol->symbol.name);
    if (state == NULL || state->impossible)
        return;
    state->impossible = true;
    state->token = symbol->token;
    state->why = why;
    follower->changed = true;
}

/* What E assigns to, or NULL. */
static const struct expression *
assigned_by(const struct expression *e)
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
    const struct expression *target = assigned_by(*slot);

    if (target != NULL)
        forbid(forbidding->follower, target, forbidding->why);
    ast_each_operand(*slot, forbid_assigned, data);
}

static void limit(struct statement **slot, void *data);

/* What its parameters are is known if the arguments are. */
static void
limit_call(struct expression **slot, void *data)
{
    struct follower *follower = data;
    const struct function *function = followed_function(*slot);
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

        if (can_compute(follower, (*slot)->call.arguments.items[i], &why))
            continue;
        enter_function(follower, function, &outer);
        know_variable(follower, parameter->name);
        forbid(follower, &symbol, why);
        leave_function(follower, &outer);
    }
    struct statement *body = function->body;
    enter_function(follower, function, &outer);
    limit(&body, follower);
    leave_function(follower, &outer);
}

static void
limit_expression(struct expression **slot, void *data)
{
    struct forbidding forbidding = {data, NULL};

    if (!can_compute(data, *slot, &forbidding.why))
        forbid_assigned(slot, &forbidding);
    limit_call(slot, data);
}

static void
forbid_all(struct statement **slot, void *data)
{
    ast_each_expression(*slot, forbid_assigned, data);
    ast_each_statement(*slot, forbid_all, data);
}

static void
limit(struct statement **slot, void *data)
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
        limit(&s->try.body, follower);
        break;
    default:
        ast_each_expression(s, limit_expression, follower);
        ast_each_statement(s, limit, follower);
        break;
    }
}

/* ---- captures -------------------------------------------------------- */

static void
need(struct follower *follower, const step_list *steps)
{
    LIST_EACH (step, steps) {
        if (step->kind != STEP_VARIABLE && step->kind != STEP_ASSIGN)
            continue;
        struct variable_state *state =
            state_of(follower, (unsigned)step->value);
        if (!state->needed)
            follower->changed = true;
        state->needed = true;
    }
}

static bool
varies(const struct follower *follower, const struct expression *e)
{
    const struct target_value *value;

    if (e->kind != EXPRESSION_TARGET)
        return false;
    value = e->target.place;
    return value != NULL && (follower->writes || target_varies(&value->steps));
}

/* moment.record: a capture for TARGET where it is computed. */
static unsigned
add_capture(void *data, struct expression *target, bool written)
{
    struct follower *follower = data;
    struct target_value *value = target->target.place;
    struct capture *capture = ARENA_NEW(follower->arena, struct capture);
    struct use use = {target, follower->captures.count};

    if (written) {
        value = arena_copy(follower->arena, value, sizeof(*value));
        value->written = true;
        value->group = NULL;
    }
    capture->written = written;
    capture->kind = CAPTURE_TARGET;
    capture->type = value->read == TARGET_NUMBER ? TYPE_LONG : TYPE_STRING;
    capture->name = value->name;
    capture->size = capture->type == TYPE_LONG ? sizeof(int64_t) : value->size;
    capture->loop = follower->context->loop;
    capture->followed = true;
    LIST_ADD(follower->arena, &follower->captures, capture);
    const struct target_value *constant = value;
    LIST_ADD(follower->arena, &follower->values, constant);
    LIST_ADD(follower->arena, &follower->uses, use);
    return use.capture;
}

static struct follow *
add_follow(struct follower *follower, const struct context *context,
           enum follow_kind kind)
{
    struct follow *follow = ARENA_NEW(follower->arena, struct follow);

    follow->kind = kind;
    LIST_ADD(follower->arena, context->out, follow);
    return follow;
}

struct recording {
    struct follower *follower;
    const struct context *context;
};

/* A value that stands twice in one expression is recorded once. */
static bool
is_recorded(struct follower *follower, struct expression *target)
{
    for (unsigned i = 0; i < follower->values.count; i++) {
        struct use use = {target, i};

        if (follower->values.items[i] != target->target.place)
            continue;
        LIST_ADD(follower->arena, &follower->uses, use);
        return true;
    }
    return false;
}

static void follow_call(struct follower *follower,
                        const struct context *context, struct expression *call);

/* Record each target in an expression that is not computed itself. */
static void
record_targets(struct expression **slot, void *data)
{
    struct recording *recording = data;
    struct follower *follower = recording->follower;

    if (!varies(follower, *slot)) {
        if ((*slot)->kind != EXPRESSION_TARGET)
            ast_each_operand(*slot, record_targets, data);
        if (followed_function(*slot) != NULL)
            follow_call(follower, recording->context, *slot);
        return;
    }
    const struct target_value *value = (*slot)->target.place;
    if (is_recorded(follower, *slot))
        return;
    follower->context = recording->context;
    struct follow *follow =
        add_follow(follower, recording->context, FOLLOW_CAPTURE);
    follow->capture = add_capture(follower, *slot, false);
    follow->steps = value->steps;
    need(follower, &value->steps);
}

/* ---- expressions ----------------------------------------------------- */

struct search {
    struct follower *follower;
    bool found;
};

static void
look_for_needed(struct expression **slot, void *data)
{
    struct search *search = data;
    const struct expression *target = assigned_by(*slot);

    if (target != NULL && target->kind == EXPRESSION_SYMBOL) {
        const struct variable_state *state =
            find_variable(search->follower, target->symbol.name);

        search->found = search->found || (state != NULL && state->needed);
    }
    ast_each_operand(*slot, look_for_needed, data);
}

static void
look_for_writes(struct expression **slot, void *data)
{
    const struct expression *target = assigned_by(*slot);
    bool *found = data;

    *found = *found || (target != NULL && target->kind == EXPRESSION_TARGET);
    ast_each_operand(*slot, look_for_writes, data);
}

/* Whether E writes to the kernel. */
static bool
writes_kernel(struct expression *e)
{
    bool found = false;

    look_for_writes(&e, &found);
    return found;
}

static bool
assigns_needed(struct follower *follower, struct expression *e)
{
    struct search search = {follower, false};

    look_for_needed(&e, &search);
    return search.found;
}

static void
look_for_varying(struct expression **slot, void *data)
{
    struct search *search = data;

    const struct expression *target = assigned_by(*slot);

    search->found = search->found || varies(search->follower, *slot) ||
                    (target != NULL && target->kind == EXPRESSION_TARGET) ||
                    followed_function(*slot) != NULL;
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

    if (s->kind == STATEMENT_BREAK || s->kind == STATEMENT_CONTINUE ||
        s->kind == STATEMENT_NEXT || s->kind == STATEMENT_RETURN)
        mattering->search.found = mattering->search.found || jumps;
    ast_each_expression(s, look_for_relevant, &mattering->search);
    mattering->jumps = jumps && !is_loop;
    ast_each_statement(s, look_at_statement, mattering);
    mattering->jumps = jumps;
}

/* Whether there is anything in S to be followed, perhaps only a way out. */
static bool
matters(struct follower *follower, struct statement *s, bool jumps)
{
    struct mattering mattering = {{follower, false}, jumps};

    look_at_statement(&s, &mattering);
    return mattering.search.found;
}

/* The steps of E, which can be computed; targets in it are recorded. */
static void
compute_steps(struct follower *follower, const struct context *context,
              struct expression *e, struct follow *follow)
{
    struct text text = {0};
    struct error error;

    expression_print(e, &text);
    follow->name = arena_string(follower->arena, text_string(&text), text.size);
    text_free(&text);
    follower->context = context;
    follower->moment.record = add_capture;
    if (compute(&follower->moment, e, &follow->steps, &error) != 0)
        follower->failed = true; /* not reached: it was done before */
    follower->moment.record = NULL;
    need(follower, &follow->steps);
}

static void
follow_expression(struct follower *follower, const struct context *context,
                  struct expression *e)
{
    struct recording recording = {follower, context};
    const char *why = "only the process knows whether this is done";
    bool writes = writes_kernel(e);

    if ((writes && context->apart_from_all) ||
        ((writes || assigns_needed(follower, e)) &&
         !can_compute(follower, e, &why))) {
        if (writes && !follower->changed) {
            unit_error(follower->unit, e->token,
                       "what is written to the kernel has to be known at the "
                       "hit: %s",
                       why);
            follower->failed = true;
        }
        writes = false;
    }
    if (writes ||
        (assigns_needed(follower, e) && can_compute(follower, e, &why)))
        compute_steps(follower, context, e,
                      add_follow(follower, context, FOLLOW_VALUE));
    else
        record_targets(&e, &recording);
}

/* ---- statements ------------------------------------------------------ */

static void follow_statement(struct follower *follower,
                             const struct context *context,
                             struct statement *s);

/* S, of which the program does not know whether it is done. */
static void
follow_apart(struct follower *follower, const struct context *context,
             struct statement *s, const struct token *token, const char *why)
{
    struct context inner = *context;
    struct follow *follow = ARENA_NEW(follower->arena, struct follow);

    follow->kind = FOLLOW_REGION;
    follow->leaves = (struct follow_doubt){token, why};
    inner.out = &follow->body;
    inner.apart = inner.apart_from_all = inner.apart_in_function = true;
    follow_statement(follower, &inner, s);
    if (follow->body.count > 0)
        LIST_ADD(follower->arena, context->out, follow);
}

static void
follow_if(struct follower *follower, const struct context *context,
          struct statement *s)
{
    struct expression *condition = s->branch.condition;
    struct recording recording = {follower, context};
    struct context inner = *context;
    struct follow *follow;
    const char *why;

    if (!matters(follower, s, context->jumps))
        return;
    if (!can_compute(follower, condition, &why)) {
        record_targets(&condition, &recording);
        why = "only the process knows this condition";
        follow_apart(follower, context, s->branch.yes, s->token, why);
        if (s->branch.no != NULL)
            follow_apart(follower, context, s->branch.no, s->token, why);
        return;
    }
    follow = add_follow(follower, context, FOLLOW_IF);
    compute_steps(follower, context, condition, follow);
    inner.out = &follow->body;
    follow_statement(follower, &inner, s->branch.yes);
    inner.out = &follow->other;
    if (s->branch.no != NULL)
        follow_statement(follower, &inner, s->branch.no);
}

/* The part CONDITION of a loop's: if it does not hold, the loop ends.  Of what
 * only the process knows it is taken that it holds. */
static void
follow_condition(struct follower *follower, const struct context *context,
                 struct expression *condition)
{
    struct recording recording = {follower, context};
    struct context inner = *context;
    const char *why;

    if (condition->kind == EXPRESSION_BINARY &&
        condition->binary.operator==
        BINARY_LOGICAL_AND && !can_compute(follower, condition, &why)) {
        follow_condition(follower, context, condition->binary.left);
        follow_condition(follower, context, condition->binary.right);
        return;
    }
    if (!can_compute(follower, condition, &why)) {
        record_targets(&condition, &recording);
        context->at->leaves = (struct follow_doubt){
            condition->token, "only the process knows when this loop ends"};
        return;
    }
    struct follow *follow = add_follow(follower, context, FOLLOW_IF);
    compute_steps(follower, context, condition, follow);
    inner.out = &follow->other;
    add_follow(follower, &inner, FOLLOW_BREAK);
}

static void
follow_rounds(struct follower *follower, struct context *context,
              struct statement *s, struct follow *follow)
{
    context->out = &follow->body;
    if (s->loop.condition != NULL)
        follow_condition(follower, context, s->loop.condition);
    follow_statement(follower, context, s->loop.body);
    context->out = &follow->other;
    if (s->loop.step != NULL)
        follow_expression(follower, context, s->loop.step);
}

/* A loop matters for what is in it, not for how it is left. */
static bool
loop_matters(struct follower *follower, struct statement *s)
{
    struct statement rounds = *s;

    rounds.loop.initial = NULL;
    return matters(follower, &rounds, false);
}

static void
follow_loop(struct follower *follower, const struct context *context,
            struct statement *s)
{
    struct follow *follow;
    struct plan_loop *loop;
    struct context inner = *context;

    if (s->loop.initial != NULL)
        follow_expression(follower, context, s->loop.initial);
    s->loop.place = NULL;
    if (!loop_matters(follower, s))
        return;
    loop = ARENA_NEW(follower->arena, struct plan_loop);
    loop->number = follower->loops.count;
    loop->outer = context->loop;
    loop->token = s->token;
    LIST_ADD(follower->arena, &follower->loops, loop);
    follow = add_follow(follower, context, FOLLOW_LOOP);
    follow->loop = loop;
    s->loop.place = loop;
    inner.loop = loop;
    inner.jumps = true;
    inner.apart = false;
    inner.at = follow;
    follow_rounds(follower, &inner, s, follow);
}

/* What is read in it stays what it is while it goes on. */
static void
follow_foreach(struct follower *follower, const struct context *context,
               struct statement *s)
{
    struct recording recording = {follower, context};
    struct context inner = *context;

    ast_each_expression(s, record_targets, &recording);
    inner.jumps = false;
    follow_apart(follower, &inner, s->foreach.body, s->token,
                 "only the process knows how often this is done");
}

static void
follow_try(struct follower *follower, const struct context *context,
           struct statement *s)
{
    struct follow *follow = ARENA_NEW(follower->arena, struct follow);
    struct context inner = *context;
    follow_list handler = {0};

    follow->kind = FOLLOW_REGION;
    follow->leaves =
        (struct follow_doubt){s->token, "an error may leave this at any place"};
    inner.out = &follow->body;
    follow_statement(follower, &inner, s->try.body);
    if (follow->body.count > 0)
        LIST_ADD(follower->arena, context->out, follow);
    inner.out = &handler;
    inner.jumps = false;
    follow_statement(follower, &inner, s->try.handler);
    if (handler.count == 0)
        return;
    unit_error(follower->unit, s->try.handler->token,
               "not supported yet: reading here what depends on variables that "
               "the handler changes; read it before `try`");
    follower->failed = true;
}

static void
follow_jump(struct follower *follower, const struct context *context,
            struct statement *s)
{
    static const enum follow_kind kinds[] = {
        [STATEMENT_BREAK] = FOLLOW_BREAK,
        [STATEMENT_CONTINUE] = FOLLOW_CONTINUE,
        [STATEMENT_NEXT] = FOLLOW_END,
    };

    if (!context->jumps)
        return;
    if (s->kind == STATEMENT_NEXT && !context->in_function) {
        if (!context->apart_from_all)
            add_follow(follower, context, FOLLOW_END);
        return;
    }
    if (s->kind == STATEMENT_NEXT || s->kind == STATEMENT_RETURN) {
        if (!context->apart_in_function)
            add_follow(follower, context, FOLLOW_RETURN);
        return;
    }
    if (context->at == NULL)
        return; /* of a loop that is the process's own */
    if (!context->apart) {
        add_follow(follower, context, kinds[s->kind]);
        return;
    }
    *(s->kind == STATEMENT_BREAK ? &context->at->leaves : &context->at->skips) =
        (struct follow_doubt){s->token,
                              "only the process knows whether this is done"};
}

static void
follow_statement(struct follower *follower, const struct context *context,
                 struct statement *s)
{
    struct recording recording = {follower, context};

    switch (s->kind) {
    case STATEMENT_BLOCK:
        LIST_EACH (each, &s->block)
            follow_statement(follower, context, *each);
        break;
    case STATEMENT_EXPRESSION:
        follow_expression(follower, context, s->expression);
        break;
    case STATEMENT_IF:
        follow_if(follower, context, s);
        break;
    case STATEMENT_LOOP:
        follow_loop(follower, context, s);
        break;
    case STATEMENT_FOREACH:
        follow_foreach(follower, context, s);
        break;
    case STATEMENT_TRY:
        follow_try(follower, context, s);
        break;
    case STATEMENT_RETURN:
        ast_each_expression(s, record_targets, &recording);
        follow_jump(follower, context, s);
        break;
    case STATEMENT_BREAK:
    case STATEMENT_CONTINUE:
    case STATEMENT_NEXT:
        follow_jump(follower, context, s);
        break;
    default:
        ast_each_expression(s, record_targets, &recording);
        break;
    }
}

/* ---- functions ------------------------------------------------------- */

/* A variable of SCOPE becomes what the steps compute, or 0 without any. */
static void
set_variable(struct follower *follower, const struct context *context,
             unsigned number, const step_list *steps)
{
    struct follow *follow;
    struct step zero = {STEP_CONSTANT, 0};
    struct step assign = {STEP_ASSIGN, number};

    if (!state_of(follower, number)->needed)
        return;
    follow = add_follow(follower, context, FOLLOW_VALUE);
    follow->name = follower->moment.place->variables.items[number].name;
    LIST_EACH (step, steps)
        LIST_ADD(follower->arena, &follow->steps, *step);
    if (steps->count == 0)
        LIST_ADD(follower->arena, &follow->steps, zero);
    LIST_ADD(follower->arena, &follow->steps, assign);
    need(follower, &follow->steps);
}

/* The argument for a parameter's NAME, in the scope of the call; no steps if
 * NAME is no parameter. */
static step_list
argument_steps(struct follower *follower, const struct expression *call,
               const char *name)
{
    const struct function *function = call->call.function;
    step_list steps = {0};
    struct error error;

    for (unsigned i = 0; i < function->parameters.count; i++)
        if (strcmp(function->parameters.items[i]->name, name) == 0 &&
            compute(&follower->moment, call->call.arguments.items[i], &steps,
                    &error) != 0)
            steps.count = 0; /* it is impossible, and was noted */
    return steps;
}

static void
follow_call(struct follower *follower, const struct context *context,
            struct expression *call)
{
    const struct function *function = call->call.function;
    const struct place *place = follower->moment.place;
    struct follow *follow = add_follow(follower, context, FOLLOW_FUNCTION);
    struct context inner = {
        .out = &follow->body,
        .loop = context->loop,
        .jumps = true,
        .apart_from_all = true,
        .in_function = true,
    };
    struct scope outer;

    for (unsigned i = 0; i < place->variables.count; i++) {
        const struct place_variable *variable = &place->variables.items[i];

        if (variable->scope != function->place)
            continue;
        step_list steps = argument_steps(follower, call, variable->name);
        set_variable(follower, &inner, i, &steps);
    }
    enter_function(follower, function, &outer);
    follow_statement(follower, &inner, function->body);
    leave_function(follower, &outer);
}

/* ---- what goes wrong ------------------------------------------------- */

static void
report_impossible(struct follower *follower)
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
        struct variable_state *state = state_of(follower, i);

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

static void
check_names(struct follower *follower, const struct probe *probe)
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

/* What is written is written where it stands in the handler. */
static void
refuse_write(struct expression **slot, void *data)
{
    struct follower *follower = data;
    const struct expression *target = assigned_by(*slot);

    if (target == NULL || target->kind != EXPRESSION_TARGET)
        return;
    unit_error(follower->unit, (*slot)->token,
               "not supported yet: writing to the kernel in a function");
    follower->failed = true;
}

static void
refuse_writes(struct follower *follower, const struct probe *probe)
{
    LIST_EACH (function, &follower->unit->functions)
        if ((*function)->probe == probe && (*function)->body != NULL &&
            !(*function)->left_out)
            ast_walk((*function)->body, refuse_write, follower);
}

/* ---------------------------------------------------------------------- */

static void
reset(struct follower *follower)
{
    follower->changed = false;
    follower->captures.count = follower->values.count = follower->uses.count =
        0;
    follower->loops.count = 0;
}

/* What was found becomes the handler's. */
static void
commit(struct follower *follower, value_list *values)
{
    struct plan_handler *handler = follower->handler;

    LIST_EACH (use, &follower->uses)
        use->target->target.place = follower->captures.items[use->capture];
    for (unsigned i = 0; i < follower->captures.count; i++) {
        LIST_ADD(follower->arena, &handler->captures,
                 follower->captures.items[i]);
        LIST_ADD(follower->arena, values, follower->values.items[i]);
    }
    LIST_EACH (loop, &follower->loops)
        LIST_ADD(follower->arena, &handler->loops, *loop);
}

int
follow_find(struct unit *unit, struct kernel_source *kernel,
            const struct probe *probe, uint32_t string_size,
            struct plan_handler *handler, value_list *values)
{
    struct place *place = probe->place;
    struct follower follower = {
        .unit = unit,
        .arena = &unit->arena,
        .moment = {.arena = &unit->arena,
                   .kernel = kernel,
                   .probe = probe,
                   .place = place,
                   .string_size = string_size,
                   .scope = probe->body,
                   .following = true,
                   .data = &follower},
        .handler = handler,
    };
    struct context context = {.jumps = true};
    struct statement *body = probe->body;
    follow_list *followed = ARENA_NEW(&unit->arena, follow_list);

    refuse_writes(&follower, probe);
    if (follower.failed)
        return -1;
    ast_walk(body, look_for_writes, &follower.writes);
    if (place->variables.count == 0 && !follower.writes)
        return 0;
    follower.moment.writes = follower.writes;
    if (follow_copy(unit, probe, follower.writes) != 0)
        return -1;
    check_names(&follower, probe);
    do {
        follower.changed = false;
        limit(&body, &follower);
    } while (follower.changed);
    do {
        reset(&follower);
        followed->count = 0;
        context.out = followed;
        follow_statement(&follower, &context, body);
    } while (follower.changed && !follower.failed);
    report_impossible(&follower);
    if (follower.failed || follow_check(unit, followed, place->variables.items,
                                        place->variables.count) != 0)
        return -1;
    commit(&follower, values);
    handler->followed = followed;
    handler->writes = follower.writes;
    return 0;
}
