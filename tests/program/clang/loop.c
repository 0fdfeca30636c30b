/* memory: 06 00 00 00 00 00 00 00
 * result: 37
 *
 * A loop that the number in the context bounds, over an array on the stack
 * that is indexed by it. */

#include "tests/program/clang/program.h"

uint64_t
loop(const uint64_t *memory)
{
    volatile uint32_t squares[16];
    uint64_t count = *memory, sum = 0;
    if (count > 15)
        return -1;
    for (uint64_t i = 0; i < 16; i++)
        squares[i] = i * i;
#pragma clang loop unroll(disable)
    for (uint64_t i = 0; i < count; i++)
        sum += squares[i];
    return sum;
}
