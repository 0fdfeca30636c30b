/*
 * The printf engine against the C library's where both know a directive, and
 * by hand where C does not; strings that do not fit.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/failure_i.h"
#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/maps/stats.h"
#include "runtime/program.h"
#include "runtime/values/print.h"

const struct rt_program rt_program;

static const char *
format(struct rt_directive directive, union rt_value value)
{
    rt_release(0);
    return rt_sprintf(&directive, 1, &value).text;
}

/* C's own directive of the same meaning. */
static void
c_directive(char *text, const struct rt_directive *directive,
            const char *length)
{
    char *at = text;

    *at++ = '%';
    if (directive->flags & RT_LEFT)
        *at++ = '-';
    if (directive->flags & RT_PLUS)
        *at++ = '+';
    if (directive->flags & RT_SPACE)
        *at++ = ' ';
    if (directive->flags & RT_ZERO)
        *at++ = '0';
    if (directive->flags & RT_ALTERNATE)
        *at++ = '#';
    if (directive->width >= 0)
        at += sprintf(at, "%d", directive->width);
    if (directive->precision >= 0)
        at += sprintf(at, ".%d", directive->precision);
    sprintf(at, "%s%c", length, directive->conversion);
}

/* C leaves 0 without prefix, and prints no digit at all with precision 0;
 * there a precision ends the flag '0'. */
static bool
differs_by_intent(const struct rt_directive *directive, int64_t value)
{
    if ((directive->flags & RT_ZERO) != 0 && directive->precision >= 0)
        return true;
    return value == 0 && (directive->precision == 0 ||
                          ((directive->flags & RT_ALTERNATE) != 0 &&
                           strchr("xX", directive->conversion) != NULL));
}

static void
compare_number(struct rt_directive directive, int64_t value)
{
    char c_format[32];
    char expected[128];

    if (differs_by_intent(&directive, value))
        return;
    /* C counts the 0 of %#o among the digits of the precision. */
    if (directive.conversion == 'o' && (directive.flags & RT_ALTERNATE) != 0)
        return;
    c_directive(c_format, &directive, "ll");
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(expected, sizeof(expected), c_format, (long long)value);
    assert_string_equal(format(directive, (union rt_value){.number = value}),
                        expected);
}

static void
numbers_are_as_in_c(void **state)
{
    static const int64_t values[] = {0,     1,         -1,        42,
                                     -4096, INT64_MAX, INT64_MIN, 65535};
    static const int sizes[] = {-1, 0, 1, 3, 12, 25};
    static const char conversions[] = "duxXo";
    unsigned flags, i, width, precision, c;

    for (c = 0; conversions[c] != '\0'; c++)
        for (flags = 0; flags < 32; flags++)
            for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
                for (width = 0; width < 6; width++)
                    for (precision = 0; precision < 6; precision++)
                        compare_number(
                            (struct rt_directive)RT_FIELD(
                                conversions[c], (uint8_t)flags,
                                /* C takes a width of 0 for the flag. */
                                (int16_t)(sizes[width] == 0 ? -1
                                                            : sizes[width]),
                                (int16_t)sizes[precision]),
                            values[i]);
}

static void
strings_are_as_in_c(void **state)
{
    static const char *const texts[] = {"", "a", "some words"};
    int width, precision;
    unsigned i, flags;

    for (flags = 0; flags < 2; flags++)
        for (i = 0; i < 3; i++)
            for (width = 1; width < 15; width += 3)
                for (precision = -1; precision < 14; precision += 3) {
                    struct rt_directive directive =
                        RT_FIELD('s', (uint8_t)flags, (int16_t)width,
                                 (int16_t)precision);
                    union rt_value value = {
                        .string = {texts[i], strlen(texts[i])}};
                    char c_format[32], expected[64];

                    c_directive(c_format, &directive, "");
                    snprintf(expected, sizeof(expected), c_format, texts[i]);
                    assert_string_equal(format(directive, value), expected);
                }
}

