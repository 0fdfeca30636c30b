/*
 * Arrays of the language.
 *
 * Entries are kept in the order in which they were inserted, or in which a
 * sorted foreach left them.  Room for all of them is there from the start;
 * only the bytes of strings are allocated as they come, from the runtime's
 * own heap.
 *
 * Keys are given as an array of as many values as the map has.  Strings that
 * come out stay those of the map: valid until that element is stored to or
 * deleted.
 */

#ifndef RUNTIME_MAPS_MAP_H
#define RUNTIME_MAPS_MAP_H

#include "runtime/base/value.h"
#include "runtime/maps/histogram.h"
#include "runtime/maps/stats.h"

#define RT_KEYS_MAX 9

struct rt_entry;

struct rt_map {
    const char *name;
    uint32_t limit; /* entries it may have */
    uint8_t arity;
    uint8_t value_type;                   /* enum rt_type */
    bool sized;                           /* the script says how many */
    bool wrap;                            /* full: the oldest makes room */
    uint8_t shift;                        /* statistics: of @variance */
    bool variance;                        /* statistics: asked for @variance */
    uint8_t keys[RT_KEYS_MAX];            /* enum rt_type */
    const struct rt_histogram *histogram; /* statistics: asked for, or NULL */

    /* The rest is the map's own; zero until rt_map_open(). */
    uint16_t key_offsets[RT_KEYS_MAX]; /* of slots in an entry */
    uint16_t value_offset;
    uint32_t size;  /* bytes of an entry */
    uint32_t count; /* entries in use */
    uint32_t used;  /* entries that were ever in use */
    uint32_t free;  /* first of those that are not now, or RT_NONE */
    uint32_t first; /* in the order of foreach, or RT_NONE */
    uint32_t last;
    uint32_t mask;   /* size of the table, less 1 */
    uint32_t *table; /* from hash to entry number + 1 */
    char *entries;
};

#define RT_NONE UINT32_MAX

/* Allocate its memory, all of it.  False when there is not so much. */
bool rt_map_open(struct rt_map *map);

/* What [...] in a gives. */
bool rt_map_has(struct rt_map *map, const union rt_value *keys);

/* The element, or 0 or "" when absent, which it stays. */
int64_t rt_map_long(struct rt_map *map, const union rt_value *keys);
struct rt_string rt_map_string(struct rt_map *map, const union rt_value *keys);
/* NULL when absent. */
struct rt_stats *rt_map_stats(struct rt_map *map, const union rt_value *keys);

/*
 * The element to be written: made, if it is absent, as 0.  Raises "Array
 * overflow, check ..." and returns NULL when the map is full and
 * does not wrap.
 */
int64_t *rt_map_long_place(struct rt_map *map, const union rt_value *keys);

/* Store; raises as above. */
void
rt_map_set_long(struct rt_map *map, const union rt_value *keys, int64_t value);
void rt_map_set_string(struct rt_map *map, const union rt_value *keys,
                       struct rt_string value);
void
rt_map_add_stats(struct rt_map *map, const union rt_value *keys, int64_t value);

/* Nothing happens when it is absent. */
void rt_map_delete(struct rt_map *map, const union rt_value *keys);
void rt_map_clear(struct rt_map *map);

/*
 * The same with a pattern: key I counts only if bit I of GIVEN is set.
 */
bool rt_map_has_matching(struct rt_map *map, const union rt_value *keys,
                         unsigned given);
void rt_map_delete_matching(struct rt_map *map, const union rt_value *keys,
                            unsigned given);

/* ---- foreach --------------------------------------------------------- */

/*
 * Going through a map; it must not change meanwhile, which the language
 * checks.
 *
 *     struct rt_walk w = {.map = &g_a, .limit = RT_NO_LIMIT};
 *     for (rt_walk_start(&w); rt_walk_next(&w);)
 *         ... rt_walk_key_long(&w, 0) ... rt_walk_long(&w) ...
 */
struct rt_walk {
    struct rt_map *map;
    int sort;          /* 0 as it is, 1 rising, -1 falling */
    unsigned column;   /* sort by: 0 the element, n the n-th key */
    enum rt_stat stat; /* of the element, when it is statistics */
    int64_t limit;     /* rounds; RT_NO_LIMIT; less than 0 is 0 */
    unsigned given;    /* bits of keys that must match KEYS */
    union rt_value keys[RT_KEYS_MAX];
    /* The map is sorted again during the walk, which keeps its order. */
    bool apart;
    /* Its own. */
    uint32_t next;  /* entry; if apart, the place in the list of entries */
    uint32_t start; /* of its part of that list, if apart */
    uint32_t end;
    const struct rt_entry *at;
};

#define RT_NO_LIMIT INT64_MAX

/*
 * Sorting reorders the map itself: a later unsorted walk goes in that order.
 * With a limit only as much is sorted as will be seen.
 */
void rt_walk_start(struct rt_walk *walk);
bool rt_walk_next(struct rt_walk *walk);

/* A handler begins: no walk is under way. */
void rt_walk_forget(void);

/* Of the entry that the walk is at. */
int64_t rt_walk_key_long(const struct rt_walk *walk, unsigned key);
struct rt_string rt_walk_key_string(const struct rt_walk *walk, unsigned key);
int64_t rt_walk_long(const struct rt_walk *walk);
struct rt_string rt_walk_string(const struct rt_walk *walk);
const struct rt_stats *rt_walk_stats(const struct rt_walk *walk);

#endif /* RUNTIME_MAPS_MAP_H */
