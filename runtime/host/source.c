/*
 * The source of a process of the host: a clock, signals that end the script,
 * and no events.
 */

#include "runtime/source.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>

#include "runtime/output.h"

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};

static volatile sig_atomic_t stopped;
static sigset_t blocked; /* the mask while handlers run */
static sigset_t waiting; /* and while we wait */
static uint64_t start;   /* of the clock */

static uint64_t
clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void
stop(int signal)
{
    (void)signal;
    stopped = 1;
}

/* Signals only come in while we wait, so that none is overlooked between
 * looking and waiting. */
static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};
    size_t i;

    sigemptyset(&blocked);
    for (i = 0; i < sizeof(stop_signals) / sizeof(stop_signals[0]); i++) {
        sigaction(stop_signals[i], &action, NULL);
        sigaddset(&blocked, stop_signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &waiting);

    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

bool
rt_source_open(const struct rt_program *program,
               const struct rt_arguments *arguments, struct rt_rings *rings)
{
    (void)arguments;

    if (program->kernel_points > 0) {
        rt_message("ERROR: the script probes a GNU Mach kernel (%s), and "
                   "this process does not run on one\n",
                   program->points[0].name);
        return false;
    }
    *rings = (struct rt_rings){0};
    start = clock_ns(CLOCK_MONOTONIC);
    catch_signals();
    return true;
}

bool
rt_source_attach(void)
{
    return true;
}

void
rt_source_resume(void)
{
}

uint64_t
rt_source_now(void)
{
    return clock_ns(CLOCK_MONOTONIC) - start;
}

uint64_t
rt_source_wall(void)
{
    static uint64_t wall;

    if (wall == 0)
        wall = clock_ns(CLOCK_REALTIME) - rt_source_now();
    return wall;
}

enum rt_wake
rt_source_wait(uint64_t until)
{
    uint64_t now = rt_source_now();
    uint64_t left = until > now ? until - now : 0;
    struct timespec timeout = {
        .tv_sec = (time_t)(left / 1000000000),
        .tv_nsec = (long)(left % 1000000000),
    };

    if (until == UINT64_MAX)
        sigsuspend(&waiting);
    else
        pselect(0, NULL, NULL, NULL, &timeout, &waiting);
    return stopped ? RT_WAKE_STOP : RT_WAKE_LOOK;
}

/* No point is one of a kernel here. */
bool
rt_source_enable(uint32_t first, uint32_t count, bool on)
{
    (void)first;
    (void)on;
    return count == 0;
}

void
rt_source_detach(void)
{
}

bool
rt_source_statistics(struct probe_statistics *statistics)
{
    (void)statistics;
    return false;
}

bool
rt_source_symbol(uint64_t address, char *name, uint64_t *first, uint64_t *size)
{
    return false;
}

/* Commands that system() started are still to print what they print. */
void
rt_source_close(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
}