static void
what_c_does_not_know(void **state)
{
    union rt_value zero = {.number = 0};
    union rt_value byte = {.number = 7};

    assert_string_equal(
        format((struct rt_directive)RT_FIELD('x', RT_ALTERNATE, -1, -1), zero),
        "0x0");
    assert_string_equal(
        format((struct rt_directive)RT_FIELD('p', 0, -1, -1), zero), "0x0");
    assert_string_equal(
        format((struct rt_directive)RT_FIELD('c', RT_ALTERNATE, 4, -1), byte),
        "  \\a");
    byte.number = 200;
    assert_string_equal(
        format((struct rt_directive)RT_FIELD('c', RT_ALTERNATE, -1, -1), byte),
        "\\310");
    byte.number = 0x4241;
    assert_string_equal(
        format((struct rt_directive)RT_FIELD('b', 0, 2, -1), byte), "AB");
}

static void
star_takes_arguments(void **state)
{
    static const struct rt_directive directives[] = {
        RT_WORDS("<"),
        RT_FIELD('d', 0, RT_ARGUMENT, RT_ARGUMENT),
        RT_WORDS(">"),
    };
    union rt_value values[] = {{.number = 6}, {.number = 3}, {.number = 5}};

    assert_string_equal(rt_sprintf(directives, 3, values).text, "<   005>");
    values[0].number = -6;
    values[1].number = -1;
    assert_string_equal(rt_sprintf(directives, 3, values).text, "<5>");
    /* Its low 32 bits count. */
    values[0].number = INT64_MIN;
    assert_string_equal(rt_sprintf(directives, 3, values).text, "<5>");
    values[0].number = 1000000000;
    assert_int_equal(rt_sprintf(directives, 3, values).length, rt_string_max);
}

static void
a_nul_ends_a_string(void **state)
{
    static const struct rt_directive directives[] = {
        RT_WORDS("ab"),
        RT_FIELD('c', 0, RT_DEFAULT, RT_DEFAULT),
        RT_WORDS("cd"),
    };
    union rt_value zero = {.number = 0};

    assert_int_equal(rt_sprintf(directives, 3, &zero).length, 2);
}

static void
scratch_runs_out_with_an_error(void **state)
{
    struct rt_string string = RT_TEXT("a string of some length, as it goes");
    unsigned i;

    rt_release(0);
    for (i = 0; rt_failed == 0 && i < 1000000; i++)
        rt_hold(string);
    assert_int_equal(rt_failed, RT_FAILURE_ERROR);
    assert_int_equal(rt_hold(string).length, 0);
    assert_int_equal(rt_local()->length, 0);
    rt_store(rt_local(), string);
    rt_failure_clear();
    rt_release(0);
    assert_int_equal(rt_hold(string).length, string.length);
}

/* Of 1 2 3 4 10: mean 4, squares 9 + 4 + 1 + 0 + 36 = 50, over 4. */
static void
variance_is_that_of_a_sample(void **state)
{
    static const int64_t values[] = {1, 2, 3, 4, 10};
    struct rt_stats stats = {0};
    unsigned i;

    for (i = 0; i < 5; i++) {
        rt_stats_add_variance(&stats, values[i], 10);
        if (i == 0)
            assert_int_equal(rt_stats_get(&stats, RT_VARIANCE, 10), 0);
    }
    assert_int_equal(rt_stats_get(&stats, RT_VARIANCE, 10), 12);
    assert_int_equal(rt_stats_get(&stats, RT_AVG, 10), 4);
}

static int
open_limits(void **state)
{
    return rt_limits_open(128) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_in_c),
        cmocka_unit_test(strings_are_as_in_c),
        cmocka_unit_test(what_c_does_not_know),
        cmocka_unit_test(star_takes_arguments),
        cmocka_unit_test(a_nul_ends_a_string),
        cmocka_unit_test(scratch_runs_out_with_an_error),
        cmocka_unit_test(variance_is_that_of_a_sample),
    };

    return cmocka_run_group_tests(tests, open_limits, NULL);
}
