/*
 * Pass 5: run a compiled script beside a workload on a kernel in a virtual
 * machine.
 */

#ifndef COMMAND_RUN_RUN_H
#define COMMAND_RUN_RUN_H

#include "command/options/options.h"
#include "command/passes/kernel.h"
#include "command/run/output.h"
#include "support/error.h"

/* Add the words with which a process is started, runtime/arguments.h. */
void run_words(struct options *options, struct string_list *words);

/*
 * Boot KERNEL, which is linked, with the process PROCESS, and write what the
 * script prints to OUTPUT as it comes.  Returns the exit status of the run:
 * the script's, or 1 with the reason shown on standard error; -1 with ERROR
 * set when nothing could be run.
 */
int run_process(struct options *options, const struct kernel *kernel,
                const char *process, struct output *output,
                struct error *error);

/* The boot-script line of the workload; its first word is the file. */
char *
run_workload_line(const struct options *options, const struct kernel *kernel);

#endif /* COMMAND_RUN_RUN_H */
