#include "client/reader.h"

#include <stddef.h>

/* Part of a ring after which its room is given back. */
#define RELEASE_PART 8

/* Bytes of the least record: one that fills the end has no more. */
#define PAD_MIN offsetof(struct probe_record, time)

bool
reader_open(struct reader *reader, char *address, uint64_t stride,
            uint32_t count)
{
    uint32_t i;

    *reader = (struct reader){0};
    if (count > PROBE_CPUS_MAX)
        return false;
    for (i = 0; i < count; i++) {
        struct probe_ring *ring = (struct probe_ring *)(address + i * stride);

        if (ring->magic != PROBE_RING_MAGIC || ring->size == 0 ||
            (ring->size & (ring->size - 1)) != 0 ||
            ring->size + offsetof(struct probe_ring, data) > stride)
            return false;
        reader->rings[i].ring = ring;
        reader->rings[i].size = ring->size;
        reader->rings[i].head = reader->rings[i].tail = ring->tail;
    }
    reader->count = count;
    return true;
}

void
reader_look(struct reader *reader)
{
    uint32_t i;

    for (i = 0; i < reader->count; i++)
        reader->rings[i].head =
            __atomic_load_n(&reader->rings[i].ring->head, __ATOMIC_ACQUIRE);
}

static void
release_ring(struct reader *reader, uint32_t i)
{
    __atomic_store_n(&reader->rings[i].ring->tail, reader->rings[i].tail,
                     __ATOMIC_RELEASE);
}

void
reader_release(struct reader *reader)
{
    uint32_t i;

    for (i = 0; i < reader->count; i++)
        release_ring(reader, i);
}

/* The first record of ring I, past what only fills the end of the ring. */
static const struct probe_record *
first_record(struct reader *reader, uint32_t i)
{
    struct probe_ring *ring = reader->rings[i].ring;
    uint64_t mask = reader->rings[i].size - 1;

    while (reader->rings[i].tail != reader->rings[i].head) {
        const struct probe_record *record =
            (const void *)(ring->data + (reader->rings[i].tail & mask));
        uint64_t left = reader->rings[i].head - reader->rings[i].tail;

        if (record->size < PAD_MIN || record->size > left) {
            reader->broken++;
            reader->rings[i].tail = reader->rings[i].head;
            break;
        }
        if (record->probe != PROBE_RECORD_PAD)
            return record;
        reader->rings[i].tail += record->size;
    }
    return NULL;
}

const struct probe_record *
reader_peek(struct reader *reader, uint32_t *cpu)
{
    const struct probe_record *oldest = NULL;
    uint32_t i;

    for (i = 0; i < reader->count; i++) {
        const struct probe_record *record = first_record(reader, i);

        if (record != NULL && (oldest == NULL || record->time < oldest->time)) {
            oldest = record;
            reader->at = i;
        }
    }
    if (oldest != NULL)
        *cpu = reader->rings[reader->at].ring->cpu;
    return oldest;
}

void
reader_take(struct reader *reader)
{
    uint32_t i = reader->at;
    struct probe_ring *ring = reader->rings[i].ring;
    uint64_t mask = reader->rings[i].size - 1;
    const struct probe_record *record =
        (const void *)(ring->data + (reader->rings[i].tail & mask));

    reader->rings[i].tail += record->size;
    if (reader->rings[i].tail - ring->tail >=
        reader->rings[i].size / RELEASE_PART)
        release_ring(reader, i);
}

uint64_t
reader_lost(const struct reader *reader)
{
    uint64_t lost = 0;
    uint32_t i;

    for (i = 0; i < reader->count; i++)
        lost += __atomic_load_n(&reader->rings[i].ring->lost, __ATOMIC_RELAXED);
    return lost;
}
