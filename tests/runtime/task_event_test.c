/*
 * Which tasks a name means, and that what begins while a script starts is told
 * of once.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/events/task_event.h"
#include "runtime/program.h"

#define NAME_SIZE 32

/* The payload of all records here: a name, another, and who begins. */
struct payload {
    char name[NAME_SIZE];
    char other[NAME_SIZE];
    int64_t subject;
};

static const struct rt_handler handlers[] = {
    {.task_name = offsetof(struct payload, name),
     .task_name_size = NAME_SIZE,
     .other_name = RT_NO_OFFSET},
    {.task_name = offsetof(struct payload, name),
     .task_name_size = NAME_SIZE,
     .other_name = offsetof(struct payload, other)},
};

const struct rt_program rt_program = {.handlers = handlers};

static bool
means(const char *pattern, const char *name)
{
    return rt_task_is_meant(pattern, (struct rt_string){name, strlen(name)});
}

static void
the_last_component_of_a_name_counts(void **state)
{
    (void)state;
    assert_true(means("ls", "ls"));
    assert_true(means("ls", "/bin/ls"));
    assert_true(means("ls", "...local/bin/ls"));
    assert_false(means("ls", "lsof"));
    assert_false(means("ls", "false"));
    assert_false(means("bin", "/bin/ls"));
}

static void
the_number_of_a_process_does_not(void **state)
{
    (void)state;
    assert_true(means("ls", "ls(17)"));
    assert_true(means("ls", "/bin/ls(17)"));
    assert_false(means("ls", "ls(peer)"));
    assert_false(means("ls", "ls()"));
    assert_true(means("ls(17)", "ls(17)"));
    assert_false(means("ls", "(ls)"));
    assert_false(means("", "(17)"));
}

static void
names_may_be_globs(void **state)
{
    (void)state;
    assert_true(means("*", ""));
    assert_true(means("work*", "workload"));
    assert_true(means("*load", "workload(3)"));
    assert_true(means("*o*l*d", "workload"));
    assert_false(means("*o*k*d*x", "workload"));
    assert_true(means("wor?load", "workload"));
    assert_false(means("workload?", "workload"));
    assert_true(means("[a-x]orkload", "workload"));
    assert_false(means("[!a-x]orkload", "workload"));
    assert_true(means("[]w]orkload", "workload"));
    assert_true(means("a\\*", "a*"));
    assert_false(means("a\\*", "ab"));
}

static bool
wanted(const struct rt_point *point, const char *name, const char *other,
       int64_t subject, uint64_t time)
{
    struct payload payload = {.subject = subject};

    strcpy(payload.name, name);
    strcpy(payload.other, other);
    return rt_task_event_wanted(point, (const uint8_t *)&payload, time);
}

static void
a_new_name_that_is_meant_as_well_changes_nothing(void **state)
{
    const struct rt_point renamed = {.handler = 1, .pattern = "ls"};

    (void)state;
    assert_true(wanted(&renamed, "ls", "(sh)", 0, 0));
    assert_false(wanted(&renamed, "ls(17)", "ls", 0, 0));
    assert_false(wanted(&renamed, "sh", "ls", 0, 0));
}

static void
what_is_there_is_told_of_unless_it_has_just_begun(void **state)
{
    const struct rt_point begins = {.presence = RT_BEGINS,
                                    .group = 1,
                                    .subject =
                                        offsetof(struct payload, subject)};
    struct rt_point present = begins;
    struct rt_point other = begins;

    (void)state;
    present.presence = other.presence = RT_PRESENT;
    other.group = 2;
    /* More than fit in one block. */
    for (int64_t i = 1; i < 1000; i += 2)
        assert_true(wanted(&begins, "", "", i, 5));
    for (int64_t i = 1; i < 1000; i++) {
        assert_int_equal(wanted(&present, "", "", i, 6), i % 2 == 0);
        assert_true(wanted(&other, "", "", i, 6));
    }
    /* What comes later need not be remembered, but is told of. */
    rt_task_events_announced(7);
    assert_true(wanted(&begins, "", "", 2000, 8));
    assert_true(wanted(&present, "", "", 2000, 9));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_component_of_a_name_counts),
        cmocka_unit_test(the_number_of_a_process_does_not),
        cmocka_unit_test(names_may_be_globs),
        cmocka_unit_test(a_new_name_that_is_meant_as_well_changes_nothing),
        cmocka_unit_test(what_is_there_is_told_of_unless_it_has_just_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
