/*
 * Programs of user mode that a script names, process("NAME").
 */

#ifndef COMMAND_PASSES_PROGRAM_H
#define COMMAND_PASSES_PROGRAM_H

#include "translate/objects/object.h"

/*
 * A find_program of translate/, whose DATA is the struct machtap.  NAME is a
 * path, or what the task of a boot module or of a program of -d is called;
 * NULL is the workload, or what -c gives instead.
 */
int program_find(void *data, struct arena *arena, const char *name,
                 struct program_file *file, struct error *error);

#endif /* COMMAND_PASSES_PROGRAM_H */
