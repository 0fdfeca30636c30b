/* memory: 88 77 66 55 44 33 22 11  02 00 00 00 00 00 00 00
 * result: 1
 *
 * A record of what the context and helpers say. */

#include "tests/program/clang/program.h"

struct record {
    uint64_t task;
    uint64_t time;
    uint64_t value;
    uint8_t bytes[8];
};

uint64_t
record(const uint64_t *memory)
{
    struct record *record = record_reserve(sizeof(*record), 0);
    if (record == 0)
        return 0;
    record->task = task();
    record->time = time_ns();
    record->value = memory[0];
    record->bytes[memory[1] & 7] = memory[0];
    if (read_kernel(&record->value, sizeof(record->value), memory[1]) != 0)
        record->value = -1;
    record_submit(record);
    return 1;
}
