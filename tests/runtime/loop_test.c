/*
 * The loop: records of several CPUs in the order of time, timers among them,
 * and what happens to records when the script ends.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/failure.h"
#include "runtime/events/event.h"
#include "runtime/events/input.h"
#include "runtime/events/loop.h"
#include "runtime/events/script.h"
#include "runtime/values/function.h"
#include "tests/runtime/fake_source.h"

#define MS      1000000u
#define SKIPPED 3

/* What handlers did: "name time/cpu:value ". */
static char log_text[4096];
static int64_t exit_at; /* the value at which the handler calls exit() */

static void
note(const char *name, int64_t value)
{
    size_t used = strlen(log_text);

    snprintf(log_text + used, sizeof(log_text) - used, "%s %llu/%u:%lld ", name,
             (unsigned long long)rt_event.time / MS, rt_event.cpu,
             (long long)value);
}

static void
begin(const uint8_t *payload)
{
    assert_null(payload);
    note("begin", fake.resumed);
}

static void
hit(const uint8_t *payload)
{
    int64_t value = rt_load_long(payload, 0);

    note("hit", value);
    if (value == exit_at)
        rt_exit();
    if (value < 0)
        rt_raise("negative");
}

static void
tick(const uint8_t *payload)
{
    assert_null(payload);
    note("tick", 0);
}

static void
end(const uint8_t *payload)
{
    assert_null(payload);
    note("end", fake.detached);
}

static void
error(const uint8_t *payload)
{
    assert_null(payload);
    note("error", 0);
}

static void
byte(const uint8_t *payload)
{
    note("char", rt_input_text().text[0]);
}

static void
line(const uint8_t *payload)
{
    note("line", (int64_t)rt_input_text().length);
}

static const struct rt_handler handlers[] = {
    {.run = hit,
     8,
     .task_name = 8,
     .task_name_size = 16,
     .task = 24,
     .thread = 32},
    {.run = begin, 0, RT_NO_OFFSET, 0, RT_NO_OFFSET, RT_NO_OFFSET},
    {.run = tick, 0, RT_NO_OFFSET, 0, RT_NO_OFFSET, RT_NO_OFFSET},
    {.run = end, 0, RT_NO_OFFSET, 0, RT_NO_OFFSET, RT_NO_OFFSET},
    {.run = error, 0, RT_NO_OFFSET, 0, RT_NO_OFFSET, RT_NO_OFFSET},
    {.run = byte, 0, RT_NO_OFFSET, 0, RT_NO_OFFSET, RT_NO_OFFSET},
    {.run = line, 0, RT_NO_OFFSET, 0, RT_NO_OFFSET, RT_NO_OFFSET},
};

static const struct rt_point points[] = {
    {.kind = RT_KERNEL, 0, "one", "f", {.address = 1}, {.program = 0}},
    {.kind = RT_KERNEL, 0, "other", "g", {.address = 2}, {.program = 0}},
    {.kind = RT_BEGIN, 1, "begin", "", {.priority = 0}, {0}},
    {.kind = RT_TIMER, 2, "timer", "", {.interval = 10 * MS}, {.randomize = 0}},
    {.kind = RT_END, 3, "end", "", {.priority = 0}, {0}},
    {.kind = RT_ERROR, 4, "error", "", {.priority = 0}, {0}},
    {.kind = RT_INPUT_CHAR, 5, "char", "", {.priority = 0}, {0}},
    {.kind = RT_INPUT_LINE, 6, "line", "", {.priority = 0}, {0}},
};

const struct rt_program rt_program = {
    .identity = "",
    .points = points,
    .point_count = sizeof(points) / sizeof(points[0]),
    .kernel_points = 2,
    .handlers = handlers,
    .string_size = 64,
    .actions = 1000,
    .actions_slow = 1000,
    .skipped = SKIPPED,
};

