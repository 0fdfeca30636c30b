/*
 * Limits of the running program that many parts ask for.
 */

#ifndef RUNTIME_BASE_LIMIT_H
#define RUNTIME_BASE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the longest string, without the NUL. */
extern size_t rt_string_max;

/*
 * Set them up, for strings of STRING_SIZE bytes with the NUL, and the memory
 * for scratch and for strings of arrays.  False when there is no memory.
 */
bool rt_limits_open(size_t string_size);

#endif /* RUNTIME_BASE_LIMIT_H */
