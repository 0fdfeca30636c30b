/*
 * Scratch: where strings are made that no variable holds yet.
 *
 * One stack of bytes for the whole process.  A probe's or function's body
 * notes the mark when it is entered and goes back to it after each statement
 * that made a string, so what is in use is bounded by one statement for each
 * call that is open, however often a loop runs.
 */

#ifndef RUNTIME_BASE_SCRATCH_H
#define RUNTIME_BASE_SCRATCH_H

#include "runtime/base/value.h"

/* Bytes in use. */
extern size_t rt_scratch_used;

static inline size_t
rt_mark(void)
{
    return rt_scratch_used;
}

static inline void
rt_release(size_t mark)
{
    rt_scratch_used = mark;
}

/*
 * Room for a string of SIZE bytes at most, NUL apart; what is not used is
 * given back by rt_scratch_take().  Raises "out of string memory" and gives
 * room for no string at all when there is none left.
 */
char *rt_scratch_reserve(size_t *size);

/* The value of the LENGTH bytes that were written there; adds the NUL. */
struct rt_string rt_scratch_take(char *text, size_t length);

/*
 * A string variable of a body, "" at first.  A body makes its variables
 * before it notes the mark, and they go when it is left.  They are not on
 * the stack, which is small in a task.  Raises when there is no memory, and
 * returns one that is good for nothing.
 */
struct rt_variable *rt_local(void);

/* A copy that later stores to variables do not change. */
struct rt_string rt_hold(struct rt_string string);

/* What a function returns: the string moved to MARK, all else released. */
struct rt_string rt_return(size_t mark, struct rt_string string);

/* One string after the other, cut at the program's limit. */
struct rt_string rt_concat(struct rt_string left, struct rt_string right);

#endif /* RUNTIME_BASE_SCRATCH_H */
