/*
 * print, printf and their kin.
 */

#ifndef RUNTIME_VALUES_PRINT_H
#define RUNTIME_VALUES_PRINT_H

#include "runtime/base/value.h"

enum rt_flag {
    RT_LEFT = 1,       /* '-' */
    RT_PLUS = 2,       /* '+' */
    RT_SPACE = 4,      /* ' ' */
    RT_ZERO = 8,       /* '0' */
    RT_ALTERNATE = 16, /* '#' */
};

/* Width and precision: not given; taken from the next argument ('*'). */
#define RT_DEFAULT  (-1)
#define RT_ARGUMENT (-2)

/*
 * Part of a format: text as it stands, or a directive.  Each directive takes
 * its arguments in the order width, precision, value.
 *
 *   conversion   value    means
 *   0            none     TEXT, LENGTH bytes
 *   d            long     signed decimal
 *   u x X o      long     unsigned
 *   p            long     0x and 16 digits at most: an address
 *   c            long     a byte; with '#' escaped if it does not print
 *   s            string
 *   b            long     the low WIDTH bytes (1, 2, 4, 8) as they are
 */
struct rt_directive {
    char conversion;
    uint8_t flags;
    int16_t width;
    int16_t precision;
    uint16_t length;
    const char *text;
};

#define RT_WORDS(literal) \
    {0, 0, RT_DEFAULT, RT_DEFAULT, sizeof(literal) - 1, literal}
#define RT_FIELD(conversion, flags, width, precision) \
    {conversion, flags, width, precision, 0, NULL}

/* Write to standard output. */
void rt_print_text(const char *text, size_t length);
void rt_print_string(struct rt_string string);
void rt_print_long(int64_t value);
void rt_printf(const struct rt_directive *directives, unsigned count,
               const union rt_value *arguments);

/* The same as a value in scratch, cut at the program's limit. */
struct rt_string rt_sprint_long(int64_t value);
struct rt_string rt_sprintf(const struct rt_directive *directives,
                            unsigned count, const union rt_value *arguments);

#endif /* RUNTIME_VALUES_PRINT_H */
