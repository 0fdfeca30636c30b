/*
 * What the language says of stacks and addresses, in the form of its
 * manuals.  The fake source has a function at each multiple of 256.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/probe.h"
#include "runtime/event.h"
#include "runtime/limit.h"
#include "runtime/program.h"
#include "runtime/scratch.h"
#include "runtime/stack.h"

static void
run(const uint8_t *payload)
{
}

static const struct rt_handler handlers[] = {
    {run, .payload_size = 80, .address = 0, .user_mode = 8, .stack = 16,
     .stack_size = 40, .user_stack = 56, .user_stack_size = 24},
    {run, .address = RT_NO_OFFSET, .user_mode = RT_NO_OFFSET},
};

static const struct rt_point points[] = {
    {.kind = RT_KERNEL,
     .handler = 0,
     .name = "p",
     .function = "f",
     .address = 0xff00},
    {.kind = RT_KERNEL,
     .handler = 0,
     .name = "r",
     .function = "f",
     .address = 0xff00,
     .probe = PROBE_RETURN},
    {.kind = RT_KERNEL, .handler = 1, .name = "n", .function = "f"},
};

const struct rt_program rt_program = {
    .identity = "",
    .points = points,
    .point_count = 3,
    .kernel_points = 3,
    .handlers = handlers,
    .string_size = 128,
};

/* addr, mode, three of the kernel, none, none; two of user mode, none */
static const uint64_t record[10] = {
    0x1234, 1, 0x1234, 0x4567, 0xffffffff81000010, 0, 0, 0x400100, 0x400200};

static int
begin(void **state)
{
    return rt_limits_open(rt_program.string_size) ? 0 : -1;
}

static void
at(unsigned point, const void *payload)
{
    rt_event = (struct rt_event){.point = &points[point], .payload = payload};
    rt_release(0);
}

#define EXPECT(string, expected) assert_string_equal((string).text, expected)

static void
addresses_of_a_record(void **state)
{
    at(0, record);
    EXPECT(rt_backtrace(), "0x1234 0x4567 0xffffffff81000010");
    EXPECT(rt_ubacktrace(), "0x400100 0x400200");
    EXPECT(rt_callers(-1), "0x1234 0x4567 0xffffffff81000010");
    EXPECT(rt_callers(0), "0x1234");
    EXPECT(rt_callers(1), "0x1234 0x4567");
    EXPECT(rt_ucallers(7), "0x400100 0x400200");
    assert_int_equal(rt_stack(0), 0x1234);
    assert_int_equal(rt_stack(2), 0xffffffff81000010);
    assert_int_equal(rt_stack(3), 0);
    assert_int_equal(rt_stack(-1), 0);
    assert_int_equal(rt_ustack(1), 0x400200);
    assert_int_equal(rt_caller_addr(), 0x4567);
    assert_int_equal(rt_addr(), 0x1234);
    assert_int_equal(rt_uaddr(), 0x400100);
    assert_int_equal(rt_user_mode(), 1);
}

static void
none_without_a_record(void **state)
{
    for (int i = 0; i < 2; i++) {
        at(i == 0 ? 0 : 2, i == 0 ? NULL : record);
        EXPECT(rt_backtrace(), "");
        EXPECT(rt_sprint_backtrace(), "");
        EXPECT(rt_ubacktrace(), "");
        EXPECT(rt_caller(), "0x0");
        assert_int_equal(rt_stack(0), 0);
        assert_int_equal(rt_addr(), 0);
        assert_int_equal(rt_user_mode(), 0);
    }
}

static void
names_of_addresses(void **state)
{
    at(0, record);
    EXPECT(rt_symname(0x1234), "function_12");
    EXPECT(rt_symname(0x1234), "function_12");
    EXPECT(rt_symdata(0x1234), "function_12+0x34/0x100 [kernel]");
    EXPECT(rt_symname(0), "0x0");
    EXPECT(rt_symdata(0), "0x0");
    EXPECT(rt_caller(), "function_45 0x4567");
}

/* More addresses than are remembered: each still has its own name. */
static void
names_are_forgotten(void **state)
{
    for (unsigned round = 0; round < 2; round++)
        for (uint64_t i = 1; i < 5000; i++) {
            char name[32];

            rt_release(0);
            snprintf(name, sizeof(name), "function_%llx", (long long)i);
            EXPECT(rt_symname((int64_t)(i << 8)), name);
        }
}

static void
lines(void **state)
{
    at(0, record);
    EXPECT(rt_sprint_stack(RT_TEXT("0x1234 4567, 0x0")),
           " 0x1234 : function_12+0x34/0x100 [kernel]\n"
           " 0x4567 : function_45+0x67/0x100 [kernel]\n"
           " 0x0\n");
    EXPECT(rt_sprint_stack(RT_TEXT("")), "");
    /* A line that has no room is left out whole. */
    EXPECT(rt_sprint_stack(RT_TEXT("1234 1234 1234 1234")),
           " 0x1234 : function_12+0x34/0x100 [kernel]\n"
           " 0x1234 : function_12+0x34/0x100 [kernel]\n"
           " 0x1234 : function_12+0x34/0x100 [kernel]\n");
    EXPECT(rt_sprint_ubacktrace(),
           " 0x400100 : function_4001+0x0/0x100 [kernel]\n"
           " 0x400200 : function_4002+0x0/0x100 [kernel]\n");
}

static void
returns(void **state)
{
    at(1, record);
    EXPECT(rt_sprint_backtrace(),
           "Returning from:  0xff00 : function_ff+0x0/0x100 [kernel]\n"
           "Returning to  :  0x1234 : function_12+0x34/0x100 [kernel]\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_a_record),
        cmocka_unit_test(none_without_a_record),
        cmocka_unit_test(names_of_addresses),
        cmocka_unit_test(names_are_forgotten),
        cmocka_unit_test(lines),
        cmocka_unit_test(returns),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
