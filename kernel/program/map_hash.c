/*
 * Hash maps.
 *
 *   buckets          entries (entry_stride bytes each)
 *   +---+            +------+-------+-------+
 *   | 3 |----------> | link | key 2 | value |--+ link.next = 1
 *   | 0 |            +------+-------+-------+  |
 *   +---+            | link | key 0 | value |<-+ (entries are named from 1
 *                    +------+-------+-------+     on; 0 ends a chain)
 *
 * Chains are read without the lock while entries come and go: a new entry is
 * complete before it becomes the first of its chain, and a removed one keeps
 * its link.next until it is used again, when no program that could stand on
 * it runs any more (map.c).  Hence the queue of free entries has a link of
 * its own.
 */

#include "kernel/program/map_i.h"

#include "protocol/error.h"

struct link {
    uint32_t next;      /* entry in the same bucket */
    uint32_t next_free; /* entry freed after this one */
    uint64_t removed;   /* removal stamp; IN_USE; or NEVER_USED */
};

#define IN_USE     0
#define NEVER_USED 1 /* older than any removal */

static uint32_t
bucket_count(uint32_t entries)
{
    uint32_t count = 1;
    while (count < entries)
        count *= 2;
    return count;
}

static uint32_t
stride_of(const struct map_attributes *attributes)
{
    return sizeof(struct link) + round_up_8(attributes->key_size) +
           round_up_8(attributes->value_size);
}

static uint64_t
hash_memory(const struct map_attributes *attributes)
{
    return round_up_8((uint64_t)bucket_count(attributes->entries) *
                      sizeof(uint32_t)) +
           (uint64_t)stride_of(attributes) * attributes->entries;
}

static struct link *
link_of(const struct map *map, uint32_t entry)
{
    return (struct link *)(map->entries +
                           (uint64_t)(entry - 1) * map->entry_stride);
}

static void *
key_of(const struct map *map, uint32_t entry)
{
    return link_of(map, entry) + 1;
}

static void *
value_of(const struct map *map, uint32_t entry)
{
    return map->values + (uint64_t)(entry - 1) * map->entry_stride;
}

static void
hash_initialize(struct map *map)
{
    uint32_t count = bucket_count(map->attributes.entries);
    uint8_t *at = (uint8_t *)map + round_up_8(sizeof(*map));

    map->buckets = (uint32_t *)at;
    map->mask = count - 1;
    map->entries = at + round_up_8((uint64_t)count * sizeof(uint32_t));
    map->entry_stride = stride_of(&map->attributes);
    map->values = map->entries + sizeof(struct link) +
                  round_up_8(map->attributes.key_size);
    for (uint32_t i = 1; i <= map->attributes.entries; i++) {
        struct link *link = link_of(map, i);
        link->next_free = i < map->attributes.entries ? i + 1 : 0;
        link->removed = NEVER_USED;
    }
    map->free_first = 1;
    map->free_last = map->attributes.entries;
}

/* Keys are mostly words, and a multiplication spreads those well. */
static uint64_t
mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

static uint32_t *
bucket_of(struct map *map, const void *key)
{
    const uint8_t *at = key;
    uint32_t left = map->attributes.key_size;
    uint64_t hash = 0;

    for (; left >= 8; left -= 8, at += 8) {
        uint64_t word;
        __builtin_memcpy(&word, at, 8);
        hash = mix(hash, word);
    }
    if (left > 0) {
        uint64_t word = 0;
        for (uint32_t i = 0; i < left; i++)
            word |= (uint64_t)at[i] << (8 * i);
        hash = mix(hash, word);
    }
    return &map->buckets[hash & map->mask];
}

static int
same_key(const struct map *map, const void *a, const void *b)
{
    uint32_t size = map->attributes.key_size;
    if (size == 8) {
        uint64_t x, y;
        __builtin_memcpy(&x, a, 8);
        __builtin_memcpy(&y, b, 8);
        return x == y;
    }
    return __builtin_memcmp(a, b, size) == 0;
}

/* The entry of KEY; *FROM is what refers to it. */
static uint32_t
find_entry(struct map *map, const void *key, uint32_t **from)
{
    uint32_t *at = bucket_of(map, key);
    uint32_t entry;

    while ((entry = __atomic_load_n(at, __ATOMIC_ACQUIRE)) != 0 &&
           !same_key(map, key_of(map, entry), key))
        at = &link_of(map, entry)->next;
    *from = at;
    return entry;
}

