/*
 * Statements.
 */

#include "translate/emit/emit_i.h"

/* ---- counting -------------------------------------------------------- */

struct counting {
    unsigned count;
};

static void
count_inner(struct statement **slot, void *data)
{
    struct counting *counting = data;

    counting->count += emit_count(*slot);
}

unsigned
emit_count(const struct statement *statement)
{
    struct counting counting = {0};

    switch (statement->kind) {
    case STATEMENT_NULL:
        return 0;
    case STATEMENT_LOOP:
    case STATEMENT_FOREACH:
        return 1;
    case STATEMENT_BLOCK:
        break;
    default:
        counting.count = 1;
        break;
    }
    ast_each_statement((struct statement *)statement, count_inner, &counting);
    return counting.count;
}

/* ---- parts ----------------------------------------------------------- */

void
emit_release(struct emitter *emitter)
{
    if (!emitter->scratch_used)
        return;
    emit_line(emitter, "rt_release(mark);");
    emitter->scratch_used = false;
    emitter->mark_used = true;
}

static void
block(struct emitter *emitter, const struct statement *statement)
{
    LIST_EACH (each, &statement->block) {
        emit_statement(emitter, *each);
    }
}

static void
effect(struct emitter *emitter, const struct statement *statement)
{
    emit_effect(emitter, statement->expression);
    emit_release(emitter);
}

/*
 * A condition to branch on.  If it made strings they are released first, so
 * its value is put aside.
 */
static const char *
condition(struct emitter *emitter, const struct expression *expression)
{
    struct operand operand = emit_expression(emitter, expression);

    if (emitter->scratch_used) {
        operand = emit_temporary(emitter, TYPE_LONG, operand.text, STEADY);
        emit_release(emitter);
    }
    return operand.text;
}

static void
branch(struct emitter *emitter, const struct statement *statement)
{
    emit_open(emitter, "if (%s) ",
              condition(emitter, statement->branch.condition));
    emit_statement(emitter, statement->branch.yes);
    emit_close(emitter);
    if (statement->branch.no == NULL)
        return;
    emit_open(emitter, "else ");
    emit_statement(emitter, statement->branch.no);
    emit_close(emitter);
}

/* ---- loops ----------------------------------------------------------- */

void
emit_loop_body(struct emitter *emitter, const struct statement *body,
               const struct token *token, const char *next_step)
{
    const char *outer = emitter->next_step;

    emit_line(emitter, "RT_ACTIONS(%s, %u, %s);", emitter->fail,
              emit_count(body) + 1, emit_place(emitter, token));
    emitter->fail_used = true;
    emitter->next_step = next_step;
    emit_statement(emitter, body);
    emitter->next_step = outer;
}

/* The round of the record that is at hand, which the word at OFFSET leads to
 * (translate/split/follow.h). */
static void
go_to_round(struct emitter *emitter, const struct plan_loop *loop,
            const char *offset)
{
    emit_line(emitter, "%s = (uint32_t)rt_load_long(payload, %s);",
              emit_round(emitter, loop), offset);
    emitter->payload_used = true;
}

/* Each round but the last leads to the next, or tells why it does not. */
static void
check_round(struct emitter *emitter, const struct plan_loop *loop)
{
    const char *round = emit_round(emitter, loop);

    emit_open(emitter, "if (%s <= %d) ", round, PLAN_NO_MORE);
    emit_line(emitter, "RT_FAIL(%s, %s, %s == %d ? %s : %s);", emitter->fail,
              emit_place(emitter, loop->token), round, PLAN_NO_ROOM,
              emit_quote(emitter, EMIT_NO_ROOM),
              emit_quote(emitter, EMIT_NO_MORE));
    emit_close(emitter);
    emitter->fail_used = true;
}

static void
loop(struct emitter *emitter, const struct statement *statement)
{
    const struct plan_loop *recorded = statement->loop.place;
    const char *label = NULL;

    if (statement->loop.initial != NULL) {
        emit_effect(emitter, statement->loop.initial);
        emit_release(emitter);
    }
    if (statement->loop.step != NULL || recorded != NULL)
        label = emit_text(emitter, "step_%u", emit_name(emitter));

    if (recorded != NULL)
        go_to_round(emitter, recorded,
                    emit_offset(emitter, recorded->outer, recorded->first));
    emit_open(emitter, "for (;;) ");
    if (recorded != NULL)
        check_round(emitter, recorded);
    if (statement->loop.condition != NULL) {
        emit_open(emitter, "if (rt_not(%s)) ",
                  condition(emitter, statement->loop.condition));
        emit_line(emitter, "break;");
        emit_close(emitter);
    }
    emit_open(emitter, "%s", "");
    emit_loop_body(emitter, statement->loop.body, statement->token, label);
    if (label != NULL) {
        /* Also a use, for when there is no `continue`. */
        emit_line(emitter, "goto %s;", label);
    }
    emit_close(emitter);
    if (label != NULL) {
        emit_line(emitter, "%s:;", label);
        if (statement->loop.step != NULL)
            emit_effect(emitter, statement->loop.step);
        emit_release(emitter);
        if (recorded != NULL)
            go_to_round(emitter, recorded, emit_offset(emitter, recorded, 0));
    }
    emit_close(emitter);
}

