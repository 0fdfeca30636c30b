/*
 * Marks that are compiled into a program by <sys/sdt.h>, in notes of the owner
 * "stapsdt": each is a place with a name, its provider's name, and where its
 * arguments are.
 */

#ifndef DEBUGINFO_MARK_H
#define DEBUGINFO_MARK_H

#include "debuginfo/debuginfo.h"

struct debuginfo_mark {
    const char *provider;
    const char *name;
    /* As the assembler would write them, each behind its size in bytes, which
     * is negative for signed ones: "-4@%edi 8@-8(%rbp) 4@$5". */
    const char *arguments;
    uint64_t address;
    uint64_t semaphore; /* a counter of who looks at it, or 0 */
};

typedef LIST_OF(struct debuginfo_mark) debuginfo_marks;

/* Add all marks, in the order of the notes. */
void debuginfo_find_marks(const struct debuginfo *debuginfo,
                          struct arena *arena, debuginfo_marks *marks);

#endif /* DEBUGINFO_MARK_H */
