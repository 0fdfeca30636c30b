/*
 * Where the script's output goes: standard output, or the file of -o, or the
 * files that follow each other of -S.
 *
 * The name of -o is one for strftime(3).  Of several files each has a number
 * at its end: from .0 on with -S; else .1 and so on where SIGUSR2 asked for
 * another one.
 */

#ifndef COMMAND_RUN_OUTPUT_H
#define COMMAND_RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command/options/options.h"
#include "support/error.h"

struct output {
    const char *pattern; /* NULL: standard output */
    uint64_t size_max;   /* bytes of a file; 0: no limit */
    unsigned keep;       /* files; 0: all */
    bool messages;       /* standard error is the same file */
    int fd;
    uint64_t size;  /* of the file so far */
    unsigned count; /* files that were begun */
    char **names;   /* of those */
    int failed;     /* errno of the first write that failed */
};

/* Open the first file that the options ask for. */
int output_open(struct output *output, const struct options *options,
                struct error *error);

/*
 * Write.  Where a file would grow too large, it ends with a whole line.
 * False, and FAILED says why, if nobody takes it any more.
 */
bool output_write(struct output *output, const char *data, size_t size);

/* From now on standard error is the file of the output, too. */
void output_take_messages(struct output *output);

void output_close(struct output *output);

/* Write all to a file; returns 0 or an errno. */
int output_write_all(int fd, const char *data, size_t size);

#endif /* COMMAND_RUN_OUTPUT_H */