static void *
hash_find(struct map *map, unsigned cpu, const void *key)
{
    uint32_t *from;
    uint32_t entry = find_entry(map, key, &from);
    return entry == 0 ? NULL : value_of(map, entry);
}

/* The entry that is free for longest, if no program can stand on it. */
static uint32_t
take_free(struct map *map)
{
    uint32_t entry = map->free_first;
    if (entry == 0)
        return 0;
    struct link *link = link_of(map, entry);
    if (link->removed != NEVER_USED && !map_removal_is_past(link->removed))
        return 0;
    map->free_first = link->next_free;
    if (map->free_first == 0)
        map->free_last = 0;
    return entry;
}

static int
set_locked(struct map *map, const void *key, const void *value, uint64_t flags)
{
    uint32_t *from;
    uint32_t entry = find_entry(map, key, &from);

    if (entry != 0) {
        if (flags == PROBE_MAP_NOEXIST)
            return PROBE_ERROR_KEY_EXISTS;
        __builtin_memmove(value_of(map, entry), value,
                          map->attributes.value_size);
        return 0;
    }
    if (flags == PROBE_MAP_EXIST)
        return PROBE_ERROR_NO_KEY;
    entry = take_free(map);
    if (entry == 0)
        return PROBE_ERROR_FULL;

    struct link *link = link_of(map, entry);
    uint32_t *bucket = bucket_of(map, key);
    __builtin_memcpy(key_of(map, entry), key, map->attributes.key_size);
    __builtin_memcpy(value_of(map, entry), value, map->attributes.value_size);
    link->next = *bucket;
    link->removed = IN_USE;
    __atomic_store_n(bucket, entry, __ATOMIC_RELEASE);
    return 0;
}

static int
hash_set(struct map *map, unsigned cpu, const void *key, const void *value,
         uint64_t flags)
{
    if (flags > PROBE_MAP_EXIST)
        return PROBE_ERROR_ARGUMENT;
    if (!map_try_lock(map))
        return PROBE_ERROR_BUSY;
    int error = set_locked(map, key, value, flags);
    map_unlock(map);
    return error;
}

static int
remove_locked(struct map *map, const void *key)
{
    uint32_t *from;
    uint32_t entry = find_entry(map, key, &from);
    if (entry == 0)
        return PROBE_ERROR_NO_KEY;

    struct link *link = link_of(map, entry);
    __atomic_store_n(from, link->next, __ATOMIC_RELEASE);
    link->removed = map_removal_stamp();
    link->next_free = 0;
    if (map->free_last == 0)
        map->free_first = entry;
    else
        link_of(map, map->free_last)->next_free = entry;
    map->free_last = entry;
    return 0;
}

static int
hash_remove(struct map *map, const void *key)
{
    if (!map_try_lock(map))
        return PROBE_ERROR_BUSY;
    int error = remove_locked(map, key);
    map_unlock(map);
    return error;
}

static int
hash_get_all(struct map *map, const void *key, void *value)
{
    if (!map_try_lock(map))
        return PROBE_ERROR_BUSY;
    const void *found = hash_find(map, 0, key);
    if (found != NULL)
        __builtin_memcpy(value, found, map->attributes.value_size);
    map_unlock(map);
    return found != NULL ? 0 : PROBE_ERROR_NO_KEY;
}

static int
hash_set_all(struct map *map, const void *key, const void *value,
             uint64_t flags)
{
    return hash_set(map, 0, key, value, flags);
}

static int
hash_read(struct map *map, uint32_t index, void *key, void *value)
{
    if (!map_try_lock(map))
        return PROBE_ERROR_BUSY;
    int used = link_of(map, index + 1)->removed == IN_USE;
    if (used) {
        __builtin_memcpy(key, key_of(map, index + 1), map->attributes.key_size);
        __builtin_memcpy(value, value_of(map, index + 1),
                         map->attributes.value_size);
    }
    map_unlock(map);
    return used;
}

static void
hash_values(const struct map *map, uint32_t *stride, uint32_t *count)
{
    *stride = map->entry_stride;
    *count = map->attributes.entries;
}

const struct map_kind map_kind_hash = {
    .memory = hash_memory,
    .initialize = hash_initialize,
    .find = hash_find,
    .set = hash_set,
    .remove = hash_remove,
    .get_all = hash_get_all,
    .set_all = hash_set_all,
    .read = hash_read,
    .values = hash_values,
};
