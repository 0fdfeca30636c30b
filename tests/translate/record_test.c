/*
 * Programs of records: each step of a location computes what it should, and
 * records are laid out within their limits.
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/program/host/environment.h"
#include "kernel/program/program.h"
#include "translate/lower/record.h"

#define STEPS_MAX 8
#define MINUS(n)  (-(int64_t)(n))

static uint64_t memory[2] = {0x8182838485868788u, 0x1112131415161718u};

static struct capture *
new_capture(struct arena *arena, enum capture_kind kind, enum type type,
            uint32_t size)
{
    struct capture *capture = ARENA_NEW(arena, struct capture);

    capture->kind = kind;
    capture->type = type;
    capture->size = size;
    return capture;
}

/* What the program of a handler with one target submits; its last word. */
static uint64_t
run_steps(const struct step *steps, unsigned count, bool *fault)
{
    struct arena arena = {0};
    struct target_value value = {.name = "$x"};
    const struct target_value *values[] = {&value};
    struct plan_handler handler = {.probe = NULL};
    struct plan_program written;
    struct program *program;
    struct probe_context context = {
        .pc = 0x55,
        .flags = 0x202,
        .entry_time = 99,
        /* Word 4 could not be read. */
        .saved = {[3] = 0x42, [PROBE_CONTEXT_SAVED - 1] = 1u << 4},
    };
    struct execution execution = {.cpu = 0};
    struct error error;
    char log[PROBE_LOG_MAX];

    for (unsigned i = 0; i < count; i++)
        LIST_ADD(&arena, &value.steps, steps[i]);
    struct capture *capture = new_capture(&arena, CAPTURE_TARGET, TYPE_LONG, 8);
    LIST_ADD(&arena, &handler.captures, capture);
    assert_int_equal(record_lay_out(&handler, values, &error), 0);
    assert_int_equal(record_program(&arena, &handler, values, &written, &error),
                     0);
    struct program_source source = {.instructions = written.instructions,
                                    .count = written.count};
    if (program_load(&source, log, sizeof(log), &program) != 0)
        fail_msg("%s", log);
    for (unsigned i = 0; i < PROBE_CONTEXT_REGISTERS; i++)
        context.registers[i] = 0x100 + i;
    context.registers[7] = (uintptr_t)memory;
    host_environment_reset();
    host_environment.memory = memory;
    host_environment.memory_size = sizeof(memory);
    host_environment.task = 0x7a;
    host_environment.thread = 0x7b;
    program_run(program, &execution, &context);
    assert_int_equal(host_environment.submitted, 1);
    assert_int_equal(host_environment.submitted_size, handler.payload_size);
    *fault = capture->fault != CAPTURE_NO_FAULT &&
             (host_environment.record[handler.faults / 8] &
              (1u << capture->fault)) != 0;
    uint64_t result = host_environment.record[capture->offset / 8];
    program_free(program);
    arena_free(&arena);
    return result;
}

#define C(value)       {STEP_CONSTANT, value}
#define R(number)      {STEP_REGISTER, number}
#define S(kind)        {STEP_##kind, 0}
#define V(kind, value) {STEP_##kind, value}

