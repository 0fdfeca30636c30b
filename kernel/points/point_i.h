/*
 * How a hit finds its point.
 */

#ifndef KERNEL_POINTS_POINT_I_H
#define KERNEL_POINTS_POINT_I_H

#include <stddef.h>

/* What a jump at a function's entry leads to. */
struct jump_slot {
    struct point *point;
    uint8_t code[SLOT_SIZE];
};

static inline struct point *
point_of_call(uint64_t return_address)
{
    uint64_t code = return_address - SLOT_CALL;

    return ((const struct jump_slot *)(uintptr_t)(code -
                                                  offsetof(struct jump_slot,
                                                           code)))
        ->point;
}

static inline uint64_t
point_continue(const struct point *point)
{
    return (uintptr_t)point->step;
}

/* Points by address (places.c). */
#define POINTS_BUCKETS 16384

extern struct point *points_by_address[POINTS_BUCKETS];

static inline struct point **
points_bucket(uint64_t address)
{
    return &points_by_address[((uint32_t)address * 2654435761u) >> 18];
}

_Static_assert(POINTS_BUCKETS == 1u << (32 - 18), "the upper bits are taken");

static inline struct point *
point_find(uint64_t address)
{
    struct point *point =
        __atomic_load_n(points_bucket(address), __ATOMIC_ACQUIRE);

    while (point != NULL && point->address != address)
        point = point->next;
    return point;
}

#endif /* KERNEL_POINTS_POINT_I_H */
