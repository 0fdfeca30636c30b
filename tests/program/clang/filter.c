/* memory: 01 00 00 00 00 00 00 00  05 00 00 00 ff ff ff ff
 * result: 1e
 *
 * Conditions and arithmetic of all widths on the context. */

#include "tests/program/clang/program.h"

struct memory {
    uint64_t flag;
    uint32_t number;
    int32_t minus;
};

uint64_t
filter(const struct memory *memory)
{
    uint64_t sum = 0;
    if (memory->flag & 1)
        sum += 10;
    if (memory->number > 3 && memory->number < 7)
        sum += memory->number * 4;
    if (memory->minus < 0)
        sum += 1;
    if ((uint32_t)memory->minus == 0xffffffff)
        sum += memory->minus;
    return sum;
}