static const struct {
    const char *name;
    uint64_t expected;
    unsigned count;
    struct step steps[STEPS_MAX];
} cases[] = {
    {"a register", 0x105, 1, {R(5)}},
    {"a short constant", 7, 1, {C(7)}},
    {"a negative constant", (uint64_t)-7, 1, {C(-7)}},
    {"32 bits", 0xfedcba98, 1, {C(0xfedcba98)}},
    {"64 bits", 0x123456789abcdef0, 1, {C(0x123456789abcdef0)}},
    {"addition", 0x10d, 3, {R(5), C(8), S(ADD)}},
    {"additions that are joined",
     0x10a,
     5,
     {R(5), C(8), S(ADD), C(-3), S(ADD)}},
    {"addition of registers", 0x207, 3, {R(5), R(2), S(ADD)}},
    {"addition of 64 bits",
     0x1000000000000105,
     3,
     {R(5), C(0x1000000000000000), S(ADD)}},
    {"a constant first", 8 - 0x105, 3, {C(8), R(5), S(SUBTRACT)}},
    {"subtraction", 0x105 - 8, 3, {R(5), C(8), S(SUBTRACT)}},
    {"multiplication", 0x105 * 3, 3, {R(5), C(3), S(MULTIPLY)}},
    {"signed division", (uint64_t)-3, 3, {C(-7), C(2), S(DIVIDE)}},
    {"unsigned remainder", UINT64_MAX % 10, 3, {C(-1), C(10), S(MODULO)}},
    {"and", 0x104, 3, {R(4), C(0x1fe), S(AND)}},
    {"or", 0x10f, 3, {R(1), C(0xf), S(OR)}},
    {"xor", 0x10e, 3, {R(1), C(0xf), S(XOR)}},
    {"left shift", 0x1010, 3, {R(1), C(4), S(SHIFT_LEFT)}},
    {"right shift", UINT64_MAX >> 4, 3, {C(-1), C(4), S(SHIFT_RIGHT)}},
    {"signed right shift",
     (uint64_t)-2,
     3,
     {C(-32), C(4), S(SHIFT_RIGHT_SIGNED)}},
    {"shift by a register",
     0x20,
     5,
     {C(1), R(5), C(0x100), S(SUBTRACT), S(SHIFT_LEFT)}},
    {"negation", (uint64_t)MINUS(0x103), 2, {R(3), S(NEGATE)}},
    {"complement", ~(uint64_t)0x103, 2, {R(3), S(NOT)}},
    {"absolute value", 9, 2, {C(-9), S(ABSOLUTE)}},
    {"absolute value of a positive one", 9, 2, {C(9), S(ABSOLUTE)}},
    {"equal", 1, 3, {R(3), C(0x103), S(EQ)}},
    {"not equal", 0, 3, {R(3), C(0x103), S(NE)}},
    {"less, signed", 1, 3, {C(-1), R(3), S(LT)}},
    {"less or equal", 1, 3, {C(5), C(5), S(LE)}},
    {"greater", 0, 3, {C(5), C(5), S(GT)}},
    {"greater or equal", 1, 3, {R(3), C(-5), S(GE)}},
    {"signed remainder", (uint64_t)-7, 3, {C(-17), C(10), S(MODULO_SIGNED)}},
    {"the task", 0x7a, 1, {S(TASK)}},
    {"the thread", 0x7b, 1, {S(THREAD)}},
    {"a sum with the thread", 0x7c, 3, {C(1), S(THREAD), S(ADD)}},
    {"the address", 0x55, 1, {S(PC)}},
    {"the flags", 0x202, 1, {S(FLAGS)}},
    {"when it was entered", 99, 1, {S(ENTRY_TIME)}},
    {"a word of the entry", 0x42, 1, {V(SAVED, 3)}},
    {"one that could be read", 0x42, 1, {V(SAVED, 3 | STEP_SAVED_FAULTS)}},
    {"a sum of words", 0x84, 3, {V(SAVED, 3), V(SAVED, 3), S(ADD)}},
    {"zero extension", 0x34, 2, {C(0x1234), V(ZERO_EXTEND, 8)}},
    {"zero extension from 31", 0x7fffffff, 2, {C(-1), V(ZERO_EXTEND, 31)}},
    {"zero extension from 32", 0xffffffff, 2, {C(-1), V(ZERO_EXTEND, 32)}},
    {"zero extension from 63", UINT64_MAX >> 1, 2, {C(-1), V(ZERO_EXTEND, 63)}},
    {"sign extension from 8", (uint64_t)-2, 2, {C(0x12fe), V(SIGN_EXTEND, 8)}},
    {"sign extension from 3", (uint64_t)-1, 2, {C(7), V(SIGN_EXTEND, 3)}},
    {"sign extension from 32",
     (uint64_t)-1,
     2,
     {C(0xffffffff), V(SIGN_EXTEND, 32)}},
    {"one byte", 0x88, 2, {R(7), V(LOAD, 1)}},
    {"two bytes", 0x8788, 2, {R(7), V(LOAD, 2)}},
    {"four bytes", 0x85868788, 2, {R(7), V(LOAD, 4)}},
    {"eight bytes", 0x1112131415161718, 4, {R(7), C(8), S(ADD), V(LOAD, 8)}},
    {"a load with words below",
     0x88 - 5,
     4,
     {R(7), V(LOAD, 1), C(5), S(SUBTRACT)}},
    {"words wait while memory is read",
     0x105 + 0x88,
     4,
     {R(5), R(7), V(LOAD, 1), S(ADD)}},
    {"copy of the top", 0x206, 3, {R(3), V(PICK, 0), S(ADD)}},
    {"copy of a word below",
     5 - 0x103,
     4,
     {R(3), C(5), V(PICK, 1), S(SUBTRACT)}},
    {"drop of a copy", 0x103, 5, {R(3), C(5), V(PICK, 1), S(ROTATE), S(DROP)}},
    {"drop", 0x103, 3, {R(3), C(9), S(DROP)}},
    {"exchange", 5 - 0x103, 4, {R(3), C(5), S(SWAP), S(SUBTRACT)}},
    /* 1 2 3 becomes 3 1 2: 3 - (1 - 2). */
    {"a branch that is taken",
     0x105,
     5,
     {R(5), R(3), V(BRANCH, 2), C(1), S(ADD)}},
    {"a branch that is not taken",
     0x106,
     5,
     {R(5), C(0), V(BRANCH, 2), C(1), S(ADD)}},
    {"the first of two", 7, 5, {C(0), V(BRANCH, 2), C(7), V(SKIP, 1), C(9)}},
    {"the second of two", 9, 5, {C(3), V(BRANCH, 2), C(7), V(SKIP, 1), C(9)}},
    {"constants on both sides of a label are not joined",
     0x10c,
     7,
     {R(5), C(0), V(BRANCH, 2), C(1), S(ADD), C(6), S(ADD)}},
    {"a variable", 8, 4, {C(4), V(ASSIGN, 2), V(VARIABLE, 2), S(ADD)}},
    {"rotation", 4, 6, {C(1), C(2), C(3), S(ROTATE), S(SUBTRACT), S(SUBTRACT)}},
};

