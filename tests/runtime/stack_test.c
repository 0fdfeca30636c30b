/*
 * What the language says of stacks and addresses, in the form of its
 * manuals.  The fake source has a function at each multiple of 256; of the
 * program "worker" there is a table, written by hand from protocol/object.h.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/object.h"
#include "protocol/probe.h"
#include "runtime/base/failure.h"
#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/events/event.h"
#include "runtime/program.h"
#include "runtime/symbols/address.h"
#include "runtime/symbols/stack.h"

static void
run(const uint8_t *payload)
{
}

static const struct rt_handler handlers[] = {
    {run, .payload_size = 96, .task_name = 80, .task_name_size = 16,
     .address = 0, .user_mode = 8, .stack = 16, .stack_size = 40,
     .user_stack = 56, .user_stack_size = 24},
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

/*
 * worker: main at 0x400100, of 0x100 bytes, and helper, whose end nobody said,
 * at 0x400200.  Lines: 10 of a.c from 0x400100 on, 12 from 0x400110 on, 3 of
 * b.h from 0x400180 on, and none from 0x4001f0 on.
 */
static const struct {
    struct object_header header;
    struct object_symbol symbols[2];
    struct object_line_mark mark;
    uint32_t files[2];
    char names[24];
    uint8_t rows[24];
} worker = {
    .header =
        {
            .magic = OBJECT_MAGIC,
            .version = OBJECT_VERSION,
            .size = sizeof(worker),
            .name = "worker",
            .base = 0x400000,
            .span = 0x1000,
            .symbols = 2,
            .symbols_offset = (char *)worker.symbols - (char *)&worker,
            .marks = 1,
            .marks_offset = (char *)&worker.mark - (char *)&worker,
            .files = 2,
            .files_offset = (char *)worker.files - (char *)&worker,
            .names_offset = (char *)worker.names - (char *)&worker,
            .rows_offset = (char *)worker.rows - (char *)&worker,
            .rows_size = 16,
        },
    .symbols = {{0x100, 0x100, 0}, {0x200, 0, 5}},
    .mark = {.file = OBJECT_NO_FILE},
    .files = {12, 16},
    .names = "main\0helper\0a.c\0b.h",
    .rows =
        {
            0x80, 0x02, 10 << 2 | 1, 0, /* 0x100, +10, a.c */
            0x10, 2 << 2,               /* 0x110, +2 */
            0x70, 8 << 2 | 2 | 1, 1,    /* 0x180, -9, b.h */
            0x70, 2 << 2 | 2 | 1, 0xff, 0xff, 0xff, 0xff,
            0x0f, /* 0x1f0, none */
        },
};

const struct rt_program rt_program = {
    .objects = (const uint8_t *)&worker,
    .objects_end = (const uint8_t *)&worker + sizeof(worker),
    .task_name_size = 16,
    .identity = "",
    .points = points,
    .point_count = 3,
    .kernel_points = 3,
    .handlers = handlers,
    .string_size = 128,
};

/* addr, mode, three of the kernel, none, none; two of user mode, none; the
 * task's name */
static uint64_t record[12] = {0x1234, 1, 0x1234,   0x4567,  0xffffffff81000010,
                              0,      0, 0x400120, 0x400180};

static void
name_task(const char *name)
{
    memset(&record[10], 0, 16);
    memcpy(&record[10], name, strlen(name));
}

static int
begin(void **state)
{
    name_task("worker");
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
    EXPECT(rt_ubacktrace(), "0x400120 0x400180");
    EXPECT(rt_callers(-1), "0x1234 0x4567 0xffffffff81000010");
    EXPECT(rt_callers(0), "0x1234");
    EXPECT(rt_callers(1), "0x1234 0x4567");
    EXPECT(rt_ucallers(7), "0x400120 0x400180");
    assert_int_equal(rt_stack(0), 0x1234);
    assert_int_equal(rt_stack(2), 0xffffffff81000010);
    assert_int_equal(rt_stack(3), 0);
    assert_int_equal(rt_stack(-1), 0);
    assert_int_equal(rt_ustack(1), 0x400180);
    assert_int_equal(rt_caller_addr(), 0x4567);
    assert_int_equal(rt_addr(), 0x1234);
    assert_int_equal(rt_uaddr(), 0x400120);
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
    EXPECT(rt_sprint_ubacktrace(), " 0x400120 : main+0x20/0x100 [worker]\n"
                                   " 0x400180 : main+0x80/0x100 [worker]\n");
    EXPECT(rt_sprint_ustack(RT_TEXT("0x400204 0x400010 0x500000")),
           " 0x400204 : helper+0x4 [worker]\n"
           " 0x400010 [worker+0x10/0x1000]\n"
           " 0x500000\n");
}

