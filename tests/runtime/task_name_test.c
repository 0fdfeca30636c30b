/* Which program a task runs, by its name. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "runtime/symbols/task_name.h"

/* The kernel's names, as Debian's has them. */
#define SIZE 32

static bool
runs(const char *name, const char *program)
{
    return rt_task_runs((struct rt_string){name, strlen(name)}, SIZE, program);
}

static void
the_name_is_the_programs(void **state)
{
    (void)state;
    assert_true(runs("ls", "ls"));
    assert_false(runs("ls", "lsof"));
    assert_false(runs("lsof", "ls"));
    assert_false(runs("", "ls"));
}

static void
a_path_and_a_number_say_no_more(void **state)
{
    (void)state;
    assert_true(runs("/bin/ls(123)", "ls"));
    assert_true(runs("ls(123)", "ls"));
    assert_false(runs("/bin/ls(123)", "bin"));
    assert_false(runs("/bin/ls(123)", "123"));
}

static void
a_forked_task_runs_its_parents(void **state)
{
    (void)state;
    assert_true(runs("(ls)", "ls"));
    assert_true(runs("((/bin/ls(5)))", "ls"));
}

static void
a_name_that_was_cut_may_go_on(void **state)
{
    (void)state;
    /* 31 bytes: there was no room for more. */
    assert_true(runs("abcdefghijklmnopqrstuvwxyz01234",
                     "abcdefghijklmnopqrstuvwxyz0123456"));
    assert_true(runs("abcdefghijklmnopqrstuvwxyz01234",
                     "abcdefghijklmnopqrstuvwxyz01234"));
    assert_false(runs("abcdefghijklmnopqrstuvwxyz0123",
                      "abcdefghijklmnopqrstuvwxyz0123456"));
    /* The same with an end that shows where the program's ends. */
    assert_false(runs("abcdefghijklmnopqrstuvwxyz01(7)",
                      "abcdefghijklmnopqrstuvwxyz01x"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_is_the_programs),
        cmocka_unit_test(a_path_and_a_number_say_no_more),
        cmocka_unit_test(a_forked_task_runs_its_parents),
        cmocka_unit_test(a_name_that_was_cut_may_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