static void
steps_compute_what_they_should(void **state)
{
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool fault;
        uint64_t got = run_steps(cases[i].steps, cases[i].count, &fault);

        if (got != cases[i].expected)
            fail_msg("%s: %" PRIx64 " instead of %" PRIx64, cases[i].name, got,
                     cases[i].expected);
        assert_false(fault);
    }
}

static void
memory_that_cannot_be_read_is_a_fault_and_0(void **state)
{
    static const struct step steps[] = {R(5), V(LOAD, 8), C(1), S(ADD)};
    bool fault;

    static const struct step unread[] = {V(SAVED, 4 | STEP_SAVED_FAULTS)};

    assert_int_equal(run_steps(steps, 4, &fault), 0);
    assert_true(fault);
    assert_int_equal(run_steps(unread, 1, &fault), 0);
    assert_true(fault);
}

static void
registers_that_are_not_recorded_are_refused(void **state)
{
    struct arena arena = {0};
    struct target_value value = {.name = "$x"};
    const struct target_value *values[] = {&value};
    struct plan_handler handler = {.probe = NULL};
    struct step step = R(17); /* xmm0 */
    struct plan_program program;
    struct error error;

    LIST_ADD(&arena, &value.steps, step);
    struct capture *capture = new_capture(&arena, CAPTURE_TARGET, TYPE_LONG, 8);
    LIST_ADD(&arena, &handler.captures, capture);
    assert_int_equal(record_lay_out(&handler, values, &error), 0);
    assert_int_equal(record_program(&arena, &handler, values, &program, &error),
                     -1);
    assert_non_null(strstr(error.text, "register 17"));
    arena_free(&arena);
}

/* A handler with COUNT values, each of SIZE bytes, that may fail if FAULT. */
static int
lay_out(unsigned count, uint32_t size, bool may_fail,
        struct plan_handler *handler, struct arena *arena, struct error *error)
{
    static struct step load[] = {R(7), V(LOAD, 8)};
    struct target_value value = {.name = "$x",
                                 .steps = {load, may_fail ? 2 : 1, 2}};
    LIST_OF(const struct target_value *) values = {0};

    for (unsigned i = 0; i < count; i++) {
        struct capture *capture = new_capture(
            arena, CAPTURE_TARGET, size > 8 ? TYPE_STRING : TYPE_LONG, size);
        const struct target_value *same = &value;

        LIST_ADD(arena, &handler->captures, capture);
        LIST_ADD(arena, &values, same);
    }
    return record_lay_out(handler, values.items, error);
}

static void
values_follow_each_other(void **state)
{
    struct arena arena = {0};
    struct plan_handler plain = {.probe = NULL}, failing = plain, none = plain;
    struct error error;

    assert_int_equal(lay_out(3, 13, false, &plain, &arena, &error), 0);
    assert_int_equal(plain.payload_size, 48);
    assert_int_equal(plain.captures.items[1]->offset, 16);
    assert_int_equal(plain.captures.items[1]->fault, CAPTURE_NO_FAULT);
    assert_int_equal(lay_out(2, 8, true, &failing, &arena, &error), 0);
    assert_int_equal(failing.payload_size, 24);
    assert_int_equal(failing.faults, 0);
    assert_int_equal(failing.captures.items[0]->offset, 8);
    assert_int_equal(failing.captures.items[1]->fault, 1);
    assert_int_equal(lay_out(0, 8, false, &none, &arena, &error), 0);
    assert_int_equal(none.payload_size, 8);
    arena_free(&arena);
}

static void
records_have_limits(void **state)
{
    struct arena arena = {0};
    struct plan_handler handlers[3] = {{.probe = NULL}};
    struct error error;

    assert_int_equal(lay_out(2048, 8, false, &handlers[0], &arena, &error), 0);
    assert_int_equal(lay_out(2049, 8, false, &handlers[1], &arena, &error), -1);
    assert_non_null(strstr(error.text, "has room for 16384"));
    /* A second fault word. */
    assert_int_equal(lay_out(65, 8, true, &handlers[2], &arena, &error), 0);
    assert_int_equal(handlers[2].payload_size, (65 + 2) * 8);
    assert_int_equal(handlers[2].captures.items[64]->fault, 64);
    arena_free(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_compute_what_they_should),
        cmocka_unit_test(memory_that_cannot_be_read_is_a_fault_and_0),
        cmocka_unit_test(registers_that_are_not_recorded_are_refused),
        cmocka_unit_test(values_follow_each_other),
        cmocka_unit_test(records_have_limits),
    };

    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
