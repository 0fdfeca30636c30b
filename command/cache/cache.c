#include "command/cache/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
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

    if (folder == NULL)
        return NULL;
    if (holds_key(folder, key)) {
        utimensat(AT_FDCWD, folder, NULL, 0); /* it is used now */
        return folder;
    }
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

/* ---- cleaning -------------------------------------------------------- */

struct entry {
    const char *path;
    struct timespec used;
    uint64_t size;
};

/* nftw() hands no data of ours on. */
static uint64_t entry_size;

static int
add_size(const char *path, const struct stat *status, int type,
         struct FTW *walk)
{
    entry_size += (uint64_t)status->st_blocks * 512;
    return 0;
}

static int
by_use(const void *left, const void *right)
{
    const struct timespec *one = &((const struct entry *)left)->used;
    const struct timespec *other = &((const struct entry *)right)->used;

    if (one->tv_sec != other->tv_sec)
        return one->tv_sec < other->tv_sec ? -1 : 1;
    return (one->tv_nsec > other->tv_nsec) - (one->tv_nsec < other->tv_nsec);
}

/* The limit in bytes; the file that says it is made if it is not there. */
static int
read_limit(const char *cache, uint64_t *limit, struct error *error)
{
    char *path = xasprintf("%s/cache_mb_limit", cache);
    char *text = NULL, *end;
    char normal[16];
    size_t size;
    int result = 0;

    snprintf(normal, sizeof(normal), "%d\n", CACHE_LIMIT);
    if (!path_exists(path))
        result = path_write(path, normal, strlen(normal), 0666, error);
    if (result == 0)
        result = path_read(path, &text, &size, error);
    if (result == 0) {
        *limit = strtoull(text, &end, 10) << 20;
        if (end == text || end[strspn(end, " \n")] != '\0')
            result = error_set(error, "%s holds no number of MiB", path);
    }
    free(text);
    free(path);
    return result;
}

/* The oldest go until the others fit. */
static void
clean(const glob_t *found, uint64_t limit)
{
    struct entry *entries = xcalloc(found->gl_pathc + 1, sizeof(*entries));
    uint64_t total = 0;
    size_t i;

    for (i = 0; i < found->gl_pathc; i++) {
        struct stat status = {0};

        stat(found->gl_pathv[i], &status);
        entry_size = 0;
        nftw(found->gl_pathv[i], add_size, 16, FTW_PHYS);
        entries[i] =
            (struct entry){found->gl_pathv[i], status.st_mtim, entry_size};
        total += entry_size;
    }
    qsort(entries, found->gl_pathc, sizeof(*entries), by_use);
    for (i = 0; i < found->gl_pathc && total > limit; i++) {
        cache_remove(entries[i].path);
        total -= entries[i].size;
    }
    free(entries);
}

int
cache_clean(struct error *error)
{
    char *cache = path_cache(error);
    char *pattern;
    uint64_t limit;
    glob_t found;
    int result;

    if (cache == NULL)
        return -1;
    result = read_limit(cache, &limit, error);
    pattern = xasprintf("%s/*/*", cache);
    if (result == 0 && glob(pattern, GLOB_ONLYDIR, NULL, &found) == 0) {
        clean(&found, limit);
        globfree(&found);
    }
    free(pattern);
    free(cache);
    return result;
}
