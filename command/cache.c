#include "command/cache.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/hash.h"
#include "support/path.h"
#include "support/text.h"

/* Where the entries of KIND are; made if need be. */
static char *
kind_folder(const char *kind, struct error *error)
{
    char *cache = path_cache(error);
    char *folder;

    if (cache == NULL)
        return NULL;

    folder = xasprintf("%s/%s", cache, kind);
    free(cache);
    if (path_make_folder(folder, error) != 0) {
        free(folder);
        return NULL;
    }
    return folder;
}

static char *
entry_folder(const char *kind, const char *key, struct error *error)
{
    char *kinds = kind_folder(kind, error);
    char *folder;

    if (kinds == NULL)
        return NULL;

    folder = xasprintf("%s/%016" PRIx64, kinds,
                       hash_bytes(HASH_START, key, strlen(key)));
    free(kinds);
    return folder;
}

static bool
holds_key(const char *folder, const char *key)
{
    char *path = xasprintf("%s/key", folder);
    struct error error;
    char *found;
    size_t size;
    bool same = false;

    if (path_read(path, &found, &size, &error) == 0) {
        same = strcmp(found, key) == 0;
        free(found);
    }
    free(path);
    return same;
}

char *
cache_find(const char *kind, const char *key)
{
    struct error error;
    char *folder = entry_folder(kind, key, &error);

    if (folder == NULL || holds_key(folder, key))
        return folder;

    free(folder);
    return NULL;
}

char *
cache_begin(const char *kind, struct error *error)
{
    char *kinds = kind_folder(kind, error);
    char *folder;

    if (kinds == NULL)
        return NULL;

    folder = xasprintf("%s/new-XXXXXX", kinds);
    free(kinds);
    if (mkdtemp(folder) == NULL) {
        error_set(error, "cannot make the folder %s: %s", folder,
                  strerror(errno));
        free(folder);
        return NULL;
    }
    return folder;
}

static int
remove_one(const char *path, const struct stat *status, int type,
           struct FTW *walk)
{
    return remove(path);
}

void
cache_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *
cache_commit(const char *folder, const char *kind, const char *key,
             struct error *error)
{
    char *entry = entry_folder(kind, key, error);
    char *path = xasprintf("%s/key", folder);
    int result = -1;

    if (entry != NULL)
        result = path_write(path, key, strlen(key), 0666, error);
    free(path);
    if (result == 0 && rename(folder, entry) != 0) {
        /* There is an entry: of this key, from a run beside ours, or of
         * another one, which makes room. */
        if (!holds_key(entry, key)) {
            cache_remove(entry);
            result = rename(folder, entry);
        }
        if (result != 0)
            error_set(error, "cannot make %s: %s", entry, strerror(errno));
    }
    if (result != 0 || path_exists(folder))
        cache_remove(folder);
    if (result != 0) {
        free(entry);
        return NULL;
    }
    return entry;
}

/* nftw() hands no data of ours on. */
static uint64_t signature_hash;
static struct error *signature_error;

static int
hash_file(const char *path, const struct stat *status, int type,
          struct FTW *walk)
{
    size_t size;
    char *data;
    uint64_t own;

    if (type != FTW_F)
        return 0;

    if (path_read(path, &data, &size, signature_error) != 0)
        return -1;

    /* A sum, since the order of a folder's files is not defined. */
    own = hash_bytes(HASH_START, path, strlen(path));
    signature_hash += hash_bytes(own, data, size);
    free(data);
    return 0;
}

char *
cache_signature(const char *path, struct error *error)
{
    signature_hash = 0;
    signature_error = error;
    error_set(error, "cannot read %s", path);
    if (nftw(path, hash_file, 16, 0) != 0)
        return NULL;

    return xasprintf("%016" PRIx64, signature_hash);
}
