/*
 * The tables that the image linker put beside us (protocol/image.h): which
 * functions there are, where instructions start, names.
 *
 * Read-only, so any context; but a look-up is a binary search at best, so
 * in the probe path none is done but for a backtrace.
 */

#ifndef KERNEL_POINTS_TABLES_H
#define KERNEL_POINTS_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/image.h"

extern const struct image_header image_header;

/* The function that begins at ADDRESS, or NULL. */
const struct image_function *tables_function(uint64_t address);

/*
 * The function that ADDRESS is in, or NULL; of one that the compiler has
 * split, only the part with the entry counts.
 */
const struct image_function *tables_function_of(uint64_t address);

/* The byte of the instruction at ADDRESS; 0 outside of the text. */
uint8_t tables_instruction(uint64_t address);

/* The symbol of that name, a global one if there are several; or NULL. */
const struct image_symbol *tables_symbol(const char *name);

/*
 * The symbol that ADDRESS is in, or NULL.  A function is preferred to others
 * that begin there, a symbol with a size to labels within; behind a label
 * that is in nothing else comes its code or data.
 */
const struct image_symbol *tables_symbol_at(uint64_t address);

/* Its name. */
const char *tables_symbol_name(const struct image_symbol *symbol);

/* Functions that may be probed. */
uint32_t tables_probeable(void);

/* Our own part of the image, which the image linker made. */
extern const uint8_t probe_image_start[], probe_image_end[];

/* Whether the SIZE bytes from ADDRESS on are the kernel's text. */
static inline bool
tables_in_text(uint64_t address, uint64_t size)
{
    uint64_t offset = address - image_header.text_base;

    return offset < image_header.text_size &&
           size <= image_header.text_size - offset;
}

#endif /* KERNEL_POINTS_TABLES_H */
