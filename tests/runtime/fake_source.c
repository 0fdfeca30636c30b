#include "tests/runtime/fake_source.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define CPUS_MAX     4
#define RING_MAX     65536
#define STRIDE       (sizeof(struct probe_ring) + RING_MAX)
#define RECORD_EXTRA 7

struct fake_source fake;

static _Alignas(4096) char rings[CPUS_MAX][STRIDE];

static struct probe_ring *
ring(uint32_t cpu)
{
    return (struct probe_ring *)rings[cpu];
}

void
fake_reset(uint32_t cpus, uint64_t size)
{
    uint32_t i;

    assert(cpus <= CPUS_MAX && size <= RING_MAX);
    memset(&fake, 0, sizeof(fake));
    memset(rings, 0, sizeof(rings));
    fake.cpus = cpus;
    fake.ring_size = size;
    for (i = 0; i < cpus; i++) {
        ring(i)->magic = PROBE_RING_MAGIC;
        ring(i)->cpu = i;
        ring(i)->size = size;
    }
}

bool
fake_record(uint32_t cpu, uint64_t time, uint64_t cookie, const void *payload,
            uint32_t size)
{
    struct probe_ring *to = ring(cpu);
    uint32_t whole = (uint32_t)offsetof(struct probe_record, payload) +
                     ((size + RECORD_EXTRA) & ~(uint32_t)RECORD_EXTRA);
    uint64_t at = to->head & (to->size - 1);
    uint64_t pad = to->size - at < whole ? to->size - at : 0;
    struct probe_record *record = (struct probe_record *)(to->data + at);

    if (to->head + pad + whole - to->tail > to->size) {
        fake.statistics[0].lost++;
        to->lost++;
        return false;
    }
    if (pad > 0) {
        record->size = (uint32_t)pad;
        record->probe = PROBE_RECORD_PAD;
        record = (struct probe_record *)to->data;
    }
    record->size = whole;
    record->probe = (uint32_t)cookie;
    record->time = time;
    record->cookie = cookie;
    if (size > 0)
        memcpy(record->payload, payload, size);
    to->head += pad + whole;
    return true;
}

/* ---- what the runtime calls ------------------------------------------ */

bool
rt_source_open(const struct rt_program *program,
               const struct rt_arguments *arguments, struct rt_rings *to)
{
    *to = (struct rt_rings){rings[0], STRIDE, fake.cpus};
    return true;
}

bool
rt_source_attach(void)
{
    return true;
}

bool
rt_source_announce(void)
{
    return true;
}

void
rt_source_resume(void)
{
    fake.resumed = true;
}

uint64_t
rt_source_now(void)
{
    return fake.now;
}

uint64_t
rt_source_wall(void)
{
    return 1000000000;
}

enum rt_wake
rt_source_wait(uint64_t until)
{
    return fake.wait(fake.waits++, until);
}

bool
rt_source_enable(uint32_t first, uint32_t count, bool on)
{
    (void)first;
    (void)on;
    return count == 0;
}

size_t
rt_source_input(char *bytes, size_t size, bool *ended)
{
    size_t length = fake.input != NULL ? strlen(fake.input) : 0;

    *ended = length == 0;
    if (length > size)
        length = size;
    if (length > 0) {
        memcpy(bytes, fake.input, length);
        fake.input += length;
    }
    return length;
}

int64_t
rt_source_target(void)
{
    return 0;
}

void
rt_source_detach(void)
{
    fake.detached = true;
}

bool
rt_source_statistics(struct probe_statistics *statistics)
{
    memcpy(statistics, fake.statistics, sizeof(fake.statistics[0]) * 2);
    return true;
}

bool
rt_source_symbol(uint64_t address, char *name, uint64_t *start, uint64_t *size)
{
    *start = address & ~(uint64_t)0xff;
    *size = 0x100;
    snprintf(name, PROBE_NAME_MAX, "function_%llx",
             (unsigned long long)*start >> 8);
    return address != 0;
}

void
rt_source_close(void)
{
}
