/*
 * Values that globals are given when a compiled script is started.
 */

#ifndef RUNTIME_SETTING_H
#define RUNTIME_SETTING_H

#include <stdbool.h>

#include "runtime/arguments.h"
#include "runtime/program.h"

/* False after a message on standard error: there is no such global, or it
 * cannot have that value. */
bool rt_settings_apply(const struct rt_program *program,
                       const struct rt_arguments *arguments);

#endif /* RUNTIME_SETTING_H */
