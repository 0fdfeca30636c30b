/*
 * The system below the runtime: a process of a POSIX machine.
 */

#include "runtime/platform.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

void *
rt_platform_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

bool
rt_platform_write(enum rt_stream stream, const void *data, size_t size)
{
    int fd = stream == RT_STDOUT ? STDOUT_FILENO : STDERR_FILENO;
    const char *at = data;

    while (size > 0) {
        ssize_t done = write(fd, at, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

const char *
rt_platform_name(void)
{
    return program_invocation_short_name;
}

void
rt_platform_mark(const char *phase)
{
    /* Nobody asked for it here. */
    (void)phase;
}
