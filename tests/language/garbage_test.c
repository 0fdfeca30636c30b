/*
 * Whatever the text, the language ends with messages or a tree: no crash, no
 * leak (the test runs sanitized), no end without a message.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "language/language.h"
#include "tests/language/points.h"

#define ROUNDS 4000

static const char *const scripts[] = {
    "global a, b[10], c%[5] = 1, s\n"
    "function f:string (x:long, y) { if (x) return \"a\" . sprint(y); next }\n"
    "probe begin, timer.s(1) { a[\"x\", 1]++; b[3] = f(1, 2); s <<< 4\n"
    "foreach ([k, i-] in a limit 5) printf(\"%s %d %*d %%\\n\", k, i, 3, 4)\n"
    "delete c; println(@count(s), b[1] ? 1 : 2) }",

    "@define add(a, b) %( (@a + @b) %) @define one %( 1 %)\n"
    "probe kernel.function(\"*\").{call, return}?, a! if (x > 1) {\n"
    "%( kernel_v >= \"1.7\" && arch == \"x86_64\" %? p %: $1 @2 %)\n"
    "print(@add(@add(@one, 2), $#), @defined($x->y[1]$$) ? &$x : @var(\"a\"))\n"
    "try { error(@1) } catch (m) { log(m) } }\n"
    "probe a = end { v = 1 }, { } probe a.b += a { }",

    "probe x { while (i < 5 && !j || k =~ \"r\" ^ ~l) { i++; if (m) break;\n"
    "else continue } for (;;) { } a = b = 1 <<2 >> 3 in c; [x, *] in d\n"
    "@hist_log(s)[3] @cast(p, \"t\")->q %{ C %} printdln(\",\", 1, \"b\") }",
};

static const char *const pieces[] = {
    "(",        ")",         "{",
    "}",        "[",         "]",
    "%(",       "%)",        "%?",
    "%:",       "\"",        "probe ",
    "global ",  "function ", ",",
    ";",        "@define ",  "@a",
    "$1",       "in ",       "->",
    "=",        "++",        "*",
    ".",        "a",         "9999999999999999999999",
    "\\",       "\n",        "%{",
    "%}",       "/*",        "if",
    "foreach(", "@count(",   "printf(\"%d",
    "\x80",     "\xc3\xa9",
};

static uint32_t seed = 12345;

static uint32_t
random_below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

static const char *const arguments[] = {"x", "probe begin {", "$1 @1"};

/* Read a script as far as it goes. */
static void
read_script(const char *text, size_t size)
{
    struct language_options options = {
        .arguments = arguments,
        .argument_count = 3,
        .kernel_v = "1.8",
        .arch = "x86_64",
    };
    struct unit *unit = unit_new(&options);
    struct text printed = {0};
    int result = unit_add_text(unit, "t.stp", text, size);

    if (!result) {
        unit_print_tree(unit, &printed);
        result = unit_resolve(unit, &test_context);
    }
    if (!result)
        unit_print_symbols(unit, &printed);
    else
        assert_int_not_equal(unit->messages.text.size, 0);
    text_free(&printed);
    unit_free(unit);
}

static void
replace(struct text *text, size_t at, size_t size, const char *with)
{
    struct text changed = {0};

    text_add(&changed, text->data, at);
    text_puts(&changed, with);
    text_add(&changed, text->data + at + size, text->size - at - size);
    text_free(text);
    *text = changed;
}

static void
mutated_scripts_are_survived(void **state)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct text text = {0};
        unsigned changes = 1 + random_below(4);

        text_puts(&text, scripts[random_below(3)]);
        while (changes--) {
            size_t at = random_below((uint32_t)text.size);
            size_t size = random_below(4) ? random_below(3) : random_below(40);
            const char *piece =
                pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))];

            if (size > text.size - at)
                size = text.size - at;
            replace(&text, at, size, random_below(3) ? piece : "");
            if (!text.size)
                text_puts(&text, "a");
        }
        read_script(text.data, text.size);
        text_free(&text);
    }
}

static void
random_bytes_are_survived(void **state)
{
    for (unsigned round = 0; round < ROUNDS / 4; round++) {
        char bytes[64];
        size_t size = random_below(sizeof(bytes));

        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)(random_below(2) ? random_below(95) + 32
                                              : random_below(256));
        read_script(bytes, size);
    }
}

static void
cut_scripts_are_survived(void **state)
{
    for (unsigned i = 0; i < 3; i++)
        for (size_t size = 0; size <= strlen(scripts[i]); size++)
            read_script(scripts[i], size);
}

/* So much of one thing that recursion or memory would run out. */
static void
depth_is_limited(void **state)
{
    static const char *const deep[][3] = {
        {"probe begin { a = ", "(", ""},
        {"probe begin { a = ", "-", "1 }"},
        {"probe begin { a = 1", " + 1", " }"},
        {"probe begin { a = ", "b = ", "1 }"},
        {"probe begin { a = ", "1 ? 2 : ", "3 }"},
        {"probe begin { a = ", "b[", "1"},
        {"probe begin ", "{ ", "}"},
        {"probe begin { ", "if (1) ", "a }"},
        {"probe begin { ", "if (1) ; else ", "a }"},
        {"probe begin { ", "while (1) foreach (a in b) ", "a }"},
        {"probe begin { a = x", "->y[1]", " }"},
        {"probe begin { a = ", "f(", "1"},
        {"probe ", "{a,", "b"},
        {"probe a", ".{b,c}", " { }"},
        {"probe a", ".b", " { }"},
        {"", "%( 1 == 1 %? ", "probe begin { }"},
        {"@define a(x) %( @x %) probe begin { print(", "@a(", "1"},
        {"", "probe ", ""},
        {"probe begin { ", "\"a\" ", "}"},
        {"probe begin { a = \"x\"", " . \"x\"", " }"},
    };

    for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
        struct text text = {0};

        text_puts(&text, deep[i][0]);
        for (unsigned j = 0; j < 3000; j++)
            text_puts(&text, deep[i][1]);
        text_puts(&text, deep[i][2]);
        read_script(text.data, text.size);
        text_free(&text);
    }
}

static void
macros_do_not_explode(void **state)
{
    struct text text = {0};

    text_puts(&text, "@define m0 %( 1 + 1 + %)\n");
    for (unsigned i = 1; i < 40; i++)
        text_printf(&text, "@define m%u %%( @m%u @m%u %%)\n", i, i - 1, i - 1);
    text_puts(&text, "probe begin { a = @m39 1 }");
    read_script(text.data, text.size);
    text_free(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutated_scripts_are_survived),
        cmocka_unit_test(random_bytes_are_survived),
        cmocka_unit_test(cut_scripts_are_survived),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(macros_do_not_explode),
    };

    return cmocka_run_group_tests_name("language garbage", tests, NULL, NULL);
}
