#include "vm/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/channel.h"

#define PROGRAM "qemu-system-x86_64"

/*
 * With several processors amd64 kernels do not start in less, or only
 * sometimes.
 */
#define MEMORY_PROCESSOR 128

/* A file's name within one of QEMU's options, where a comma is doubled. */
static void
add_file(struct text *text, const char *name)
{
    for (; *name != '\0'; name++)
        text_puts(text, *name == ',' ? ",," : (char[]){*name, '\0'});
}

static void
add_text(struct command *command, struct text *text)
{
    command_add(command, text_string(text));
    text_free(text);
}

static void
add_memory(const struct vm_settings *settings, struct command *command)
{
    unsigned size = settings->memory;
    struct text object = {0};

    if (size == 0)
        size = settings->processors > 1
                   ? settings->processors * MEMORY_PROCESSOR
                   : VM_MEMORY_DEFAULT;
    command_add(command, "-m");
    command_addf(command, "%u", size);
    if (settings->memory_file == NULL)
        return;
    text_printf(&object, "memory-backend-file,id=ram,size=%uM,share=on,", size);
    text_puts(&object, "mem-path=");
    add_file(&object, settings->memory_file);
    command_add(command, "-object");
    add_text(command, &object);
    command_add(command, "-machine");
    command_add(command, "memory-backend=ram");
}

/*
 * Where there are no disks the kernel need not look for any, which takes
 * those that drive them two seconds.
 */
static void
add_kernel_words(const struct vm_settings *settings, struct command *command)
{
    const char *append = settings->append != NULL ? settings->append : "";
    struct text words = {0};

    text_puts(&words, append);
    if (strstr(append, "console=") == NULL)
        text_printf(&words, "%sconsole=com0", words.size > 0 ? " " : "");
    if (settings->disk_count == 0)
        text_puts(&words, " noide noahci");
    command_add(command, "-append");
    add_text(command, &words);
}

static void
add_kernel(const struct vm_settings *settings, const char *initrd,
           struct command *command)
{
    command_add(command, "-kernel");
    command_add(command, settings->kernel);
    add_kernel_words(settings, command);
    if (initrd != NULL && *initrd != '\0') {
        command_add(command, "-initrd");
        command_add(command, initrd);
    }
}

static void
add_disks(const struct vm_settings *settings, struct command *command)
{
    for (unsigned i = 0; i < settings->disk_count; i++) {
        struct text drive = {0};

        text_printf(&drive, "if=ide,index=%u,format=raw,file=", i);
        add_file(&drive, settings->disks[i]);
        command_add(command, "-drive");
        add_text(command, &drive);
    }
}

void
qemu_command(const struct vm_settings *settings, const char *initrd,
             int channel_fd, int console_fd, struct command *command)
{
    static const char *const always[] = {
        PROGRAM,           "-accel",     "tcg",      "-nodefaults",
        "-no-user-config", "-no-reboot", "-display", "none",
    };

    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        command_add(command, always[i]);
    add_memory(settings, command);
    if (settings->processors > 1) {
        command_add(command, "-smp");
        command_addf(command, "%u", settings->processors);
    }
    /* One nanosecond of the machine's time is one instruction. */
    if (settings->icount) {
        command_add(command, "-icount");
        command_add(command, "shift=0");
    }
    add_kernel(settings, initrd, command);
    add_disks(settings, command);

    command_add(command, "-chardev");
    command_addf(command, "file,id=console,path=/dev/fd/%d", console_fd);
    command_add(command, "-serial");
    command_add(command, "chardev:console");
    command_add(command, "-chardev");
    command_add(command, "stdio,id=debug,signal=off");
    command_add(command, "-device");
    command_addf(command, "isa-debugcon,iobase=0x%x,chardev=debug",
                 CHANNEL_DEBUG_PORT);
    command_add(command, "-object");
    command_addf(command,
                 "memory-backend-file,id=channel,share=on,size=%zu,"
                 "mem-path=/dev/fd/%d",
                 vm_channel_size(), channel_fd);
    command_add(command, "-device");
    command_add(command, "ivshmem-plain,memdev=channel");
}

