/*
 * The source of a process of the host: a clock, signals that end the script,
 * standard input, a command that ends it, and no events.
 */

#include "runtime/events/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/output.h"
#include "runtime/events/input.h"

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};

/* Standard input, while it is read; and the command beside the script. */
static bool reads_input;
static bool sees_bytes; /* not lines: the terminal must not gather them */
static bool changed_terminal;
static struct termios terminal; /* as it was */
static pid_t command;           /* 0: none, or it is over */
static int64_t target;          /* the number it had */
static int command_gate = -1;   /* the command starts when this is closed */

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
wake(int signal)
{
    (void)signal;
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
    action.sa_handler = wake;
    sigaction(SIGCHLD, &action, NULL);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &waiting);

    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* ---- standard input --------------------------------------------------- */

static void
open_input(const struct rt_program *program)
{
    uint32_t i;

    reads_input = rt_input_wanted(program);
    for (i = 0; i < program->point_count; i++)
        sees_bytes |= program->points[i].kind == RT_INPUT_CHAR;
    if (sees_bytes && tcgetattr(STDIN_FILENO, &terminal) == 0) {
        struct termios raw = terminal;

        raw.c_lflag &= ~(tcflag_t)ICANON;
        changed_terminal = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
}

static bool
has_input(void)
{
    struct pollfd file = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&file, 1, 0) > 0;
}

size_t
rt_source_input(char *bytes, size_t size, bool *ended)
{
    ssize_t got = -1;

    if (reads_input && has_input())
        got = read(STDIN_FILENO, bytes, size);
    if (got == 0)
        reads_input = false;
    *ended = !reads_input;
    return got > 0 ? (size_t)got : 0;
}

/* ---- the command ------------------------------------------------------ */

/* The shell waits at the gate until the script has begun. */
static bool
start_command(const char *text)
{
    int gate[2];
    char byte;

    if (pipe2(gate, O_CLOEXEC) != 0 || (command = fork()) < 0) {
        rt_message("ERROR: the command cannot be started: %s\n",
                   strerror(errno));
        return false;
    }
    if (command == 0) {
        close(gate[1]);
        sigprocmask(SIG_SETMASK, &waiting, NULL);
        signal(SIGPIPE, SIG_DFL);
        while (read(gate[0], &byte, 1) < 0 && errno == EINTR)
            continue;
        execl("/bin/sh", "sh", "-c", text, (char *)NULL);
        _exit(127);
    }
    close(gate[0]);
    command_gate = gate[1];
    target = command;
    return true;
}

/* Whether there was one, and it is over. */
static bool
command_ended(void)
{
    int status;

    if (command <= 0 || waitpid(command, &status, WNOHANG) != command)
        return false;
    command = 0;
    if (WIFSIGNALED(status))
        rt_message("WARNING: Child process was killed by signal %d (%s)\n",
                   WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        rt_message("WARNING: Child process exited with status %d\n",
                   WEXITSTATUS(status));
    return true;
}

static void
let_command_go(void)
{
    if (command_gate >= 0)
        close(command_gate);
    command_gate = -1;
}

int64_t
rt_source_target(void)
{
    return target;
}

/* ---- what the loop asks ----------------------------------------------- */

bool
rt_source_open(const struct rt_program *program,
               const struct rt_arguments *arguments, struct rt_rings *rings)
{
    if (program->kernel_points > 0) {
        rt_message("ERROR: the script probes a GNU Mach kernel (%s), and "
                   "this process does not run on one\n",
                   program->points[0].name);
        return false;
    }
    *rings = (struct rt_rings){0};
    start = clock_ns(CLOCK_MONOTONIC);
    catch_signals();
    open_input(program);
    return arguments->command == NULL || start_command(arguments->command);
}

bool
rt_source_attach(void)
{
    return true;
}

bool
rt_source_announce(void)
{
    return true;
}

void
rt_source_resume(void)
{
    let_command_go();
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

    fd_set files;

    if (command_ended())
        return RT_WAKE_ENDED;
    FD_ZERO(&files);
    if (reads_input)
        FD_SET(STDIN_FILENO, &files);
    pselect(STDIN_FILENO + 1, &files, NULL, NULL,
            until == UINT64_MAX ? NULL : &timeout, &waiting);
    if (stopped)
        return RT_WAKE_STOP;
    return command_ended() ? RT_WAKE_ENDED : RT_WAKE_LOOK;
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
    if (changed_terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
    let_command_go();
    if (command > 0)
        kill(command, SIGTERM);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
}
