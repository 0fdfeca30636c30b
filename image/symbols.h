/*
 * The symbol table of a kernel, for many look-ups.
 */

#ifndef IMAGE_SYMBOLS_H
#define IMAGE_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "image/file.h"

struct symbol {
    const char *name; /* in the file's memory */
    uint64_t address;
    uint64_t size;
    bool global; /* or weak */
    bool function;
};

/* Named places of loaded sections, sorted by address. */
struct symbols {
    struct symbol *items;
    unsigned count;
    const struct symbol **by_name;
};

int symbols_read(struct symbols *symbols, const struct image_file *file,
                 struct error *error);
void symbols_free(struct symbols *symbols);

/*
 * The symbol of a name: the global one, else the only local one.  *AMBIGUOUS,
 * if not NULL, tells whether there are several local ones at different
 * addresses; then the result is NULL too.
 */
const struct symbol *
symbols_find(const struct symbols *symbols, const char *name, bool *ambiguous);

/*
 * The name that best says what is at an address where some symbol lies: a
 * global one rather than a local, a function rather than a label, a plain
 * name rather than a compiler's clone.  NULL if there is none exactly there.
 */
const struct symbol *
symbols_at(const struct symbols *symbols, uint64_t address);

/* A symbol whose name is NAME and a clone's suffix (NAME.isra.0), or NULL. */
const struct symbol *
symbols_clone(const struct symbols *symbols, const char *name);

#endif /* IMAGE_SYMBOLS_H */
