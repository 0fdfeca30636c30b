/*
 * Names and lines of addresses.
 *
 * An address is one of the kernel or of a task, its space.  The kernel is
 * asked for its names, which are remembered; its lines, and all that is known
 * of tasks, the process was given with the script (object.h).
 */

#ifndef RUNTIME_SYMBOLS_SYMBOL_H
#define RUNTIME_SYMBOLS_SYMBOL_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "runtime/symbols/object.h"

struct rt_space {
    bool kernel;
    const struct object_header *object; /* NULL: nothing is known */
};

struct rt_space rt_kernel_space(void);

/* Of tasks called NAME. */
struct rt_space rt_task_space(struct rt_string name);

struct rt_symbol {
    const char *name; /* valid until the next call */
    uint64_t start;
    uint64_t size; /* 0: not known */
};

/* The symbol that ADDRESS is in; false if it is in none. */
bool
rt_symbol_at(struct rt_space space, uint64_t address, struct rt_symbol *symbol);

/* "kernel", or the program, that ADDRESS is in; NULL if that is not known. */
const char *rt_module_at(struct rt_space space, uint64_t address);

/* The file of the sources, and *LINE in it; NULL if they are not known. */
const char *rt_line_at(struct rt_space space, uint64_t address, uint32_t *line);

#endif /* RUNTIME_SYMBOLS_SYMBOL_H */
