/*
 * The kernel's end of a ring (protocol/ring.h): one for each CPU and session.
 *
 * The process can write to all of the shared memory at any time.  So what the
 * kernel relies on is here and not there: SIZE, HEAD.  Of what is there only
 * TAIL is read, once a record, and a tail that cannot be makes the ring full.
 */

#ifndef KERNEL_HIT_RING_H
#define KERNEL_HIT_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/hit/cpu.h"
#include "protocol/ring.h"

struct ring {
    struct probe_ring *shared; /* NULL until it is mapped */
    uint64_t size;             /* bytes of records, a power of two */
    uint64_t head;             /* bytes written since the start */
    uint64_t lost;             /* records that there was no room for */
};

/* Set up RING in SHARED memory, which is zeroes.  Thread context. */
void ring_initialize(struct ring *ring, struct probe_ring *shared,
                     uint64_t size, uint32_t cpu);

/* Bytes that the process has not taken yet; SIZE if it lies.  Any context. */
uint64_t ring_used(const struct ring *ring);

/*
 * Reserve a record of SIZE bytes of payload for HIT, ZEROED or as they are,
 * with the header filled in; NULL if there is no room.  Then submit or discard
 * it.  Probe context of the ring's CPU.
 */
void *ring_reserve(struct hit *hit, uint32_t size, bool zeroed);

/* Keep only the first SIZE bytes of its payload, if it is 1 to what the record
 * has.  Returns what it has then. */
uint64_t ring_trim(struct hit *hit, uint64_t size);
void ring_submit(struct hit *hit);
void ring_discard(struct hit *hit);

#endif /* KERNEL_HIT_RING_H */
