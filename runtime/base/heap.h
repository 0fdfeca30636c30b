/*
 * Memory for the strings of arrays: blocks of a few sizes, each with a list
 * of free ones.  A block that was freed serves the next string of its size,
 * so a script that runs for days needs no more than at its fullest moment.
 */

#ifndef RUNTIME_BASE_HEAP_H
#define RUNTIME_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* STRING_SIZE is the greatest size that will be asked for. */
void rt_heap_open(size_t string_size);

/* A block of at least SIZE bytes; *space is what it has.  NULL when there is
 * no memory. */
char *rt_heap_take(size_t size, uint32_t *space);

/* Give it back, with the space it was said to have. */
void rt_heap_give(char *block, uint32_t space);

#endif /* RUNTIME_BASE_HEAP_H */
