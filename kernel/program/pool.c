/* A stack of memory. */

#include "kernel/program/pool.h"

#include "kernel/program/environment.h"

static size_t
aligned(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

void *
pool_push(struct pool *pool, size_t size)
{
    struct pool_block *block =
        pool->count > 0 ? &pool->blocks[pool->count - 1] : NULL;

    size = aligned(size);
    if (size > POOL_BLOCK_SIZE)
        return NULL;
    if (block == NULL || block->used + size > POOL_BLOCK_SIZE) {
        if (pool->count == POOL_BLOCKS_MAX)
            return NULL;
        block = &pool->blocks[pool->count];
        block->memory = environment_allocate(POOL_BLOCK_SIZE);
        block->used = 0;
        if (block->memory == NULL)
            return NULL;
        pool->count++;
    }
    block->used += size;
    return block->memory + block->used - size;
}

void
pool_pop(struct pool *pool, size_t size)
{
    struct pool_block *block = &pool->blocks[pool->count - 1];
    block->used -= aligned(size);
    if (block->used == 0) {
        environment_free(block->memory, POOL_BLOCK_SIZE);
        pool->count--;
    }
}

void
pool_free(struct pool *pool)
{
    while (pool->count > 0)
        environment_free(pool->blocks[--pool->count].memory, POOL_BLOCK_SIZE);
}
