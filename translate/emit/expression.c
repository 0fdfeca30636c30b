/*
 * Expressions.
 */

#include <limits.h>
#include <string.h>

#include "translate/emit/emit_i.h"

/* ---- order of operands ----------------------------------------------- */

static bool changes_variables(const struct expression *expression);

static void
note_changes(struct expression **slot, void *data)
{
    bool *found = data;

    *found = *found || changes_variables(*slot);
}

/* Whether its evaluation may store to a variable. */
static bool
changes_variables(const struct expression *expression)
{
    bool found = expression->kind == EXPRESSION_ASSIGN ||
                 expression->kind == EXPRESSION_INCREMENT ||
                 (expression->kind == EXPRESSION_CALL &&
                  expression->call.function != NULL);

    if (!found)
        ast_each_operand((struct expression *)expression, note_changes, &found);
    return found;
}

void
emit_operands(struct emitter *emitter, struct expression *const *expressions,
              unsigned count, struct operand *operands)
{
    unsigned changing = 0; /* one more than the last that changes anything */
    unsigned i;

    for (i = 1; i < count; i++) {
        if (expressions[i] != NULL && changes_variables(expressions[i]))
            changing = i;
    }
    for (i = 0; i < count; i++) {
        if (expressions[i] == NULL)
            continue;
        operands[i] = emit_expression(emitter, expressions[i]);
        if (i < changing)
            operands[i] =
                emit_steady(emitter, expressions[i]->type, operands[i]);
    }
}

struct operand
emit_temporary(struct emitter *emitter, enum type type, const char *value,
               enum steadiness steadiness)
{
    const char *name = emit_text(emitter, "t%u", emit_name(emitter));

    emit_line(emitter, "const %s %s = %s;",
              type == TYPE_STRING ? "struct rt_string" : "int64_t", name,
              value);
    return (struct operand){name, steadiness};
}

struct operand
emit_steady(struct emitter *emitter, enum type type, struct operand operand)
{
    const char *value = operand.text;

    if (operand.steadiness == STEADY)
        return operand;
    if (type == TYPE_STRING) {
        value = emit_text(emitter, "rt_hold(%s)", operand.text);
        emitter->scratch_used = true;
    }
    return emit_temporary(emitter, type, value, STEADY);
}

/* ---- leaves ---------------------------------------------------------- */

static struct operand
number(struct emitter *emitter, const struct expression *expression)
{
    int64_t value = expression->number;

    if (value == INT64_MIN)
        return (struct operand){"INT64_MIN", STEADY};
    if (value >= INT_MIN && value <= INT_MAX)
        return (struct operand){emit_text(emitter, "%d", (int)value), STEADY};
    return (struct operand){
        emit_text(emitter, "INT64_C(%lld)", (long long)value), STEADY};
}

static struct operand
string(struct emitter *emitter, const struct expression *expression)
{
    size_t length = strlen(expression->string);
    struct text literal = {0};
    struct operand operand;

    if (length >= (size_t)emitter->limits->string_size)
        length = (size_t)emitter->limits->string_size - 1;
    text_quote(&literal, expression->string, length);
    operand = (struct operand){emit_text(emitter, "RT_TEXT(%s)", literal.data),
                               STEADY};
    text_free(&literal);
    return operand;
}

static struct operand
symbol(struct emitter *emitter, const struct expression *expression)
{
    const struct variable *variable = expression->symbol.variable;
    enum steadiness steadiness =
        variable->kind == VARIABLE_GLOBAL ? ANY_CHANGES : LOCAL_CHANGES;

    if (variable->type == TYPE_STRING && !emit_is_value(variable))
        return (struct operand){
            emit_text(emitter, "rt_read(%s)", emit_storage(emitter, variable)),
            steadiness};
    return (struct operand){emit_variable_name(emitter, variable), steadiness};
}

const char *
emit_round(struct emitter *emitter, const struct plan_loop *loop)
{
    return emit_text(
        emitter, "round_%u_%u",
        (unsigned)(emitter->handler - emitter->plan->handlers.items),
        loop->number);
}

const char *
emit_offset(struct emitter *emitter, const struct plan_loop *loop,
            uint32_t offset)
{
    if (loop == NULL)
        return emit_text(emitter, "%u", offset);
    return emit_text(emitter, "%s + %u", emit_round(emitter, loop), offset);
}

static void
fail_if(struct emitter *emitter, const struct token *token,
        const char *condition, const char *error)
{
    emit_open(emitter, "if (%s) ", condition);
    emit_line(emitter, "RT_FAIL(%s, %s, %s);", emitter->fail,
              emit_place(emitter, token), emit_quote(emitter, error));
    emit_close(emitter);
    emitter->fail_used = true;
}

