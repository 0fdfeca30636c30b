/*
 * Numbers from strings.
 */

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

static int
digit_value(char c)
{
    if (isdigit(c))
        return c - '0';
    if (isalpha(c))
        return tolower(c) - 'a' + 10;
    return INT_MAX;
}

/*
 * Skip space, sign and prefix.  Returns where the digits should be; base 0
 * becomes what the prefix says.
 */
static const char *
skip_to_digits(const char *at, int *base, bool *negative)
{
    while (isspace(*at))
        at++;
    *negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if ((*base == 0 || *base == 16) && at[0] == '0' &&
        (at[1] == 'x' || at[1] == 'X') && digit_value(at[2]) < 16) {
        *base = 16;
        return at + 2;
    }
    if (*base == 0)
        *base = *at == '0' ? 8 : 10;
    return at;
}

/* The magnitude; *OVER is set when it does not fit. */
static unsigned long long
parse(const char *string, char **end, int base, bool *negative, bool *over)
{
    const char *at = skip_to_digits(string, &base, negative), *first = at;
    unsigned long long value = 0;

    *over = false;
    for (; digit_value(*at) < base; at++) {
        unsigned long long next;

        if (__builtin_mul_overflow(value, (unsigned long long)base, &next) ||
            __builtin_add_overflow(next, (unsigned)digit_value(*at), &value))
            *over = true;
    }
    if (end != NULL)
        *end = (char *)(at != first ? at : string);
    return value;
}

unsigned long long
strtoull(const char *string, char **end, int base)
{
    bool negative, over;
    unsigned long long value = parse(string, end, base, &negative, &over);

    if (over)
        return ULLONG_MAX;
    return negative ? -value : value;
}

long long
strtoll(const char *string, char **end, int base)
{
    bool negative, over;
    unsigned long long value = parse(string, end, base, &negative, &over);

    if (negative) {
        if (over || value > (unsigned long long)LLONG_MAX + 1)
            return LLONG_MIN;
        return (long long)-value;
    }
    return over || value > LLONG_MAX ? LLONG_MAX : (long long)value;
}

unsigned long
strtoul(const char *string, char **end, int base)
{
    unsigned long long value = strtoull(string, end, base);

    return value > ULONG_MAX ? ULONG_MAX : (unsigned long)value;
}

long
strtol(const char *string, char **end, int base)
{
    long long value = strtoll(string, end, base);

    if (value > LONG_MAX)
        return LONG_MAX;
    return value < LONG_MIN ? LONG_MIN : (long)value;
}

int
atoi(const char *string)
{
    return (int)strtol(string, NULL, 10);
}

int
abs(int value)
{
    return value < 0 ? -value : value;
}

long
labs(long value)
{
    return value < 0 ? -value : value;
}

long long
llabs(long long value)
{
    return value < 0 ? -value : value;
}
