/* What all kinds of maps have in common. */

#include "kernel/program/map_i.h"

#include "kernel/program/atomic64.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

/* Tries of a program, and rounds of so many that the process makes. */
#define LOCK_TRIES  64
#define LOCK_ROUNDS 1000

/*
 * Which entries may still be in a program's hands.
 *
 * REMOVALS counts removals in all maps.  Each CPU that runs a program notes
 * the count at its start.  An entry removed as number N can be known only to
 * programs that started before, with a note below N, and these have ended
 * when no CPU has such a note.  (A list of readers for each entry would put
 * two atomic operations into each look-up instead.)
 *
 * The note is written before the first look-up with a full barrier between,
 * and it is read after the entry was unlinked: so a program either has its
 * note seen or does not find the entry any more.
 */
static uint64_t removals = 1;
static struct note {
    uint64_t started; /* 0: no program runs */
} __attribute__((aligned(64))) notes[PROBE_CPUS_MAX];

void
map_program_begin(unsigned cpu)
{
    uint64_t now = atomic64_load(&removals);
    atomic64_store(&notes[cpu].started, now);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void
map_program_end(unsigned cpu)
{
    atomic64_store(&notes[cpu].started, 0);
}

uint64_t
map_removal_stamp(void)
{
    return atomic64_fetch_add(&removals, 1) + 1;
}

int
map_removal_is_past(uint64_t stamp)
{
    for (unsigned i = 0; i < environment_cpus(); i++) {
        uint64_t started = atomic64_load(&notes[i].started);
        if (started != 0 && started < stamp)
            return 0;
    }
    return 1;
}

int
map_try_lock(struct map *map)
{
    for (int i = 0; i < LOCK_TRIES; i++)
        if (__atomic_exchange_n(&map->lock, 1, __ATOMIC_ACQUIRE) == 0)
            return 1;
    return 0;
}

void
map_unlock(struct map *map)
{
    __atomic_store_n(&map->lock, 0, __ATOMIC_RELEASE);
}

static const struct map_kind *
kind_of(uint32_t type)
{
    switch (type) {
    case PROBE_MAP_HASH:
        return &map_kind_hash;
    case PROBE_MAP_ARRAY:
        return &map_kind_array;
    case PROBE_MAP_PERCPU_ARRAY:
        return &map_kind_percpu_array;
    }
    return NULL;
}

uint64_t
map_memory(const struct map_attributes *attributes)
{
    const struct map_kind *kind = kind_of(attributes->type);
    if (kind == NULL || attributes->key_size == 0 ||
        attributes->key_size > PROBE_MAP_KEY_MAX ||
        attributes->value_size == 0 ||
        attributes->value_size > PROBE_MAP_VALUE_MAX ||
        attributes->entries == 0 || attributes->entries > PROBE_MAP_ENTRIES_MAX)
        return 0;
    uint64_t memory = kind->memory(attributes);
    return memory == 0 ? 0 : round_up_8(sizeof(struct map)) + memory;
}

int
map_create(const struct map_attributes *attributes, struct map **map)
{
    uint64_t bytes = map_memory(attributes);
    if (bytes == 0)
        return PROBE_ERROR_ARGUMENT;
    if (bytes != (size_t)bytes)
        return PROBE_ERROR_MEMORY;
    struct map *made = environment_allocate(bytes);
    if (made == NULL)
        return PROBE_ERROR_MEMORY;
    made->attributes = *attributes;
    made->kind = kind_of(attributes->type);
    made->bytes = bytes;
    made->value_stride = round_up_8(attributes->value_size);
    made->kind->initialize(made);
    *map = made;
    return 0;
}

void
map_free(struct map *map)
{
    environment_free(map, map->bytes);
}

const struct map_attributes *
map_attributes(const struct map *map)
{
    return &map->attributes;
}

size_t
map_value_bytes(const struct map *map)
{
    if (map->attributes.type == PROBE_MAP_PERCPU_ARRAY)
        return (size_t)map->value_stride * environment_cpus();
    return map->attributes.value_size;
}

size_t
map_entry_bytes(const struct map *map)
{
    return round_up_8(map->attributes.key_size) +
           round_up_8(map_value_bytes(map));
}

/*
 * The process waits for the lock, but not for ever, and between the rounds
 * interrupts may come.
 */
#define WHILE_BUSY(result, call)                                    \
    do {                                                            \
        for (int round = 0; round < LOCK_ROUNDS; round++) {         \
            unsigned long state = environment_interrupts_disable(); \
            result = (call);                                        \
            environment_interrupts_restore(state);                  \
            if (result != PROBE_ERROR_BUSY)                         \
                break;                                              \
        }                                                           \
    } while (0)

int
map_lookup(struct map *map, const void *key, void *value)
{
    int result;
    WHILE_BUSY(result, map->kind->get_all(map, key, value));
    return result;
}

int
map_update(struct map *map, const void *key, const void *value, uint64_t flags)
{
    int result;
    WHILE_BUSY(result, map->kind->set_all(map, key, value, flags));
    return result;
}

int
map_delete(struct map *map, const void *key)
{
    int result;
    WHILE_BUSY(result, map->kind->remove(map, key));
    return result;
}

int
map_read(struct map *map, uint32_t *cursor, void *buffer, size_t size,
         size_t *used)
{
    size_t entry = map_entry_bytes(map);
    size_t key_room = round_up_8(map->attributes.key_size);
    uint32_t index = *cursor;
    uint8_t *at = buffer;

    *used = 0;
    if (size < entry || index >= map->attributes.entries)
        return PROBE_ERROR_ARGUMENT;
    while (index < map->attributes.entries && size - *used >= entry) {
        int result;
        __builtin_memset(at, 0, entry);
        WHILE_BUSY(result, map->kind->read(map, index, at, at + key_room));
        if (result == PROBE_ERROR_BUSY)
            return result;
        if (result == 1) {
            at += entry;
            *used += entry;
        }
        index++;
    }
    *cursor = index < map->attributes.entries ? index : 0;
    return 0;
}

void *
map_program_lookup(struct map *map, unsigned cpu, const void *key)
{
    return map->kind->find(map, cpu, key);
}

int64_t
map_program_update(struct map *map, unsigned cpu, const void *key,
                   const void *value, uint64_t flags)
{
    return -(int64_t)map->kind->set(map, cpu, key, value, flags);
}

int64_t
map_program_delete(struct map *map, const void *key)
{
    return -(int64_t)map->kind->remove(map, key);
}

int
map_contains(const struct map *map, const void *address, size_t size)
{
    uint32_t stride, count;
    map->kind->values(map, &stride, &count);
    uintptr_t offset = (uintptr_t)address - (uintptr_t)map->values;
    return offset < (uint64_t)stride * count &&
           offset % stride + size <= map->attributes.value_size;
}
