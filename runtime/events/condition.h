/*
 * Conditions of probes: those of the kernel whose condition does not hold are
 * disabled there.
 */

#ifndef RUNTIME_EVENTS_CONDITION_H
#define RUNTIME_EVENTS_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/program.h"

/* False without memory. */
bool rt_conditions_open(const struct rt_program *program);

/* Whether kernel point NUMBER is to be enabled when it is attached. */
bool rt_condition_enabled(uint32_t number);

/* Enable and disable probes as the conditions now say. */
void rt_conditions_check(void);

#endif /* RUNTIME_EVENTS_CONDITION_H */
