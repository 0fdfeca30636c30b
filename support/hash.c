#include "support/hash.h"

uint64_t
hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *byte = data;
    size_t i;

    for (i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}
