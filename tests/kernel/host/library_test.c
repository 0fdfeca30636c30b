/*
 * What the kernel's part of i386 has instead of the compiler's library,
 * compared with what the processor here computes at once.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/i386/library.h"

/* Where carries and normalized divisors change. */
static const uint64_t edges[] = {
    0,
    1,
    2,
    3,
    7,
    10,
    0x7fffffff,
    0x80000000,
    0x80000001,
    0xfffffffe,
    0xffffffff,
    0x100000000,
    0x100000001,
    0x1ffffffff,
    0x123456789,
    0x7fffffff00000000,
    0x7fffffffffffffff,
    0x8000000000000000,
    0x8000000000000001,
    0x80000000ffffffff,
    0xfffffffeffffffff,
    0xffffffff00000000,
    0xfffffffffffffffe,
    0xffffffffffffffff,
};

#define EDGES (sizeof(edges) / sizeof(edges[0]))

static void
compare(uint64_t a, uint64_t b)
{
    uint64_t rest;

    if (b == 0)
        return;
    assert_int_equal(__udivdi3(a, b), a / b);
    assert_int_equal(__umoddi3(a, b), a % b);
    assert_int_equal(__udivmoddi4(a, b, &rest), a / b);
    assert_int_equal(rest, a % b);
    if ((int64_t)a == INT64_MIN && (int64_t)b == -1)
        return; /* it has no quotient, and programs are not let divide so */
    assert_int_equal(__divdi3((int64_t)a, (int64_t)b), (int64_t)a / (int64_t)b);
    assert_int_equal(__moddi3((int64_t)a, (int64_t)b), (int64_t)a % (int64_t)b);
}

static void
quotients(void **state)
{
    uint64_t number = 1;

    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++)
            compare(edges[i], edges[j]);
    }
    for (unsigned i = 0; i < 100000; i++) {
        uint64_t a = number * 6364136223846793005u + 1442695040888963407u;

        number = a * 6364136223846793005u + 1442695040888963407u;
        compare(a >> (i % 64), number >> (i / 64 % 64));
    }
}

static void
ratios(void **state)
{
    /* By arithmetic of any length: value * 2^32 / divisor. */
    assert_int_equal(library_ratio(1, 1), 0x100000000);
    assert_int_equal(library_ratio(1, 3), 0x55555555);
    assert_int_equal(library_ratio(1000000000, 1193182), 3599591090043);
    assert_int_equal(library_ratio(0xffffffff, 0xffffffff), 0x100000000);
    assert_int_equal(library_ratio(5966000000000, 5000000000), 5124754977587);
    assert_int_equal(library_ratio(1, 0x7fffffffffffffff), 0);
}

static void
zeroes_below(void **state)
{
    for (int i = 0; i < 64; i++) {
        assert_int_equal(__ctzdi2((int64_t)((uint64_t)1 << i)), i);
        assert_int_equal(__ctzdi2((int64_t)(UINT64_MAX << i)), i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotients),
        cmocka_unit_test(ratios),
        cmocka_unit_test(zeroes_below),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
