/*
 * The console's insides: what the start and the end of a task do with it.
 */

#ifndef MACH_CONSOLE_I_H
#define MACH_CONSOLE_I_H

#include <mach.h>

#include "mach/console.h"

/*
 * Open the console of the kind named, or with NULL the best there is.
 * Returns false when it is unknown or impossible; there is a console then
 * all the same.
 */
bool console_open(const char *kind);

/* All other threads are stopped for good: what they hold is ours. */
void console_take_over(void);

/* Write the status frame, after which the runner takes nothing more. */
void console_status(int status);

/*
 * Find the channel, map its header and a lane of our own.  Returns the lane,
 * or NULL when there is none; *CHANNEL is set as soon as there is a channel.
 */
struct channel_lane *
channel_open(mach_port_t device, struct channel **channel, uint32_t *lane_size);

#endif /* MACH_CONSOLE_I_H */
