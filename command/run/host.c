#include "command/run/host.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/color.h"
#include "command/run/run.h"
#include "support/path.h"
#include "support/text.h"

/* Status of a child that could not become the process, as a shell's. */
#define STATUS_NO_PROGRAM 127

bool
host_declined(const struct options *options)
{
    return options->kernel != NULL ||
           (options->workload != NULL && !options->host) ||
           options->modules.count > 0 || options->no_workload ||
           options->append != NULL || options->console != NULL ||
           options->cpus != 1 || options->memory != 0 ||
           options->timeout != OPTIONS_TIMEOUT;
}

static void
add_home(struct command *command, const char *before, const char *name)
{
    char *path = path_home(name);

    command_addf(command, "%s%s", before, path);
    free(path);
}

/* Little optimization: it is the time until a script starts that counts. */
void
host_compiler(struct command *command, const char *folder, const char *source,
              const char *output)
{
    static const char *const words[] = {"gcc", "-std=gnu11", "-O1", "-pipe",
                                        "-w"};
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++)
        command_add(command, words[i]);
    command_addf(command, "-Wa,-I,%s", folder);
    add_home(command, "-I", "include");
    command_add(command, "-o");
    command_add(command, output);
    command_add(command, source);
    add_home(command, "", "lib/" HOST_ARCHITECTURE "/libruntime.a");
}

/* A task of Mach is linked to fixed addresses, a program of ours is not. */
bool
host_owns(const char *file)
{
    Elf64_Ehdr header = {0};
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, &header, sizeof(header));

    if (fd >= 0)
        close(fd);
    return size == (ssize_t)sizeof(header) &&
           memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
           header.e_type == ET_DYN;
}

/* ---- running --------------------------------------------------------- */

/* The process, and pipes for what of its output has to pass through us. */
struct child {
    pid_t process;
    int pipes[2][2]; /* of standard output and of standard error, or -1 */
};

static pid_t current;

static void
pass_on(int signal)
{
    kill(current, signal);
}

static void
process_words(struct command *command, struct options *options,
              const char *process)
{
    struct string_list words = {0};
    unsigned i;

    command_add(command, process);
    run_words(options, &words);
    for (i = 0; i < words.count; i++)
        command_add(command, words.items[i]);
    free(words.items);
}

/* Between fork and exec: only what may be done there. */
static void
become(const struct command *command, const struct child *child)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGUSR2, SIG_IGN);
    if (child->pipes[0][1] >= 0)
        dup2(child->pipes[0][1], STDOUT_FILENO);
    if (child->pipes[1][1] >= 0)
        dup2(child->pipes[1][1], STDERR_FILENO);
    execv(command->arguments[0], command->arguments);
    _exit(STATUS_NO_PROGRAM);
}

static int
open_pipe(int pipe[2], bool wanted, struct error *error)
{
    pipe[0] = pipe[1] = -1;
    if (wanted && pipe2(pipe, O_CLOEXEC) != 0)
        return error_set(error, "cannot make a pipe: %s", strerror(errno));
    return 0;
}

static void
close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* Hand on what comes until nobody writes any more.  When nobody reads it, the
 * process gets SIGPIPE, as it would without us. */
static void
pump(struct child *child, struct output *output)
{
    char data[16384];

    while (child->pipes[0][0] >= 0 || child->pipes[1][0] >= 0) {
        struct pollfd files[2];

        for (int i = 0; i < 2; i++)
            files[i] =
                (struct pollfd){.fd = child->pipes[i][0], .events = POLLIN};
        if (poll(files, 2, -1) < 0)
            continue;
        for (int i = 0; i < 2; i++) {
            ssize_t size;

            if (files[i].revents == 0)
                continue;
            size = read(files[i].fd, data, sizeof(data));
            if (size < 0 && errno == EINTR)
                continue;
            if (size <= 0 || !(i == 0 ? output_write(output, data, (size_t)size)
                                      : color_write(data, (size_t)size) == 0))
                close_end(&child->pipes[i][0]);
        }
    }
}

static int
wait_for(pid_t process, const char *name, struct error *error)
{
    int status;

    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR)
            return error_set(error, "cannot wait for %s: %s", name,
                             strerror(errno));
    }
    if (WIFSIGNALED(status))
        return error_set(error,
                         "the script's process was ended by signal %d "
                         "(%s)",
                         WTERMSIG(status), strsignal(WTERMSIG(status)));
    return WEXITSTATUS(status);
}

static int
start(struct child *child, const struct command *command, struct error *error)
{
    /* The terminal sends Control-C to both of us. */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction forward = {.sa_handler = pass_on};

    child->process = fork();
    if (child->process == 0)
        become(command, child);
    close_end(&child->pipes[0][1]);
    close_end(&child->pipes[1][1]);
    if (child->process < 0)
        return error_set(error, "cannot start %s: %s", command->arguments[0],
                         strerror(errno));
    current = child->process;
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGTERM, &forward, NULL);
    sigaction(SIGHUP, &forward, NULL);
    return 0;
}

int
host_run(struct options *options, const char *process, struct output *output,
         struct error *error)
{
    struct command command = {0};
    struct child child = {.pipes = {{-1, -1}, {-1, -1}}};
    int status;

    process_words(&command, options, process);
    status = open_pipe(child.pipes[0], output->pattern != NULL, error);
    if (status == 0)
        status =
            open_pipe(child.pipes[1], output->messages || color_is_on(), error);
    if (status == 0)
        status = start(&child, &command, error);
    command_free(&command);
    if (status == 0) {
        pump(&child, output);
        status = wait_for(child.process, process, error);
    }
    for (int i = 0; i < 2; i++) {
        close_end(&child.pipes[i][0]);
        close_end(&child.pipes[i][1]);
    }
    if (status == STATUS_NO_PROGRAM)
        return error_set(error, "cannot run %s", process);
    return status;
}