static int
run(uint32_t cpus, enum rt_wake (*wait)(unsigned, uint64_t))
{
    const struct rt_arguments arguments = {.buffer = 1};

    log_text[0] = '\0';
    rt_script = (struct rt_script){0};
    exit_at = INT64_MAX;
    fake_reset(cpus, 4096);
    fake.wait = wait;
    return rt_run(&rt_program, &arguments);
}

static void
add(uint32_t cpu, uint64_t ms, uint64_t cookie, int64_t value)
{
    assert_true(fake_record(cpu, ms * MS, cookie, &value, sizeof(value)));
}

/* ---- order ----------------------------------------------------------- */

static enum rt_wake
three_cpus(unsigned number, uint64_t until)
{
    if (number > 0)
        return RT_WAKE_ENDED;
    add(2, 5, 0, 1);
    add(0, 3, 0, 2);
    add(1, 4, 1, 3);
    add(0, 6, 0, 4);
    fake.now = 9 * MS;
    return RT_WAKE_LOOK;
}

static void
records_are_merged_by_time(void **state)
{
    assert_int_equal(run(3, three_cpus), 0);
    assert_string_equal(log_text, "begin 0/0:0 hit 3/0:2 hit 4/1:3 hit 5/2:1 "
                                  "hit 6/0:4 end 9/0:1 ");
}

static enum rt_wake
late_record(unsigned number, uint64_t until)
{
    if (number == 0) {
        add(0, 5, 0, 1);
        fake.now = 5 * MS + MS / 2;
        return RT_WAKE_LOOK;
    }
    if (number == 1) {
        /* Only now is CPU 1's older record visible. */
        assert_true(until <= 7 * MS);
        add(1, 4, 0, 2);
        fake.now = 8 * MS;
        return RT_WAKE_LOOK;
    }
    return RT_WAKE_ENDED;
}

static void
young_records_wait_for_older_ones_of_other_cpus(void **state)
{
    assert_int_equal(run(2, late_record), 0);
    assert_string_equal(log_text, "begin 0/0:0 hit 4/1:2 hit 5/0:1 end 8/0:1 ");
}

static enum rt_wake
with_timers(unsigned number, uint64_t until)
{
    if (number > 0)
        return RT_WAKE_STOP;
    assert_true(until == 10 * MS);
    add(0, 9, 0, 1);
    add(0, 11, 0, 2);
    add(0, 25, 0, 3);
    fake.now = 31 * MS;
    return RT_WAKE_LOOK;
}

static void
timers_run_in_order_among_records(void **state)
{
    assert_int_equal(run(1, with_timers), 0);
    assert_string_equal(log_text,
                        "begin 0/0:0 hit 9/0:1 tick 10/0:0 hit 11/0:2 "
                        "tick 20/0:0 hit 25/0:3 tick 30/0:0 end 31/0:1 ");
}

static enum rt_wake
many_laps(unsigned number, uint64_t until)
{
    unsigned i;

    if (number > 200)
        return RT_WAKE_ENDED;
    for (i = 0; i < 50; i++)
        add(0, 1, 0, 0);
    log_text[0] = '\0';
    fake.now = 2 * MS;
    return RT_WAKE_LOOK;
}

static void
a_ring_is_used_again_and_again(void **state)
{
    assert_int_equal(run(1, many_laps), 0);
    assert_int_equal(fake.statistics[0].lost, 0);
}

/* ---- the end --------------------------------------------------------- */

static enum rt_wake
ends_with_records(unsigned number, uint64_t until)
{
    add(0, 5, 0, 1);
    add(0, 6, 0, 2);
    fake.now = 4 * MS;
    return RT_WAKE_ENDED;
}

static void
records_left_at_the_workloads_end_are_handled(void **state)
{
    assert_int_equal(run(1, ends_with_records), 0);
    assert_string_equal(log_text, "begin 0/0:0 hit 5/0:1 hit 6/0:2 end 4/0:1 ");
}

static enum rt_wake
exits(unsigned number, uint64_t until)
{
    exit_at = 2;
    add(0, 1, 0, 1);
    add(0, 2, 0, 2);
    add(0, 3, 0, 3);
    fake.now = 4 * MS;
    return RT_WAKE_LOOK;
}

