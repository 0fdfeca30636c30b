/*
 * Where a script runs: on this machine, or on a kernel in a machine of its own.
 */

#ifndef COMMAND_RUN_WHERE_H
#define COMMAND_RUN_WHERE_H

#include "command/machtap.h"
#include "translate/objects/kernel.h"

/* Find the kernel that the options name, and its version. */
int where_kernel(struct machtap *machtap, struct error *error);

/*
 * Whether the script is to run here or on a machine: on one if an option says
 * so, here with --host, and else what the script needs will tell.  Then it is
 * no error yet if there is no kernel.
 */
int where_find(struct machtap *machtap, struct error *error);

/* Link the kernel that was found: its tables say what must not be probed, and
 * it is to be run. */
int where_prepare(struct machtap *machtap, struct error *error);

/* The script names something of the kernel: a need_kernel of translate/, whose
 * DATA is the struct machtap. */
int where_need(void *data, struct kernel_source *source, struct error *error);

#endif /* COMMAND_RUN_WHERE_H */