static struct operand
target(struct emitter *emitter, const struct expression *expression)
{
    const struct capture *capture = expression->target.place;

    if (emitter->handler == NULL || capture == NULL) {
        emit_refuse(emitter, expression->token,
                    "context variables in functions");
        return (struct operand){"0", STEADY};
    }

    if (expression->target.failed && capture->fault == CAPTURE_NO_FAULT)
        return (struct operand){"0", STEADY};
    emitter->payload_used = true;
    const char *faults =
        emit_offset(emitter, capture->loop,
                    capture->loop != NULL ? capture->loop->faults
                                          : emitter->handler->faults);
    if (expression->target.failed)
        return (struct operand){emit_text(emitter,
                                          "rt_load_fault(payload, %s, %d)",
                                          faults, capture->fault),
                                STEADY};
    if (capture->fault != CAPTURE_NO_FAULT &&
        !emitter->unit->options.skip_badvars)
        fail_if(emitter, expression->token,
                emit_text(emitter, "rt_load_fault(payload, %s, %d)", faults,
                          capture->fault),
                capture->written ? "write fault [man error::fault]"
                                 : "read fault [man error::fault]");
    const char *offset = emit_offset(emitter, capture->loop, capture->offset);
    if (capture->type == TYPE_STRING && capture->loop != NULL) {
        offset =
            emit_text(emitter, "(uint32_t)rt_load_long(payload, %s)", offset);
        fail_if(emitter, expression->token,
                emit_text(emitter, "%s == 0", offset), EMIT_NO_ROOM);
    }
    if (expression->target.bytes)
        return (struct operand){emit_text(emitter,
                                          "rt_load_bytes(payload, %s, %u)",
                                          offset, capture->size),
                                STEADY};
    if (capture->type == TYPE_STRING)
        return emit_temporary(emitter, TYPE_STRING,
                              emit_text(emitter,
                                        "rt_load_string(payload, %s, %u)",
                                        offset, capture->size),
                              STEADY);
    return (struct operand){
        emit_text(emitter, "rt_load_long(payload, %s)", offset), STEADY};
}

/* ---- operators ------------------------------------------------------- */

static struct operand
unary(struct emitter *emitter, const struct expression *expression)
{
    static const char *const functions[] = {
        [UNARY_PLUS] = NULL,
        [UNARY_MINUS] = "rt_negate",
        [UNARY_NOT] = "rt_not",
        [UNARY_COMPLEMENT] = "rt_complement",
    };
    const char *function = functions[expression->unary.operator];
    struct operand operand =
        emit_expression(emitter, expression->unary.operand);

    if (function != NULL)
        operand.text = emit_text(emitter, "%s(%s)", function, operand.text);
    return operand;
}

/* One side of ?: in a block of its own. */
static void
ternary_side(struct emitter *emitter, const struct expression *side,
             const char *result)
{
    struct operand operand = emit_expression(emitter, side);

    /* What the string is read from may change before the result is used. */
    if (side->type == TYPE_STRING)
        operand = emit_steady(emitter, TYPE_STRING, operand);
    emit_line(emitter, "%s = %s;", result, operand.text);
}

static struct operand
ternary(struct emitter *emitter, const struct expression *expression)
{
    struct operand condition =
        emit_expression(emitter, expression->ternary.condition);
    const char *result = emit_text(emitter, "t%u", emit_name(emitter));

    if (expression->type == TYPE_STRING)
        emit_line(emitter, "struct rt_string %s;", result);
    else
        emit_line(emitter, "int64_t %s;", result);
    emit_open(emitter, "if (%s) ", condition.text);
    ternary_side(emitter, expression->ternary.yes, result);
    emit_close(emitter);
    emit_open(emitter, "else ");
    ternary_side(emitter, expression->ternary.no, result);
    emit_close(emitter);
    return (struct operand){result, STEADY};
}

/* ---- all ------------------------------------------------------------- */

static struct operand
assign(struct emitter *emitter, const struct expression *expression)
{
    return emit_assign(emitter, expression, true);
}

static struct operand
increment(struct emitter *emitter, const struct expression *expression)
{
    return emit_increment(emitter, expression, true);
}

/* By expression_kind; those without function are refused by their name. */
static const struct {
    struct operand (*emit)(struct emitter *emitter,
                           const struct expression *expression);
    const char *name;
} rows[] = {
    [EXPRESSION_NUMBER] = {number, NULL},
    [EXPRESSION_STRING] = {string, NULL},
    [EXPRESSION_SYMBOL] = {symbol, NULL},
    [EXPRESSION_INDEX] = {emit_index, NULL},
    [EXPRESSION_IN] = {emit_in, NULL},
    [EXPRESSION_UNARY] = {unary, NULL},
    [EXPRESSION_BINARY] = {emit_binary, NULL},
    [EXPRESSION_TERNARY] = {ternary, NULL},
    [EXPRESSION_ASSIGN] = {assign, NULL},
    [EXPRESSION_INCREMENT] = {increment, NULL},
    [EXPRESSION_REGEX] = {emit_regex, NULL},
    [EXPRESSION_CALL] = {emit_call, NULL},
    [EXPRESSION_PRINT] = {emit_print, NULL},
    [EXPRESSION_STAT] = {emit_stat, NULL},
    [EXPRESSION_HISTOGRAM] = {NULL, "histograms here"},
    [EXPRESSION_TARGET] = {target, NULL},
    [EXPRESSION_DEFINED] = {NULL, "@defined here"},
    [EXPRESSION_ENTRY] = {NULL, "@entry"},
    [EXPRESSION_OPERATOR] = {NULL, "this operator"},
    [EXPRESSION_EMBEDDED] = {emit_embedded_expression, NULL},
};

struct operand
emit_expression(struct emitter *emitter, const struct expression *expression)
{
    if (rows[expression->kind].emit != NULL)
        return rows[expression->kind].emit(emitter, expression);

    emit_refuse(emitter, expression->token, rows[expression->kind].name);
    return (struct operand){"0", STEADY};
}

void
emit_effect(struct emitter *emitter, const struct expression *expression)
{
    struct operand operand;

    if (expression->kind == EXPRESSION_ASSIGN)
        operand = emit_assign(emitter, expression, false);
    else if (expression->kind == EXPRESSION_INCREMENT)
        operand = emit_increment(emitter, expression, false);
    else
        operand = emit_expression(emitter, expression);

    if (operand.text != NULL)
        emit_line(emitter, "(void)%s;", operand.text);
}
