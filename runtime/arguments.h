/*
 * The words that a process is started with.
 *
 *   --verbose      say more at the end; may be repeated
 *   --self         trace what this process causes, too
 *   --run-time=N   end the script after N seconds
 *   --buffer=N     MiB of records kept for each CPU
 *   --no-globals   print no globals at the end
 *   --suppress-errors
 *                  a handler that fails only ends; errors are counted
 *   --timing       say at the end how long handlers and programs ran
 *   --target=N     what target() gives
 *   --command=TEXT where there is a shell: run it, and end with it
 *   --set=NAME=VALUE
 *                  give a global another value; may be repeated
 */

#ifndef RUNTIME_ARGUMENTS_H
#define RUNTIME_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#define RT_BUFFER_DEFAULT 4 /* MiB */
#define RT_SETTINGS_MAX   64

struct rt_arguments {
    unsigned verbose;
    bool self;
    bool no_globals;
    bool suppress_errors;
    uint32_t run_time; /* seconds; 0: until something else ends it */
    uint32_t buffer;   /* MiB */
    bool timing;
    int64_t target;                        /* 0: the workload */
    const char *command;                   /* or NULL */
    const char *settings[RT_SETTINGS_MAX]; /* NAME=VALUE, as in argv */
    uint32_t setting_count;
};

/* False after a message on standard error. */
bool rt_arguments_parse(struct rt_arguments *arguments, int count, char **argv);

#endif /* RUNTIME_ARGUMENTS_H */
