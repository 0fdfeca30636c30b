/*
 * Pass 4: from the C of a process to a boot module.
 */

#ifndef COMMAND_PASSES_COMPILE_H
#define COMMAND_PASSES_COMPILE_H

#include <stdbool.h>

#include "support/error.h"
#include "support/text.h"

/*
 * Compile SOURCE for a Mach task of an ARCHITECTURE and link it with the
 * runtime's libraries, or find the result in the cache.  OBJECTS are what it
 * includes as such (translate/emit/emit.h).  Returns the path of the module, which
 * the caller frees; *cached says whether it was there.  With VERBOSE above 1
 * the command line is shown on standard error.
 */
char *compile_process(const char *source, const struct text *objects,
                      const char *architecture, bool no_cache, int verbose,
                      bool *cached, struct error *error);

#endif /* COMMAND_PASSES_COMPILE_H */
