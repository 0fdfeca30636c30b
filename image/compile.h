/*
 * Compiling the probe subsystem's sources for one kernel.
 */

#ifndef IMAGE_COMPILE_H
#define IMAGE_COMPILE_H

#include "image/machine.h"
#include "support/arena.h"
#include "support/error.h"

struct objects {
    struct arena arena;
    LIST_OF(const char *) paths;
    bool cached; /* all were there already */
};

/*
 * Compile the .c and .S files of SOURCES and of its folder for the machine
 * that include the generated HEADER, to objects in the cache; what is there
 * for the same header, sources, flags and compiler is not compiled again.
 * Includes are looked up in the folder above SOURCES ("kernel/port/session.h")
 * and in the home ("protocol/image.h").  Fails with the compiler's messages.
 */
int compile_sources(struct objects *objects, const struct machine *machine,
                    const char *sources, const char *header, bool verbose,
                    struct error *error);
void objects_free(struct objects *objects);

#endif /* IMAGE_COMPILE_H */
