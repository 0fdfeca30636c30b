/*
 * Scripts that need no kernel: their process is an ordinary one of this
 * machine, with the runtime's same code, and no machine is booted.
 */

#ifndef COMMAND_RUN_HOST_H
#define COMMAND_RUN_HOST_H

#include <stdbool.h>

#include "command/options/options.h"
#include "command/run/output.h"
#include "support/command.h"
#include "support/error.h"

/* The architecture of such a process, where others are "x86_64" and "i386". */
#define HOST_ARCHITECTURE "host"

/* What %( arch %) is where there is no kernel: that of the machine we were
 * built for. */
#if defined(__x86_64__)
#define HOST_MACHINE "x86_64"
#elif defined(__i386__)
#define HOST_MACHINE "i386"
#else
#define HOST_MACHINE "unknown"
#endif

/* Whether the options ask for a machine, whatever the script needs. */
bool host_declined(const struct options *options);

/* The command that compiles SOURCE, C that pass 3 wrote, to OUTPUT; its
 * objects are in FOLDER. */
void host_compiler(struct command *command, const char *folder,
                   const char *source, const char *output);

/* Whether FILE is a process for this machine, and not one of Mach. */
bool host_owns(const char *file);

/*
 * Run PROCESS until it ends; Control-C ends the script and not us.  What it
 * prints goes to OUTPUT.  Returns its exit status, or -1 with an error.
 */
int host_run(struct options *options, const char *process,
             struct output *output, struct error *error);

#endif /* COMMAND_RUN_HOST_H */
