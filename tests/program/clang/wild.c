/* memory: 00 00 00 00 00 00 00 00
 * refused: the offset has no bounds
 *
 * An index that nobody has checked. */

#include "tests/program/clang/program.h"

uint64_t
wild(const uint64_t *memory)
{
    volatile uint8_t buffer[16] = {0};
    return buffer[*memory];
}
