/*
 * machtap-vm: run tasks on a kernel in a virtual machine, for those who work
 * on machtap and for its tests.
 */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "support/text.h"
#include "vm/folder.h"
#include "vm/vm.h"

#define STATUS_USAGE  2
#define STATUS_FAILED 125 /* no status came from the machine */

static const char usage_text[] =
    "Usage: machtap-vm [OPTION]… KERNEL [--] [MODULE]…\n"
    "Run the boot modules on a GNU Mach kernel under QEMU and print what they\n"
    "write to the channel.  The exit status is that of the run, or 125.\n"
    "\n"
    "KERNEL is an ELF image, 32-bit or 64-bit.  Each MODULE is one line of a\n"
    "boot script, its first word a file:\n"
    "  'build/home/modules/x86_64/workload --host-port=${host-port}\n"
    "       --device-port=${device-port} --halt $(task-create) "
    "$(task-resume)'\n"
    "\n"
    "  --memory=M          memory of the machine in MiB\n"
    "  --smp=N             processors\n"
    "  --icount            a nanosecond for each instruction\n"
    "  --timeout=S         end after so many seconds (default 60, 0: never)\n"
    "  --append=TEXT       kernel command line\n"
    "  --disk=FILE         a raw disk image; may be repeated\n"
    "  --console=FILE      keep what the kernel's console printed\n"
    "  --guest-memory=FILE keep the machine's memory\n"
    "  --verbose           say when each phase was reached\n"
    "  --help              print this\n";

enum option_code {
    OPTION_MEMORY = 1,
    OPTION_SMP,
    OPTION_ICOUNT,
    OPTION_TIMEOUT,
    OPTION_APPEND,
    OPTION_DISK,
    OPTION_CONSOLE,
    OPTION_GUEST_MEMORY,
    OPTION_VERBOSE,
    OPTION_HELP,
};

static const struct option options[] = {
    {"memory", required_argument, NULL, OPTION_MEMORY},
    {"smp", required_argument, NULL, OPTION_SMP},
    {"icount", no_argument, NULL, OPTION_ICOUNT},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"append", required_argument, NULL, OPTION_APPEND},
    {"disk", required_argument, NULL, OPTION_DISK},
    {"console", required_argument, NULL, OPTION_CONSOLE},
    {"guest-memory", required_argument, NULL, OPTION_GUEST_MEMORY},
    {"verbose", no_argument, NULL, OPTION_VERBOSE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

struct request {
    struct vm_settings settings;
    const char **disks;
    bool verbose;
};

static void __attribute__((noreturn))
fail_usage(const char *what, const char *value)
{
    fprintf(stderr, "machtap-vm: %s%s\nTry 'machtap-vm --help'.\n", what,
            value);
    exit(STATUS_USAGE);
}

static unsigned
parse_number(const char *name, const char *value)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);

    if (value[0] < '0' || value[0] > '9' || *end != '\0' || number > 1000000) {
        fprintf(stderr, "machtap-vm: --%s=%s: not a number\n", name, value);
        exit(STATUS_USAGE);
    }
    return (unsigned)number;
}

static void
take_option(struct request *request, enum option_code code)
{
    struct vm_settings *settings = &request->settings;

    switch (code) {
    case OPTION_MEMORY:
        settings->memory = parse_number("memory", optarg);
        break;
    case OPTION_SMP:
        settings->processors = parse_number("smp", optarg);
        break;
    case OPTION_ICOUNT:
        settings->icount = true;
        break;
    case OPTION_TIMEOUT:
        settings->time_limit = parse_number("timeout", optarg);
        break;
    case OPTION_APPEND:
        settings->append = optarg;
        break;
    case OPTION_DISK:
        request->disks = xrealloc(request->disks, (settings->disk_count + 1) *
                                                      sizeof(*request->disks));
        request->disks[settings->disk_count++] = optarg;
        settings->disks = request->disks;
        break;
    case OPTION_CONSOLE:
        settings->console_file = optarg;
        break;
    case OPTION_GUEST_MEMORY:
        settings->memory_file = optarg;
        break;
    case OPTION_VERBOSE:
        request->verbose = true;
        break;
    case OPTION_HELP:
        fputs(usage_text, stdout);
        exit(0);
    }
}

static void
parse_arguments(int argc, char **argv, struct request *request)
{
    int code;

    while ((code = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (code == '?')
            exit(STATUS_USAGE);
        take_option(request, (enum option_code)code);
    }
    if (optind == argc)
        fail_usage("no KERNEL given", "");
    request->settings.kernel = argv[optind++];
    if (optind < argc && strcmp(argv[optind], "--") == 0)
        optind++;
    request->settings.modules = (const char *const *)argv + optind;
    request->settings.module_count = (unsigned)(argc - optind);
}

static bool
write_output(void *context, enum channel_stream stream, const void *data,
             size_t size)
{
    const struct request *request = context;
    int fd = stream == CHANNEL_STDOUT ? STDOUT_FILENO : STDERR_FILENO;

    if (stream == CHANNEL_MARK) {
        if (request->verbose)
            fprintf(stderr, "machtap-vm: %.*s\n", (int)size,
                    (const char *)data);
        return true;
    }
    while (size > 0) {
        ssize_t done = write(fd, data, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        data = (const char *)data + done;
        size -= (size_t)done;
    }
    return true;
}

static bool
is_elf64(const char *path)
{
    unsigned char head[EI_NIDENT] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, head, sizeof(head)) == sizeof(head) &&
              memcmp(head, ELFMAG, SELFMAG) == 0 &&
              head[EI_CLASS] == ELFCLASS64;

    if (fd >= 0)
        close(fd);
    return is;
}

/* Run with the kernel as QEMU wants it, in a temporary file if need be. */
static int
run(struct request *request, struct vm_result *result, struct error *error)
{
    struct vm_folder folder;
    char *wrapped;
    int status;

    if (!is_elf64(request->settings.kernel))
        return vm_run(&request->settings, result, error);
    if (vm_folder_make(&folder, error) != 0)
        return -1;
    wrapped = vm_folder_file(&folder, "kernel");
    status = image_wrap_elf32(request->settings.kernel, wrapped, error);
    if (status == 0) {
        request->settings.kernel = wrapped;
        status = vm_run(&request->settings, result, error);
    }
    free(wrapped);
    vm_folder_remove(&folder);
    return status;
}

int
main(int argc, char **argv)
{
    struct request request = {
        .settings = {.time_limit = 60, .input = -1, .output = write_output},
    };
    struct vm_result result = {0};
    struct error error;
    int status;

    request.settings.output_context = &request;
    parse_arguments(argc, argv, &request);
    status = run(&request, &result, &error);
    if (request.verbose)
        fprintf(stderr,
                "machtap-vm: QEMU %.0f ms, kernel %.0f ms, first output "
                "%.0f ms, end %.0f ms\n",
                result.qemu_started * 1e3, result.kernel_started * 1e3,
                result.first_output * 1e3, result.ended * 1e3);
    if (status != 0)
        fprintf(stderr, "machtap-vm: %s\n", error.text);
    if (status != 0 || result.end != VM_END_STATUS)
        status = STATUS_FAILED;
    else
        status = result.status;
    vm_result_free(&result);
    free(request.disks);
    return status;
}
