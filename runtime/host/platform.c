/*
 * The system below the runtime: a process of a POSIX machine.
 */

#include "runtime/base/platform.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Bytes of stack to count on where there is no limit. */
#define STACK_DEFAULT (8u << 20)

void *
rt_platform_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

/* The limit counts from where the stack began, with the environment on it;
 * half of it is surely left. */
size_t
rt_platform_stack_left(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        limit.rlim_cur = STACK_DEFAULT;
    return limit.rlim_cur / 2;
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

const char *
rt_platform_variable(const char *name)
{
    return getenv(name);
}

int64_t
rt_platform_zone(const char **name)
{
    time_t now = time(NULL);
    struct tm local = {0};

    localtime_r(&now, &local);
    *name = local.tm_zone;
    return -local.tm_gmtoff;
}

/* Signals are blocked in handlers, which the command must not inherit. */
bool
rt_platform_system(const char *command)
{
    char *const words[] = {"sh", "-c", (char *)command, NULL};
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t process;
    int result;

    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    result =
        posix_spawnp(&process, words[0], NULL, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    return result == 0;
}

void
rt_platform_mark(const char *phase)
{
    /* Nobody asked for it here. */
    (void)phase;
}
