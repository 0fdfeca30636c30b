#include "vm/vm.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vm/channel.h"
#include "vm/console.h"
#include "vm/folder.h"
#include "vm/qemu.h"
#include "vm/stop.h"

/*
 * The channel has no way to wake us, so it is looked at: at once again while
 * there is something in it, often when there just was, then less often.
 */
#define LOOK_BUSY_MS 1
#define LOOK_IDLE_MS 4
#define IDLE_AFTER   0.05 /* seconds */

/* After the kernel's last words: how long its debugger may add to them. */
#define PANIC_TIME 0.5 /* seconds */

struct run {
    const struct vm_settings *settings;
    struct vm_result *result;
    double start;      /* of the clock, in seconds */
    double last_data;  /* since start */
    bool more;         /* the channel was not empty */
    double panic_time; /* when to give up waiting for more, or 0 */
    struct vm_folder folder;
    struct vm_channel channel;
    struct vm_console console;
    struct qemu qemu;
    struct text messages; /* of QEMU */
};

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double
elapsed(const struct run *run)
{
    return now() - run->start;
}

/* The kernel must be one that QEMU boots; what else it may be is common. */
static int
check_kernel(const char *path, struct error *error)
{
    unsigned char head[EI_NIDENT] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size;

    if (fd < 0)
        return error_set(error, "cannot read the kernel %s: %s", path,
                         strerror(errno));
    size = read(fd, head, sizeof(head));
    close(fd);
    if (size != (ssize_t)sizeof(head) || memcmp(head, ELFMAG, SELFMAG) != 0)
        return error_set(error, "%s is no kernel: not an ELF file", path);
    if (head[EI_CLASS] != ELFCLASS32)
        return error_set(error,
                         "%s is a 64-bit ELF file, which QEMU does not boot: "
                         "link it for ELF32",
                         path);
    return 0;
}

