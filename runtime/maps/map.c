#include "runtime/maps/map.h"

#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/heap.h"
#include "runtime/base/limit.h"
#include "runtime/base/memory.h"
#include "runtime/maps/map_i.h"

/* ---- set-up ---------------------------------------------------------- */

static unsigned
slot_size(uint8_t type)
{
    switch ((enum rt_type)type) {
    case RT_LONG:
        return sizeof(int64_t);
    case RT_STRING:
        return sizeof(struct rt_slot);
    case RT_STATS:
        break;
    }
    return sizeof(struct rt_stats);
}

bool
rt_map_open(struct rt_map *map)
{
    size_t table_size = 1;
    unsigned size = sizeof(struct rt_entry);
    unsigned i;

    for (i = 0; i < map->arity; i++) {
        map->key_offsets[i] = (uint16_t)size;
        size += slot_size(map->keys[i]);
    }
    map->value_offset = (uint16_t)size;
    map->size = size + slot_size(map->value_type);
    if (map->histogram != NULL)
        map->size += map->histogram->buckets * (unsigned)sizeof(int64_t);

    while (table_size < map->limit)
        table_size *= 2;
    map->mask = (uint32_t)table_size - 1;
    map->free = RT_NONE;
    map->first = RT_NONE;
    map->last = RT_NONE;
    map->table = rt_memory(table_size * sizeof(*map->table));
    map->entries = rt_memory((size_t)map->limit * map->size);
    return map->table != NULL && map->entries != NULL;
}

/* ---- finding --------------------------------------------------------- */

/* Odd numbers with bits all over, for mixing (the golden ratio and such). */
#define MIX_1 0x9e3779b97f4a7c15u
#define MIX_2 0xd6e8feb86659fd93u

static inline uint64_t
mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * MIX_1;
    return hash ^ hash >> 32;
}

static uint64_t
mix_string(uint64_t hash, struct rt_string string)
{
    const char *text = string.text;
    size_t left = string.length;
    uint64_t word;

    for (; left >= sizeof(word); left -= sizeof(word), text += sizeof(word)) {
        memcpy(&word, text, sizeof(word));
        hash = mix(hash, word);
    }
    word = string.length;
    while (left-- > 0)
        word = word << 8 | (uint8_t)*text++;
    return mix(hash, word);
}

static uint32_t
hash_keys(const struct rt_map *map, const union rt_value *keys)
{
    uint64_t hash = MIX_2;
    unsigned i;

    for (i = 0; i < map->arity; i++) {
        if (map->keys[i] == RT_LONG)
            hash = mix(hash, (uint64_t)keys[i].number);
        else
            hash = mix_string(hash, keys[i].string);
    }
    return (uint32_t)hash;
}

bool
map_matches(const struct rt_map *map, const struct rt_entry *entry,
            const union rt_value *keys, unsigned given)
{
    unsigned i;

    for (i = 0; i < map->arity; i++) {
        const void *slot = entry_key(map, entry, i);

        if ((given >> i & 1) == 0)
            continue;
        if (map->keys[i] == RT_LONG) {
            if (*(const int64_t *)slot != keys[i].number)
                return false;
        } else if (!rt_equal(slot_string(slot), keys[i].string)) {
            return false;
        }
    }
    return true;
}

#define ALL_KEYS UINT32_MAX

static struct rt_entry *
find(const struct rt_map *map, const union rt_value *keys, uint32_t hash)
{
    uint32_t number = map->table[hash & map->mask] - 1;

    while (number != RT_NONE) {
        struct rt_entry *entry = map_entry(map, number);

        if (entry->hash == hash && map_matches(map, entry, keys, ALL_KEYS))
            return entry;
        number = entry->chain;
    }
    return NULL;
}

static struct rt_entry *
lookup(const struct rt_map *map, const union rt_value *keys)
{
    return find(map, keys, hash_keys(map, keys));
}

/* ---- strings of entries ---------------------------------------------- */