static void
returns(void **state)
{
    at(1, record);
    EXPECT(rt_sprint_backtrace(),
           "Returning from:  0xff00 : function_ff+0x0/0x100 [kernel]\n"
           "Returning to  :  0x1234 : function_12+0x34/0x100 [kernel]\n");
}

/* A line of a stack in a style, without its newline. */
static struct rt_string
styled(uint64_t address, enum rt_line_style style, bool returns)
{
    char text[RT_LINE_TEXT];
    size_t length =
        rt_put_line(text, rt_event_space(), address, style, returns);

    assert_int_equal(text[length - 1], '\n');
    return rt_hold((struct rt_string){text, length - 1});
}

static void
styles_of_lines(void **state)
{
    at(0, record);
    EXPECT(styled(0x400120, RT_LINE_BRIEF, false), " main+0x20");
    EXPECT(styled(0x500000, RT_LINE_BRIEF, false), " 0x500000");
    EXPECT(styled(0x400110, RT_LINE_FILELINE, false),
           " 0x400110 : main+0x10/0x100 at a.c:12 [worker]");
    /* A call that returns to the first instruction of line 12 is in 10. */
    EXPECT(styled(0x400110, RT_LINE_FILELINE, true),
           " 0x400110 : main+0x10/0x100 at a.c:10 [worker]");
    /* One that never returns may be the last thing in a function. */
    EXPECT(styled(0x400200, RT_LINE_PLAIN, true),
           " 0x400200 : main+0x100/0x100 [worker]");
    EXPECT(styled(0x400200, RT_LINE_PLAIN, false),
           " 0x400200 : helper+0x0 [worker]");
    EXPECT(styled(0x4001f8, RT_LINE_FILELINE, false),
           " 0x4001f8 : main+0xf8/0x100 [worker]");
}

static void
names_of_user_mode(void **state)
{
    at(0, record);
    EXPECT(rt_usymname(0x400100), "main");
    EXPECT(rt_usymname(0x4001ff), "main");
    EXPECT(rt_usymname(0x400200), "helper");
    EXPECT(rt_usymname(0x4000ff), "0x4000ff");
    EXPECT(rt_usymname(0x401000), "0x401000");
    EXPECT(rt_usymdata(0x400101), "main+0x1/0x100 [worker]");
    EXPECT(rt_usymdata(0x4000ff), "0x4000ff [worker+0xff/0x1000]");
    EXPECT(rt_umodname(0x400000), "worker");
    assert_false(rt_failed);
    EXPECT(rt_umodname(0x3fffff), "");
    assert_true(rt_failed);
    rt_failed = false;
}

static void
lines_of_user_mode(void **state)
{
    static const struct {
        int64_t address;
        const char *expected;
    } rows[] = {
        {0x4000ff, "0x4000ff"}, {0x400100, "a.c:10"},   {0x40010f, "a.c:10"},
        {0x400110, "a.c:12"},   {0x40017f, "a.c:12"},   {0x400180, "b.h:3"},
        {0x4001ef, "b.h:3"},    {0x4001f0, "0x4001f0"}, {0x400fff, "0x400fff"},
    };

    at(0, record);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        EXPECT(rt_usymfileline(rows[i].address), rows[i].expected);
    EXPECT(rt_usymfile(0x400184), "b.h");
    EXPECT(rt_usymline(0x400184), "3");
    EXPECT(rt_usymline(0x4001f0), "0x4001f0");
    /* Of the kernel there are no lines here. */
    EXPECT(rt_symfileline(0x400100), "0x400100");
}

/* The name of a task says which program it runs. */
static void
programs_of_tasks(void **state)
{
    static const char *const same[] = {"worker",       "worker(17)",
                                       "(worker)",     "((worker))",
                                       "/hurd/worker", "/hurd/worker(5)"};
    static const char *const others[] = {"work", "workers", "",
                                         "(",    "/",       "worker.2"};

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        name_task(same[i]);
        at(0, record);
        EXPECT(rt_usymname(0x400100), "main");
        EXPECT(rt_usymname_of(0x400100, rt_execname()), "main");
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        name_task(others[i]);
        at(0, record);
        EXPECT(rt_usymname(0x400100), "0x400100");
    }
    /* 15 bytes is all that this kernel keeps of a name. */
    name_task("a/long/way/work");
    at(0, record);
    EXPECT(rt_usymname(0x400100), "main");
    name_task("worker");
    at(0, NULL);
    EXPECT(rt_usymname(0x400100), "0x400100");
    EXPECT(rt_usymname_of(0x400100, RT_TEXT("worker")), "main");
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
        cmocka_unit_test(styles_of_lines),
        cmocka_unit_test(names_of_user_mode),
        cmocka_unit_test(lines_of_user_mode),
        cmocka_unit_test(programs_of_tasks),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
