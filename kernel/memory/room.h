/*
 * Whether the kernel has memory to spare.
 */

#ifndef KERNEL_MEMORY_ROOM_H
#define KERNEL_MEMORY_ROOM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether SIZE bytes can be had without waiting, and leave as much again to
 * others.  Thread context.
 */
bool room_for(uint64_t size);

#endif /* KERNEL_MEMORY_ROOM_H */