static void
break_loop(struct emitter *emitter, const struct statement *statement)
{
    (void)statement;
    emit_line(emitter, "break;");
}

static void
continue_loop(struct emitter *emitter, const struct statement *statement)
{
    (void)statement;
    if (emitter->next_step != NULL)
        emit_line(emitter, "goto %s;", emitter->next_step);
    else
        emit_line(emitter, "continue;");
}

/* ---- leaving --------------------------------------------------------- */

static void
next(struct emitter *emitter, const struct statement *statement)
{
    (void)statement;
    if (emitter->function != NULL)
        emit_line(emitter, "rt_next = true;");
    emit_leave(emitter);
}

/* What the body made is released where it ends. */
static void
leave_function(struct emitter *emitter, const struct statement *statement)
{
    if (statement->expression != NULL && emitter->function->type != TYPE_VOID) {
        struct operand operand =
            emit_expression(emitter, statement->expression);

        emit_line(emitter, "result = %s;", operand.text);
    } else if (statement->expression != NULL) {
        emit_effect(emitter, statement->expression);
    }
    emit_leave(emitter);
    emitter->scratch_used = false;
}

/* ---- the rest -------------------------------------------------------- */

static void delete(struct emitter *emitter, const struct statement *statement)
{
    emit_delete(emitter, statement->delete);
    emit_release(emitter);
}

/*
 * The handler stands behind `if (0)`: only the goto of an error gets there.
 */
static void
try(struct emitter *emitter, const struct statement *statement)
{
    const char *outer = emitter->fail;
    bool outer_used = emitter->fail_used;
    const char *label = emit_text(emitter, "catch_%u", emit_name(emitter));

    emitter->fail = label;
    emitter->fail_used = false;
    emit_open(emitter, "%s", "");
    emit_statement(emitter, statement->try.body);
    if (!emitter->fail_used) {
        /* Nothing in it can fail, but C wants labels used. */
        emit_open(emitter, "if (rt_failed) ");
        emit_line(emitter, "goto %s;", label);
        emit_close(emitter);
    }
    emit_close(emitter);
    emitter->fail = outer;
    emitter->fail_used = outer_used;

    emit_open(emitter, "if (0) ");
    emit_line(emitter, "%s:", label);
    emit_open(emitter, "if (!rt_catch()) ");
    emit_line(emitter, "goto %s;", emitter->fail);
    emitter->fail_used = true;
    emit_close(emitter);
    emitter->scratch_used = true;
    if (statement->try.message != NULL)
        emit_store(emitter, statement->try.message, "rt_caught()");
    emit_release(emitter);
    emit_statement(emitter, statement->try.handler);
    emit_close(emitter);
}

/* By statement_kind. */
static void (*const rows[])(struct emitter *emitter,
                            const struct statement *statement) = {
    [STATEMENT_NULL] = NULL,
    [STATEMENT_BLOCK] = block,
    [STATEMENT_EXPRESSION] = effect,
    [STATEMENT_IF] = branch,
    [STATEMENT_LOOP] = loop,
    [STATEMENT_FOREACH] = emit_foreach,
    [STATEMENT_BREAK] = break_loop,
    [STATEMENT_CONTINUE] = continue_loop,
    [STATEMENT_NEXT] = next,
    [STATEMENT_RETURN] = leave_function,
    [STATEMENT_DELETE] = delete,
    [STATEMENT_TRY] = try,
    [STATEMENT_EMBEDDED] = emit_embedded_statement,
};

void
emit_statement(struct emitter *emitter, const struct statement *statement)
{
    unsigned line = statement->token->position.line;

    if (rows[statement->kind] == NULL)
        return;
    if (statement->kind != STATEMENT_BLOCK && line != emitter->line) {
        emit_line(emitter, "/* line %u */", line);
        emitter->line = line;
    }
    rows[statement->kind](emitter, statement);
}
