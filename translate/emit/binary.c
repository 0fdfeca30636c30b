/*
 * Operators of two operands.
 */

#include <string.h>

#include "translate/emit/emit_i.h"

/* The runtime's function for two longs. */
static const char *const arithmetic[BINARY_COUNT] = {
    [BINARY_OR] = "rt_or",
    [BINARY_XOR] = "rt_xor",
    [BINARY_AND] = "rt_and",
    [BINARY_LT] = "rt_less",
    [BINARY_LE] = "rt_at_most",
    [BINARY_EQ] = "rt_same",
    [BINARY_NE] = "rt_differ",
    [BINARY_SHIFT_LEFT] = "rt_shift_left",
    [BINARY_SHIFT_RIGHT] = "rt_shift_right",
    [BINARY_SHIFT_RIGHT_LOGICAL] = "rt_shift_right_logical",
    [BINARY_ADD] = "rt_add",
    [BINARY_SUBTRACT] = "rt_subtract",
    [BINARY_MULTIPLY] = "rt_multiply",
    [BINARY_DIVIDE] = "rt_divide",
    [BINARY_MODULO] = "rt_modulo",
};

/* What compares the order of two strings with 0. */
static const char *const comparison[BINARY_COUNT] = {
    [BINARY_LT] = "<",  [BINARY_GT] = ">",  [BINARY_LE] = "<=",
    [BINARY_GE] = ">=", [BINARY_EQ] = "==", [BINARY_NE] = "!=",
};

static enum steadiness
least_steady(struct operand left, struct operand right)
{
    return left.steadiness > right.steadiness ? left.steadiness
                                              : right.steadiness;
}

static bool divides(enum binary_operator
                    operator)
{
    return operator== BINARY_DIVIDE || operator== BINARY_MODULO;
}

void
emit_check_divisor(struct emitter *emitter, enum binary_operator operator,
                   struct operand right, const struct token *token)
{
    bool literal = right.text[0] >= '1' && right.text[0] <= '9';

    if (!divides(operator) || literal)
        return;
    emit_open(emitter, "if (rt_not(%s)) ", right.text);
    emit_line(emitter, "RT_FAIL(%s, %s, \"division by 0\");", emitter->fail,
              emit_place(emitter, token));
    emit_close(emitter);
    emitter->fail_used = true;
}

struct operand
emit_arithmetic(struct emitter *emitter, enum binary_operator operator,
                struct operand left, struct operand right,
                const struct token *token)
{
    enum steadiness steadiness = least_steady(left, right);
    const char *text;

    emit_check_divisor(emitter, operator, right, token);
    if (operator== BINARY_GT || operator== BINARY_GE)
        text = emit_text(
            emitter,
            "%s(%s, %s)", operator== BINARY_GT ? "rt_less" : "rt_at_most",
            right.text, left.text);
    else
        text = emit_text(emitter, "%s(%s, %s)", arithmetic[operator], left.text,
                         right.text);

    /* The divisor was checked here and must not be another one later; and
     * its text stands there twice, so it must not be long. */
    if (divides(operator))
        return emit_temporary(emitter, TYPE_LONG, text, STEADY);
    return (struct operand){text, steadiness};
}

static struct operand
compare_strings(struct emitter *emitter, enum binary_operator operator,
                struct operand left, struct operand right)
{
    const char *text;

    if (operator== BINARY_EQ || operator== BINARY_NE)
        text = emit_text(emitter,
                         "%srt_equal(%s, %s)", operator== BINARY_NE ? "!" : "",
                         left.text, right.text);
    else
        text = emit_text(emitter, "rt_compare(%s, %s) %s 0", left.text,
                         right.text, comparison[operator]);
    return (struct operand){emit_text(emitter, "(int64_t)(%s)", text),
                            least_steady(left, right)};
}

/*
 * && and ||: what the right side needs is only done when it is reached.
 */
static struct operand
logical(struct emitter *emitter, const struct expression *expression)
{
    bool and = expression->binary.operator== BINARY_LOGICAL_AND;
    struct operand left = emit_expression(emitter, expression->binary.left);
    struct text needed = {0};
    struct text *out = emitter->out;
    struct operand right, result;

    emitter->out = &needed;
    emitter->indentation++;
    right = emit_expression(emitter, expression->binary.right);
    emitter->indentation--;
    emitter->out = out;

    if (needed.size == 0) {
        result.text = emit_text(emitter, "(int64_t)(%s %s %s)", left.text,
                                and? "&&" : "||", right.text);
        result.steadiness = least_steady(left, right);
    } else {
        result.text = emit_text(emitter, "t%u", emit_name(emitter));
        result.steadiness = STEADY;
        emit_line(emitter, "int64_t %s = %d;", result.text, and? 0 : 1);
        emit_open(emitter, "if (%s(%s)) ", and? "" : "!", left.text);
        text_puts(emitter->out, needed.data);
        emit_line(emitter, "%s = rt_differ(%s, 0);", result.text, right.text);
        emit_close(emitter);
    }
    text_free(&needed);
    return result;
}

struct operand
emit_binary(struct emitter *emitter, const struct expression *expression)
{
    enum binary_operator operator= expression->binary.operator;
    struct expression *const sides[] = {expression->binary.left,
                                        expression->binary.right};
    struct operand operands[2];

    if (operator== BINARY_LOGICAL_AND || operator== BINARY_LOGICAL_OR)
        return logical(emitter, expression);

    emit_operands(emitter, sides, 2, operands);
    if (operator== BINARY_CONCAT) {
        emitter->scratch_used = true;
        return emit_temporary(emitter, TYPE_STRING,
                              emit_text(emitter, "rt_concat(%s, %s)",
                                        operands[0].text, operands[1].text),
                              STEADY);
    }
    if (sides[0]->type == TYPE_STRING)
        return compare_strings(emitter, operator, operands[0], operands[1]);
    return emit_arithmetic(emitter, operator, operands[0], operands[1],
                           expression->token);
}
