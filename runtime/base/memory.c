#include "runtime/base/memory.h"

#include "runtime/base/platform.h"

static uint64_t left = UINT64_MAX;

void
rt_memory_limit(uint64_t kib)
{
    left = kib != 0 && kib < UINT64_MAX / 1024 ? kib * 1024 : UINT64_MAX;
}

void *
rt_memory(size_t size)
{
    if (size > left)
        return NULL;
    left -= size;
    return rt_platform_memory(size);
}
