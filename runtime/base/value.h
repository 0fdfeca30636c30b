/*
 * Values of the language, as the generated C holds them.
 *
 * A long is an int64_t that wraps.  A string is bytes with their length; it
 * is never changed once it is a value, so it is handed on by pointer and not
 * copied.  Where its bytes are decides how long it may be used:
 *
 *   literal                    for ever
 *   struct rt_variable         until that variable is stored to
 *   record of the event        until the handler returns
 *   scratch (rt_scratch_...)   until the statement that made it ends
 *
 * Whoever wants it for longer stores it into a variable or an array.
 */

#ifndef RUNTIME_BASE_VALUE_H
#define RUNTIME_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rt_type {
    RT_LONG,
    RT_STRING,
    RT_STATS,
};

/* TEXT[LENGTH] is NUL, and there is no NUL before it. */
struct rt_string {
    const char *text;
    size_t length;
};

/* The value of a string literal of C. */
#define RT_TEXT(literal) ((struct rt_string){literal, sizeof(literal) - 1})

/* An array's key or element, or an argument of printf. */
union rt_value {
    int64_t number;
    struct rt_string string;
};

/*
 * Storage of a string variable: RT_VARIABLE(SIZE) NAME; makes one that holds
 * up to SIZE - 1 bytes, and &NAME.variable is what the functions take.  All
 * of a program have the same size, struct rt_program.string_size.
 */
struct rt_variable {
    uint32_t length;
    char text[];
};

#define RT_VARIABLE(size)                                \
    union {                                              \
        struct rt_variable variable;                     \
        char space[sizeof(struct rt_variable) + (size)]; \
    }

static inline struct rt_string
rt_read(const struct rt_variable *variable)
{
    return (struct rt_string){variable->text, variable->length};
}

/* Store a string, cut to the program's limit; it may overlap the variable. */
void rt_store(struct rt_variable *variable, struct rt_string string);

/* Add to what is there, cut likewise. */
void rt_append(struct rt_variable *variable, struct rt_string string);

/* As strcmp: by bytes, less than, equal to or greater than 0. */
int rt_compare(struct rt_string left, struct rt_string right);

static inline bool
rt_equal(struct rt_string left, struct rt_string right)
{
    return left.length == right.length &&
           __builtin_memcmp(left.text, right.text, left.length) == 0;
}

/* ---- arithmetic ------------------------------------------------------ */

static inline int64_t
rt_add(int64_t left, int64_t right)
{
    return (int64_t)((uint64_t)left + (uint64_t)right);
}

static inline int64_t
rt_subtract(int64_t left, int64_t right)
{
    return (int64_t)((uint64_t)left - (uint64_t)right);
}

static inline int64_t
rt_multiply(int64_t left, int64_t right)
{
    return (int64_t)((uint64_t)left * (uint64_t)right);
}

/* RIGHT is not 0; the smallest long divided by -1 is itself. */
static inline int64_t
rt_divide(int64_t left, int64_t right)
{
    return right == -1 ? rt_subtract(0, left) : left / right;
}

static inline int64_t
rt_modulo(int64_t left, int64_t right)
{
    return right == -1 ? 0 : left % right;
}

/* The count is taken modulo 64. */
static inline int64_t
rt_shift_left(int64_t left, int64_t count)
{
    return (int64_t)((uint64_t)left << (count & 63));
}

static inline int64_t
rt_shift_right(int64_t left, int64_t count)
{
    return left >> (count & 63);
}

static inline int64_t
rt_shift_right_logical(int64_t left, int64_t count)
{
    return (int64_t)((uint64_t)left >> (count & 63));
}

static inline int64_t
rt_and(int64_t left, int64_t right)
{
    return left & right;
}

static inline int64_t
rt_or(int64_t left, int64_t right)
{
    return left | right;
}

static inline int64_t
rt_xor(int64_t left, int64_t right)
{
    return left ^ right;
}

static inline int64_t
rt_negate(int64_t value)
{
    return rt_subtract(0, value);
}

static inline int64_t
rt_complement(int64_t value)
{
    return ~value;
}

/* ---- conditions: 0 or 1 ---------------------------------------------- */

static inline int64_t
rt_not(int64_t value)
{
    return value == 0;
}

static inline int64_t
rt_less(int64_t left, int64_t right)
{
    return left < right;
}

static inline int64_t
rt_at_most(int64_t left, int64_t right)
{
    return left <= right;
}

static inline int64_t
rt_same(int64_t left, int64_t right)
{
    return left == right;
}

static inline int64_t
rt_differ(int64_t left, int64_t right)
{
    return left != right;
}

#endif /* RUNTIME_BASE_VALUE_H */
