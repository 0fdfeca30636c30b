/*
 * malloc: blocks of a few sizes, each size with a list of free ones.
 *
 * A block has a header of 16 bytes that says which size it is.  Sizes go up
 * by a third or a half, from SMALLEST to LARGEST; what is larger comes from
 * the kernel and goes back to it.  Smaller blocks are cut from areas of AREA
 * bytes and stay with us.
 */

#include <mach.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mach/thread.h"

#define AREA ((size_t)256 * 1024)

/* Bytes of a block with its header: multiples of 16. */
static const uint32_t sizes[] = {
    32,   48,   64,   96,   128,  192,  256,   384,   512,   768,   1024,
    1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768,
};
#define SIZE_COUNT (sizeof(sizes) / sizeof(sizes[0]))
#define LARGE      UINT64_MAX

struct header {
    uint64_t class; /* index of sizes, or LARGE */
    union {
        uint64_t size;       /* of a large block: bytes with the header */
        struct header *next; /* of a free one */
    };
};

static struct task_lock lock;
static struct header *free_blocks[SIZE_COUNT];
static char *area;
static size_t area_left;

static size_t
class_of(size_t size)
{
    size_t class = 0;

    while (class < SIZE_COUNT && sizes[class] < size)
        class ++;
    return class;
}

static void *
from_kernel(size_t size)
{
    vm_address_t address = 0;

    if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS)
        return NULL;
    return (void *)address;
}

/* A block that was not used before; what is left of an old area is lost. */
static struct header *
cut(size_t size)
{
    struct header *block;

    if (area_left < size) {
        area = from_kernel(AREA);
        area_left = area != NULL ? AREA : 0;
        if (area == NULL)
            return NULL;
    }
    block = (struct header *)area;
    area += size;
    area_left -= size;
    return block;
}

void *
malloc(size_t size)
{
    struct header *block;
    size_t whole, class;

    if (__builtin_add_overflow(size, sizeof(*block), &whole))
        return NULL;
    class = class_of(whole);
    if (class == SIZE_COUNT) {
        block = from_kernel(whole);
        if (block == NULL)
            return NULL;
        block->class = LARGE;
        block->size = whole;
        return block + 1;
    }
    task_lock(&lock);
    block = free_blocks[class];
    if (block != NULL)
        free_blocks[class] = block->next;
    else
        block = cut(sizes[class]);
    task_unlock(&lock);
    if (block == NULL)
        return NULL;
    block->class = class;
    return block + 1;
}

void
free(void *pointer)
{
    struct header *block = (struct header *)pointer - 1;

    if (pointer == NULL)
        return;
    if (block->class == LARGE) {
        vm_deallocate(mach_task_self(), (vm_address_t)block, block->size);
        return;
    }
    task_lock(&lock);
    block->next = free_blocks[block->class];
    free_blocks[block->class] = block;
    task_unlock(&lock);
}

void *
calloc(size_t count, size_t size)
{
    size_t bytes;
    void *pointer;

    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    pointer = malloc(bytes);
    return pointer != NULL ? memset(pointer, 0, bytes) : NULL;
}

void *
realloc(void *pointer, size_t size)
{
    struct header *block = (struct header *)pointer - 1;
    size_t room;
    void *moved;

    if (pointer == NULL)
        return malloc(size);
    room = (block->class == LARGE ? block->size : sizes[block->class]) -
           sizeof(*block);
    if (size <= room)
        return pointer;
    moved = malloc(size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, pointer, room);
    free(pointer);
    return moved;
}
