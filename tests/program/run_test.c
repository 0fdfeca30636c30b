/* What each instruction does when it runs. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/program/host/checked.h"
#include "kernel/program/host/environment.h"
#include "kernel/program/instruction.h"
#include "kernel/program/map.h"
#include "protocol/error.h"
#include "tests/program/arithmetic.h"
#include "tests/program/assemble.h"

#define SPACE  256
#define ROUNDS 10000 /* that again() grants */

static uint8_t memory[64];

/* Run TEXT with r1 = memory, r2 = its size, checked. */
static struct checked_run
run_with(const char *text, struct map *const *maps, uint32_t map_count,
         uint64_t steps_max)
{
    struct ebpf_insn insns[SPACE];
    struct program_source source = {.instructions = insns,
                                    .count = assemble(text, insns, SPACE),
                                    .maps = maps,
                                    .map_count = map_count};
    char reason[PROBE_LOG_MAX];
    struct log log;
    log_start(&log, reason, sizeof(reason));
    if (instructions_validate(&source, &log) != 0)
        fail_msg("%s\n%s", text, reason);
    struct checked_run run = {.source = &source,
                              .memory = memory,
                              .memory_size = sizeof(memory),
                              .memory_is_writable = 1,
                              .steps_max = steps_max,
                              .left = ROUNDS};
    if (checked_run(&run) == 0)
        assert_string_equal(run.error, "");
    return run;
}

static void
expect_result(const char *text, uint64_t expected)
{
    struct checked_run run = run_with(text, NULL, 0, 200000);
    if (run.error[0] != '\0')
        fail_msg("%s\ninsn %u: %s", text, run.at, run.error);
    if (run.result != expected)
        fail_msg("%s\ngives 0x%llx, not 0x%llx", text,
                 (unsigned long long)run.result, (unsigned long long)expected);
}

static void
expect_failure(const char *text, uint32_t at, const char *reason)
{
    struct checked_run run = run_with(text, NULL, 0, 1000);
    if (strstr(run.error, reason) == NULL)
        fail_msg("%s\nfails with \"%s\", not \"%s\"", text, run.error, reason);
    assert_int_equal(run.at, at);
}

static void
arithmetic_of_registers(void **state)
{
    for (size_t i = 0; i < sizeof(arithmetic) / sizeof(arithmetic[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "r1 = 0x%llx ll; r2 = 0x%llx ll; %c1 %s %c2; r0 = r1; exit",
                 (unsigned long long)arithmetic[i].a,
                 (unsigned long long)arithmetic[i].b, arithmetic[i].width,
                 arithmetic[i].operation, arithmetic[i].width);
        expect_result(text, arithmetic[i].expected);
    }
}

/* Immediates are sign-extended to 64 bits. */
static void
arithmetic_with_immediates(void **state)
{
    for (size_t i = 0; i < sizeof(arithmetic) / sizeof(arithmetic[0]); i++) {
        int64_t b = (int64_t)arithmetic[i].b;
        if (b != (int32_t)b)
            continue;
        char text[256];
        snprintf(text, sizeof(text), "r1 = 0x%llx ll; %c1 %s %d; r0 = r1; exit",
                 (unsigned long long)arithmetic[i].a, arithmetic[i].width,
                 arithmetic[i].operation, (int32_t)b);
        expect_result(text, arithmetic[i].expected);
    }
}

static void
unary_operations(void **state)
{
    static const struct {
        const char *text;
        uint64_t expected;
    } cases[] = {
        {"r0 = 5; r0 = -r0", 0xfffffffffffffffb},
        {"r0 = 0x8000000000000000 ll; r0 = -r0", 0x8000000000000000},
        {"r0 = 0x500000001 ll; w0 = -w0", 0xffffffff},
        {"w0 = -1", 0xffffffff},
        {"r0 = -1", 0xffffffffffffffff},
        {"r1 = 0x1234567890abcdef ll; r0 = (s8)r1", 0xffffffffffffffef},
        {"r1 = 0x1234567890abcd6f ll; r0 = (s8)r1", 0x6f},
        {"r1 = 0x1234567890abcdef ll; r0 = (s16)r1", 0xffffffffffffcdef},
        {"r1 = 0x1234567890abcdef ll; r0 = (s32)r1", 0xffffffff90abcdef},
        {"r1 = 0x1234567890abcdef ll; w0 = (s8)w1", 0xffffffef},
        {"r1 = 0x1234567890abcdef ll; w0 = (s16)w1", 0xffffcdef},
        {"r0 = 0x1122334455667788 ll; r0 = le16 r0", 0x7788},
        {"r0 = 0x1122334455667788 ll; r0 = le32 r0", 0x55667788},
        {"r0 = 0x1122334455667788 ll; r0 = le64 r0", 0x1122334455667788},
        {"r0 = 0x1122334455667788 ll; r0 = be16 r0", 0x8877},
        {"r0 = 0x1122334455667788 ll; r0 = be32 r0", 0x88776655},
        {"r0 = 0x1122334455667788 ll; r0 = be64 r0", 0x8877665544332211},
        {"r0 = 0x1122334455667788 ll; r0 = bswap16 r0", 0x8877},
        {"r0 = 0x1122334455667788 ll; r0 = bswap32 r0", 0x88776655},
        {"r0 = 0x1122334455667788 ll; r0 = bswap64 r0", 0x8877665544332211},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text), "%s; exit", cases[i].text);
        expect_result(text, cases[i].expected);
    }
}