/*
 * Blocks of the entry that made room for another in a map that wraps.  What
 * is being stored may be a string of that very entry, so they are given back
 * when the next one goes.
 */
static struct rt_slot evicted[RT_KEYS_MAX + 1];
static unsigned evicted_count;

static void
give_evicted(void)
{
    while (evicted_count > 0) {
        struct rt_slot *slot = &evicted[--evicted_count];

        rt_heap_give(slot->text, slot->space);
    }
}

static void
clear_slot(struct rt_slot *slot, bool evict)
{
    if (slot->text != NULL && evict)
        evicted[evicted_count++] = *slot;
    else if (slot->text != NULL)
        rt_heap_give(slot->text, slot->space);
    *slot = (struct rt_slot){0};
}

static void
set_slot(struct rt_slot *slot, struct rt_string string)
{
    struct rt_slot old = *slot;
    size_t length = string.length;

    if (length > rt_string_max)
        length = rt_string_max;
    if (old.text == NULL || old.space <= length) {
        slot->text = rt_heap_take(length + 1, &slot->space);
        if (slot->text == NULL) {
            *slot = old;
            rt_raise("out of memory for strings of arrays");
            return;
        }
    }
    /* STRING may be part of what was here. */
    memmove(slot->text, string.text, length);
    slot->text[length] = '\0';
    slot->length = (uint32_t)length;
    if (old.text != NULL && old.text != slot->text)
        rt_heap_give(old.text, old.space);
}

/* ---- making and removing entries ------------------------------------- */

static void
unlink_entry(struct rt_map *map, struct rt_entry *entry, uint32_t number)
{
    uint32_t *link = &map->table[entry->hash & map->mask];

    if (*link - 1 == number) {
        *link = entry->chain + 1;
    } else {
        struct rt_entry *before = map_entry(map, *link - 1);

        while (before->chain != number)
            before = map_entry(map, before->chain);
        before->chain = entry->chain;
    }

    if (entry->previous == RT_NONE)
        map->first = entry->next;
    else
        map_entry(map, entry->previous)->next = entry->next;
    if (entry->next == RT_NONE)
        map->last = entry->previous;
    else
        map_entry(map, entry->next)->previous = entry->previous;
}

static void
remove_entry(struct rt_map *map, uint32_t number, bool evict)
{
    struct rt_entry *entry = map_entry(map, number);
    unsigned i;

    unlink_entry(map, entry, number);
    for (i = 0; i < map->arity; i++) {
        if (map->keys[i] == RT_STRING)
            clear_slot(entry_key(map, entry, i), evict);
    }
    if (map->value_type == RT_STRING)
        clear_slot(entry_value(map, entry), evict);
    entry->chain = map->free;
    map->free = number;
    map->count--;
}

/* The number of an unused entry, or RT_NONE after raising the error. */
static uint32_t
take_entry(struct rt_map *map)
{
    uint32_t number;

    if (map->count == map->limit && map->wrap) {
        give_evicted();
        remove_entry(map, map->first, true);
    }
    if (map->free != RT_NONE) {
        number = map->free;
        map->free = map_entry(map, number)->chain;
    } else if (map->used < map->limit) {
        number = map->used++;
    } else {
        if (map->sized)
            rt_raise("Array overflow, check size limit (%u)", map->limit);
        else
            rt_raise("Array overflow, check MAXMAPENTRIES");
        return RT_NONE;
    }
    map->count++;
    return number;
}

static void
link_entry(struct rt_map *map, struct rt_entry *entry, uint32_t number)
{
    uint32_t *link = &map->table[entry->hash & map->mask];

    entry->chain = *link - 1;
    *link = number + 1;
    entry->next = RT_NONE;
    entry->previous = map->last;
    if (map->last == RT_NONE)
        map->first = number;
    else
        map_entry(map, map->last)->next = number;
    map->last = number;
}

