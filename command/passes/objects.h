/*
 * The executables whose addresses a script's process can name: the kernel,
 * for its lines, and the programs of the tasks that run beside the script.
 */

#ifndef COMMAND_PASSES_OBJECTS_H
#define COMMAND_PASSES_OBJECTS_H

#include "command/options/options.h"
#include "command/passes/kernel.h"
#include "support/error.h"
#include "support/text.h"

struct debuginfo;
struct program_list;

/*
 * Add to BYTES a block (protocol/object.h) for each executable that PARTS
 * (enum object_parts) ask for: the kernel's from the cache, where it was made
 * before from the same file; those of the boot modules, under the names that
 * their tasks will have; those of -d; and PROGRAMS that the script names.
 * Modules that no symbols can be had of are left out; one of -d is an error.
 * DEBUGINFO is the kernel's, or NULL.  With VERBOSE above 1 each is told.
 */
int objects_collect(const struct options *options, const struct kernel *kernel,
                    struct debuginfo *debuginfo,
                    const struct program_list *programs, unsigned parts,
                    struct text *bytes, struct error *error);

#endif /* COMMAND_PASSES_OBJECTS_H */
