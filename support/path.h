/*
 * Where machtap's own files are, and whole files read and written.
 *
 * A built tree and an installed one have the same folder of data, called the
 * home: build/home beside build/bin, and PREFIX/lib/machtap beside
 * PREFIX/bin.  MACHTAP_HOME in the environment overrides both.  It holds
 *
 *   kernel/    sources of the probe subsystem, protocol/ its headers
 *   lib/       libraries, objects and linker script of a traced-side task
 *   include/   headers to compile one with
 *   modules/   tasks ready to boot (the workload)
 *   kernels/   kernels that were fetched, under the names --kernel takes
 *   tapset/    scripts of the library, examples/ those of --example
 */

#ifndef SUPPORT_PATH_H
#define SUPPORT_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "support/error.h"

/* The path of NAME within the home; the caller frees it. */
char *path_home(const char *name);

/*
 * The folder of cached results, made if it is not there: MACHTAP_CACHE, or
 * machtap below XDG_CACHE_HOME, or ~/.cache/machtap.  The caller frees it.
 * Returns NULL when it cannot be made.
 */
char *path_cache(struct error *error);

/* Make a folder and those above it. */
int path_make_folder(const char *path, struct error *error);

bool path_exists(const char *path);

/*
 * Read a whole file; *data is NUL-terminated beyond *size bytes and is freed
 * by the caller.
 */
int path_read(const char *path, char **data, size_t *size, struct error *error);

/*
 * Write a whole file so that either all of it or nothing of it is there:
 * beside it first, then renamed.  MODE as for open(2).
 */
int path_write(const char *path, const void *data, size_t size, unsigned mode,
               struct error *error);

#endif /* SUPPORT_PATH_H */
