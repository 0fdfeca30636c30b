/*
 * The files of the script library: *.stp and *.stpm in the home's tapset/ and
 * in the folders of -I.
 */

#ifndef COMMAND_PASSES_LIBRARY_H
#define COMMAND_PASSES_LIBRARY_H

#include "command/options/options.h"
#include "support/error.h"

struct library {
    char **paths;
    unsigned count;
};

/*
 * Find the files, in the order of their names in each folder, macros first.
 * A folder of FOLDERS that cannot be read is an error.
 */
int library_find(struct library *library, const struct string_list *folders,
                 struct error *error);

void library_free(struct library *library);

#endif /* COMMAND_PASSES_LIBRARY_H */