/*
 * Each comparison with each pair of values; the letters say whether it is
 * taken in 64 and in 32 bits.
 */
static void
conditional_jumps(void **state)
{
    static const char *const signs[] = {
        "==", "!=", ">", ">=", "<", "<=", "s>", "s>=", "s<", "s<=", "&"};
    static const struct {
        uint64_t a, b;
        const char *taken_64, *taken_32; /* y or n for each sign */
    } cases[] = {
        {5, 5, "ynnynynynyy", "ynnynynynyy"},
        {5, 7, "nynnyynnyyy", "nynnyynnyyy"},
        {8, 7, "nyyynnyynnn", "nyyynnyynnn"},
        {0xffffffffffffffff, 1, "nyyynnnnyyy", "nyyynnnnyyy"},
        {1, 0xffffffffffffffff, "nynnyyyynny", "nynnyyyynny"},
        {0x100000005, 5, "nyyynnyynny", "ynnynynynyy"},
        {0x80000000, 0, "nyyynnyynnn", "nyyynnnnyyn"},
        {0x8000000000000000, 0, "nyyynnnnyyn", "ynnynynynyn"},
        {0, 0, "ynnynynynyn", "ynnynynynyn"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t j = 0; j < sizeof(signs) / sizeof(signs[0]); j++) {
            for (int wide = 0; wide < 2; wide++) {
                char letter = wide ? 'r' : 'w', text[256];
                const char *taken =
                    wide ? cases[i].taken_64 : cases[i].taken_32;
                snprintf(text, sizeof(text),
                         "r1 = 0x%llx ll; r2 = 0x%llx ll; r0 = 1; "
                         "if %c1 %s %c2 goto +1; r0 = 0; exit",
                         (unsigned long long)cases[i].a,
                         (unsigned long long)cases[i].b, letter, signs[j],
                         letter);
                expect_result(text, taken[j] == 'y');
                if ((int64_t)cases[i].b != (int32_t)cases[i].b)
                    continue;
                snprintf(text, sizeof(text),
                         "r1 = 0x%llx ll; r0 = 1; if %c1 %s %d goto +1; "
                         "r0 = 0; exit",
                         (unsigned long long)cases[i].a, letter, signs[j],
                         (int)cases[i].b);
                expect_result(text, taken[j] == 'y');
            }
        }
    }
}

static void
jumps_always(void **state)
{
    expect_result("r0 = 1; goto +1; r0 = 2; exit", 1);
    expect_result("r0 = 1; gotol over; r0 = 2; over: exit", 1);
    expect_result("r0 = 3; r1 = 0; goto test; again: r1 += r0; r0 -= 1; "
                  "test: if r0 != 0 goto again; r0 = r1; exit",
                  6);
}

