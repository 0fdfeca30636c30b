/*
 * Bytes that do not print, as C would write them in a string.
 */

#ifndef RUNTIME_VALUES_ESCAPE_H
#define RUNTIME_VALUES_ESCAPE_H

#include <stddef.h>

#define RT_ESCAPE_MAX 4

/* Write a byte as itself, a letter after a backslash, or three octal digits
 * after one, to TEXT; returns how many bytes that took.  No NUL is added. */
size_t rt_escape(char *text, char byte);

#endif /* RUNTIME_VALUES_ESCAPE_H */
