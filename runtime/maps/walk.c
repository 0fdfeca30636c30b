/*
 * foreach: going through a map, and the sorting before it.
 */

#include "runtime/maps/map.h"

#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/platform.h"
#include "runtime/maps/map_i.h"

/* Up to this limit the best entries are picked out one by one; beyond it
 * sorting all is faster. */
#define PICK_MAX 30

/* ---- comparing ------------------------------------------------------- */

static int
compare_longs(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

static int
compare_slots(uint8_t type, const void *left, const void *right)
{
    if (type == RT_LONG)
        return compare_longs(*(const int64_t *)left, *(const int64_t *)right);
    return rt_compare(slot_string(left), slot_string(right));
}

/* Less than 0 if LEFT is to come before RIGHT. */
static int
compare(const struct rt_walk *walk, uint32_t left, uint32_t right)
{
    const struct rt_map *map = walk->map;
    const struct rt_entry *one = map_entry(map, left);
    const struct rt_entry *other = map_entry(map, right);
    int result;

    if (walk->column > 0)
        result = compare_slots(map->keys[walk->column - 1],
                               entry_key(map, one, walk->column - 1),
                               entry_key(map, other, walk->column - 1));
    else if (map->value_type == RT_STATS)
        result = compare_longs(
            rt_stats_get(entry_value(map, one), walk->stat, map->shift),
            rt_stats_get(entry_value(map, other), walk->stat, map->shift));
    else
        result = compare_slots(map->value_type, entry_value(map, one),
                               entry_value(map, other));
    return walk->sort < 0 ? -result : result;
}

/* ---- sorting the list ------------------------------------------------ */

/* Two sorted lists, linked by `next` only, to one; equal entries keep their
 * order, LEFT's before RIGHT's. */
static uint32_t
merge(const struct rt_walk *walk, uint32_t left, uint32_t right)
{
    const struct rt_map *map = walk->map;
    uint32_t first = RT_NONE;
    uint32_t *end = &first;

    while (left != RT_NONE && right != RT_NONE) {
        uint32_t *from = compare(walk, right, left) < 0 ? &right : &left;

        *end = *from;
        end = &map_entry(map, *end)->next;
        *from = *end;
    }
    *end = left != RT_NONE ? left : right;
    return first;
}

/* Merge sort from the bottom: part i is a sorted list of 2^i entries. */
static void
sort_all(const struct rt_walk *walk)
{
    struct rt_map *map = walk->map;
    uint32_t parts[32];
    uint32_t number = map->first;
    uint32_t sorted = RT_NONE, previous = RT_NONE;
    unsigned i;

    for (i = 0; i < 32; i++)
        parts[i] = RT_NONE;
    while (number != RT_NONE) {
        uint32_t next = map_entry(map, number)->next;

        map_entry(map, number)->next = RT_NONE;
        for (i = 0; i < 31 && parts[i] != RT_NONE; i++) {
            number = merge(walk, parts[i], number);
            parts[i] = RT_NONE;
        }
        parts[i] = number;
        number = next;
    }
    for (i = 0; i < 32; i++) {
        if (parts[i] != RT_NONE)
            sorted = merge(walk, parts[i], sorted);
    }

    map->first = sorted;
    for (number = sorted; number != RT_NONE;
         number = map_entry(map, number)->next) {
        map_entry(map, number)->previous = previous;
        previous = number;
    }
    map->last = previous;
}

/* Move entry NUMBER so that it comes before entry BEFORE. */
static void
move_before(struct rt_map *map, uint32_t number, uint32_t before)
{
    struct rt_entry *entry = map_entry(map, number);
    struct rt_entry *at = map_entry(map, before);

    map_entry(map, entry->previous)->next = entry->next;
    if (entry->next == RT_NONE)
        map->last = entry->previous;
    else
        map_entry(map, entry->next)->previous = entry->previous;

    entry->previous = at->previous;
    entry->next = before;
    at->previous = number;
    if (entry->previous == RT_NONE)
        map->first = number;
    else
        map_entry(map, entry->previous)->next = number;
}

/*
 * Bring the first COUNT entries in order to the front.  The window of the
 * best so far grows to COUNT; whatever is better than its last goes to its
 * place in it, and the last falls out, just behind the window.
 */
static void
pick(const struct rt_walk *walk, uint32_t count)
{
    struct rt_map *map = walk->map;
    uint32_t number = map->first;
    uint32_t last = RT_NONE; /* of the window */
    uint32_t size = 0;

    while (number != RT_NONE) {
        uint32_t next = map_entry(map, number)->next;
        uint32_t before = last;

        if (size > 0 && compare(walk, number, last) < 0) {
            uint32_t above = map_entry(map, last)->previous;

            while (above != RT_NONE && compare(walk, number, above) < 0) {
                before = above;
                above = map_entry(map, above)->previous;
            }
            move_before(map, number, before);
            if (size < count)
                size++;
            else
                last = map_entry(map, last)->previous;
        } else if (size < count) {
            size++;
            last = number;
        }
        number = next;
    }
}

/* ---- walks that keep their order ------------------------------------- */

/* The entries to come of each such walk, inner ones behind outer ones. */
static struct {
    uint32_t *entries;
    uint32_t count;
    uint32_t space;
} kept;

static bool
keep(uint32_t number)
{
    if (kept.count == kept.space) {
        uint32_t space = kept.space > 0 ? 2 * kept.space : 1024;
        uint32_t *entries = rt_platform_memory(space * sizeof(*entries));

        if (entries == NULL)
            return false;
        if (kept.count > 0)
            memcpy(entries, kept.entries, kept.count * sizeof(*entries));
        kept.entries = entries;
        kept.space = space;
    }
    kept.entries[kept.count++] = number;
    return true;
}

static void
start_apart(struct rt_walk *walk)
{
    const struct rt_map *map = walk->map;
    uint32_t number;

    walk->start = walk->next = walk->end = kept.count;
    for (number = map->first; number != RT_NONE;
         number = map_entry(map, number)->next) {
        if (!keep(number)) {
            rt_raise("no memory for a loop over a sorted array");
            kept.count = walk->start;
            break;
        }
    }
    walk->end = kept.count;
}

/* The next entry, whether it matches or not; RT_NONE after the last. */
static uint32_t
take_next(struct rt_walk *walk)
{
    uint32_t number = walk->next;

    if (!walk->apart) {
        if (number != RT_NONE)
            walk->next = map_entry(walk->map, number)->next;
        return number;
    }
    return walk->next < walk->end ? kept.entries[walk->next++] : RT_NONE;
}

void
rt_walk_forget(void)
{
    kept.count = 0;
}

/* ---- walking --------------------------------------------------------- */

void
rt_walk_start(struct rt_walk *walk)
{
    if (walk->sort != 0 && walk->limit > 0) {
        /* A pattern may pass over any number of the first ones. */
        if (walk->limit <= PICK_MAX && walk->given == 0)
            pick(walk, (uint32_t)walk->limit);
        else
            sort_all(walk);
    }
    if (walk->apart)
        start_apart(walk);
    else
        walk->next = walk->map->first;
}

bool
rt_walk_next(struct rt_walk *walk)
{
    uint32_t number;

    while (walk->limit > 0 && (number = take_next(walk)) != RT_NONE) {
        const struct rt_entry *entry = map_entry(walk->map, number);

        if (!map_matches(walk->map, entry, walk->keys, walk->given))
            continue;
        walk->at = entry;
        walk->limit--;
        return true;
    }
    if (walk->apart)
        kept.count = walk->start;
    return false;
}

int64_t
rt_walk_key_long(const struct rt_walk *walk, unsigned key)
{
    return *(const int64_t *)entry_key(walk->map, walk->at, key);
}

struct rt_string
rt_walk_key_string(const struct rt_walk *walk, unsigned key)
{
    return slot_string(entry_key(walk->map, walk->at, key));
}

int64_t
rt_walk_long(const struct rt_walk *walk)
{
    return *(const int64_t *)entry_value(walk->map, walk->at);
}

struct rt_string
rt_walk_string(const struct rt_walk *walk)
{
    return slot_string(entry_value(walk->map, walk->at));
}

const struct rt_stats *
rt_walk_stats(const struct rt_walk *walk)
{
    return entry_value(walk->map, walk->at);
}
