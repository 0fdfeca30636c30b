/*
 * The index of a kernel's functions, kept in the cache between runs.
 */

#ifndef COMMAND_PASSES_INDEX_H
#define COMMAND_PASSES_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "command/passes/kernel.h"

struct debuginfo;

struct index {
    void *bytes; /* NULL: there is none */
    size_t size;
};

/* Take what an earlier run left for this file of the kernel, if anything;
 * whether it is whole is looked at when it is used. */
void index_read(const struct kernel *kernel, struct index *index);

/* Keep the index of DEBUGINFO, which was read from the kernel's file.  If that
 * cannot be done it is read again another time. */
void index_keep(const struct kernel *kernel, const struct debuginfo *debuginfo);

void index_free(struct index *index);

#endif /* COMMAND_PASSES_INDEX_H */
