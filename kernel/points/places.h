/*
 * The memory of points and their slots, and the index of points by address.
 *
 * Memory comes in chunks, as more places are probed, and is never given back
 * (point.h).  It is the kernel's ordinary memory: all of the kernel's address
 * space is within reach of a relative jump, and none of it is protected
 * against execution.
 */

#ifndef KERNEL_POINTS_PLACES_H
#define KERNEL_POINTS_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/points/point.h"

/*
 * A new point, all zeroes, with a jump slot if WITH_JUMP; it is not in the
 * index yet.  0, PROBE_ERROR_MEMORY or PROBE_ERROR_LIMIT.  Thread context,
 * under the lock.
 */
int places_take(bool with_jump, struct point **taken);

/* Give the point back that was taken last, and that was not added. */
void places_give(struct point *point);

/* Have point_find find it from now on. */
void places_add(struct point *point);

#endif /* KERNEL_POINTS_PLACES_H */
