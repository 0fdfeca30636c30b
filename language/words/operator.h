/*
 * Operators of two operands: how they are written and bind, and the types
 * they want.
 */

#ifndef LANGUAGE_WORDS_OPERATOR_H
#define LANGUAGE_WORDS_OPERATOR_H

#include "language/tree/ast.h"

enum operator_types {
    OPERATOR_LONG,    /* two longs give a long */
    OPERATOR_STRING,  /* two strings give a string */
    OPERATOR_COMPARE, /* two of the same type give a long */
};

/* How tight operators bind; `in` has a level of its own between & and <. */
enum {
    LEVEL_LOGICAL_OR = 1,
    LEVEL_LOGICAL_AND,
    LEVEL_OR,
    LEVEL_XOR,
    LEVEL_AND,
    LEVEL_IN,
    LEVEL_COMPARISON,
    LEVEL_SHIFT,
    LEVEL_CONCAT,
    LEVEL_ADDITIVE,
    LEVEL_MULTIPLICATIVE,
};

struct operator_row {
    const char *text;
    int level;
    enum operator_types types;
    bool assigns; /* `a OP= b` exists */
};

/* Indexed by binary_operator. */
extern const struct operator_row operator_table[BINARY_COUNT];

/* "+=", "=", "<<<": how an assignment is written. */
const char *operator_assign_text(int assign_operator);

/* "-", "!", ... */
const char *operator_unary_text(enum unary_operator operator);

#endif /* LANGUAGE_WORDS_OPERATOR_H */
