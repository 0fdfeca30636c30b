/*
 * Allocations that fail on purpose, so that tests can see what is left behind
 * when there is no memory, at each place where that can happen.
 *
 * Every place that allocates memory or a port asks failure_now before.
 */

#ifndef KERNEL_MACHINE_FAILURE_H
#define KERNEL_MACHINE_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Let the NUMBERth allocation from now on fail, counted from 1; 0: none.
 * Returns what was left of the plan before.  Thread context, under the lock.
 */
uint32_t failure_plan(uint32_t number);

/* Whether the allocation that is about to be made is the one.  Thread context;
 * the lock is not needed: a test that wants to know which one it is runs alone.
 */
bool failure_now(void);

#endif /* KERNEL_MACHINE_FAILURE_H */