static void
loads_and_stores(void **state)
{
    static const struct {
        const char *text;
        uint64_t expected;
    } cases[] = {
        {"r0 = *(u8 *)(r1 + 0)", 0x80},
        {"r0 = *(u16 *)(r1 + 0)", 0x8180},
        {"r0 = *(u32 *)(r1 + 0)", 0x83828180},
        {"r0 = *(u64 *)(r1 + 0)", 0x8786858483828180},
        {"r0 = *(s8 *)(r1 + 1)", 0xffffffffffffff81},
        {"r0 = *(s16 *)(r1 + 2)", 0xffffffffffff8382},
        {"r0 = *(s32 *)(r1 + 4)", 0xffffffff87868584},
        {"r1 += 16; r0 = *(u8 *)(r1 - 1)", 0x8f},
        {"r0 = *(u64 *)(r1 + 3)", 0x8a89888786858483},
        {"*(u8 *)(r1 + 0) = -1; r0 = *(u64 *)(r1 + 0)", 0x87868584838281ff},
        {"*(u16 *)(r1 + 0) = -1; r0 = *(u64 *)(r1 + 0)", 0x878685848382ffff},
        {"*(u32 *)(r1 + 0) = -2; r0 = *(u64 *)(r1 + 0)", 0x87868584fffffffe},
        {"*(u64 *)(r1 + 0) = -2; r0 = *(u64 *)(r1 + 0)", 0xfffffffffffffffe},
        {"r3 = 0x1122334455667788 ll; *(u8 *)(r1 + 0) = r3; "
         "r0 = *(u64 *)(r1 + 0)",
         0x8786858483828188},
        {"r3 = 0x1122334455667788 ll; *(u16 *)(r1 + 0) = r3; "
         "r0 = *(u64 *)(r1 + 0)",
         0x8786858483827788},
        {"r3 = 0x1122334455667788 ll; *(u32 *)(r1 + 0) = r3; "
         "r0 = *(u64 *)(r1 + 0)",
         0x8786858455667788},
        {"r3 = 0x1122334455667788 ll; *(u64 *)(r10 - 512) = r3; "
         "r0 = *(u64 *)(r10 - 512)",
         0x1122334455667788},
        /* Pairs that have code of their own. */
        {"r3 = *(u64 *)(r1 + 8); *(u64 *)(r10 - 8) = r3; "
         "r0 = *(u64 *)(r10 - 8); r0 ^= r3; r0 += r3",
         0x8f8e8d8c8b8a8988},
        {"r3 = *(u32 *)(r1 + 8); *(u32 *)(r10 - 8) = r3; "
         "r0 = *(u32 *)(r10 - 8)",
         0x8b8a8988},
        {"r2 = r1; r2 += 8; r0 = *(u8 *)(r2 + 0)", 0x88},
        {"r3 = 4; r4 = 5; r5 = r3; r6 = r4; r0 = r5; r0 += r6", 9},
        {"goto +1; r0 = *(u64 *)(r1 + 0); *(u64 *)(r1 + 0) = r2; "
         "r0 = *(u64 *)(r1 + 0)",
         sizeof(memory)},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        for (size_t j = 0; j < sizeof(memory); j++)
            memory[j] = (uint8_t)(0x80 + j);
        snprintf(text, sizeof(text), "%s; exit", cases[i].text);
        expect_result(text, cases[i].expected);
    }
}

