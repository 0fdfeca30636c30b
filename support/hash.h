/*
 * A hash of bytes, to name results of work by what went into it: FNV-1a,
 * 64 bits.  It is no defence against someone who looks for collisions; who
 * relies on a name compares what it stands for.
 */

#ifndef SUPPORT_HASH_H
#define SUPPORT_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START 0xcbf29ce484222325u

/* Go on from HASH (HASH_START at first) with SIZE bytes of DATA. */
uint64_t hash_bytes(uint64_t hash, const void *data, size_t size);

#endif /* SUPPORT_HASH_H */
