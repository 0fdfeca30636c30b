/*
 * Registers of a thread, by architecture; each of these headers has
 *
 *   thread_state_prepare(STATE, TOP, FUNCTION, ARGUMENT)
 *       Let a new thread begin at FUNCTION(ARGUMENT), its stack below TOP.
 *   thread_state_pc(STATE)
 *       Where a stopped thread is.
 */

#ifndef MACH_THREAD_STATE_H
#define MACH_THREAD_STATE_H

#include <stdint.h>

/* The first instructions of a thread that was prepared so. */
void task_thread_entry(void);

#ifdef __x86_64__
#include "mach/x86_64/thread_state.h"
#else
#include "mach/i386/thread_state.h"
#endif

#endif /* MACH_THREAD_STATE_H */
