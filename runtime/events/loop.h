/*
 * The run of a script, from its begin probes to its end probes.
 */

#ifndef RUNTIME_EVENTS_LOOP_H
#define RUNTIME_EVENTS_LOOP_H

#include "runtime/arguments.h"
#include "runtime/program.h"

/*
 * Run the program.  Returns the exit status: 0, or 1 when it could not start
 * or when there were more errors than it may have.
 */
int
rt_run(const struct rt_program *program, const struct rt_arguments *arguments);

#endif /* RUNTIME_EVENTS_LOOP_H */
