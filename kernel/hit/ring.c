#include "kernel/hit/ring.h"

#include <stddef.h>

#include "kernel/hit/probe.h"
#include "kernel/machine/clock.h"
#include "kernel/machine/string.h"
#include "kernel/program/atomic64.h"

void
ring_initialize(struct ring *ring, struct probe_ring *shared, uint64_t size,
                uint32_t cpu)
{
    shared->magic = PROBE_RING_MAGIC;
    shared->cpu = cpu;
    shared->size = size;
    ring->size = size;
    ring->head = 0;
    ring->lost = 0;
    __atomic_store_n(&ring->shared, shared, __ATOMIC_RELEASE);
}

uint64_t
ring_used(const struct ring *ring)
{
    uint64_t used;

    if (ring->shared == NULL)
        return 0;
    used = ring->head - atomic64_load(&ring->shared->tail);
    return used > ring->size ? ring->size : used;
}

/*
 *                 head                      size
 *   --------------+-------------------------+
 *                 | record                  |       it fits before the end
 *                 | pad                     |       it does not:
 *   +-------------+-------------------------+
 *   | record      |                                 it is at the start
 *
 * The pad is written at once but seen only with the record behind it.
 */
void *
ring_reserve(struct hit *hit, uint32_t size, bool zeroed)
{
    struct ring *ring = hit->ring;
    uint32_t bytes = (sizeof(struct probe_record) + size + 7u) & ~7u;
    uint64_t offset = ring->head & (ring->size - 1);
    uint64_t to_end = ring->size - offset;
    uint64_t pad = bytes > to_end ? to_end : 0;
    struct probe_record *record;

    if (ring->shared == NULL || pad + bytes > ring->size - ring_used(ring)) {
        ring->lost++;
        if (ring->shared != NULL)
            ring->shared->lost = ring->lost;
        return NULL;
    }
    record = (struct probe_record *)(ring->shared->data + offset);
    if (pad != 0) {
        record->size = (uint32_t)pad;
        record->probe = PROBE_RECORD_PAD;
        record = (struct probe_record *)ring->shared->data;
    }
    record->size = bytes;
    record->probe = hit->probe->number;
    record->time = clock_ns();
    record->cookie = hit->probe->cookie;
    if (zeroed)
        memset(record->payload, 0, bytes - sizeof(*record));
    hit->record = record;
    hit->ring_head = ring->head + pad + bytes;
    return record->payload;
}

/*
 * The record's size is read back from memory that the process can write to,
 * so what is relied on is how far the head would go.
 */
uint64_t
ring_trim(struct hit *hit, uint64_t size)
{
    uint64_t bytes = (sizeof(struct probe_record) + size + 7u) & ~7ull;
    uint64_t offset =
        (uint64_t)((uint8_t *)hit->record - hit->ring->shared->data);
    uint64_t end = hit->ring_head & (hit->ring->size - 1);
    uint64_t had = (end == 0 ? hit->ring->size : end) - offset;

    if (size == 0 || size > had || bytes > had)
        return had - sizeof(struct probe_record);
    hit->record->size = (uint32_t)bytes;
    hit->ring_head -= had - bytes;
    return bytes - sizeof(struct probe_record);
}

void
ring_submit(struct hit *hit)
{
    struct ring *ring = hit->ring;

    ring->head = hit->ring_head;
    atomic64_store(&ring->shared->head, ring->head);
    hit->record = NULL;
}

/* HEAD did not move, so the next record takes the same place. */
void
ring_discard(struct hit *hit)
{
    hit->record = NULL;
}
