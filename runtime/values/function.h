/*
 * Functions of the language that look at their arguments only, and those
 * that steer the script.  A script's name() is rt_name() here, with the same
 * parameters, so the language's table of functions and this list are one to
 * one.  Errors are raised as failure.h says.
 */

#ifndef RUNTIME_VALUES_FUNCTION_H
#define RUNTIME_VALUES_FUNCTION_H

#include "runtime/base/value.h"

/* ---- strings --------------------------------------------------------- */

int64_t rt_strlen(struct rt_string string);
/* LENGTH bytes from START on (from 0); "" when out of range. */
struct rt_string
rt_substr(struct rt_string string, int64_t start, int64_t length);
/* The byte at POSITION; out of range is an error. */
int64_t rt_stringat(struct rt_string string, int64_t position);
/* Whether NEEDLE occurs in STRING: 1 or 0. */
int64_t rt_isinstr(struct rt_string string, struct rt_string needle);
/* Where it first does, or -1. */
int64_t rt_strpos(struct rt_string string, struct rt_string needle);
/* All SEARCHs replaced; an empty one gives the string as it is. */
struct rt_string rt_str_replace(struct rt_string string,
                                struct rt_string search,
                                struct rt_string replace);
/* C's strtol, modulo 2^64: base 0, or 2 to 36. */
int64_t rt_strtol(struct rt_string string, int64_t base);
/* Whether its first byte is a digit: 1 or 0. */
int64_t rt_isdigit(struct rt_string string);
/*
 * The next token of INPUT, which goes on with "" where the last call
 * stopped; bytes of DELIMITERS part tokens, and empty tokens are skipped; ""
 * when there are no more.
 */
struct rt_string
rt_tokenize(struct rt_string input, struct rt_string delimiters);
struct rt_string rt_tokenize_next(struct rt_string delimiters);

/* What @MAXSTRINGLEN is: bytes that a string has room for, with its end. */
int64_t rt_string_size(void);

/* ---- the script ------------------------------------------------------ */

/* End the script when this handler is done. */
void rt_exit(void);
/* Raise an error of the script's own. */
void rt_error(struct rt_string message);
/* End the handler at once, and the script. */
void rt_abort(void);
/* A line on standard output; "WARNING: " and a line on standard error. */
void rt_log(struct rt_string message);
void rt_warn(struct rt_string message);
/* Start a command of the shell, after what was printed so far. */
void rt_system(struct rt_string command);
/* Raise an error if CONDITION is 0. */
void rt_assert(int64_t condition);
void rt_assert_message(int64_t condition, struct rt_string message);
/* 0 <= result < LIMIT; raises "range too wide" above 1 << 20 and below 0. */
int64_t rt_randint(int64_t limit);
int64_t rt_target(void);

#endif /* RUNTIME_VALUES_FUNCTION_H */
