/*
 * Run-time errors as the loop sees them, which ends handlers and counts.
 */

#ifndef RUNTIME_BASE_FAILURE_I_H
#define RUNTIME_BASE_FAILURE_I_H

#include "runtime/base/failure.h"

/* Values of rt_failed. */
enum rt_failure {
    RT_FAILURE_NONE,
    RT_FAILURE_ERROR,   /* may be caught */
    RT_FAILURE_ACTIONS, /* may not, and counts as an error */
    RT_FAILURE_ABORT,   /* may not, and is no error */
};

/* Bytes of the longest text of an error, with its place. */
#define RT_FAILURE_MAX 1536

/* The text of the last one, whole, where a string may be cut. */
void rt_failure_text(char *text, size_t size);

/* Forget it. */
void rt_failure_clear(void);

/* End the handler without an error. */
void rt_raise_abort(void);

#endif /* RUNTIME_BASE_FAILURE_I_H */
