/*
 * --dump-functions, --dump-probe-types and --dump-probe-aliases.
 */

#ifndef COMMAND_DUMP_H
#define COMMAND_DUMP_H

#include "command/options/options.h"
#include "support/error.h"

/* Print the list that options->action asks for to standard output. */
int dump(const struct options *options, struct error *error);

#endif /* COMMAND_DUMP_H */
