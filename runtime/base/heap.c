#include "runtime/base/heap.h"

#include <string.h>

#include "runtime/base/memory.h"

/* Sizes are powers of two from BLOCK_MIN on. */
#define BLOCK_MIN  16
#define CLASSES    24
#define CHUNK_SIZE (64 * 1024)

static char *free_blocks[CLASSES];
static char *chunk;
static size_t chunk_left;
static size_t chunk_size;

void
rt_heap_open(size_t string_size)
{
    memset(free_blocks, 0, sizeof(free_blocks));
    chunk_left = 0;
    chunk_size = CHUNK_SIZE;
    while (chunk_size < 2 * string_size)
        chunk_size *= 2;
}

static unsigned
class_of(size_t size)
{
    unsigned class = 0;

    while ((size_t)BLOCK_MIN << class < size)
        class ++;
    return class;
}

char *
rt_heap_take(size_t size, uint32_t *space)
{
    unsigned class = class_of(size);
    size_t block_size = (size_t)BLOCK_MIN << class;
    char *block = free_blocks[class];

    *space = (uint32_t)block_size;
    if (block != NULL) {
        memcpy(&free_blocks[class], block, sizeof(char *));
        return block;
    }

    if (chunk_left < block_size) {
        /* What is left of the old one is lost: less than one block. */
        chunk = rt_memory(chunk_size);
        if (chunk == NULL) {
            chunk_left = 0;
            return NULL;
        }
        chunk_left = chunk_size;
    }
    block = chunk;
    chunk += block_size;
    chunk_left -= block_size;
    return block;
}

void
rt_heap_give(char *block, uint32_t space)
{
    unsigned class = class_of(space);

    memcpy(block, &free_blocks[class], sizeof(char *));
    free_blocks[class] = block;
}
