/*
 * What C in a script, between %{ and %}, is written against.  The generated
 * file adds, for each such function, STAP_ARG_name, STAP_RETVALUE and
 * STAP_RETURN, and for each global of longs or strings
 * STAP_GLOBAL_GET_name() and STAP_GLOBAL_SET_name(value), of an array
 * STAP_GLOBAL_GET_name(key...) and STAP_GLOBAL_SET_name(key..., value).
 */

#ifndef RUNTIME_VALUES_EMBEDDED_H
#define RUNTIME_VALUES_EMBEDDED_H

#include <stdio.h>
#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/value.h"
#include "runtime/maps/map.h"

/* Raise an error, or hand the call on to the next function of that name. */
#define STAP_ERROR(...)             \
    do {                            \
        rt_raise(__VA_ARGS__);      \
        rt_near(rt_embedded_place); \
        goto out;                   \
    } while (0)
#define STAP_NEXT       \
    do {                \
        rt_next = true; \
        goto out;       \
    } while (0)

/* Print by C's rules; RT_EMBEDDED_PRINT bytes at most. */
#define RT_EMBEDDED_PRINT 1024
#define STAP_PRINTF(...)  rt_embedded_print(__VA_ARGS__)

void rt_embedded_print(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* A value of bytes up to their NUL, cut at the program's limit. */
struct rt_string rt_embedded_string(const char *text);

/* As BSD has it: a copy of at most SIZE - 1 bytes, and a NUL. */
size_t rt_embedded_copy(char *target, const char *source, size_t size);

/* The same behind what is there, SIZE being that of all. */
size_t rt_embedded_append(char *target, const char *source, size_t size);

#ifndef strlcpy
#define strlcpy rt_embedded_copy
#endif
#ifndef strlcat
#define strlcat rt_embedded_append
#endif

#endif /* RUNTIME_VALUES_EMBEDDED_H */
