#include "command/host.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/path.h"
#include "support/text.h"

/* Status of a child that could not become the process, as a shell's. */
#define STATUS_NO_PROGRAM 127

bool
host_declined(const struct options *options)
{
    return options->kernel != NULL || options->workload != NULL ||
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

static pid_t child;

static void
pass_on(int signal)
{
    kill(child, signal);
}

static void
process_words(struct command *command, const struct options *options,
              const char *process)
{
    int i;

    command_add(command, process);
    for (i = 0; i < options->verbose; i++)
        command_add(command, "--verbose");
    if (options->no_globals)
        command_add(command, "--no-globals");
    if (options->suppress_errors)
        command_add(command, "--suppress-errors");
    if (options->run_time != 0)
        command_addf(command, "--run-time=%u", options->run_time);
}

/* Between fork and exec: only what may be done there. */
static void
become(const struct command *command, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_DFL);
    if (output >= 0)
        dup2(output, STDOUT_FILENO);
    execv(command->arguments[0], command->arguments);
    _exit(STATUS_NO_PROGRAM);
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

int
host_run(const struct options *options, const char *process,
         struct error *error)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction forward = {.sa_handler = pass_on};
    struct command command = {0};
    int output = -1;
    int status;

    if (options->output != NULL) {
        output = open(options->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                      0666);
        if (output < 0)
            return error_set(error, "cannot write %s: %s", options->output,
                             strerror(errno));
    }

    process_words(&command, options, process);
    child = fork();
    if (child == 0)
        become(&command, output);
    if (output >= 0)
        close(output);
    command_free(&command);
    if (child < 0)
        return error_set(error, "cannot start %s: %s", process,
                         strerror(errno));

    /* The terminal sends Control-C to both of us. */
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGTERM, &forward, NULL);
    sigaction(SIGHUP, &forward, NULL);
    status = wait_for(child, process, error);
    if (status == STATUS_NO_PROGRAM)
        return error_set(error, "cannot run %s", process);
    return status;
}
