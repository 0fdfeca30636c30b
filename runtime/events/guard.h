/*
 * What ends a script that the machine cannot keep up with: too many events
 * lost, too much time spent in the kernel's probes.
 */

#ifndef RUNTIME_EVENTS_GUARD_H
#define RUNTIME_EVENTS_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "client/reader.h"
#include "runtime/program.h"

/* Whether the kernel is to measure the time of the program's probes. */
bool rt_guard_measures(const struct rt_program *program);

/* Begin at NOW; false when there is no memory. */
bool rt_guard_open(const struct rt_program *program, uint64_t now);

/* When to look again at the latest; UINT64_MAX: after records came. */
uint64_t rt_guard_due(void);

/*
 * Look at NOW.  If it is too much, the script has failed and ends, after a
 * message on standard error.
 */
void rt_guard_check(const struct reader *reader, uint64_t now);

#endif /* RUNTIME_EVENTS_GUARD_H */
