/*
 * A source of events for tests of the loop: rings in ordinary memory, filled
 * by the test, and a clock that the test moves.
 */

#ifndef TESTS_RUNTIME_FAKE_SOURCE_H
#define TESTS_RUNTIME_FAKE_SOURCE_H

#include "protocol/ring.h"
#include "runtime/events/source.h"

struct fake_source {
    uint32_t cpus;
    uint64_t ring_size;
    /* Called by each wait, with its number from 0; may add records.  Its
     * result is the wait's. */
    enum rt_wake (*wait)(unsigned number, uint64_t until);
    uint64_t now;
    unsigned waits;
    bool resumed;
    bool detached;
    const char *input; /* NULL: none */
    struct probe_statistics statistics[8];
};

extern struct fake_source fake;

/* Forget all, with so many rings of SIZE bytes. */
void fake_reset(uint32_t cpus, uint64_t size);

/* Put a record into the ring of CPU; false (and counted as lost, for the
 * first probe) when it is full. */
bool fake_record(uint32_t cpu, uint64_t time, uint64_t cookie,
                 const void *payload, uint32_t size);

#endif /* TESTS_RUNTIME_FAKE_SOURCE_H */
