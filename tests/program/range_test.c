/*
 * Sets of numbers: whatever is in the operands, the result of an operation
 * contains its result.  And not much more, in cases that programs need.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/program/host/checked.h"
#include "kernel/program/instruction.h"
#include "kernel/program/range.h"
#include "tests/program/insn.h"

#define ROUNDS 60000

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t
random_bits(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * 0x2545f4914f6cdd1d;
}

/* Small, near a power of two, or anything. */
static uint64_t
random_value(void)
{
    uint64_t bits = random_bits();
    switch (bits >> 62) {
    case 0:
        return bits % 70;
    case 1:
        return ((uint64_t)1 << bits % 64) - (bits >> 8) % 3;
    case 2:
        return -(bits % 300);
    default:
        return random_bits() >> bits % 64;
    }
}

/* A set that VALUE is in. */
static struct range
range_around(uint64_t value)
{
    struct range r = range_constant(value);
    uint64_t other = random_value(), known = random_bits() & random_bits();
    switch (random_bits() >> 61) {
    case 0:
        return r;
    case 1:
        return range_unknown();
    case 2:
    case 3:
        return value < other ? range_unsigned(value, other)
                             : range_unsigned(other, value);
    case 4:
    case 5:
        return (int64_t)value < (int64_t)other
                   ? range_signed((int64_t)value, (int64_t)other)
                   : range_signed((int64_t)other, (int64_t)value);
    default: /* some bits are known */
        r = range_unknown();
        r.mask = ~known;
        r.value = value & known;
        struct range zero = range_constant(0);
        return range_add(&r, &zero);
    }
}

/* What the interpreter makes of a and b. */
static uint64_t
result_of(struct ebpf_insn insn, uint64_t a, uint64_t b)
{
    insn.dst = 3;
    insn.src = 4;
    insn.opcode |= EBPF_X;
    if (EBPF_OPERATION(insn.opcode) == EBPF_NEG) {
        insn.opcode &= ~EBPF_X;
        insn.src = 0;
    }
    const struct ebpf_insn insns[] = {INSN_LDX(EBPF_DW, 3, 1, 0),
                                      INSN_LDX(EBPF_DW, 4, 1, 8), insn,
                                      INSN_MOV64_X(0, 3), INSN_EXIT()};
    uint64_t memory[] = {a, b};
    struct program_source source = {.instructions = insns, .count = 5};
    struct checked_run run = {.source = &source,
                              .memory = memory,
                              .memory_size = sizeof(memory),
                              .steps_max = 10};
    assert_int_equal(instructions_validate(&source, &(struct log){.size = 0}),
                     0);
    assert_int_equal(checked_run(&run), 0);
    return run.result;
}

static void
results_are_contained(void **state)
{
    static const struct ebpf_insn operations[] = {
        {.opcode = EBPF_ADD},
        {.opcode = EBPF_SUB},
        {.opcode = EBPF_MUL},
        {.opcode = EBPF_DIV},
        {.opcode = EBPF_DIV, .offset = 1},
        {.opcode = EBPF_OR},
        {.opcode = EBPF_AND},
        {.opcode = EBPF_LSH},
        {.opcode = EBPF_RSH},
        {.opcode = EBPF_NEG},
        {.opcode = EBPF_MOD},
        {.opcode = EBPF_MOD, .offset = 1},
        {.opcode = EBPF_XOR},
        {.opcode = EBPF_ARSH},
        {.opcode = EBPF_MOV},
        {.opcode = EBPF_MOV, .offset = 8},
        {.opcode = EBPF_MOV, .offset = 16},
    };
    for (int i = 0; i < ROUNDS; i++) {
        struct ebpf_insn insn =
            operations[random_bits() %
                       (sizeof(operations) / sizeof(operations[0]))];
        insn.opcode |= random_bits() >> 63 ? EBPF_ALU64 : EBPF_ALU;
        uint64_t a = random_value(), b = random_value();
        struct range x = range_around(a), y = range_around(b);
        assert_true(range_contains(&x, a));
        assert_true(range_contains(&y, b));
        struct range r = range_alu(&insn, &x, &y);
        uint64_t result = result_of(insn, a, b);
        if (!range_contains(&r, result))
            fail_msg("opcode 0x%x offset %d: 0x%llx and 0x%llx give 0x%llx",
                     insn.opcode, insn.offset, (unsigned long long)a,
                     (unsigned long long)b, (unsigned long long)result);
    }
}

static void
parts_are_contained(void **state)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t a = random_value();
        struct range x = range_around(a);
        unsigned bits = 8u << random_bits() % 3;
        uint64_t low = a << (64 - bits);
        struct range r = range_truncate(&x, bits);
        assert_true(range_contains(&r, low >> (64 - bits)));
        r = range_sign_extend(&x, bits);
        assert_true(
            range_contains(&r, (uint64_t)((int64_t)low >> (64 - bits))));
    }
}