static int
open_console_file(struct run *run, struct error *error)
{
    const char *path = run->settings->console_file;

    run->console.file = -1;
    if (path == NULL)
        return 0;
    run->console.file =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (run->console.file < 0)
        return error_set(error, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

static void
take_debug(struct run *run, const char *data, size_t size)
{
    const struct vm_settings *settings = run->settings;

    run->channel.any = true;
    if (settings->output != NULL && !run->channel.refused)
        run->channel.refused = !settings->output(settings->output_context,
                                                 CHANNEL_STDOUT, data, size);
}

/* Read a pipe until it is empty for now. */
static void
read_pipe(struct run *run, enum qemu_pipe number)
{
    char data[16384];
    ssize_t size;

    while ((size = read(run->qemu.pipes[number], data, sizeof(data))) > 0) {
        run->last_data = elapsed(run);
        switch (number) {
        case QEMU_CONSOLE:
            if (run->result->kernel_started == 0)
                run->result->kernel_started = run->last_data;
            vm_console_add(&run->console, data, (size_t)size);
            break;
        case QEMU_DEBUG:
            take_debug(run, data, (size_t)size);
            break;
        default:
            text_add(&run->messages, data, (size_t)size);
        }
    }
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        close(run->qemu.pipes[number]);
        run->qemu.pipes[number] = -1;
    }
}

static int
read_all(struct run *run, struct error *error)
{
    int done;

    for (unsigned i = 0; i < QEMU_PIPES; i++)
        if (run->qemu.pipes[i] >= 0)
            read_pipe(run, i);
    done = vm_channel_read(&run->channel, error);
    run->more = done > 0;
    if (run->more)
        run->last_data = elapsed(run);
    if (run->channel.any && run->result->first_output == 0)
        run->result->first_output = run->last_data;
    return done < 0 ? -1 : 0;
}

/* Hand input on, as far as it is wanted and there. */
static void
pass_input(struct run *run)
{
    int fd = run->settings->input;
    size_t room = fd >= 0 ? vm_channel_room(&run->channel) : 0;
    struct pollfd file = {.fd = fd, .events = POLLIN};
    char data[CHANNEL_INPUT_SIZE];
    ssize_t size;

    if (room == 0 || poll(&file, 1, 0) <= 0)
        return;
    size = read(fd, data, room);
    if (size >= 0)
        vm_channel_input(&run->channel, data, (size_t)size);
    else if (errno != EINTR && errno != EAGAIN)
        vm_channel_input(&run->channel, NULL, 0);
}

static void
wait_for_data(struct run *run)
{
    double quiet = elapsed(run) - run->last_data;
    int wait = run->more ? 0 : quiet < IDLE_AFTER ? LOOK_BUSY_MS : LOOK_IDLE_MS;
    struct pollfd files[QEMU_PIPES];

    for (unsigned i = 0; i < QEMU_PIPES; i++)
        files[i] = (struct pollfd){.fd = run->qemu.pipes[i], .events = POLLIN};
    poll(files, QEMU_PIPES, wait);
}

/* Whether the kernel has said its last words. */
static bool
has_panicked(struct run *run)
{
    if (!run->console.panicked)
        return false;
    if (run->panic_time == 0)
        run->panic_time = elapsed(run) + PANIC_TIME;
    return run->console.prompt || elapsed(run) >= run->panic_time;
}

static bool
time_is_up(const struct run *run)
{
    return run->settings->time_limit != VM_TIME_FOREVER &&
           elapsed(run) >= run->settings->time_limit;
}

/*
 * Follow the machine until its run is over.  What it wrote before it ended
 * is read after that was seen, so nothing is missed.
 */
static enum vm_end
follow(struct run *run, struct error *error)
{
    for (;;) {
        bool ended = qemu_ended(&run->qemu);

        if (read_all(run, error) != 0)
            return VM_END_FAILED;
        if (run->channel.has_status) {
            /* Once more: other tasks wrote while the lanes were read. */
            return read_all(run, error) != 0 ? VM_END_FAILED : VM_END_STATUS;
        }
        if (run->channel.refused || vm_stop_count() > 1)
            return VM_END_STOPPED;
        if (has_panicked(run))
            return VM_END_PANIC;
        if (ended)
            return WIFEXITED(run->qemu.wait_status) &&
                           WEXITSTATUS(run->qemu.wait_status) == 0
                       ? VM_END_OFF
                       : VM_END_FAILED;
        if (time_is_up(run))
            return VM_END_TIME;
        if (vm_stop_count() > 0 && !run->result->stop_requested) {
            run->result->stop_requested = true;
            vm_channel_stop(&run->channel);
        }
        pass_input(run);
        wait_for_data(run);
    }
}

/* Say how the run ended, and show the end of the console. */
static int
report(struct run *run, struct error *error)
{
    const char *end = vm_console_end(&run->console);
    const char *lead = *end != '\0' ? "; its console's last lines:\n" : "";
    int status = run->qemu.wait_status;

    switch (run->result->end) {
    case VM_END_STATUS:
    case VM_END_STOPPED:
        return 0;
    case VM_END_PANIC:
        return error_set(error, "the kernel failed%s%s", lead, end);
    case VM_END_TIME:
        return error_set(error,
                         "the machine did not end within %u s and was "
                         "switched off%s%s",
                         run->settings->time_limit, lead, end);
    case VM_END_OFF:
        return error_set(error,
                         "the machine switched itself off before the run's "
                         "end%s%s",
                         lead, end);
    case VM_END_FAILED:
        break;
    }
    if (WIFSIGNALED(status))
        return error_set(error, "QEMU was killed by signal %d (%s)",
                         WTERMSIG(status), strsignal(WTERMSIG(status)));
    while (run->messages.size > 0 &&
           run->messages.data[run->messages.size - 1] == '\n')
        run->messages.data[--run->messages.size] = '\0';
    return error_set(error, "QEMU failed with status %d: %s",
                     WEXITSTATUS(status), text_string(&run->messages));
}

static int
run_in_folder(struct run *run, struct error *error)
{
    const struct vm_settings *settings = run->settings;
    struct text initrd = {0};
    bool garbled;
    int result = -1;

    for (unsigned i = 0; i < settings->module_count; i++)
        if (vm_folder_add(&run->folder, settings->modules[i], &initrd, error) !=
            0)
            goto out;
    if (qemu_start(&run->qemu, settings, run->folder.path, text_string(&initrd),
                   run->channel.fd, error) != 0)
        goto out;
    run->result->qemu_started = elapsed(run);
    run->result->end = follow(run, error);
    /* Of the failures, this one has its message already. */
    garbled = run->result->end == VM_END_FAILED && !run->qemu.ended;
    qemu_kill(&run->qemu);
    run->result->status = run->channel.status;
    result = garbled ? -1 : report(run, error);
    qemu_close(&run->qemu);

out:
    text_free(&initrd);
    return result;
}

/* Make the paths of a run absolute, since QEMU runs in another folder. */
static char *
whole_path(const char *path)
{
    char *folder, *whole;

    if (path == NULL || path[0] == '/')
        return path != NULL ? xstrdup(path) : NULL;
    folder = getcwd(NULL, 0);
    whole = xasprintf("%s/%s", folder != NULL ? folder : "", path);
    free(folder);
    return whole;
}

static void
make_paths_whole(const struct vm_settings *settings, struct vm_settings *whole)
{
    const char **disks = xcalloc(settings->disk_count + 1, sizeof(*disks));

    *whole = *settings;
    whole->kernel = whole_path(settings->kernel);
    whole->memory_file = whole_path(settings->memory_file);
    for (unsigned i = 0; i < settings->disk_count; i++)
        disks[i] = whole_path(settings->disks[i]);
    whole->disks = disks;
}

static void
free_paths(struct vm_settings *whole)
{
    free((void *)whole->kernel);
    free((void *)whole->memory_file);
    for (unsigned i = 0; i < whole->disk_count; i++)
        free((void *)whole->disks[i]);
    free((void *)whole->disks);
}

int
vm_run(const struct vm_settings *settings, struct vm_result *result,
       struct error *error)
{
    struct vm_settings whole;
    struct run run = {.settings = &whole, .result = result, .start = now()};
    int status = -1;

    *result = (struct vm_result){.end = VM_END_FAILED};
    make_paths_whole(settings, &whole);
    if (check_kernel(whole.kernel, error) != 0)
        goto out;
    if (open_console_file(&run, error) != 0)
        goto out;
    if (vm_channel_open(&run.channel, settings->output,
                        settings->output_context, error) != 0)
        goto out_console;
    if (vm_folder_make(&run.folder, error) != 0)
        goto out_channel;

    vm_stop_begin();
    status = run_in_folder(&run, error);
    vm_stop_end();
    result->ended = elapsed(&run);
    result->console = run.console.text;

    vm_folder_remove(&run.folder);
    text_free(&run.messages);
out_channel:
    vm_channel_close(&run.channel);
out_console:
    if (run.console.file >= 0)
        close(run.console.file);
out:
    free_paths(&whole);
    return status;
}

void
vm_result_free(struct vm_result *result)
{
    text_free(&result->console);
}
