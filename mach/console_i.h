/*
 * The console's insides: what the start and the end of a task do with it.
 */

#ifndef MACH_CONSOLE_I_H
#define MACH_CONSOLE_I_H

#include <mach.h>

#include "mach/console.h"

/*
 * Open the console of the kind named, or with NULL the best there is.
 * Returns what was wrong, or NULL; in any case there is a console then.
 */
const char *console_open(const char *kind);

/* Write the status frame, after which the runner takes nothing more. */
void console_status(int status);

/*
 * Find and map the channel.  Returns its lane's number and sets *CHANNEL, or
 * returns -1.
 */
int channel_open(mach_port_t device, struct channel **channel);

#endif /* MACH_CONSOLE_I_H */
