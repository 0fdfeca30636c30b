/*
 * Executables as a script's process knows them (protocol/object.h).
 */

#ifndef TRANSLATE_OBJECTS_OBJECT_TABLE_H
#define TRANSLATE_OBJECTS_OBJECT_TABLE_H

#include <stdbool.h>

#include "debuginfo/executable.h"
#include "protocol/object.h"
#include "support/text.h"

/* Which objects a script's functions ask for, and what of them. */
enum object_parts {
    OBJECT_KERNEL_LINES = 1,
    OBJECT_USER_SYMBOLS = 2,
    OBJECT_USER_LINES = 4,
};

/* Those that the runtime's function C_NAME needs. */
unsigned object_parts_of(const char *c_name);

/* Add to BYTES the block of EXECUTABLE, symbols and lines as far as it has
 * any, without a name (object_table_name). */
void object_table_add(const struct executable *executable, bool kernel,
                      struct text *bytes);

/* Name the object of a block.  A name that is too long is cut. */
void object_table_name(struct object_header *header, const char *name);

/* Whether SIZE bytes are one whole block, as it was made, without a name. */
bool object_table_is_whole(const void *block, size_t size);

#endif /* TRANSLATE_OBJECTS_OBJECT_TABLE_H */
