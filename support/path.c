#include "support/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/text.h"

/* The folder of the running program, or "." if the system will not say. */
static char *
program_folder(void)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *slash;

    if (size <= 0)
        return xstrdup(".");

    path[size] = '\0';
    slash = strrchr(path, '/');
    return xstrndup(path, slash != NULL ? (size_t)(slash - path) : 1);
}

char *
path_home(const char *name)
{
    static const char *const places[] = {"../home", "../lib/machtap"};
    const char *home = getenv("MACHTAP_HOME");
    char *folder, *result = NULL;
    size_t i;

    if (home != NULL && *home != '\0')
        return xasprintf("%s/%s", home, name);

    folder = program_folder();
    for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
        char *base = xasprintf("%s/%s", folder, places[i]);
        char *real = realpath(base, NULL);

        free(base);
        if (real != NULL) {
            result = xasprintf("%s/%s", real, name);
            free(real);
            break;
        }
    }

    if (result == NULL)
        result = xasprintf("%s/%s/%s", folder, places[1], name);
    free(folder);
    return result;
}

int
path_make_folder(const char *path, struct error *error)
{
    char *copy = xstrdup(path);
    char *slash = copy;
    int result = 0;

    while (result == 0 && slash != NULL) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            result = error_set(error, "cannot make the folder %s: %s", copy,
                               strerror(errno));
        if (slash != NULL)
            *slash = '/';
    }
    free(copy);
    return result;
}

char *
path_cache(struct error *error)
{
    const char *own = getenv("MACHTAP_CACHE");
    const char *xdg = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    char *path;

    if (own != NULL && *own != '\0')
        path = xstrdup(own);
    else if (xdg != NULL && *xdg != '\0')
        path = xasprintf("%s/machtap", xdg);
    else
        path = xasprintf("%s/.cache/machtap", home != NULL ? home : "/tmp");

    if (path_make_folder(path, error) != 0) {
        free(path);
        return NULL;
    }

    return path;
}

bool
path_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

int
path_read(const char *path, char **data, size_t *size, struct error *error)
{
    struct text text = {0};
    char buffer[65536];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return error_set(error, "cannot open %s: %s", path, strerror(errno));

    text_add(&text, "", 0);
    while ((got = read(fd, buffer, sizeof(buffer))) > 0)
        text_add(&text, buffer, (size_t)got);
    if (got < 0) {
        error_set(error, "cannot read %s: %s", path, strerror(errno));
        text_free(&text);
        close(fd);
        return -1;
    }

    close(fd);
    *size = text.size;
    *data = text_take(&text);
    return 0;
}

int
path_write(const char *path, const void *data, size_t size, unsigned mode,
           struct error *error)
{
    char *beside = xasprintf("%s.%ld", path, (long)getpid());
    const char *next = data;
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    ssize_t done = 0;

    if (fd < 0) {
        error_set(error, "cannot write %s: %s", beside, strerror(errno));
        free(beside);
        return -1;
    }

    while (size > 0 && (done = write(fd, next, size)) > 0) {
        next += done;
        size -= (size_t)done;
    }
    if (close(fd) != 0 || size > 0 || rename(beside, path) != 0) {
        error_set(error, "cannot write %s: %s", path, strerror(errno));
        unlink(beside);
        free(beside);
        return -1;
    }

    free(beside);
    return 0;
}
