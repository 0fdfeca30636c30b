/*
 * Colors of messages on standard error.
 *
 * SYSTEMTAP_COLORS in the environment may set them, as in
 * "error=01;31:warning=00;33:source=00;34:caret=01:token=01"; with any other
 * key or value there are none.
 */

#ifndef COMMAND_COLOR_H
#define COMMAND_COLOR_H

#include <stdbool.h>
#include <stddef.h>

/* Decide: WHEN is "always", "never", or "auto", on a terminal. */
void color_open(const char *when);

bool color_is_on(void);

/*
 * Write SIZE bytes, whole lines of messages, to standard error: the word
 * before a message, the line of the script, the caret, and the token in
 * color.  Returns 0, or the errno of what went wrong.
 */
int color_write(const char *text, size_t size);

#endif /* COMMAND_COLOR_H */
