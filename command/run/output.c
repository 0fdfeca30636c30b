#include "command/run/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/text.h"

/* Bytes of a file's name. */
#define NAME_SIZE 4096

static volatile sig_atomic_t switch_wanted;

static void
want_switch(int signal)
{
    (void)signal;
    switch_wanted = 1;
}

int
output_write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t done = write(fd, data, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        data += done;
        size -= (size_t)done;
    }
    return 0;
}

/* The name of the next file; NULL if the pattern makes none. */
static char *
next_name(const struct output *output)
{
    time_t now = time(NULL);
    struct tm local = {0};
    char name[NAME_SIZE];

    localtime_r(&now, &local);
    if (strftime(name, sizeof(name), output->pattern, &local) == 0)
        return NULL;
    if (output->size_max == 0 && output->count == 0)
        return xstrdup(name);
    return xasprintf("%s.%u", name, output->count);
}

static void
remove_oldest(struct output *output)
{
    if (output->keep == 0 || output->count <= output->keep)
        return;
    unlink(output->names[output->count - 1 - output->keep]);
}

/* Go on with the next file.  Returns 0 or an errno; *NAME is the file's. */
static int
begin_file(struct output *output, const char **name)
{
    char *path = next_name(output);
    int fd;

    *name = path != NULL ? path : output->pattern;
    if (path == NULL)
        return ENAMETOOLONG;
    output->names =
        xrealloc(output->names, (output->count + 1) * sizeof(*output->names));
    output->names[output->count++] = path;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    if (output->messages)
        dup2(fd, STDERR_FILENO);
    if (output->fd >= 0)
        close(output->fd);
    output->fd = fd;
    output->size = 0;
    remove_oldest(output);
    return 0;
}

int
output_open(struct output *output, const struct options *options,
            struct error *error)
{
    struct sigaction action = {.sa_handler = want_switch};
    const char *name;
    int failed;

    *output = (struct output){
        .pattern = options->output,
        .size_max = (uint64_t)options->rotate_size << 20,
        .keep = options->rotate_count,
        .fd = -1,
    };
    if (output->pattern == NULL) {
        output->fd = STDOUT_FILENO;
        return 0;
    }
    failed = begin_file(output, &name);
    if (failed != 0) {
        error_set(error, "cannot write %s: %s", name, strerror(failed));
        output_close(output);
        return -1;
    }
    switch_wanted = 0;
    sigaction(SIGUSR2, &action, NULL);
    return 0;
}

/* How much of the data belongs into this file: whole lines, or all if it is
 * empty and a line alone is too large. */
static size_t
part_that_fits(const struct output *output, const char *data, size_t size)
{
    uint64_t room =
        output->size_max > output->size ? output->size_max - output->size : 0;
    const char *end;

    if (output->size_max == 0 || size <= room)
        return size;
    end = room > 0 ? memrchr(data, '\n', room) : NULL;
    if (end != NULL)
        return (size_t)(end + 1 - data);
    if (output->size > 0)
        return 0;
    end = memchr(data, '\n', size);
    return end != NULL ? (size_t)(end + 1 - data) : size;
}

bool
output_write(struct output *output, const char *data, size_t size)
{
    const char *name;

    if (output->failed == 0 && output->pattern != NULL && switch_wanted) {
        switch_wanted = 0;
        output->failed = begin_file(output, &name);
    }
    while (size > 0 && output->failed == 0) {
        size_t part = part_that_fits(output, data, size);

        output->failed = output_write_all(output->fd, data, part);
        output->size += part;
        data += part;
        size -= part;
        if (size > 0 && output->failed == 0)
            output->failed = begin_file(output, &name);
    }
    return output->failed == 0;
}

void
output_take_messages(struct output *output)
{
    output->messages = true;
    dup2(output->fd, STDERR_FILENO);
}

void
output_close(struct output *output)
{
    if (output->pattern != NULL && output->fd >= 0)
        close(output->fd);
    for (unsigned i = 0; i < output->count; i++)
        free(output->names[i]);
    free(output->names);
    output->names = NULL;
}
