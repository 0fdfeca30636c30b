/*
 * Functions that the compiler calls where the processor has no instruction
 * for words of 64 bits.  Its own library is not linked into kernels: that may
 * use vector registers, and these are the user's.
 *
 * The quotient is by H. Warren, Hacker's Delight, 2nd edition, section 9-5: if
 * the divisor has more than 32 bits, dividing half the dividend by the
 * divisor's upper 32 bits gives the quotient or one more.
 */

#include "kernel/i386/library.h"

/* A quotient that fits 32 bits. */
static uint32_t
divide_32(uint64_t dividend, uint32_t divisor)
{
    uint32_t quotient, rest;

    __asm__("divl %4"
            : "=a"(quotient), "=d"(rest)
            : "a"((uint32_t)dividend), "d"((uint32_t)(dividend >> 32)),
              "r"(divisor)
            : "cc");
    return quotient;
}

static uint64_t
by_32(uint64_t dividend, uint32_t divisor)
{
    uint32_t high = (uint32_t)(dividend >> 32);
    uint32_t quotient = high / divisor;
    uint64_t rest = high % divisor;

    return (uint64_t)quotient << 32 |
           divide_32(rest << 32 | (uint32_t)dividend, divisor);
}

uint64_t
__udivdi3(uint64_t dividend, uint64_t divisor)
{
    uint32_t high = (uint32_t)(divisor >> 32);
    unsigned shift;
    uint64_t quotient;

    if (high == 0)
        return by_32(dividend, (uint32_t)divisor);
    shift = (unsigned)__builtin_clz(high);
    quotient = divide_32(dividend >> 1, (uint32_t)(divisor << shift >> 32));
    quotient = quotient << shift >> 31;
    if (quotient != 0)
        quotient--;
    if (dividend - quotient * divisor >= divisor)
        quotient++;
    return quotient;
}

uint64_t
__umoddi3(uint64_t dividend, uint64_t divisor)
{
    return dividend - __udivdi3(dividend, divisor) * divisor;
}

uint64_t
__udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *rest)
{
    uint64_t quotient = __udivdi3(dividend, divisor);

    *rest = dividend - quotient * divisor;
    return quotient;
}

static uint64_t
magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* C's division rounds toward zero, and a rest has the dividend's sign. */
int64_t
__divdi3(int64_t dividend, int64_t divisor)
{
    uint64_t quotient = __udivdi3(magnitude(dividend), magnitude(divisor));

    return (int64_t)((dividend ^ divisor) < 0 ? -quotient : quotient);
}

int64_t
__moddi3(int64_t dividend, int64_t divisor)
{
    uint64_t rest = __umoddi3(magnitude(dividend), magnitude(divisor));

    return (int64_t)(dividend < 0 ? -rest : rest);
}

int
__ctzdi2(int64_t value)
{
    uint32_t low = (uint32_t)value;

    return low != 0 ? __builtin_ctz(low)
                    : 32 + __builtin_ctz((uint32_t)((uint64_t)value >> 32));
}

uint64_t
library_ratio(uint64_t value, uint64_t divisor)
{
    uint64_t quotient = 0, rest = 0;

    for (unsigned i = 0; i < 64 + 32; i++) {
        rest = rest << 1 | value >> 63;
        value <<= 1;
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
    }
    return quotient;
}
