/*
 * Strings of UTF-16 and UTF-32 from memory: characters of each length of
 * UTF-8, what is none, and where the memory ends.  All by hand, from RFC 3629
 * and RFC 2781.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/failure_i.h"
#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/program.h"
#include "runtime/values/hit_memory.h"

const struct rt_program rt_program;

#define BYTES(array) ((struct rt_string){(const char *)(array), sizeof(array)})

static const char *
of_utf16(struct rt_string bytes)
{
    rt_release(0);
    rt_failed = 0;
    return rt_memory_utf(bytes, 2).text;
}

static const char *
of_utf32(struct rt_string bytes)
{
    rt_release(0);
    rt_failed = 0;
    return rt_memory_utf(bytes, 4).text;
}

static void
characters_of_each_length(void **state)
{
    /* A, e acute, euro, and U+10437, whose pair is RFC 2781's kind. */
    static const uint16_t utf16[] = {0x41,   0xe9, 0x20ac, 0xd801,
                                     0xdc37, 0,    0x42};
    static const uint32_t utf32[] = {0x41, 0xe9, 0x20ac, 0x10437, 0, 0x42};

    assert_string_equal(of_utf16(BYTES(utf16)),
                        "A\xc3\xa9\xe2\x82\xac\xf0\x90\x90\xb7");
    assert_int_equal(rt_failed, 0);
    assert_string_equal(of_utf32(BYTES(utf32)),
                        "A\xc3\xa9\xe2\x82\xac\xf0\x90\x90\xb7");
    assert_int_equal(rt_failed, 0);
}

static void
the_last_character_there_is(void **state)
{
    static const uint16_t utf16[] = {0xdbff, 0xdfff, 0};
    static const uint32_t utf32[] = {0x10ffff, 0};
    static const uint32_t beyond[] = {0x110000, 0};

    assert_string_equal(of_utf16(BYTES(utf16)), "\xf4\x8f\xbf\xbf");
    assert_string_equal(of_utf32(BYTES(utf32)), "\xf4\x8f\xbf\xbf");
    of_utf32(BYTES(beyond));
    assert_int_not_equal(rt_failed, 0);
}

static void
halves_of_pairs_are_no_characters(void **state)
{
    static const uint16_t low_first[] = {0xdc00, 0xd800, 0};
    static const uint16_t high_alone[] = {0xd800, 0x41, 0};
    static const uint16_t high_last[] = {0xd800, 0};
    static const uint32_t half[] = {0xd800, 0};

    of_utf16(BYTES(low_first));
    assert_int_not_equal(rt_failed, 0);
    of_utf16(BYTES(high_alone));
    assert_int_not_equal(rt_failed, 0);
    of_utf16(BYTES(high_last));
    assert_int_not_equal(rt_failed, 0);
    of_utf32(BYTES(half));
    assert_int_not_equal(rt_failed, 0);
}

static void
memory_that_ends_before_the_string(void **state)
{
    static const uint16_t none[] = {0x41, 0x42};
    static const uint16_t pair[] = {0x41, 0xd801};

    assert_string_equal(of_utf16(BYTES(none)), "AB");
    assert_string_equal(of_utf16((struct rt_string){(const char *)none, 3}),
                        "A");
    assert_string_equal(of_utf16(BYTES(pair)), "A");
    assert_string_equal(of_utf32(BYTES(none)), "");
    assert_string_equal(of_utf16((struct rt_string){"", 0}), "");
}

static void
something_else_instead_of_an_error(void **state)
{
    static const uint32_t bad[] = {0x41, 0xd800, 0};
    static const uint32_t good[] = {0x41, 0};

    rt_failed = 0;
    assert_string_equal(rt_memory_utf_or(BYTES(bad), 4, RT_TEXT("else")).text,
                        "else");
    assert_string_equal(rt_memory_utf_or(BYTES(good), 4, RT_TEXT("else")).text,
                        "A");
    assert_int_equal(rt_failed, 0);
}

static void
long_strings_are_cut_between_characters(void **state)
{
    uint16_t euros[300];

    for (size_t i = 0; i < 300; i++)
        euros[i] = 0x20ac;

    const char *text = of_utf16(BYTES(euros));

    assert_true(strlen(text) < 128);
    assert_int_equal(strlen(text) % 3, 0);
    assert_true(strlen(text) > 120);
}

static void
addresses_are_hexadecimal(void **state)
{
    rt_release(0);
    assert_string_equal(rt_memory_address(0).text, "0x0");
    assert_string_equal(rt_memory_address(-4096).text, "0xfffffffffffff000");
}

static int
set_up(void **state)
{
    return rt_limits_open(128) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_each_length),
        cmocka_unit_test(the_last_character_there_is),
        cmocka_unit_test(halves_of_pairs_are_no_characters),
        cmocka_unit_test(memory_that_ends_before_the_string),
        cmocka_unit_test(something_else_instead_of_an_error),
        cmocka_unit_test(long_strings_are_cut_between_characters),
        cmocka_unit_test(addresses_are_hexadecimal),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
