/*
 * Several sources in one program: libraries are used as far as they are
 * named, and macros of a library are everyone's.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "language/language.h"
#include "support/path.h"
#include "tests/language/points.h"

struct fixture {
    char folder[32];
    struct unit *unit;
    struct text text;
};

static int
set_up(void **state)
{
    struct fixture *fixture = xcalloc(1, sizeof(*fixture));

    strcpy(fixture->folder, "/tmp/language-XXXXXX");
    if (!mkdtemp(fixture->folder))
        return -1;
    fixture->unit = unit_new(NULL);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;

    unit_free(fixture->unit);
    text_free(&fixture->text);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static void
add_library(struct fixture *fixture, const char *name, const char *text)
{
    char *path = xasprintf("%s/%s", fixture->folder, name);
    struct error error;

    assert_int_equal(path_write(path, text, strlen(text), 0600, &error), 0);

    int result = unit_add_library(fixture->unit, path);

    unlink(path);
    free(path);
    if (result)
        fail_msg("%s", text_string(&fixture->unit->messages.text));
}

static void
add_script(struct fixture *fixture, const char *text)
{
    if (unit_add_text(fixture->unit, "t.stp", text, strlen(text)))
        fail_msg("%s", text_string(&fixture->unit->messages.text));
}

/* What -p2 prints, or the messages. */
static const char *
resolve(struct fixture *fixture)
{
    if (unit_resolve(fixture->unit, &test_context))
        return text_string(&fixture->unit->messages.text);
    unit_print_symbols(fixture->unit, &fixture->text);
    return text_string(&fixture->text);
}

static void
macros_of_a_library_are_seen(void **state)
{
    add_library(*state, "m.stpm", "@define twice(x) %( (@x + @x) %)");
    add_script(*state, "probe begin { n = @twice(4); print(n) }");
    assert_string_equal(resolve(*state), "# probes\n"
                                         "begin /* <- begin */\n"
                                         "  # locals\n"
                                         "  n:long\n");
}

static void
macros_of_a_script_stay_in_it(void **state)
{
    struct fixture *fixture = *state;
    const char *text = "probe begin { print(@mine) }";

    add_script(*state, "@define mine %( 1 %) probe end { print(@mine) }");
    assert_int_equal(unit_add_text(fixture->unit, "u.stp", text, strlen(text)),
                     -1);
    assert_non_null(strstr(text_string(&fixture->unit->messages.text),
                           "unknown operator @mine (similar: @min)\n"
                           "\tsaw: operator '@mine' at u.stp:1:21"));
}

static void
what_nobody_names_is_not_used(void **state)
{
    add_library(*state, "a.stp",
                "global a; function fa() { a = 1; return nosuch() }\n"
                "probe timer.s(1) { a++; nosuch() }");
    add_library(*state, "b.stp", "probe b = nosuch { }");
    add_script(*state, "probe begin { print(1) }");
    assert_string_equal(resolve(*state), "# probes\n"
                                         "begin /* <- begin */\n");
}

static void
a_function_brings_its_whole_file(void **state)
{
    add_library(*state, "a.stp",
                "global a; function count() { return a }\n"
                "probe timer.s(1) { a++ }");
    add_script(*state, "probe begin { print(count()) }");
    assert_string_equal(resolve(*state), "# globals\n"
                                         "a:long\n"
                                         "# functions\n"
                                         "count:long ()\n"
                                         "# probes\n"
                                         "begin /* <- begin */\n"
                                         "timer.s(1) /* <- timer.s(1) */\n");
}

static void
an_alias_brings_its_whole_file(void **state)
{
    add_library(
        *state, "a.stp",
        "global a; probe every = timer.s(1) { name = \"s\" . sprint(a) }\n"
        "probe end { a++ }");
    add_script(*state, "probe every { print(name) }");
    assert_string_equal(resolve(*state), "# globals\n"
                                         "a:long\n"
                                         "# probes\n"
                                         "timer.s(1) /* <- every */\n"
                                         "  # locals\n"
                                         "  name:string\n"
                                         "end /* <- end */\n");
}

