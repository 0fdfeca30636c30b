/*
 * Tokens: what characters make them, and where they are.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "language/language.h"
#include "language/parse/directives.h"
#include "language/parse/lexer.h"

#define KINDS_MAX 8

struct row {
    const char *text;
    /* One letter a token: Identifier, Keyword, Operator, Number, String,
     * Embedded, Junk. */
    const char *kinds;
    const char *texts[KINDS_MAX];
};

static const struct row rows[] = {
    {"", "", {0}},
    {" \t\r\n\f", "", {0}},
    {"a _b c9 foo$bar $x @y $x$ $$vars",
     "IIIIIIII",
     {"a", "_b", "c9", "foo$bar", "$x", "@y", "$x$", "$$vars"}},
    {"probe if iffy limit LONG long",
     "KKIKIK",
     {"probe", "if", "iffy", "limit", "LONG", "long"}},
    {"0 42 0x1fF 017", "NNNN", {"0", "42", "0x1fF", "017"}},
    {"09 1a 0b1 0x", "JJJJ", {"09", "1a", "0b1", "0x"}},
    {"18446744073709551615 18446744073709551616", "NJ", {0}},
    {"1-1", "NON", {"1", "-", "1"}},
    {"<<<= <<= << <= <", "OOOOOO", {"<<<", "=", "<<=", "<<", "<=", "<"}},
    {">>> >> > >= >>=", "OOOOO", {">>>", ">>", ">", ">=", ">>="}},
    {"a+++b", "IOOI", {"a", "++", "+", "b"}},
    {"a->b=~!~.=..", "IOIOOOOO", {"a", "->", "b", "=~", "!~", ".=", ".", "."}},
    {"%( %? %: %) %= %", "OOOOOO", {"%(", "%?", "%:", "%)", "%=", "%"}},
    {"\"a b\" \"\"", "SS", {"a b", ""}},
    {"\"\\a\\b\\t\\n\\v\\f\\r\\\\\\\"\"", "S", {"\a\b\t\n\v\f\r\\\""}},
    {"\"\\101\\60\\x42\\x4g\\q\\xg\"", "S", {"A0B\x04gqxg"}},
    {"\"a\\0b\"", "S", {"a"}},
    {"\"a\nb", "JI", {"\"a", "b"}},
    {"\"a", "J", {"\"a"}},
    {"\"a\\", "J", {"\"a\\"}},
    {"# a\nb // c\nd /* e\n */ f /* g", "III", {"b", "d", "f"}},
    {"/*/ a */ b", "I", {"b"}},
    {"a /b", "IOI", {"a", "/", "b"}},
    {"%{ a %} b", "EI", {" a ", "b"}},
    {"%{ a", "J", {"%{ a"}},
    {"a ` \xc3\xa9 b", "IJJI", {"a", "`", "\xc3\xa9", "b"}},
    {"$1x $# @2 @#", "NINSS", {"7", "x", "2", "b c", "2"}},
    {"$3 @4", "JJ", {"$3", "@4"}},
};

static const char letters[] = "?IKONSEJ";

static struct unit *
start(struct lexer *lexer, struct source *source, const char *text)
{
    static const char *const arguments[] = {"7", "b c"};
    static const struct language_options options = {
        .arguments = arguments,
        .argument_count = 2,
    };
    struct unit *unit = unit_new(&options);

    *source = (struct source){"t.stp", text, strlen(text), false};
    lexer_start(lexer, unit, source);
    return unit;
}

static void
characters_make_tokens(void **state)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct lexer lexer;
        struct source source;
        struct unit *unit = start(&lexer, &source, row->text);

        for (size_t j = 0; row->kinds[j]; j++) {
            const struct token *token = lexer_next(&lexer);

            if (letters[token->kind] != row->kinds[j])
                fail_msg("%s: token %zu '%s' is %c, not %c", row->text, j,
                         token->text, letters[token->kind], row->kinds[j]);
            if (j < KINDS_MAX && row->texts[j])
                assert_string_equal(token->text, row->texts[j]);
        }

        const struct token *last = lexer_next(&lexer);

        if (last->kind != TOKEN_END)
            fail_msg("%s: '%s' is too much", row->text, last->text);
        assert_int_equal(lexer_next(&lexer)->kind, TOKEN_END);
        unit_free(unit);
    }
}

static void
numbers_have_values(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } numbers[] = {
        {"0", 0},
        {"017", 15},
        {"0xFF", 255},
        {"9223372036854775808", INT64_MIN},
        {"18446744073709551615", -1},
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct lexer lexer;
        struct source source;
        struct unit *unit = start(&lexer, &source, numbers[i].text);

        assert_int_equal(lexer_next(&lexer)->value, numbers[i].value);
        unit_free(unit);
    }
}

static void
tokens_have_places(void **state)
{
    struct lexer lexer;
    struct source source;
    struct unit *unit = start(&lexer, &source, "a b\n\tc/*\n*/ $1 d");
    static const unsigned places[][2] = {{1, 1}, {1, 3}, {2, 2}};
    const struct token *token;

    for (size_t i = 0; i < 3; i++) {
        token = lexer_next(&lexer);
        assert_int_equal(token->position.line, places[i][0]);
        assert_int_equal(token->position.column, places[i][1]);
    }
    /* An argument's place is in the argument, and where it was asked for. */
    token = lexer_next(&lexer);
    assert_string_equal(token->position.source->name, "$1");
    assert_int_equal(token->expansion->position.line, 3);
    assert_int_equal(token->expansion->position.column, 4);
    token = lexer_next(&lexer);
    assert_int_equal(token->position.column, 7);
    unit_free(unit);
}

static void
formats_have_directives(void **state)
{
    struct arena arena = {0};
    directive_list list = {0};
    struct error error;

    assert_int_equal(
        format_parse(&arena, "a%%b%0-+ #5.3x%*.*s%i", &list, &error), 5);
    assert_int_equal(list.count, 5);
    assert_string_equal(list.items[0].text, "a");
    assert_string_equal(list.items[1].text, "%b");

    const struct format_directive *x = &list.items[2];

    assert_int_equal(x->conversion, 'x');
    assert_true(x->left && x->plus && x->space && x->zero && x->alternate);
    assert_int_equal(x->width, 5);
    assert_int_equal(x->precision, 3);
    assert_int_equal(x->argument, 0);

    const struct format_directive *s = &list.items[3];

    assert_int_equal(s->width, -1);
    assert_int_equal(s->width_argument, 1);
    assert_int_equal(s->precision_argument, 2);
    assert_int_equal(s->argument, 3);
    assert_int_equal(list.items[4].conversion, 'd');
    assert_int_equal(list.items[4].argument, 4);
    arena_free(&arena);
}

static void
wrong_formats_are_refused(void **state)
{
    static const char *const wrong[] = {
        "%", "%5", "%y", "%lld", "%hd", "%.", "%99999d", "%-+ 0#x", "%-",
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct arena arena = {0};
        directive_list list = {0};
        struct error error;

        if (format_parse(&arena, wrong[i], &list, &error) != -1)
            fail_msg("'%s' was taken", wrong[i]);
        arena_free(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_make_tokens),
        cmocka_unit_test(numbers_have_values),
        cmocka_unit_test(tokens_have_places),
        cmocka_unit_test(formats_have_directives),
        cmocka_unit_test(wrong_formats_are_refused),
    };

    return cmocka_run_group_tests_name("language lexer", tests, NULL, NULL);
}
