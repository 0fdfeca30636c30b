#include "support/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/text.h"

/* What a block holds unless a single allocation needs more. */
#define BLOCK_SIZE 65536

struct arena_block {
    struct arena_block *next;
    char *end;
    alignas(max_align_t) char data[];
};

void *
arena_alloc(struct arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & -alignof(max_align_t);
    if (size > arena->left) {
        size_t space = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        struct arena_block *block = xcalloc(1, sizeof(*block) + space);

        block->end = block->data + space;
        block->next = arena->blocks;
        arena->blocks = block;
        arena->left = space;
    }
    if (!arena->blocks)
        return NULL; /* nothing was asked for yet, nor is now */

    void *memory = arena->blocks->end - arena->left;

    arena->left -= size;
    return memory;
}

void *
arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);

    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *
arena_string(struct arena *arena, const char *string, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);

    if (size)
        memcpy(copy, string, size);
    return copy;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    struct text text = {0};

    va_start(arguments, format);
    text_vprintf(&text, format, arguments);
    va_end(arguments);

    char *copy = arena_string(arena, text_string(&text), text.size);

    text_free(&text);
    return copy;
}

void *
arena_grow(struct arena *arena, void *items, unsigned *space, size_t item_size)
{
    unsigned wanted = *space ? 2 * *space : 4;
    void *grown = arena_alloc(arena, wanted * item_size);

    if (*space)
        memcpy(grown, items, *space * item_size);
    *space = wanted;
    return grown;
}

void
arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
    arena->left = 0;
}
