/*
 * How a task starts and ends.
 */

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "mach/console_i.h"
#include "mach/task.h"
#include "mach/task_i.h"
#include "mach/thread.h"

#define EXIT_HANDLERS 32

int main(int argc, char **argv);

struct task_ports task_ports;
mach_port_t mach_task_self_;

static const char *program = "task";
static const char *console_word;
static bool halt;

static void (*exit_handlers[EXIT_HANDLERS])(void);
static unsigned exit_handler_count;

static bool
parse_port(const char *value, mach_port_t *port)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);

    if (end == value || *end != '\0' || number >= MACH_PORT_DEAD)
        return false;
    *port = (mach_port_t)number;
    return true;
}

/* Words that the start code takes: of those with a port, which. */
static const struct port_word {
    const char *name;
    mach_port_t *port;
} port_words[] = {
    {"--host-port=", &task_ports.host},
    {"--device-port=", &task_ports.device},
    {"--workload-task=", &task_ports.workload},
};

/* Returns whether WORD was one of ours; *FAULT is set when it is wrong. */
static bool
take_word(const char *word, const char **fault)
{
    for (size_t i = 0; i < sizeof(port_words) / sizeof(port_words[0]); i++) {
        size_t length = strlen(port_words[i].name);

        if (strncmp(word, port_words[i].name, length) != 0)
            continue;
        if (!parse_port(word + length, port_words[i].port))
            *fault = word;
        return true;
    }
    if (strncmp(word, "--console=", 10) == 0) {
        console_word = word + 10;
        return true;
    }
    if (strcmp(word, "--halt") == 0) {
        halt = true;
        return true;
    }
    return false;
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Called by the first instructions with what the loader left. */
__attribute__((used, noreturn)) void task_start(uintptr_t *stack);

void
task_start(uintptr_t *stack)
{
    int argc = (int)stack[0], left = 0;
    char **argv = (char **)(stack + 1);
    const char *bad_word = NULL;
    bool has_console;

    mach_task_self_ = mach_task_self_trap();
    if (argc > 0)
        program = base_name(argv[0]);
    for (int i = 0; i < argc; i++)
        if (i == 0 || !take_word(argv[i], &bad_word))
            argv[left++] = argv[i];
    argv[left] = NULL;

    has_console = console_open(console_word);
    if (bad_word != NULL)
        task_fail("%s: not the decimal number of a port", bad_word);
    if (!has_console)
        task_fail("--console=%s: it must be channel or port, with "
                  "--device-port=${device-port}, or print",
                  console_word);
    if (halt && task_ports.host == MACH_PORT_NULL)
        task_fail("--halt needs --host-port=${host-port}");
    /* The run's end waits for this task: it must not go silently. */
    if (halt)
        task_catch_faults();
    exit(main(left, argv));
}

const char *
task_program(void)
{
    return program;
}

void
task_end(int status)
{
    if (halt) {
        console_status(status);
        host_reboot(task_ports.host, 0);
    }
    for (;;)
        task_terminate(mach_task_self());
}

int
atexit(void (*function)(void))
{
    unsigned place =
        __atomic_fetch_add(&exit_handler_count, 1, __ATOMIC_RELAXED);

    if (place >= EXIT_HANDLERS)
        return -1;
    exit_handlers[place] = function;
    return 0;
}

void
exit(int status)
{
    unsigned count = exit_handler_count;

    if (count > EXIT_HANDLERS)
        count = EXIT_HANDLERS;
    /* What a handler registers, or an exit within one, comes to an end. */
    exit_handler_count = 0;
    while (count > 0)
        exit_handlers[--count]();
    task_end(status);
}

void
abort(void)
{
    task_end(STATUS_ABORT);
}

void
task_fail(const char *format, ...)
{
    char message[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    console_printf(CHANNEL_STDERR, "%s: %s\n", program, message);
    exit(EXIT_FAILURE);
}
