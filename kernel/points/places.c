#include "kernel/points/places.h"

#include <stddef.h>

#include "kernel/points/tables.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

/* A pool of things of one size, in chunks of CHUNK. */
#define CHUNK      512
#define CHUNKS_MAX (POINTS_MAX / CHUNK)

struct pool {
    uint32_t size; /* bytes of a thing */
    uint32_t used;
    uint8_t *chunks[CHUNKS_MAX];
};

static struct pool points = {.size = sizeof(struct point)};
static struct pool jump_slots = {.size = sizeof(struct jump_slot)};

/* Make room for one more. */
static int
pool_extend(struct pool *pool)
{
    uint8_t **chunk = &pool->chunks[pool->used / CHUNK];

    if (pool->used == CHUNKS_MAX * CHUNK)
        return PROBE_ERROR_LIMIT;
    if (*chunk == NULL)
        *chunk = environment_allocate((size_t)CHUNK * pool->size);
    return *chunk != NULL ? 0 : PROBE_ERROR_MEMORY;
}

static void *
pool_next(struct pool *pool)
{
    uint32_t number = pool->used++;

    return pool->chunks[number / CHUNK] + number % CHUNK * pool->size;
}

int
places_take(bool with_jump, struct point **taken)
{
    int error = pool_extend(&points);

    if (error == 0 && with_jump)
        error = pool_extend(&jump_slots);
    if (error != 0)
        return error;
    *taken = pool_next(&points);
    **taken = (struct point){0};
    if (with_jump) {
        (*taken)->jump_slot = pool_next(&jump_slots);
        (*taken)->jump_slot->point = *taken;
    }
    return 0;
}

void
places_give(struct point *point)
{
    points.used--;
    if (point->jump_slot != NULL)
        jump_slots.used--;
}

/*
 * Points by address.  Only added to, and the link to a point is written last,
 * so a breakpoint's handler may look at any time.
 */
struct point *points_by_address[POINTS_BUCKETS];

void
places_add(struct point *point)
{
    struct point **bucket = points_bucket(point->address);

    point->next = *bucket;
    __atomic_store_n(bucket, point, __ATOMIC_RELEASE);
}

/* ---- addresses in slots ------------------------------------------------ */

/* The thing of POOL that ADDRESS is in, or NULL. */
static const void *
pool_at(const struct pool *pool, uint64_t address)
{
    for (uint32_t i = 0; i * CHUNK < pool->used; i++) {
        uint64_t offset = address - (uintptr_t)pool->chunks[i];

        if (offset < (uint64_t)CHUNK * pool->size)
            return pool->chunks[i] + offset / pool->size * pool->size;
    }
    return NULL;
}

/*
 * A call that stays one in a slot is the last of its instructions, so behind
 * it is the slot's jump, to the text behind the instructions.  How far the
 * others have come is not known; but nothing has run yet where the call of the
 * probe returns to.
 */
uint64_t
point_text_address(uint64_t address, bool returns)
{
    const struct jump_slot *slot = pool_at(&jump_slots, address);
    const struct point *point = pool_at(&points, address);

    if (slot != NULL)
        return slot->point->address +
               (returns && address - (uintptr_t)slot->code != SLOT_CALL
                    ? slot->point->jump
                    : 0);
    if (point != NULL)
        return point->address +
               (returns ? IMAGE_LENGTH(tables_instruction(point->address)) : 0);
    return 0;
}