/* The entry of KEYS, made if there is none; NULL after raising the error. */
static struct rt_entry *
place(struct rt_map *map, const union rt_value *keys)
{
    uint32_t hash = hash_keys(map, keys);
    struct rt_entry *entry = find(map, keys, hash);
    uint32_t number;
    unsigned i;

    if (entry != NULL)
        return entry;

    number = take_entry(map);
    if (number == RT_NONE)
        return NULL;
    entry = map_entry(map, number);
    memset(entry, 0, map->size);
    entry->hash = hash;
    for (i = 0; i < map->arity; i++) {
        if (map->keys[i] == RT_LONG)
            *(int64_t *)entry_key(map, entry, i) = keys[i].number;
        else
            set_slot(entry_key(map, entry, i), keys[i].string);
    }
    link_entry(map, entry, number);
    return entry;
}

/* ---- the interface --------------------------------------------------- */

bool
rt_map_has(struct rt_map *map, const union rt_value *keys)
{
    return lookup(map, keys) != NULL;
}

int64_t
rt_map_long(struct rt_map *map, const union rt_value *keys)
{
    const struct rt_entry *entry = lookup(map, keys);

    return entry == NULL ? 0 : *(const int64_t *)entry_value(map, entry);
}

struct rt_string
rt_map_string(struct rt_map *map, const union rt_value *keys)
{
    const struct rt_entry *entry = lookup(map, keys);

    return entry == NULL ? RT_TEXT("") : slot_string(entry_value(map, entry));
}

struct rt_stats *
rt_map_stats(struct rt_map *map, const union rt_value *keys)
{
    const struct rt_entry *entry = lookup(map, keys);

    return entry == NULL ? NULL : entry_value(map, entry);
}

int64_t *
rt_map_long_place(struct rt_map *map, const union rt_value *keys)
{
    struct rt_entry *entry = place(map, keys);

    return entry == NULL ? NULL : entry_value(map, entry);
}

void
rt_map_set_long(struct rt_map *map, const union rt_value *keys, int64_t value)
{
    int64_t *element = rt_map_long_place(map, keys);

    if (element != NULL)
        *element = value;
}

void
rt_map_set_string(struct rt_map *map, const union rt_value *keys,
                  struct rt_string value)
{
    struct rt_entry *entry = place(map, keys);

    if (entry != NULL)
        set_slot(entry_value(map, entry), value);
}

void
rt_map_add_stats(struct rt_map *map, const union rt_value *keys, int64_t value)
{
    struct rt_entry *entry = place(map, keys);

    if (entry == NULL)
        return;
    if (map->variance)
        rt_stats_add_variance(entry_value(map, entry), value, map->shift);
    else
        rt_stats_add(entry_value(map, entry), value);
    if (map->histogram != NULL)
        rt_histogram_add(map->histogram, entry_value(map, entry), value);
}

static uint32_t
number_of(const struct rt_map *map, const struct rt_entry *entry)
{
    return (uint32_t)((size_t)((const char *)entry - map->entries) / map->size);
}

void
rt_map_delete(struct rt_map *map, const union rt_value *keys)
{
    const struct rt_entry *entry = lookup(map, keys);

    if (entry != NULL)
        remove_entry(map, number_of(map, entry), false);
}

void
rt_map_clear(struct rt_map *map)
{
    while (map->first != RT_NONE)
        remove_entry(map, map->first, false);
}

bool
rt_map_has_matching(struct rt_map *map, const union rt_value *keys,
                    unsigned given)
{
    uint32_t number = map->first;

    while (number != RT_NONE) {
        const struct rt_entry *entry = map_entry(map, number);

        if (map_matches(map, entry, keys, given))
            return true;
        number = entry->next;
    }
    return false;
}

void
rt_map_delete_matching(struct rt_map *map, const union rt_value *keys,
                       unsigned given)
{
    uint32_t number = map->first;

    while (number != RT_NONE) {
        const struct rt_entry *entry = map_entry(map, number);
        uint32_t next = entry->next;

        if (map_matches(map, entry, keys, given))
            remove_entry(map, number, false);
        number = next;
    }
}
