/*
 * What the runtime needs of the system below it; task/ has it for a task of
 * GNU Mach, host/ for a process of the machine that machtap runs on.
 */

#ifndef RUNTIME_BASE_PLATFORM_H
#define RUNTIME_BASE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SIZE bytes of zeroes that cost nothing until they are touched, for as long
 * as the process lives.  NULL when there are none. */
void *rt_platform_memory(size_t size);

/* Bytes of the stack that the thread which asks may still use. */
size_t rt_platform_stack_left(void);

enum rt_stream {
    RT_STDOUT = 1,
    RT_STDERR = 2,
};

/* Write all of it.  False when nobody takes it any more. */
bool rt_platform_write(enum rt_stream stream, const void *data, size_t size);

/* What execname() is where no event is. */
const char *rt_platform_name(void);

/* A variable of the environment, or NULL where there is none. */
const char *rt_platform_variable(const char *name);

/* Seconds that local time is behind UTC, and what its zone is called. */
int64_t rt_platform_zone(const char **name);

/* Start a command of the shell; whoever closes the source waits for it.
 * False where there is no shell. */
bool rt_platform_system(const char *command);

/* Tell whoever started us that a phase is reached. */
void rt_platform_mark(const char *phase);

#endif /* RUNTIME_BASE_PLATFORM_H */
