/*
 * Random expressions and strings: whether they match, and where, as the C
 * library's regexec() says.  Groups are not compared, since that library has
 * mistakes of its own there, and with ^ and $ inside of an expression.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <regex.h>

#include "language/parse/regex.h"
#include "runtime/base/failure_i.h"
#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/values/regex.h"

#define ROUNDS      8000
#define PATTERN_MAX 200

static uint32_t seed = 4711;

static uint32_t
below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

static void
add(char *pattern, const char *text)
{
    if (strlen(pattern) + strlen(text) < PATTERN_MAX)
        strcat(pattern, text);
}

/* One piece of an expression over a, b and c. */
static void
make_piece(char *pattern, unsigned depth)
{
    static const char *const atoms[] = {"a",    "b",  "c",     ".", "[ab]",
                                        "[^a]", "ab", "[a-c]", "bc"};
    static const char *const repeats[] = {"",  "",  "",  "*",     "+",
                                          "?", "*", "+", "{1,2}", "{0,2}"};
    const char *atom = atoms[below(sizeof(atoms) / sizeof(atoms[0]))];

    if (depth > 0 && below(3) == 0) {
        add(pattern, "(");
        for (unsigned i = below(3) + 1; i > 0; i--)
            make_piece(pattern, depth - 1);
        if (below(2)) {
            add(pattern, "|");
            make_piece(pattern, depth - 1);
        }
        add(pattern, ")");
        add(pattern, repeats[below(10)]);
        return;
    }
    add(pattern, atom);
    add(pattern, repeats[below(10)]);
}

static const enum rt_regex_kind kinds[] = {
    [REGEX_BYTE] = RT_REGEX_BYTE,   [REGEX_SET] = RT_REGEX_SET,
    [REGEX_SPLIT] = RT_REGEX_SPLIT, [REGEX_SAVE] = RT_REGEX_SAVE,
    [REGEX_START] = RT_REGEX_START, [REGEX_END] = RT_REGEX_END,
    [REGEX_MATCH] = RT_REGEX_MATCH, [REGEX_FORGET] = RT_REGEX_FORGET,
};

/* What the translator writes into the process. */
static struct rt_regex
convert(const struct regex *from, struct rt_regex_step *steps)
{
    for (unsigned i = 0; i < from->steps.count; i++)
        steps[i] = (struct rt_regex_step){
            (uint8_t)kinds[from->steps.items[i].kind],
            (uint16_t)from->steps.items[i].x, (uint16_t)from->steps.items[i].y};
    struct rt_regex regex = {
        .steps = steps,
        .sets = (const uint8_t(*)[32])from->sets.items,
        .count = (uint16_t)from->steps.count,
        .groups = (uint16_t)from->groups,
        .marks = (uint16_t)from->marks,
    };

    memcpy(regex.group_marks, from->group_marks, sizeof(regex.group_marks));
    return regex;
}

static void
matches_where_the_c_library_does(void **state)
{
    static struct rt_regex_step steps[REGEX_STEPS_MAX];
    unsigned matched = 0;

    assert_true(rt_limits_open(512));
    for (unsigned round = 0; round < ROUNDS; round++) {
        char pattern[PATTERN_MAX + 8] = "", subject[12];
        unsigned length = below(sizeof(subject) - 1);
        struct arena arena = {0};
        struct error error;
        regmatch_t where[1];
        regex_t library;

        if (below(8) == 0)
            add(pattern, "^");
        for (unsigned i = below(4) + 1; i > 0; i--)
            make_piece(pattern, 2);
        if (below(8) == 0)
            add(pattern, "$");
        for (unsigned i = 0; i < length; i++)
            subject[i] = "abc"[below(3)];
        subject[length] = '\0';
        if (regcomp(&library, pattern, REG_EXTENDED) != 0)
            continue;

        const struct regex *compiled = regex_compile(&arena, pattern, &error);

        assert_non_null(compiled);

        struct rt_regex regex = convert(compiled, steps);
        bool expected = regexec(&library, subject, 1, where, 0) == 0;
        int64_t found =
            rt_regex_match(&regex, (struct rt_string){subject, length});

        if (found != expected)
            fail_msg("'%s' on '%s': %d", pattern, subject, (int)found);
        if (expected) {
            struct rt_string whole = rt_matched(0);

            matched++;
            if ((size_t)(where[0].rm_eo - where[0].rm_so) != whole.length ||
                memcmp(subject + where[0].rm_so, whole.text, whole.length))
                fail_msg("'%s' on '%s': '%s'", pattern, subject, whole.text);
        }
        rt_release(0);
        regfree(&library);
        arena_free(&arena);
    }
    assert_true(matched > ROUNDS / 10);
}

static void
groups_are_the_leftmost_and_longest(void **state)
{
    static const struct {
        const char *pattern, *subject;
        const char *groups[4];
    } rows[] = {
        {"(a|ab)(c|bcd)(d*)", "xabcdy", {"abcd", "ab", "c", "d"}},
        {"(a*)(ab)*(b*)", "abb", {"abb", "a", "", "bb"}},
        {"(a|b)*", "abab", {"abab", "b"}},
        {"(foo|foobar)(bar)?", "foobar", {"foobar", "foobar", ""}},
        {"a(b)?c", "ac", {"ac", ""}},
        {"((a)|b)*", "ab", {"ab", "b"}},
        /* What is repeated takes its part before the groups behind it. */
        {"^([a-z]+) *= *(.*)$", "key = value", {"key = value", "key", "value"}},
        {"x*(x*)", "xxx", {"xxx", ""}},
        {"[0-9]{1,2}([0-9]*)", "1234", {"1234", "34"}},
        {"a?(ab)?", "ab", {"ab", "ab"}},
    };
    static struct rt_regex_step steps[REGEX_STEPS_MAX];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *subject = rows[i].subject;
        struct arena arena = {0};
        struct error error;
        struct rt_regex regex =
            convert(regex_compile(&arena, rows[i].pattern, &error), steps);

        assert_int_equal(
            rt_regex_match(&regex,
                           (struct rt_string){subject, strlen(subject)}),
            1);
        for (int64_t g = 0; g < 4 && rows[i].groups[g]; g++)
            assert_string_equal(rt_matched(g).text, rows[i].groups[g]);
        rt_release(0);
        arena_free(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_where_the_c_library_does),
        cmocka_unit_test(groups_are_the_leftmost_and_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