static void
the_scripts_function_comes_first(void **state)
{
    add_library(*state, "a.stp", "function f(x) { return \"library\" }");
    add_script(*state, "function f(x) { if (x) next; return \"script\" }\n"
                       "probe begin { print(f(1)) }");
    resolve(*state);

    struct unit *unit = ((struct fixture *)*state)->unit;
    const struct function *first = unit->functions.items[0];

    assert_false(first->token->position.source->library);
    assert_true(first->overload->token->position.source->library);
    assert_null(first->overload->overload);
}

static void
a_librarys_locals_are_not_the_scripts_globals(void **state)
{
    add_library(*state, "a.stp",
                "function next_one(x) { now = x + 1; return now }");
    add_script(*state, "global now\n"
                       "probe begin { now = \"a\" . now; print(next_one(1)) }");
    assert_string_equal(resolve(*state), "# globals\n"
                                         "now:string\n"
                                         "# functions\n"
                                         "next_one:long (x:long)\n"
                                         "  # locals\n"
                                         "  now:long\n"
                                         "# probes\n"
                                         "begin /* <- begin */\n");
}

static void
private_names_are_seen_in_their_file_only(void **state)
{
    add_library(*state, "a.stp",
                "private global n; private function f() { return \"a\" . n }\n"
                "function a() { n = \"x\"; return f() }");
    add_script(*state, "private global n; function f() { return n++ }\n"
                       "probe begin { print(a(), f()) }");
    assert_string_equal(resolve(*state), "# globals\n"
                                         "n:string\n"
                                         "n:long\n"
                                         "# functions\n"
                                         "a:string ()\n"
                                         "f:long ()\n"
                                         "f:string ()\n"
                                         "# probes\n"
                                         "begin /* <- begin */\n");
}

static void
sources_are_text(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        size_t size;
        const char *message;
    } wrong[] = {
        {"probe\0begin", 11,
         "NUL byte in script\n\tsaw: junk '\\x00' at t:1:6"},
        {"# \xff", 3, "not valid UTF-8\n\tsaw: junk '\\xff' at t:1:3"},
        {"#\n\xc3", 3, "not valid UTF-8\n\tsaw: junk '\\xc3' at t:2:1"},
        {"\xe0\x80\x41", 3, "not valid UTF-8"},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(
            unit_add_text(fixture->unit, "t", wrong[i].text, wrong[i].size),
            -1);
        assert_non_null(strstr(text_string(&fixture->unit->messages.text),
                               wrong[i].message));
    }
    assert_int_equal(unit_add_file(fixture->unit, "/nowhere/x.stp"), -1);
    assert_non_null(
        strstr(text_string(&fixture->unit->messages.text), "/nowhere/x.stp"));
}

static void
each_place_has_a_body_of_its_own(void **state)
{
    struct fixture *fixture = *state;

    add_script(*state, "probe kernel.function(\"*\") { x = $size; print(x) }");
    resolve(*state);

    struct probe **probes = fixture->unit->probes.items;

    assert_int_equal(fixture->unit->probes.count, 2);
    assert_ptr_not_equal(probes[0]->body, probes[1]->body);
    assert_ptr_not_equal(probes[0]->locals.items[0],
                         probes[1]->locals.items[0]);
    assert_ptr_equal(probes[0]->written, probes[1]->written);
    assert_string_equal(probes[1]->place, "g");
    assert_true(probes[1]->has_targets);
    assert_int_equal(probes[1]->id, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(macros_of_a_library_are_seen),
        TEST(macros_of_a_script_stay_in_it),
        TEST(what_nobody_names_is_not_used),
        TEST(a_function_brings_its_whole_file),
        TEST(an_alias_brings_its_whole_file),
        TEST(a_librarys_locals_are_not_the_scripts_globals),
        TEST(the_scripts_function_comes_first),
        TEST(private_names_are_seen_in_their_file_only),
        TEST(sources_are_text),
        TEST(each_place_has_a_body_of_its_own),
    };

    return cmocka_run_group_tests_name("language library", tests, NULL, NULL);
}
