/*
 * Messages on standard error.
 */

#ifndef COMMAND_MESSAGE_H
#define COMMAND_MESSAGE_H

#include "command/options/options.h"
#include "language/language.h"
#include "support/error.h"

/* Say what went wrong, if the error says anything.  Returns 1, the exit
 * status. */
int message_error(const struct error *error);

/* Show the error as a warning, unless there are to be none; -1, and it is
 * not shown, if warnings are errors. */
int message_warning(const struct options *options, const struct error *error);

/* Those of a translation, and how many were left out as similar to others;
 * UNIT may be NULL. */
void message_unit(const struct unit *unit);
void message_similar(const struct unit *unit);

#endif /* COMMAND_MESSAGE_H */
