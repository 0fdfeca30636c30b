/* memory: 00 00 00 00 00 00 00 00
 * result: 68
 *
 * The task's name ("host" here), letter by letter, as far as it goes. */

#include "tests/program/clang/program.h"

uint64_t
name(const void *memory)
{
    char buffer[16];
    int64_t length = task_name(buffer, sizeof(buffer));
    uint64_t all = 0;
    if (length < 1)
        return -1;
#pragma clang loop unroll(disable)
    for (int64_t i = 0; i < length - 1; i++)
        all ^= (uint64_t)(uint8_t)buffer[i] << (i == 0 ? 0 : 8 * (i & 1) + 8);
    return all & 0xff;
}
