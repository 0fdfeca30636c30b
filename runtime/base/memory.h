/*
 * Memory of the runtime, within the limit that the script was given.
 */

#ifndef RUNTIME_BASE_MEMORY_H
#define RUNTIME_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* KIB in all from now on; 0 is no limit. */
void rt_memory_limit(uint64_t kib);

/*
 * SIZE bytes of zeroes that cost nothing until they are touched, for as long
 * as the process lives.  NULL when there are none, or the limit is reached.
 */
void *rt_memory(size_t size);

#endif /* RUNTIME_BASE_MEMORY_H */
