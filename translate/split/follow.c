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

#include "translate/split/follow_i.h"

#include <string.h>

#include "translate/points/place.h"
#include "translate/values/compute.h"

/* Where the pass is. */
struct context {
    follow_list *out;
    struct plan_loop *loop;
    bool jumps; /* leave the loop at hand, or without one the handler */
    /* Only the process knows whether it is here: since the loop began, since
     * the handler or the function did, and since the handler did. */
    bool apart;
    bool apart_in_body;
    bool apart_from_all;
    bool in_function;
    struct follow *at; /* the loop at hand */
};

/* ---- captures -------------------------------------------------------- */

static void
need(struct follower *follower, const step_list *steps)
{
    LIST_EACH (step, steps) {
        if (step->kind != STEP_VARIABLE && step->kind != STEP_ASSIGN)
            continue;
        struct variable_state *state =
            follow_state(follower, (unsigned)step->value);
        if (!state->needed)
            follower->changed = true;
        state->needed = true;
    }
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

/* Of the targets of a statement that is not computed itself. */
struct recording {
    struct follower *follower;
    const struct context *context;
    unsigned first; /* capture */
    bool unsure;    /* the process may not come by this part */
};

static struct recording
begin_recording(struct follower *follower, const struct context *context)
{
    return (struct recording){follower, context, follower->captures.count,
                              false};
}

/* A value that stands twice in one expression is recorded once.  Copies of a
 * function have the same values, but each is read anew. */
static bool
is_recorded(const struct recording *recording, struct expression *target)
{
    struct follower *follower = recording->follower;

    for (unsigned i = recording->first; i < follower->values.count; i++) {
        struct use use = {target, i};

        if (follower->values.items[i] != target->target.place)
            continue;
        LIST_ADD(follower->arena, &follower->uses, use);
        return true;
    }
    return false;
}

static void
follow_call(const struct recording *recording, struct expression *call);

/* Whether some of E's operands may not be computed. */
static bool
is_choice(const struct expression *e)
{
    return e->kind == EXPRESSION_TERNARY ||
           (e->kind == EXPRESSION_BINARY &&
            (e->binary.operator== BINARY_LOGICAL_AND ||
             e->binary.operator== BINARY_LOGICAL_OR));
}

/* Record each target in an expression that is not computed itself. */
static void
record_targets(struct expression **slot, void *data)
{
    struct recording *recording = data;
    struct follower *follower = recording->follower;

    if (!follow_varies(follower, *slot)) {
        struct recording inner = *recording;

        inner.unsure = inner.unsure || is_choice(*slot);
        if ((*slot)->kind != EXPRESSION_TARGET)
            ast_each_operand(*slot, record_targets, &inner);
        if (follow_function(*slot) != NULL)
            follow_call(recording, *slot);
        return;
    }
    const struct target_value *value = (*slot)->target.place;
    if (is_recorded(recording, *slot))
        return;
    follower->context = recording->context;
    struct follow *follow =
        add_follow(follower, recording->context, FOLLOW_CAPTURE);
    follow->capture = add_capture(follower, *slot, false);
    follow->steps = value->steps;
    follow->certain = !recording->unsure;
    need(follower, &value->steps);
}

/* ---- expressions ----------------------------------------------------- */

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

/* E is not computed itself: what it reads is recorded, what it writes cannot
 * be written. */
static void
record_expression(struct follower *follower, const struct context *context,
                  struct expression *e, const char *why)
{
    struct recording recording = begin_recording(follower, context);

    if (follow_writes(e) && !follower->changed) {
        unit_error(follower->unit, e->token,
                   "what is written to the kernel has to be known at the hit: "
                   "%s",
                   why);
        follower->failed = true;
    }
    record_targets(&e, &recording);
}

static void
record_each(struct expression **slot, void *data)
{
    const struct recording *recording = data;

    record_expression(recording->follower, recording->context, *slot,
                      "it is a part of what only the process does");
}

/* All that S computes, which is the process's own. */
static void
record_statement(struct follower *follower, const struct context *context,
                 struct statement *s)
{
    struct recording recording = begin_recording(follower, context);

    ast_each_expression(s, record_each, &recording);
}

static void
follow_expression(struct follower *follower, const struct context *context,
                  struct expression *e)
{
    const char *why = "only the process knows whether this is done";
    bool writes = follow_writes(e);

    if ((writes || follow_assigns_needed(follower, e)) &&
        !(writes && context->apart_from_all) &&
        follow_can_compute(follower, e, &why))
        compute_steps(follower, context, e,
                      add_follow(follower, context, FOLLOW_VALUE));
    else
        record_expression(follower, context, e, why);
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
    inner.apart = inner.apart_in_body = inner.apart_from_all = true;
    follow_statement(follower, &inner, s);
    if (follow->body.count > 0)
        LIST_ADD(follower->arena, context->out, follow);
}

static void
follow_if(struct follower *follower, const struct context *context,
          struct statement *s)
{
    struct expression *condition = s->branch.condition;
    struct context inner = *context;
    struct follow *follow;
    const char *why;

    if (!follow_matters(follower, s, context->jumps))
        return;
    if (!follow_can_compute(follower, condition, &why)) {
        record_expression(follower, context, condition, why);
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
    struct context inner = *context;
    const char *why;

    if (condition->kind == EXPRESSION_BINARY &&
        condition->binary.operator==
        BINARY_LOGICAL_AND && !follow_can_compute(follower, condition, &why)) {
        follow_condition(follower, context, condition->binary.left);
        follow_condition(follower, context, condition->binary.right);
        return;
    }
    if (!follow_can_compute(follower, condition, &why)) {
        record_expression(follower, context, condition, why);
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
    return follow_matters(follower, &rounds, false);
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
    struct context inner = *context;

    record_statement(follower, context, s);
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

    follow->kind = FOLLOW_REGION;
    follow->leaves =
        (struct follow_doubt){s->token, "an error may leave this at any place"};
    inner.out = &follow->body;
    follow_statement(follower, &inner, s->try.body);
    if (follow->body.count > 0)
        LIST_ADD(follower->arena, context->out, follow);
    follow_apart(follower, context, s->try.handler, s->try.handler->token,
                 "only the process knows whether an error is caught");
}

/* The process may leave the handler, or the function, here. */
static void
follow_leave_here(struct follower *follower, const struct context *context,
                  const struct statement *s)
{
    struct follow *follow = add_follow(follower, context, FOLLOW_LEAVE);

    follow->leaves = (struct follow_doubt){
        s->token, "only the process knows whether this is done"};
}

static void
follow_jump(struct follower *follower, const struct context *context,
            struct statement *s)
{
    enum follow_kind kind = s->kind == STATEMENT_BREAK      ? FOLLOW_BREAK
                            : s->kind == STATEMENT_CONTINUE ? FOLLOW_CONTINUE
                            : context->in_function          ? FOLLOW_RETURN
                                                            : FOLLOW_END;

    if (s->kind == STATEMENT_NEXT || s->kind == STATEMENT_RETURN) {
        if (context->apart_in_body)
            follow_leave_here(follower, context, s);
        else
            add_follow(follower, context, kind);
        return;
    }
    if (!context->jumps || context->at == NULL)
        return; /* of a loop that is the process's own */
    if (!context->apart) {
        add_follow(follower, context, kind);
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
        if (s->expression != NULL)
            follow_expression(follower, context, s->expression);
        follow_jump(follower, context, s);
        break;
    case STATEMENT_BREAK:
    case STATEMENT_CONTINUE:
    case STATEMENT_NEXT:
        follow_jump(follower, context, s);
        break;
    default:
        record_statement(follower, context, s);
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

    if (!follow_state(follower, number)->needed)
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
follow_call(const struct recording *recording, struct expression *call)
{
    struct follower *follower = recording->follower;
    const struct context *context = recording->context;
    const struct function *function = call->call.function;
    const struct place *place = follower->moment.place;
    struct follow *follow = add_follow(follower, context, FOLLOW_FUNCTION);
    struct context inner = {
        .out = &follow->body,
        .loop = context->loop,
        .jumps = true,
        .apart_from_all = context->apart_from_all || recording->unsure,
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
    follow_enter(follower, function, &outer);
    follow_statement(follower, &inner, function->body);
    follow_leave(follower, &outer);
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
            struct program_list *programs, const struct probe *probe,
            uint32_t string_size, struct plan_handler *handler,
            value_list *values)
{
    struct place *place = probe->place;
    struct follower follower = {
        .unit = unit,
        .arena = &unit->arena,
        .moment = {.arena = &unit->arena,
                   .kernel = kernel,
                   .programs = programs,
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

    follower.writes = follow_probe_writes(unit, probe);
    if (place->variables.count == 0 && !follower.writes)
        return 0;
    follower.moment.writes = follower.writes;
    if (follow_copy(unit, probe, follower.writes) != 0)
        return -1;
    follow_check_names(&follower, probe);
    do {
        follower.changed = false;
        follow_limit(&body, &follower);
    } while (follower.changed);
    do {
        reset(&follower);
        followed->count = 0;
        context.out = followed;
        follow_statement(&follower, &context, body);
    } while (follower.changed && !follower.failed);
    follow_report(&follower);
    if (follower.failed || follow_check(unit, followed, place->variables.items,
                                        place->variables.count) != 0)
        return -1;
    commit(&follower, values);
    handler->followed = followed;
    handler->writes = follower.writes;
    return 0;
}
