/*
 * Maps: tables that programs and the process share.
 *
 * All memory of a map is allocated when it is created.  Programs on several
 * CPUs use a map at the same time, and nobody may wait for a lock in a
 * probe, so:
 *
 *  - Looking up takes no lock.  A program gets a pointer to the value itself
 *    and may read and change it; two that change one value at the same time
 *    use atomic instructions, or lose updates.
 *  - Setting and removing keys takes the map's lock by a bounded number of
 *    tries and then fails with PROBE_ERROR_BUSY.  No interrupt comes while
 *    it is held, so it is held for a few hundred instructions at most.
 *  - What a program found stays in place until that program ends, even when
 *    the key is removed meanwhile: a removed entry is used again only after
 *    all programs that ran at its removal have ended.  So in a full map a
 *    key removed by a program makes room once that program has ended.
 *
 * Functions of the process's side ("thread context") turn interrupts off
 * themselves; those for programs are called with interrupts off.
 */

#ifndef KERNEL_PROGRAM_MAP_H
#define KERNEL_PROGRAM_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/helper.h"
#include "protocol/limits.h"

struct map;

struct map_attributes {
    uint32_t type;       /* enum probe_map_type */
    uint32_t key_size;   /* bytes, 1 to PROBE_MAP_KEY_MAX; arrays: 4 */
    uint32_t value_size; /* bytes, 1 to PROBE_MAP_VALUE_MAX */
    uint32_t entries;    /* 1 to PROBE_MAP_ENTRIES_MAX */
};

/*
 * Bytes that a map of these attributes takes, to check limits before it is
 * created; 0 if they are out of range.
 */
uint64_t map_memory(const struct map_attributes *attributes);

/*
 * Create a map.  0, PROBE_ERROR_ARGUMENT (attributes out of range) or
 * PROBE_ERROR_MEMORY.  Thread context.
 */
int map_create(const struct map_attributes *attributes, struct map **map);

/* Free it.  No program that refers to it may exist any more. */
void map_free(struct map *map);

const struct map_attributes *map_attributes(const struct map *map);

/*
 * Bytes of a value as the process sees it: value_size, or for per-CPU arrays
 * the values of all CPUs, each rounded up to 8 bytes.
 */
size_t map_value_bytes(const struct map *map);

/*
 * The process's side.  KEY is key_size bytes, VALUE map_value_bytes.  Return
 * 0 or an enum probe_error:
 *   lookup  NO_KEY, BUSY
 *   update  FLAGS are PROBE_MAP_*.  KEY_EXISTS, NO_KEY (also an array's
 *           index that is out of range), FULL, BUSY, ARGUMENT (flags)
 *   delete  NO_KEY, BUSY; arrays: ARGUMENT, their keys cannot be removed
 */
int map_lookup(struct map *map, const void *key, void *value);
int
map_update(struct map *map, const void *key, const void *value, uint64_t flags);
int map_delete(struct map *map, const void *key);

/*
 * Read many entries into BUFFER, SIZE bytes: key and value one after the
 * other, each rounded up to 8 bytes.  *CURSOR is 0 at first, then what the
 * last call left there; it is 0 again when there is no more.  *USED gets the
 * bytes written.  A key that is there all the time is read exactly once.
 * PROBE_ERROR_ARGUMENT when not even one entry fits, or for a cursor that
 * never was; PROBE_ERROR_BUSY.
 */
int map_read(struct map *map, uint32_t *cursor, void *buffer, size_t size,
             size_t *used);

/* Bytes that one entry takes in map_read. */
size_t map_entry_bytes(const struct map *map);

/*
 * The programs' side, probe context: the helpers of these names.  CPU is
 * this CPU.  lookup returns the value itself or NULL.
 */
void *map_program_lookup(struct map *map, unsigned cpu, const void *key);
int64_t map_program_update(struct map *map, unsigned cpu, const void *key,
                           const void *value, uint64_t flags);
int64_t map_program_delete(struct map *map, const void *key);

/*
 * A program that looks into hash maps begins and ends on CPU: what it finds
 * between the two stays in place.
 */
void map_program_begin(unsigned cpu);
void map_program_end(unsigned cpu);

/*
 * True if [ADDRESS, ADDRESS + SIZE) lies in values of MAP, for runs that
 * check each access.
 */
int map_contains(const struct map *map, const void *address, size_t size);

#endif /* KERNEL_PROGRAM_MAP_H */
