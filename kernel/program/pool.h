/*
 * A stack of memory that grows by blocks: what was pushed last is popped
 * first, or all is freed.
 */

#ifndef KERNEL_PROGRAM_POOL_H
#define KERNEL_PROGRAM_POOL_H

#include <stddef.h>
#include <stdint.h>

/* One piece of memory is at most this big. */
#define POOL_BLOCK_SIZE 65536
#define POOL_BLOCKS_MAX 64

/* Zero-initialize to start with. */
struct pool {
    unsigned count;
    struct pool_block {
        uint8_t *memory;
        uint32_t used;
    } blocks[POOL_BLOCKS_MAX];
};

/* SIZE bytes, aligned to 8 and not cleared, or NULL. */
void *pool_push(struct pool *pool, size_t size);

/* Take back the last SIZE bytes that were pushed in one piece. */
void pool_pop(struct pool *pool, size_t size);

void pool_free(struct pool *pool);

#endif /* KERNEL_PROGRAM_POOL_H */
