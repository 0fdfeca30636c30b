/*
 * Where a task's output goes.
 *
 *   channel  frames in memory shared with the machine's runner
 *            (protocol/channel.h).  Fast; needs the device master port.
 *   port     plain text through QEMU's debug port.  Slow, streams are not
 *            told apart; needs the device master port.  Of messages to the
 *            kernel it costs exactly CONSOLE_PORT_MESSAGES, when it is
 *            opened, and none later, so a task whose messages are counted
 *            uses it.  (With the channel the kernel sends itself messages
 *            whenever a page of it is first touched.)
 *   print    plain text to the kernel's own console.  Needs nothing.
 *
 * The start code opens the kind that --console names, or the first of these
 * that is possible.  Any thread may write; the bytes of one call of up to
 * CHANNEL_FRAME_MAX bytes stay together.  Writing waits until there is room.
 */

#ifndef MACH_CONSOLE_H
#define MACH_CONSOLE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "protocol/channel.h"

enum console_kind {
    CONSOLE_CHANNEL,
    CONSOLE_PORT,
    CONSOLE_PRINT,
};

/*
 * Three that mach_msg() sends, and one that the kernel sends itself while it
 * handles the last of them: the permission's port has no senders any more.
 */
#define CONSOLE_PORT_MESSAGES      4
#define CONSOLE_PORT_MESSAGES_OURS 3

enum console_kind console_kind(void);

/* Write SIZE bytes to CHANNEL_STDOUT or CHANNEL_STDERR. */
void console_write(enum channel_stream stream, const void *data, size_t size);

/* The same by the rules of printf in <stdio.h>; returns the bytes written. */
int console_printf(enum channel_stream stream, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int console_vprintf(enum channel_stream stream, const char *format,
                    va_list arguments);

/* Tell the runner that a phase is reached; only a channel carries it. */
void console_mark(const char *phase);

/*
 * Ask the runner for its standard input; one task of a machine may.  Then take
 * what has come of it, at most SIZE bytes, without waiting: returns how many.
 * *ended becomes true at its end, at once if there is no channel.
 */
void console_want_input(void);
size_t console_input(char *bytes, size_t size, bool *ended);

/* Whether the runner asked the script to end; cheap, may be polled. */
bool console_stop_requested(void);

#endif /* MACH_CONSOLE_H */
