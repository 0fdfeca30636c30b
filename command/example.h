/*
 * --example: scripts of the home's examples/.
 */

#ifndef COMMAND_EXAMPLE_H
#define COMMAND_EXAMPLE_H

#include "support/error.h"

/*
 * The path of the example NAME, whose ".stp" may be left out; the caller frees
 * it.  NULL with an error if there is none.
 */
char *example_find(const char *name, struct error *error);

/* Print their names, each with what its first comment says. */
int example_list(struct error *error);

#endif /* COMMAND_EXAMPLE_H */
