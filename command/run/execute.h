/*
 * Passes 4 and 5: from C to a process, and its run.
 */

#ifndef COMMAND_RUN_EXECUTE_H
#define COMMAND_RUN_EXECUTE_H

#include <stdbool.h>

#include "command/machtap.h"

/* Compile what pass 3 wrote and run it, as far as the options say.  Returns
 * the exit status; errors were told of. */
int execute_translation(struct machtap *machtap);

/* The same for a process that was compiled before; HOST: on this machine. */
int execute_process(struct machtap *machtap, const char *process, bool host);

#endif /* COMMAND_RUN_EXECUTE_H */
