#include "support/command.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

extern char **environ;

void
command_add(struct command *command, const char *argument)
{
    size_t slots = (size_t)command->count + 2;

    command->arguments =
        xrealloc(command->arguments, slots * sizeof(*command->arguments));
    command->arguments[command->count++] = xstrdup(argument);
    command->arguments[command->count] = NULL;
}

void
command_addf(struct command *command, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_vprintf(&text, format, arguments);
    va_end(arguments);
    command_add(command, text_string(&text));
    text_free(&text);
}

void
command_free(struct command *command)
{
    int i;

    for (i = 0; i < command->count; i++)
        free(command->arguments[i]);
    free(command->arguments);
    *command = (struct command){0};
}

char *
command_line(const struct command *command)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-+=./,:@%";
    struct text line = {0};
    int i;

    for (i = 0; i < command->count; i++) {
        const char *argument = command->arguments[i];
        const char *c;

        if (i > 0)
            text_putc(&line, ' ');
        if (*argument != '\0' && argument[strspn(argument, plain)] == '\0') {
            text_puts(&line, argument);
            continue;
        }
        text_putc(&line, '\'');
        for (c = argument; *c != '\0'; c++) {
            if (*c == '\'')
                text_puts(&line, "'\\''");
            else
                text_putc(&line, *c);
        }
        text_putc(&line, '\'');
    }
    return text_take(&line);
}

/* Start the command with both outputs on FD, or on ours when FD is -1. */
static int
start(const struct command *command, int fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    int result;

    posix_spawn_file_actions_init(&actions);
    if (fd >= 0) {
        posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, fd, STDERR_FILENO);
    }
    result = posix_spawnp(pid, command->arguments[0], &actions, NULL,
                          command->arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

int
command_run(const struct command *command, struct text *output,
            struct error *error)
{
    const char *program = command->arguments[0];
    int ends[2] = {-1, -1};
    int status, result;
    pid_t pid;

    if (output != NULL && pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, "cannot make a pipe: %s", strerror(errno));

    result = start(command, ends[1], &pid);
    if (ends[1] >= 0)
        close(ends[1]);
    if (result != 0) {
        if (ends[0] >= 0)
            close(ends[0]);
        return error_set(error, "cannot run %s: %s", program, strerror(result));
    }

    if (output != NULL) {
        char buffer[4096];
        ssize_t got;

        while ((got = read(ends[0], buffer, sizeof(buffer))) > 0 ||
               (got < 0 && errno == EINTR)) {
            if (got > 0)
                text_add(output, buffer, (size_t)got);
        }
        close(ends[0]);
    }

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return error_set(error, "cannot wait for %s: %s", program,
                             strerror(errno));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;

    if (WIFSIGNALED(status))
        error_set(error, "%s was ended by signal %d", program,
                  WTERMSIG(status));
    else
        error_set(error, "%s failed with status %d", program,
                  WEXITSTATUS(status));
    if (output != NULL && output->size != 0) {
        size_t length = strlen(error->text);
        size_t room = sizeof(error->text) - length - 3;

        strcat(error->text, ":\n");
        strncat(error->text, text_string(output), room);
    }
    return -1;
}