/* In the new process: become QEMU, or write errno to REPORT. */
static void __attribute__((noreturn))
become(const struct command *command, const char *folder,
       const int ends[QEMU_PIPES], pid_t parent, int report)
{
    int code, null = open("/dev/null", O_RDONLY);

    /* The terminal's signals are for us, who pass them on as a request. */
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && null >= 0 && chdir(folder) == 0) {
        dup2(null, STDIN_FILENO);
        dup2(ends[QEMU_DEBUG], STDOUT_FILENO);
        dup2(ends[QEMU_MESSAGES], STDERR_FILENO);
        fcntl(ends[QEMU_CONSOLE], F_SETFD, 0);
        execvp(command->arguments[0], command->arguments);
    }
    code = errno;
    if (write(report, &code, sizeof(code)) < 0)
        _exit(126);
    _exit(127);
}

static int
open_pipes(struct qemu *qemu, int ends[QEMU_PIPES], struct error *error)
{
    for (unsigned i = 0; i < QEMU_PIPES; i++) {
        int both[2];

        if (pipe2(both, O_CLOEXEC) != 0)
            return error_set(error, "cannot make a pipe: %s", strerror(errno));
        fcntl(both[0], F_SETFL, O_NONBLOCK);
        qemu->pipes[i] = both[0];
        ends[i] = both[1];
    }
    return 0;
}

/* Wait until QEMU has begun to run: only then the pipe closes empty. */
static int
await_exec(int report, struct error *error)
{
    ssize_t size;
    int code;

    do
        size = read(report, &code, sizeof(code));
    while (size < 0 && errno == EINTR);
    if (size == 0)
        return 0;
    if (size == (ssize_t)sizeof(code) && code == ENOENT)
        return error_set(error,
                         "%s is not installed (on Debian: package "
                         "qemu-system-x86)",
                         PROGRAM);
    return error_set(error, "cannot run %s: %s", PROGRAM,
                     strerror(size == (ssize_t)sizeof(code) ? code : errno));
}

int
qemu_start(struct qemu *qemu, const struct vm_settings *settings,
           const char *folder, const char *initrd, int channel_fd,
           struct error *error)
{
    int ends[QEMU_PIPES] = {-1, -1, -1}, report[2] = {-1, -1}, result = -1;
    struct command command = {0};
    pid_t parent = getpid();

    *qemu = (struct qemu){.pipes = {-1, -1, -1}, .ended = true};
    if (open_pipes(qemu, ends, error) != 0)
        goto out;
    if (pipe2(report, O_CLOEXEC) != 0) {
        error_set(error, "cannot make a pipe: %s", strerror(errno));
        goto out;
    }
    qemu_command(settings, initrd, channel_fd, ends[QEMU_CONSOLE], &command);
    qemu->pid = fork();
    if (qemu->pid == 0)
        become(&command, folder, ends, parent, report[1]);
    if (qemu->pid < 0) {
        error_set(error, "cannot start a process: %s", strerror(errno));
        goto out;
    }
    qemu->ended = false;
    close(report[1]);
    report[1] = -1;
    result = await_exec(report[0], error);
    if (result != 0)
        qemu_kill(qemu);

out:
    command_free(&command);
    for (unsigned i = 0; i < QEMU_PIPES; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    for (unsigned i = 0; i < 2; i++)
        if (report[i] >= 0)
            close(report[i]);
    if (result != 0)
        qemu_close(qemu);
    return result;
}

bool
qemu_ended(struct qemu *qemu)
{
    if (!qemu->ended &&
        waitpid(qemu->pid, &qemu->wait_status, WNOHANG) == qemu->pid)
        qemu->ended = true;
    return qemu->ended;
}

void
qemu_kill(struct qemu *qemu)
{
    if (qemu->ended)
        return;
    kill(qemu->pid, SIGKILL);
    while (waitpid(qemu->pid, &qemu->wait_status, 0) < 0 && errno == EINTR)
        continue;
    qemu->ended = true;
}

void
qemu_close(struct qemu *qemu)
{
    for (unsigned i = 0; i < QEMU_PIPES; i++) {
        if (qemu->pipes[i] >= 0)
            close(qemu->pipes[i]);
        qemu->pipes[i] = -1;
    }
}
