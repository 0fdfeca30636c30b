/*
 * Insides of maps, shared by map.c and the kinds of maps.
 */

#ifndef KERNEL_PROGRAM_MAP_I_H
#define KERNEL_PROGRAM_MAP_I_H

#include "kernel/program/map.h"

/* What each kind of map supplies; contracts as of the function in map.h. */
struct map_kind {
    /* Bytes of a map beside struct map itself; checks the attributes. */
    uint64_t (*memory)(const struct map_attributes *attributes);
    /* Lay out the zeroed memory. */
    void (*initialize)(struct map *map);
    /* The value of CPU, or NULL. */
    void *(*find)(struct map *map, unsigned cpu, const void *key);
    /* Both for programs and, by map.c, for the process; BUSY at once. */
    int (*set)(struct map *map, unsigned cpu, const void *key,
               const void *value, uint64_t flags);
    int (*remove)(struct map *map, const void *key);
    /* For the process, interrupts off; lookup, and update of all CPUs. */
    int (*get_all)(struct map *map, const void *key, void *value);
    int (*set_all)(struct map *map, const void *key, const void *value,
                   uint64_t flags);
    /*
     * Copy entry INDEX, if there is one, to KEY and VALUE: 1; else 0.
     * BUSY, if the lock was not to be had.
     */
    int (*read)(struct map *map, uint32_t index, void *key, void *value);
    /* Bytes from one value to the next in VALUES, and how many there are. */
    void (*values)(const struct map *map, uint32_t *stride, uint32_t *count);
};

struct map {
    struct map_attributes attributes;
    const struct map_kind *kind;
    uint64_t bytes; /* of memory, this struct included */
    uint32_t value_stride;
    uint32_t lock;
    uint8_t *values; /* of all entries */

    /* Hash maps only. */
    uint32_t entry_stride;
    uint32_t mask; /* number of buckets - 1 */
    uint32_t *buckets;
    uint8_t *entries;
    /* Entries that are free, the one free for longest first. */
    uint32_t free_first;
    uint32_t free_last;
};

extern const struct map_kind map_kind_array;
extern const struct map_kind map_kind_percpu_array;
extern const struct map_kind map_kind_hash;

static inline uint64_t
round_up_8(uint64_t size)
{
    return (size + 7) & ~(uint64_t)7;
}

/* 1 when the lock was taken within a bounded time. */
int map_try_lock(struct map *map);
void map_unlock(struct map *map);

/*
 * Ages of removed entries.  map_removal_stamp is taken at removal, under the
 * lock; map_removal_is_past says whether all programs that were running
 * then have ended.
 */
uint64_t map_removal_stamp(void);
int map_removal_is_past(uint64_t stamp);

#endif /* KERNEL_PROGRAM_MAP_I_H */
