#include "command/passes/index.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "command/cache/cache.h"
#include "debuginfo/debuginfo.h"
#include "support/path.h"
#include "support/text.h"

#define FILE_NAME "functions"

/*
 * The file's place and times: reading all of it would take as long as the
 * index saves.  A file that is written anew is another one by its times; what
 * slips through is found by the sizes that the index itself has.
 */
static char *
index_key(const struct kernel *kernel)
{
    char *path = realpath(kernel->path, NULL);
    struct stat status;
    char *key = NULL;

    if (path != NULL && stat(path, &status) == 0)
        key =
            xasprintf("%s\n%llu %llu %lld.%09ld %lld.%09ld\n", path,
                      (unsigned long long)status.st_ino,
                      (unsigned long long)status.st_size,
                      (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                      (long long)status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
    free(path);
    return key;
}

void
index_read(const struct kernel *kernel, struct index *index)
{
    char *key = index_key(kernel);
    char *folder = key != NULL ? cache_find("functions", key) : NULL;
    struct error error;
    char *bytes;

    *index = (struct index){0};
    if (folder != NULL) {
        char *path = xasprintf("%s/" FILE_NAME, folder);

        if (path_read(path, &bytes, &index->size, &error) == 0)
            index->bytes = bytes;
        free(path);
    }
    free(folder);
    free(key);
}

void
index_keep(const struct kernel *kernel, const struct debuginfo *debuginfo)
{
    struct error error;
    char *key = index_key(kernel), *entry = NULL;
    char *folder = key != NULL ? cache_begin("functions", &error) : NULL;

    if (folder != NULL) {
        char *path = xasprintf("%s/" FILE_NAME, folder);
        char *damaged = cache_find("functions", key);
        struct text bytes = {0};

        /* An entry of this key stays where it is if it is found. */
        if (damaged != NULL)
            cache_remove(damaged);
        free(damaged);
        debuginfo_write_index(debuginfo, &bytes);
        if (path_write(path, bytes.data, bytes.size, 0666, &error) == 0)
            entry = cache_commit(folder, "functions", key, &error);
        else
            cache_remove(folder);
        text_free(&bytes);
        free(path);
    }
    free(entry);
    free(folder);
    free(key);
}

void
index_free(struct index *index)
{
    free(index->bytes);
    *index = (struct index){0};
}
