/*
 * Objects: the executables whose symbols and lines the process was given
 * (protocol/object.h).
 */

#ifndef RUNTIME_SYMBOLS_OBJECT_H
#define RUNTIME_SYMBOLS_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/object.h"
#include "runtime/base/value.h"

/* The kernel's, or NULL if the script asks for none of its lines. */
const struct object_header *rt_object_of_kernel(void);

/*
 * The program of a task by its name (task_name.h), NULL if it is not known.
 */
const struct object_header *rt_object_of_task(struct rt_string name);

/* Whether ADDRESS is in what OBJECT loads. */
bool rt_object_has(const struct object_header *object, uint64_t address);

/* The symbol that ADDRESS is in; *SIZE is 0 if nobody said. */
const char *rt_object_symbol(const struct object_header *object,
                             uint64_t address, uint64_t *start, uint64_t *size);

/* The file of the sources, and *LINE in it, that ADDRESS comes from; NULL if
 * it is not known. */
const char *rt_object_line(const struct object_header *object, uint64_t address,
                           uint32_t *line);

#endif /* RUNTIME_SYMBOLS_OBJECT_H */
