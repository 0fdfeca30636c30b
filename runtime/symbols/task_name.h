/*
 * Which program a task runs, by its name.  A task that was forked is called
 * after its parent, "(parent)"; the Hurd's are called "program(number)"; long
 * names are cut by the kernel.
 */

#ifndef RUNTIME_SYMBOLS_TASK_NAME_H
#define RUNTIME_SYMBOLS_TASK_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/value.h"

/*
 * Whether a task of that NAME runs PROGRAM, the last component of a path; SIZE
 * is that of the kernel's names in bytes, with the NUL.
 */
bool rt_task_runs(struct rt_string name, size_t size, const char *program);

#endif /* RUNTIME_SYMBOLS_TASK_NAME_H */
