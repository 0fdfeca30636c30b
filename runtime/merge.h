/*
 * The records of all rings in the order of their time.
 *
 * Each ring is in order already; this picks the oldest of their first ones.
 * Between a hit's time stamp and its record's appearance in the ring a moment
 * passes, so another CPU's older record may still be to come: whoever calls
 * says up to which time all of them are there.
 */

#ifndef RUNTIME_MERGE_H
#define RUNTIME_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/ring.h"
#include "runtime/source.h"

struct rt_merge {
    uint32_t count;
    uint32_t at; /* ring of the record that peek gave */
    /* Times that a ring held no whole record where one had to be: the rest
     * of what it held was dropped. */
    uint64_t broken;
    struct {
        struct probe_ring *ring;
        uint64_t head; /* as last looked at */
        uint64_t tail; /* ours; that of the ring follows now and then */
        uint64_t size; /* bytes of records, as the ring began with */
    } rings[PROBE_CPUS_MAX];
};

/* False if that is no memory of rings. */
bool rt_merge_open(struct rt_merge *merge, const struct rt_rings *rings);

/* See what has come: what comes later is not seen until the next look. */
void rt_merge_look(struct rt_merge *merge);

/*
 * The oldest record not yet taken, or NULL.  It stays where it is until it
 * is taken, and the one before it is not there any more.  *cpu is where it
 * was made.
 */
const struct probe_record *rt_merge_peek(struct rt_merge *merge, uint32_t *cpu);
void rt_merge_take(struct rt_merge *merge);

/* Give the room of all that was taken back to the kernel. */
void rt_merge_release(struct rt_merge *merge);

#endif /* RUNTIME_MERGE_H */