static int
is_taken(unsigned jump, int wide, uint64_t a, uint64_t b)
{
    if (!wide) {
        int is_signed = jump == EBPF_JSGT || jump == EBPF_JSGE ||
                        jump == EBPF_JSLT || jump == EBPF_JSLE;
        a = is_signed ? (uint64_t)(int64_t)(int32_t)a : (uint32_t)a;
        b = is_signed ? (uint64_t)(int64_t)(int32_t)b : (uint32_t)b;
    }
    switch (jump) {
    case EBPF_JEQ:
        return a == b;
    case EBPF_JNE:
        return a != b;
    case EBPF_JGT:
        return a > b;
    case EBPF_JGE:
        return a >= b;
    case EBPF_JLT:
        return a < b;
    case EBPF_JLE:
        return a <= b;
    case EBPF_JSET:
        return (a & b) != 0;
    case EBPF_JSGT:
        return (int64_t)a > (int64_t)b;
    case EBPF_JSGE:
        return (int64_t)a >= (int64_t)b;
    case EBPF_JSLT:
        return (int64_t)a < (int64_t)b;
    default:
        return (int64_t)a <= (int64_t)b;
    }
}

static const unsigned jumps[] = {EBPF_JEQ,  EBPF_JNE,  EBPF_JGT,  EBPF_JGE,
                                 EBPF_JLT,  EBPF_JLE,  EBPF_JSET, EBPF_JSGT,
                                 EBPF_JSGE, EBPF_JSLT, EBPF_JSLE};

/* The way that the values go is possible, and keeps them. */
static void
branches_keep_values(void **state)
{
    for (int i = 0; i < ROUNDS; i++) {
        unsigned jump = jumps[random_bits() % 11];
        int wide = (int)(random_bits() >> 63);
        uint64_t a = random_value(), b = random_value();
        if (random_bits() % 4 == 0)
            b = a;
        struct range x = range_around(a), y = range_around(b);
        int taken = is_taken(jump, wide, a, b);
        assert_true(range_refine(jump, wide, taken, &x, &y));
        assert_true(range_contains(&x, a));
        assert_true(range_contains(&y, b));
    }
}

/* Between constants only one way is possible. */
static void
constants_decide(void **state)
{
    for (int i = 0; i < ROUNDS; i++) {
        unsigned jump = jumps[random_bits() % 11];
        int wide = (int)(random_bits() >> 63);
        uint64_t a = random_value(), b = random_value();
        struct range x = range_constant(a), y = range_constant(b);
        assert_false(
            range_refine(jump, wide, !is_taken(jump, wide, a, b), &x, &y));
    }
}

static void
expect_bounds(struct range r, uint64_t min, uint64_t max)
{
    assert_int_equal(r.umin, min);
    assert_int_equal(r.umax, max);
}

static void
bounds_are_tight(void **state)
{
    struct range any = range_unknown();
    struct range byte = range_truncate(&any, 8);
    struct range seven = range_constant(7), three = range_constant(3);
    struct range ten = range_constant(10);

    expect_bounds(byte, 0, 255);
    expect_bounds(range_alu(&INSN_ALU64_K(EBPF_AND, 0, 0), &any, &seven), 0, 7);
    expect_bounds(range_alu(&INSN_ALU64_K(EBPF_MOD, 0, 0), &any, &ten), 0, 9);
    expect_bounds(range_alu(&INSN_ALU64_K(EBPF_RSH, 0, 0), &byte, &three), 0,
                  31);
    expect_bounds(range_alu(&INSN_ALU64_K(EBPF_LSH, 0, 0), &byte, &three), 0,
                  255 << 3);
    expect_bounds(range_alu(&INSN_ALU64_K(EBPF_ADD, 0, 0), &byte, &byte), 0,
                  510);
    expect_bounds(range_alu(&INSN_ALU64_K(EBPF_MUL, 0, 0), &byte, &ten), 0,
                  2550);
    struct range difference =
        range_alu(&INSN_ALU64_K(EBPF_SUB, 0, 0), &byte, &ten);
    assert_int_equal(difference.smin, -10);
    assert_int_equal(difference.smax, 245);

    /* Low bits stay known: a multiple of 8 is one after adding 64s. */
    struct range eights =
        range_alu(&INSN_ALU64_K(EBPF_LSH, 0, 0), &any, &three);
    assert_int_equal((eights.value | eights.mask) & 7, 0);
    struct range sum = range_add(&eights, &eights);
    assert_int_equal((sum.value | sum.mask) & 7, 0);

    /* 0 <= (signed) x < 10 is 0 <= x < 10. */
    struct range x = any, zero = range_constant(0);
    assert_true(range_refine(EBPF_JSLT, 1, 1, &x, &ten));
    assert_true(range_refine(EBPF_JSGE, 1, 1, &x, &zero));
    expect_bounds(x, 0, 9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_contained),
        cmocka_unit_test(parts_are_contained),
        cmocka_unit_test(branches_keep_values),
        cmocka_unit_test(constants_decide),
        cmocka_unit_test(bounds_are_tight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
