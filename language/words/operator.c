#include "language/words/operator.h"

const struct operator_row operator_table[BINARY_COUNT] = {
    [BINARY_LOGICAL_OR] = {"||", LEVEL_LOGICAL_OR, OPERATOR_LONG, false},
    [BINARY_LOGICAL_AND] = {"&&", LEVEL_LOGICAL_AND, OPERATOR_LONG, false},
    [BINARY_OR] = {"|", LEVEL_OR, OPERATOR_LONG, true},
    [BINARY_XOR] = {"^", LEVEL_XOR, OPERATOR_LONG, true},
    [BINARY_AND] = {"&", LEVEL_AND, OPERATOR_LONG, true},
    [BINARY_LT] = {"<", LEVEL_COMPARISON, OPERATOR_COMPARE, false},
    [BINARY_GT] = {">", LEVEL_COMPARISON, OPERATOR_COMPARE, false},
    [BINARY_LE] = {"<=", LEVEL_COMPARISON, OPERATOR_COMPARE, false},
    [BINARY_GE] = {">=", LEVEL_COMPARISON, OPERATOR_COMPARE, false},
    [BINARY_EQ] = {"==", LEVEL_COMPARISON, OPERATOR_COMPARE, false},
    [BINARY_NE] = {"!=", LEVEL_COMPARISON, OPERATOR_COMPARE, false},
    [BINARY_SHIFT_LEFT] = {"<<", LEVEL_SHIFT, OPERATOR_LONG, true},
    [BINARY_SHIFT_RIGHT] = {">>", LEVEL_SHIFT, OPERATOR_LONG, true},
    [BINARY_SHIFT_RIGHT_LOGICAL] = {">>>", LEVEL_SHIFT, OPERATOR_LONG, false},
    [BINARY_CONCAT] = {".", LEVEL_CONCAT, OPERATOR_STRING, true},
    [BINARY_ADD] = {"+", LEVEL_ADDITIVE, OPERATOR_LONG, true},
    [BINARY_SUBTRACT] = {"-", LEVEL_ADDITIVE, OPERATOR_LONG, true},
    [BINARY_MULTIPLY] = {"*", LEVEL_MULTIPLICATIVE, OPERATOR_LONG, true},
    [BINARY_DIVIDE] = {"/", LEVEL_MULTIPLICATIVE, OPERATOR_LONG, true},
    [BINARY_MODULO] = {"%", LEVEL_MULTIPLICATIVE, OPERATOR_LONG, true},
};

const char *
operator_assign_text(int assign_operator)
{
    static const char *const texts[] = {
        [BINARY_OR] = "|=",           [BINARY_XOR] = "^=",
        [BINARY_AND] = "&=",          [BINARY_SHIFT_LEFT] = "<<=",
        [BINARY_SHIFT_RIGHT] = ">>=", [BINARY_CONCAT] = ".=",
        [BINARY_ADD] = "+=",          [BINARY_SUBTRACT] = "-=",
        [BINARY_MULTIPLY] = "*=",     [BINARY_DIVIDE] = "/=",
        [BINARY_MODULO] = "%=",       [ASSIGN_PLAIN] = "=",
        [ASSIGN_STATS] = "<<<",
    };

    return texts[assign_operator];
}

const char *operator_unary_text(enum unary_operator
                                operator)
{
    static const char *const texts[] = {
        [UNARY_PLUS] = "+",
        [UNARY_MINUS] = "-",
        [UNARY_NOT] = "!",
        [UNARY_COMPLEMENT] = "~",
    };

    return texts[operator];
}
