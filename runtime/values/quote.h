/*
 * Functions of the language that make any string safe to print or to read
 * again.  A script's name() is rt_name() here.
 *
 * Control characters, double quotes and backslashes become escapes of C; a
 * character of UTF-8 that is not ASCII \uXXXX or \UXXXXXXXX; a byte that is
 * part of none, octal.
 */

#ifndef RUNTIME_VALUES_QUOTE_H
#define RUNTIME_VALUES_QUOTE_H

#include "runtime/base/value.h"

struct rt_string rt_text_str(struct rt_string string);

/*
 * The same of at most LENGTH bytes, or as many as a string can have if it is
 * less than 1, in whole escapes.  QUOTED puts it between quotes, which count,
 * and if it was too long adds "...", which counts too: it is 5 bytes at
 * least.
 */
struct rt_string
rt_text_strn(struct rt_string string, int64_t length, int64_t quoted);
struct rt_string rt_string_quoted(struct rt_string string);

/* A JSON string, quotes included. */
struct rt_string rt_json_quoted(struct rt_string string);

#endif /* RUNTIME_VALUES_QUOTE_H */
