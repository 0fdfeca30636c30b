#include "runtime/merge.h"

#include <stddef.h>

/* Part of a ring after which its room is given back. */
#define RELEASE_PART 8

/* Bytes of the least record: one that fills the end has no more. */
#define PAD_MIN offsetof(struct probe_record, time)

bool
rt_merge_open(struct rt_merge *merge, const struct rt_rings *rings)
{
    uint32_t i;

    *merge = (struct rt_merge){0};
    if (rings->count > PROBE_CPUS_MAX)
        return false;
    for (i = 0; i < rings->count; i++) {
        struct probe_ring *ring =
            (struct probe_ring *)(rings->address + i * rings->stride);

        if (ring->magic != PROBE_RING_MAGIC || ring->size == 0 ||
            (ring->size & (ring->size - 1)) != 0 ||
            ring->size + offsetof(struct probe_ring, data) > rings->stride)
            return false;
        merge->rings[i].ring = ring;
        merge->rings[i].size = ring->size;
        merge->rings[i].head = merge->rings[i].tail = ring->tail;
    }
    merge->count = rings->count;
    return true;
}

void
rt_merge_look(struct rt_merge *merge)
{
    uint32_t i;

    for (i = 0; i < merge->count; i++)
        merge->rings[i].head =
            __atomic_load_n(&merge->rings[i].ring->head, __ATOMIC_ACQUIRE);
}

static void
release_ring(struct rt_merge *merge, uint32_t i)
{
    __atomic_store_n(&merge->rings[i].ring->tail, merge->rings[i].tail,
                     __ATOMIC_RELEASE);
}

void
rt_merge_release(struct rt_merge *merge)
{
    uint32_t i;

    for (i = 0; i < merge->count; i++)
        release_ring(merge, i);
}

/* The first record of ring I, past what only fills the end of the ring. */
static const struct probe_record *
first_record(struct rt_merge *merge, uint32_t i)
{
    struct probe_ring *ring = merge->rings[i].ring;
    uint64_t mask = merge->rings[i].size - 1;

    while (merge->rings[i].tail != merge->rings[i].head) {
        const struct probe_record *record =
            (const void *)(ring->data + (merge->rings[i].tail & mask));
        uint64_t left = merge->rings[i].head - merge->rings[i].tail;

        if (record->size < PAD_MIN || record->size > left) {
            merge->broken++;
            merge->rings[i].tail = merge->rings[i].head;
            break;
        }
        if (record->probe != PROBE_RECORD_PAD)
            return record;
        merge->rings[i].tail += record->size;
    }
    return NULL;
}

const struct probe_record *
rt_merge_peek(struct rt_merge *merge, uint32_t *cpu)
{
    const struct probe_record *oldest = NULL;
    uint32_t i;

    for (i = 0; i < merge->count; i++) {
        const struct probe_record *record = first_record(merge, i);

        if (record != NULL && (oldest == NULL || record->time < oldest->time)) {
            oldest = record;
            merge->at = i;
        }
    }
    if (oldest != NULL)
        *cpu = merge->rings[merge->at].ring->cpu;
    return oldest;
}

void
rt_merge_take(struct rt_merge *merge)
{
    uint32_t i = merge->at;
    struct probe_ring *ring = merge->rings[i].ring;
    uint64_t mask = merge->rings[i].size - 1;
    const struct probe_record *record =
        (const void *)(ring->data + (merge->rings[i].tail & mask));

    merge->rings[i].tail += record->size;
    if (merge->rings[i].tail - ring->tail >=
        merge->rings[i].size / RELEASE_PART)
        release_ring(merge, i);
}
