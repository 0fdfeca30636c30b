/*
 * The insides of a map, for map.c and walk.c.
 *
 *   entry   | hash chain next previous | key slots | value slot |
 *
 * Entries are numbered, not pointed to: half the memory, and a number that
 * is wrong cannot lead out of the array.  They are in one list in the order
 * of foreach (next, previous), and in the chain of their hash.  Free ones
 * are in a list by their chain.
 */

#ifndef RUNTIME_MAPS_MAP_I_H
#define RUNTIME_MAPS_MAP_I_H

#include "runtime/maps/map.h"

struct rt_entry {
    uint32_t hash;
    uint32_t chain; /* entry number, or RT_NONE */
    uint32_t next;
    uint32_t previous;
};

/* Slot of a string: bytes of the runtime's heap, or NULL for "". */
struct rt_slot {
    char *text;
    uint32_t length;
    uint32_t space;
};

static inline struct rt_entry *
map_entry(const struct rt_map *map, uint32_t number)
{
    return (struct rt_entry *)(map->entries + (size_t)number * map->size);
}

static inline void *
entry_key(const struct rt_map *map, const struct rt_entry *entry, unsigned key)
{
    return (char *)entry + map->key_offsets[key];
}

static inline void *
entry_value(const struct rt_map *map, const struct rt_entry *entry)
{
    return (char *)entry + map->value_offset;
}

static inline struct rt_string
slot_string(const struct rt_slot *slot)
{
    if (slot->text == NULL)
        return RT_TEXT("");
    return (struct rt_string){slot->text, slot->length};
}

/* Whether those keys of the entry that GIVEN has bits for are equal. */
bool map_matches(const struct rt_map *map, const struct rt_entry *entry,
                 const union rt_value *keys, unsigned given);

#endif /* RUNTIME_MAPS_MAP_I_H */
