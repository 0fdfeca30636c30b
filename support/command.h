/*
 * Running another program and waiting for it.
 */

#ifndef SUPPORT_COMMAND_H
#define SUPPORT_COMMAND_H

#include "support/error.h"
#include "support/text.h"

/* Arguments of a program, grown one by one; zero-initialize to start. */
struct command {
    char **arguments; /* NULL-terminated; arguments[0] is the program */
    int count;
};

void command_add(struct command *command, const char *argument);
void command_addf(struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void command_free(struct command *command);

/* The command as one line that a shell would take, for -v; caller frees. */
char *command_line(const struct command *command);

/*
 * Run the command, found through PATH, and wait.  What it writes to standard
 * output and standard error is added to OUTPUT, if that is not NULL; else it
 * goes where ours goes.  Returns 0 when it exited with status 0; otherwise
 * the error names the program, how it ended, and what it wrote.
 */
int command_run(const struct command *command, struct text *output,
                struct error *error);

#endif /* SUPPORT_COMMAND_H */
