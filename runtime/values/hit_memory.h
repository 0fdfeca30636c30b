/*
 * What a script gets of memory that was read at the hit, or could not be.
 * These are called for user_string_warn() and its kin, never by name.
 */

#ifndef RUNTIME_VALUES_HIT_MEMORY_H
#define RUNTIME_VALUES_HIT_MEMORY_H

#include "runtime/base/value.h"

/* An address as "0x…". */
struct rt_string rt_memory_address(int64_t address);

/* Warn that memory could not be read; the value is OTHERWISE, or 0. */
struct rt_string rt_memory_warning(int64_t address, struct rt_string otherwise);
int64_t rt_memory_warning_number(int64_t address);

/*
 * BYTES up to a character 0, of UTF-16 if UNIT is 2, of UTF-32 if it is 4, as
 * UTF-8.  What is no character is an error; the other one gives OTHERWISE.
 */
struct rt_string rt_memory_utf(struct rt_string bytes, int64_t unit);
struct rt_string rt_memory_utf_or(struct rt_string bytes, int64_t unit,
                                  struct rt_string otherwise);

#endif /* RUNTIME_VALUES_HIT_MEMORY_H */
