/*
 * Lines of the sources and the instructions that begin them.
 */

#ifndef DEBUGINFO_LINE_H
#define DEBUGINFO_LINE_H

#include "debuginfo/debuginfo.h"

/* An address at which a statement of a line begins. */
struct debuginfo_line {
    uint64_t address;
    const char *file; /* as in struct debuginfo_function */
    unsigned line;
};

typedef LIST_OF(struct debuginfo_line) debuginfo_lines;

/*
 * Add the statements of files that FILE matches (NULL: all), by rising
 * address within each compilation unit.  Reads all line tables, some 50 ms.
 */
void debuginfo_find_lines(struct debuginfo *debuginfo, const char *file,
                          struct arena *arena, debuginfo_lines *lines);

#endif /* DEBUGINFO_LINE_H */
