/*
 * Results of earlier runs: linked kernels, compiled scripts.
 *
 * An entry is a folder of files, found by its key: a text that says all the
 * result depends on.  The folder is named by a hash of the key and holds the
 * key itself, so that two keys of one hash are told apart.  Entries are made
 * beside their place and moved there whole, so several machtaps may run at a
 * time.
 */

#ifndef COMMAND_CACHE_CACHE_H
#define COMMAND_CACHE_CACHE_H

#include "support/error.h"

/* The folder of the entry of KEY, or NULL if there is none. Caller frees. */
char *cache_find(const char *kind, const char *key);

/* A new folder to make an entry in.  Caller frees. */
char *cache_begin(const char *kind, struct error *error);

/*
 * Make FOLDER the entry of KEY and return its path, which the caller frees.
 * FOLDER must not be used afterwards.
 */
char *cache_commit(const char *folder, const char *kind, const char *key,
                   struct error *error);

/* Remove an entry, or a folder that cache_begin() gave, and all in it. */
void cache_remove(const char *folder);

/*
 * Remove entries, those not used for longest first, until they take no more
 * MiB than the file cache_mb_limit in the cache's folder says; one that says
 * CACHE_LIMIT is made if there is none.
 */
#define CACHE_LIMIT 256
int cache_clean(struct error *error);

/*
 * A hash over the contents of all files below PATH, or of the file PATH, as
 * hex digits; caller frees.
 */
char *cache_signature(const char *path, struct error *error);

#endif /* COMMAND_CACHE_CACHE_H */
