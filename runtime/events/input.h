/*
 * Standard input, for input.char and input.line.
 *
 * Bytes come from the source as they are read.  Each is an event of the
 * input.char points; each line, with its newline, one of the input.line
 * points, cut to the longest string.  At the end of input a line that has no
 * newline is an event, too.
 */

#ifndef RUNTIME_EVENTS_INPUT_H
#define RUNTIME_EVENTS_INPUT_H

#include <stdbool.h>

#include "runtime/base/value.h"
#include "runtime/program.h"

/* False when there is no memory. */
bool rt_input_open(const struct rt_program *program);

/* Whether any point of the program is about input. */
bool rt_input_wanted(const struct rt_program *program);

/*
 * The point whose handler is to run next for what was read, or NULL if there
 * is nothing.  rt_input_text() is what it is about.
 */
const struct rt_point *rt_input_next(void);

/* The byte or the line of the event; "" in handlers of other points. */
struct rt_string rt_input_text(void);

#endif /* RUNTIME_EVENTS_INPUT_H */