/* r3 is the operand; then what is in memory, r3 and r0 are compared. */
static void
atomic_operations(void **state)
{
    static const uint64_t before = 0xf0f0f0f0f0f0f0f0;
    static const struct {
        const char *text;
        uint64_t memory, r3, r0;
    } cases[] = {
        {"lock *(u64 *)(r1 + 8) += r3", 0xf0f0f0f100000003, 0xf0f0f13, 9},
        {"lock *(u64 *)(r1 + 8) |= r3", 0xf0f0f0f0fffffff3, 0xf0f0f13, 9},
        {"lock *(u64 *)(r1 + 8) &= r3", 0x10, 0xf0f0f13, 9},
        {"lock *(u64 *)(r1 + 8) ^= r3", 0xf0f0f0f0ffffffe3, 0xf0f0f13, 9},
        {"lock *(u64 *)(r1 + 8) fetch += r3", 0xf0f0f0f100000003,
         0xf0f0f0f0f0f0f0f0, 9},
        {"lock *(u64 *)(r1 + 8) fetch |= r3", 0xf0f0f0f0fffffff3,
         0xf0f0f0f0f0f0f0f0, 9},
        {"lock *(u64 *)(r1 + 8) fetch &= r3", 0x10, 0xf0f0f0f0f0f0f0f0, 9},
        {"lock *(u64 *)(r1 + 8) fetch ^= r3", 0xf0f0f0f0ffffffe3,
         0xf0f0f0f0f0f0f0f0, 9},
        {"lock *(u64 *)(r1 + 8) xchg r3", 0xf0f0f13, 0xf0f0f0f0f0f0f0f0, 9},
        {"lock *(u64 *)(r1 + 8) cmpxchg r0, r3", 0xf0f0f0f0f0f0f0f0, 0xf0f0f13,
         0xf0f0f0f0f0f0f0f0},
        {"r0 = *(u64 *)(r1 + 8); lock *(u64 *)(r1 + 8) cmpxchg r0, r3",
         0xf0f0f13, 0xf0f0f13, 0xf0f0f0f0f0f0f0f0},
        {"lock *(u32 *)(r1 + 8) += r3", 0xf0f0f0f000000003, 0xf0f0f13, 9},
        {"lock *(u32 *)(r1 + 8) |= r3", 0xf0f0f0f0fffffff3, 0xf0f0f13, 9},
        {"lock *(u32 *)(r1 + 8) &= r3", 0xf0f0f0f000000010, 0xf0f0f13, 9},
        {"lock *(u32 *)(r1 + 8) ^= r3", 0xf0f0f0f0ffffffe3, 0xf0f0f13, 9},
        {"lock *(u32 *)(r1 + 8) fetch += r3", 0xf0f0f0f000000003, 0xf0f0f0f0,
         9},
        {"lock *(u32 *)(r1 + 8) fetch |= r3", 0xf0f0f0f0fffffff3, 0xf0f0f0f0,
         9},
        {"lock *(u32 *)(r1 + 8) fetch &= r3", 0xf0f0f0f000000010, 0xf0f0f0f0,
         9},
        {"lock *(u32 *)(r1 + 8) fetch ^= r3", 0xf0f0f0f0ffffffe3, 0xf0f0f0f0,
         9},
        {"lock *(u32 *)(r1 + 8) xchg r3", 0xf0f0f0f00f0f0f13, 0xf0f0f0f0, 9},
        {"lock *(u32 *)(r1 + 8) cmpxchg r0, r3", 0xf0f0f0f0f0f0f0f0, 0xf0f0f13,
         0xf0f0f0f0},
        {"r0 = *(u64 *)(r1 + 8); lock *(u32 *)(r1 + 8) cmpxchg r0, r3",
         0xf0f0f0f00f0f0f13, 0xf0f0f13, 0xf0f0f0f0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        uint64_t after;
        snprintf(text, sizeof(text),
                 "r0 = 9; r3 = 0xf0f0f13; %s; *(u64 *)(r1 + 16) = r3; "
                 "*(u64 *)(r1 + 24) = r0; exit",
                 cases[i].text);
        memcpy(memory + 8, &before, 8);
        struct checked_run run = run_with(text, NULL, 0, 100);
        assert_string_equal(run.error, "");
        const uint64_t expected[] = {cases[i].memory, cases[i].r3, cases[i].r0};
        for (int j = 0; j < 3; j++) {
            memcpy(&after, memory + 8 + 8 * j, 8);
            if (after != expected[j])
                fail_msg("%s: value %d is 0x%llx, not 0x%llx", text, j,
                         (unsigned long long)after,
                         (unsigned long long)expected[j]);
        }
    }
}

static void
local_calls_have_frames_of_their_own(void **state)
{
    expect_result("r1 = 20; r2 = 22; call add; exit\n"
                  "add: r0 = r1; r0 += r2; exit",
                  42);
    /* r6 to r9 and the stack are the caller's when it goes on. */
    expect_result("r6 = 1; r7 = 2; r8 = 3; r9 = 4; *(u64 *)(r10 - 8) = 5\n"
                  "call other; r0 = r6; r0 += r7; r0 += r8; r0 += r9\n"
                  "r1 = *(u64 *)(r10 - 8); r0 += r1; exit\n"
                  "other: r6 = 100; r7 = 100; r8 = 100; r9 = 100\n"
                  "*(u64 *)(r10 - 8) = 100; r0 = 0; exit",
                  15);
    /* A callee may write into its caller's frame by a pointer. */
    expect_result("r1 = r10; r1 += -8; call set; r0 = *(u64 *)(r10 - 8); exit\n"
                  "set: *(u64 *)(r1 + 0) = 77; r0 = 0; exit",
                  77);
    expect_result("r1 = 8; call down; exit\n"
                  "down: if r1 > 2 goto +2; r0 = r1; exit\n"
                  "r1 -= 1; call down; r0 += 10; exit",
                  62);
}

static void
helpers_are_called(void **state)
{
    host_environment_reset();
    host_environment.task = 0x1111;
    host_environment.thread = 0x2222;
    host_environment.task_name = "workload";
    host_environment.memory = "a string";
    host_environment.memory_size = 9;
    expect_result("call time_ns; r6 = r0; call time_ns; r0 -= r6; exit", 1);
    expect_result("call task; r6 = r0; call thread; r0 += r6; exit", 0x3333);
    expect_result("r1 = r10; r1 += -8; r2 = 5; call task_name; r6 = r0\n"
                  "r0 = *(u32 *)(r10 - 8); exit",
                  0x6b726f77 /* "work" */);
    expect_result("r1 = r10; r1 += -8; r2 = 5; call task_name; exit", 5);

    char text[256];
    snprintf(text, sizeof(text),
             "r1 = r10; r1 += -16; r2 = 16; r3 = 0x%llx ll; "
             "call read_kernel_string; exit",
             (unsigned long long)(uintptr_t)host_environment.memory);
    expect_result(text, 9);
    expect_result("*(u64 *)(r10 - 8) = -1; r1 = r10; r1 += -8; r2 = 8; "
                  "r3 = 1; call read_user; r0 = *(u64 *)(r10 - 8); exit",
                  0);
    expect_result("r1 = r10; r1 += -8; r2 = 8; r3 = 1; call read_user; exit",
                  -(uint64_t)PROBE_ERROR_FAULT);
    expect_result("r1 = 16; r2 = 0; call record_reserve; r6 = r0\n"
                  "*(u64 *)(r6 + 8) = 3; r1 = r6; call record_submit\n"
                  "r0 = 0; exit",
                  0);
    assert_int_equal(host_environment.submitted, 1);
    assert_int_equal(host_environment.submitted_size, 16);
    assert_int_equal(host_environment.record[1], 3);

    /* A raw record is not cleared, a trimmed one ends with a whole word. */
    expect_result("r1 = 16; r2 = 1; call record_reserve; r6 = r0\n"
                  "r7 = *(u64 *)(r6 + 8); r1 = r6; r2 = 5; call record_trim\n"
                  "r1 = r6; call record_submit; r0 = r7; exit",
                  3);
    assert_int_equal(host_environment.submitted_size, 8);
    expect_result("r1 = 16; r2 = 0; call record_reserve; r6 = r0; r1 = r0\n"
                  "r2 = 17; call record_trim; r1 = r6; call record_submit\n"
                  "r0 = 0; exit",
                  0);
    assert_int_equal(host_environment.submitted_size, 16);
    assert_int_equal(host_environment.record[1], 0);
}

/* Of all loops of a run together. */
static void
rounds_are_bounded(void **state)
{
    host_environment_reset();
    for (int i = 0; i < 2; i++)
        expect_result("r6 = 0; one: call again; if r0 == 0 goto +3; r6 += 1\n"
                      "if r6 < 100 goto one; goto two\n"
                      "two: call again; if r0 == 0 goto out; r6 += 1\n"
                      "goto two; out: r0 = r6; exit",
                      ROUNDS);
    expect_result("r6 = 0; on: call again; if r0 == 0 goto on2; r6 += 1\n"
                  "goto on; on2: call again; r0 += r6; exit",
                  ROUNDS);
}

static void
unverified_programs_are_stopped(void **state)
{
    host_environment_reset();
    expect_failure("r0 = *(u8 *)(r1 + 64); exit", 0, "a read of 1 bytes");
    expect_failure("r0 = *(u64 *)(r1 + 57); exit", 0, "a read of 8 bytes");
    expect_failure("*(u8 *)(r1 - 1) = 0; exit", 0, "a write of 1 bytes");
    expect_failure("r3 = 0; r0 = *(u8 *)(r3 + 0); exit", 1, "a read");
    expect_failure("*(u8 *)(r10 + 4000) = 0; exit", 0, "a write");
    expect_failure("r3 = 1; lock *(u64 *)(r1 + 4) += r3; exit", 1, "atomic");
    expect_failure("again: goto again", 0, "still running after 1000");
    expect_failure("f: call f; exit", 0, "nested more than 8 deep");
    expect_failure("r1 = 5; call record_submit; exit", 1, "no open record");
    expect_failure("r1 = 5; r2 = r10; call map_lookup; exit", 2, "no map");
    expect_failure("r1 = r10; r2 = 8; r3 = 0; r1 += 4000; call read_kernel; "
                   "exit",
                   4, "a write of 8 bytes");
    expect_failure("r1 = 99999; r2 = 0; call record_reserve; exit", 2,
                   "a record of");
}

static void
loaded_programs_run(void **state)
{
    struct ebpf_insn insns[SPACE];
    struct map_attributes attributes = {PROBE_MAP_HASH, 8, 8, 4};
    static struct execution execution;
    struct probe_context context = {
        .registers = {[5] = 0x5555}, .pc = 0x1234, .cookie = 77};
    char log[PROBE_LOG_MAX];
    struct program *program;
    struct map *map;
    uint64_t key = 0x5555, value = 0;

    host_environment_reset();
    assert_int_equal(map_create(&attributes, &map), 0);
    struct program_source source = {
        .instructions = insns, .maps = &map, .map_count = 1};
    /* Count hits by the value of register 5; the first is sent. */
    source.count =
        assemble("r6 = r1; r7 = *(u64 *)(r6 + 40); *(u64 *)(r10 - 8) = r7\n"
                 "r1 = map 0; r2 = r10; r2 += -8; call map_lookup\n"
                 "if r0 == 0 goto first\n"
                 "r1 = 1; lock *(u64 *)(r0 + 0) += r1; r0 = 0; exit\n"
                 "first: *(u64 *)(r10 - 16) = 1\n"
                 "r1 = map 0; r2 = r10; r2 += -8; r3 = r10; r3 += -16; r4 = 0\n"
                 "call map_update\n"
                 "r1 = 16; r2 = 0; call record_reserve; if r0 == 0 goto out\n"
                 "*(u64 *)(r0 + 0) = r7; r1 = *(u64 *)(r6 + 144)\n"
                 "*(u64 *)(r0 + 8) = r1; r1 = r0; call record_submit\n"
                 "out: r0 = 1; exit",
                 insns, SPACE);
    int error = program_load(&source, log, sizeof(log), &program);
    if (error != 0)
        fail_msg("%s", log);
    assert_string_equal(log, "");
    assert_int_equal(program_run(program, &execution, &context), 1);
    assert_int_equal(program_run(program, &execution, &context), 0);
    assert_int_equal(program_run(program, &execution, &context), 0);
    assert_int_equal(map_lookup(map, &key, &value), 0);
    assert_int_equal(value, 3);
    assert_int_equal(host_environment.submitted, 1);
    assert_int_equal(host_environment.record[0], 0x5555);
    assert_int_equal(host_environment.record[1], 77);
    program_free(program);
    map_free(map);
    assert_int_equal(host_environment.allocated, 0);
}

/* Without memory, loading fails at each allocation and leaks nothing. */
static void
loading_survives_without_memory(void **state)
{
    struct ebpf_insn insns[SPACE];
    struct program_source source = {.instructions = insns};
    char log[PROBE_LOG_MAX];
    struct program *program;
    int error = PROBE_ERROR_MEMORY, failures = 0;

    source.count = assemble("r2 = *(u64 *)(r1 + 0); if r2 > 5 goto +1; "
                            "r2 = 3; r0 = r2; exit",
                            insns, SPACE);
    while (error != 0) {
        host_environment_reset();
        host_environment.fail_allocation = failures++;
        error = program_load(&source, log, sizeof(log), &program);
        if (error != 0)
            assert_int_equal(host_environment.allocated, 0);
        assert_true(failures < 10);
    }
    assert_true(failures > 3);
    host_environment.fail_allocation = -1;
    program_free(program);
    assert_int_equal(host_environment.allocated, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_of_registers),
        cmocka_unit_test(arithmetic_with_immediates),
        cmocka_unit_test(unary_operations),
        cmocka_unit_test(conditional_jumps),
        cmocka_unit_test(jumps_always),
        cmocka_unit_test(loads_and_stores),
        cmocka_unit_test(atomic_operations),
        cmocka_unit_test(local_calls_have_frames_of_their_own),
        cmocka_unit_test(helpers_are_called),
        cmocka_unit_test(rounds_are_bounded),
        cmocka_unit_test(unverified_programs_are_stopped),
        cmocka_unit_test(loaded_programs_run),
        cmocka_unit_test(loading_survives_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
