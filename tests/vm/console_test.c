/*
 * What the runner makes of the kernel's console.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "vm/console.h"

/* Whether TEXT, coming byte by byte, tells of a failure; 2: and a prompt. */
static int
failure(const char *text)
{
    struct vm_console console = {.file = -1};
    int result;

    for (const char *c = text; *c != '\0'; c++)
        vm_console_add(&console, c, 1);
    result = console.panicked + console.prompt;
    text_free(&console.text);
    return result;
}

static void
failures_are_recognized(void **state)
{
    (void)state;
    assert_int_equal(failure("x\r\npanic ../kern/task.c:1: f: no\r\n"), 1);
    assert_int_equal(failure("panic {cpu0} ../kern/task.c:1: f: no"), 1);
    assert_int_equal(failure("../vm/v.c:674: f: Assertion `a' failed."), 1);
    assert_int_equal(failure("Kernel page fault at address 0x10, eip 0"), 1);
    assert_int_equal(failure("Kernel Breakpoint trap, eip 0xff, code 0"), 1);
    assert_int_equal(failure("Stopped\tat  0xffff: TODO\r\n"), 1);
    assert_int_equal(failure("a\r\ndb> "), 2);
    assert_int_equal(failure("db{0}> "), 2);
}

static void
other_text_is_none(void **state)
{
    (void)state;
    assert_int_equal(failure("GNU Mach 1.8\r\nstart task: "), 0);
    assert_int_equal(failure("do not panic \r\n"), 0);
    assert_int_equal(failure("module 0: db> x\r\n"), 0);
}

static void
carriage_returns_and_zeros_are_dropped(void **state)
{
    struct vm_console console = {.file = -1};

    (void)state;
    vm_console_add(&console, "a\r\nb\0c", 6);
    assert_string_equal(text_string(&console.text), "a\nbc");
    text_free(&console.text);
}

static void
the_end_is_a_few_lines(void **state)
{
    struct vm_console console = {.file = -1};
    const char *end;

    (void)state;
    assert_string_equal(vm_console_end(&console), "");
    for (unsigned i = 0; i < 100; i++)
        vm_console_add(&console, "line\n", 5);
    end = vm_console_end(&console);
    assert_int_equal(strncmp(end, "line\n", 5), 0);
    assert_int_equal(strlen(end), 25 * 5);
    text_free(&console.text);
}

static void
text_without_end_is_shortened(void **state)
{
    struct vm_console console = {.file = -1};
    static char line[1000];

    (void)state;
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\n';
    for (unsigned i = 0; i < 20000; i++)
        vm_console_add(&console, line, sizeof(line));
    assert_true(console.text.size < 10 * 1024 * 1024);
    vm_console_add(&console, "db> ", 4);
    assert_true(console.prompt);
    text_free(&console.text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_recognized),
        cmocka_unit_test(other_text_is_none),
        cmocka_unit_test(carriage_returns_and_zeros_are_dropped),
        cmocka_unit_test(the_end_is_a_few_lines),
        cmocka_unit_test(text_without_end_is_shortened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
