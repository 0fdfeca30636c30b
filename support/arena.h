/*
 * Memory that is freed all at once, and lists that live in it.
 *
 * A tree of many small nodes with one lifetime is allocated from an arena:
 * nobody owns a node, the arena owns all.  Zero-initialize a struct arena to
 * start with.  Running out of memory ends the program, as in text.h.
 */

#ifndef SUPPORT_ARENA_H
#define SUPPORT_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* the newest first */
    size_t left;                /* bytes free in the newest */
};

/* SIZE bytes of zeroes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies: of bytes, of SIZE characters with a NUL added, of a string. */
void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_string(struct arena *arena, const char *string, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void arena_free(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc(arena, sizeof(type)))

/*
 * A list: `LIST_OF(struct thing *) things;`, all zeroes when empty.  A copy
 * of the struct shares the items; LIST_COPY gives it items of its own.
 */
#define LIST_OF(type)   \
    struct {            \
        type *items;    \
        unsigned count; \
        unsigned space; \
    }

#define LIST_ADD(arena, list, item)                                          \
    do {                                                                     \
        if ((list)->count == (list)->space)                                  \
            (list)->items = arena_grow(arena, (list)->items, &(list)->space, \
                                       sizeof((list)->items[0]));            \
        (list)->items[(list)->count++] = (item);                             \
    } while (0)

#define LIST_COPY(arena, list)                                                \
    do {                                                                      \
        (list)->items = arena_copy(arena, (list)->items,                      \
                                   (list)->count * sizeof((list)->items[0])); \
        (list)->space = (list)->count;                                        \
    } while (0)

/* for (AT = each pointer to an item) */
#define LIST_EACH(at, list)                                \
    for (__typeof__((list)->items[0]) *at = (list)->items; \
         at != (list)->items + (list)->count; at++)

/* What LIST_ADD uses: ITEMS with at least twice the space. */
void *
arena_grow(struct arena *arena, void *items, unsigned *space, size_t item_size);

#endif /* SUPPORT_ARENA_H */
