/*
 * Any executable, of the kernel or of user mode: what its addresses are
 * called, and which lines of the sources they come from.
 *
 * Unlike struct debuginfo it is read whole, and debugging information may be
 * missing, or in a file of its own where the system keeps those (by build
 * identity or debug link).
 */

#ifndef DEBUGINFO_EXECUTABLE_H
#define DEBUGINFO_EXECUTABLE_H

#include <stdint.h>

#include "support/arena.h"
#include "support/error.h"

struct debuginfo;

struct executable_symbol {
    const char *name;
    uint64_t address;
    uint64_t size; /* bytes; 0: up to the next one */
};

/* A row of the line table: it holds from its address up to the next row's. */
struct executable_row {
    uint64_t address;
    const char *file; /* NULL: the bytes are of no line */
    unsigned line;
};

struct executable {
    uint64_t base; /* of what is loaded */
    uint64_t span; /* bytes from there to its end */
    /* Code and data, by address; none begins in another. */
    LIST_OF(struct executable_symbol) symbols;
    LIST_OF(struct executable_row) rows; /* by address, one at each */
};

/*
 * Read the program at PATH, a static or dynamic executable at a fixed
 * address.  Files are named by whole paths, as the compiler saw them.  All is
 * in ARENA.  Fails if it is no ELF file or may be loaded anywhere; a stripped
 * one has few symbols or none, and without debugging information there are no
 * rows.
 */
int executable_read(const char *path, struct arena *arena,
                    struct executable *executable, struct error *error);

/*
 * The rows of a kernel, which is open already; files are named from the top
 * of its source tree.  It has no symbols here.  Takes some 50 ms.
 */
void executable_of_kernel(struct debuginfo *debuginfo, struct arena *arena,
                          struct executable *executable);

#endif /* DEBUGINFO_EXECUTABLE_H */