static void
records_after_exit_are_dropped(void **state)
{
    assert_int_equal(run(1, exits), 0);
    assert_string_equal(log_text, "begin 0/0:0 hit 1/0:1 hit 2/0:2 end 4/0:1 ");
}

static enum rt_wake
fails(unsigned number, uint64_t until)
{
    add(0, 1, 0, -1);
    add(0, 2, 0, 2);
    fake.now = 4 * MS;
    return RT_WAKE_LOOK;
}

static void
an_error_runs_error_probes_and_gives_status_1(void **state)
{
    assert_int_equal(run(1, fails), 1);
    assert_string_equal(log_text, "begin 0/0:0 hit 1/0:-1 error 4/0:0 ");
}

static enum rt_wake
nonsense(unsigned number, uint64_t until)
{
    if (number > 0)
        return RT_WAKE_ENDED;
    add(0, 1, 77, 1);                 /* no such point */
    fake_record(0, 2 * MS, 0, "", 0); /* shorter than the handler reads */
    add(0, 3, 1, 3);
    fake.now = 4 * MS;
    return RT_WAKE_LOOK;
}

static void
records_that_make_no_sense_are_passed_over(void **state)
{
    assert_int_equal(run(1, nonsense), 0);
    assert_string_equal(log_text, "begin 0/0:0 hit 3/0:3 end 4/0:1 ");
}

/* ---- losses ---------------------------------------------------------- */

/* Fill the ring, and as many more records as may be lost, and LOST_TOO. */
static unsigned lost_too;

static enum rt_wake
overflows(unsigned number, uint64_t until)
{
    unsigned lost = 0;

    if (number > 0)
        return RT_WAKE_ENDED;
    while (lost < SKIPPED + lost_too) {
        int64_t value = 0;

        lost += !fake_record(0, 1 * MS, 0, &value, sizeof(value));
    }
    fake.now = 4 * MS;
    log_text[0] = '\0';
    return RT_WAKE_LOOK;
}

static void
as_many_losses_as_may_be_are_no_error(void **state)
{
    lost_too = 0;
    assert_int_equal(run(1, overflows), 0);
    assert_null(strstr(log_text, "error"));
}

static void
one_loss_more_ends_the_script(void **state)
{
    lost_too = 1;
    assert_int_equal(run(1, overflows), 1);
    assert_string_equal(log_text, "error 4/0:0 ");
}

/* ---- input ----------------------------------------------------------- */

/* The input ends behind its bytes, so the last line is there at once. */
static enum rt_wake
reads_input(unsigned number, uint64_t until)
{
    fake.input = number == 0 ? "a\nbc" : NULL;
    fake.now += MS;
    return number < 2 ? RT_WAKE_LOOK : RT_WAKE_ENDED;
}

static void
bytes_and_lines_come_in_their_order(void **state)
{
    assert_int_equal(run(1, reads_input), 0);
    assert_string_equal(log_text, "begin 0/0:0 char 1/0:97 char 1/0:10 "
                                  "line 1/0:2 char 1/0:98 char 1/0:99 "
                                  "line 1/0:2 end 3/0:1 ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_merged_by_time),
        cmocka_unit_test(young_records_wait_for_older_ones_of_other_cpus),
        cmocka_unit_test(timers_run_in_order_among_records),
        cmocka_unit_test(a_ring_is_used_again_and_again),
        cmocka_unit_test(records_left_at_the_workloads_end_are_handled),
        cmocka_unit_test(records_after_exit_are_dropped),
        cmocka_unit_test(an_error_runs_error_probes_and_gives_status_1),
        cmocka_unit_test(records_that_make_no_sense_are_passed_over),
        cmocka_unit_test(as_many_losses_as_may_be_are_no_error),
        cmocka_unit_test(one_loss_more_ends_the_script),
        cmocka_unit_test(bytes_and_lines_come_in_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
