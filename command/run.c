#include "command/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/path.h"
#include "support/text.h"
#include "vm/vm.h"

/* Ports that a task of ours is given. */
#define PORTS "--host-port=${host-port} --device-port=${device-port}"

struct output {
    int fd;     /* of the script's output */
    int failed; /* errno of the first write that failed */
    int verbose;
};

static bool
write_all(int fd, const char *data, size_t size, int *failed)
{
    while (size > 0) {
        ssize_t done = write(fd, data, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            *failed = errno;
            return false;
        }
        data += done;
        size -= (size_t)done;
    }
    return true;
}

/* A vm_output.  When nobody reads the output any more, the run ends. */
static bool
take_output(void *context, enum channel_stream stream, const void *data,
            size_t size)
{
    struct output *output = context;

    switch (stream) {
    case CHANNEL_STDOUT:
        return write_all(output->fd, data, size, &output->failed);
    case CHANNEL_STDERR:
        return write_all(STDERR_FILENO, data, size, &output->failed);
    case CHANNEL_MARK:
        if (output->verbose > 1)
            fprintf(stderr, "Pass 5: %.*s\n", (int)size, (const char *)data);
        return true;
    case CHANNEL_STATUS:
        break;
    }
    return true;
}

/*
 * The boot-script line of the workload.  Its first word is ours when -c
 * gives only options of the bundled one.  The task is created but not
 * resumed: the script's process does that once its probes are armed.
 */
char *
run_workload_line(const struct options *options, const struct kernel *kernel)
{
    const char *words = options->workload != NULL ? options->workload : "";
    size_t first = strcspn(words, " ");
    char *program = xstrndup(words, first);
    char *name = xasprintf("modules/%s/workload", kernel->architecture);
    char *bundled = path_home(name);
    char *line;

    if (strchr(program, '=') != NULL || *program == '\0')
        line = xasprintf("%s " PORTS " %s $(workload-task=task-create)",
                         bundled, words);
    else
        line = xasprintf("%s " PORTS "%s $(workload-task=task-create)", program,
                         words + first);
    free(bundled);
    free(name);
    free(program);
    return line;
}

static char *
process_line(const struct options *options, const char *process)
{
    struct text line = {0};
    unsigned i;

    text_printf(&line, "%s " PORTS " --halt", process);
    if (!options->no_workload)
        text_puts(&line, " --workload-task=${workload-task}");
    for (i = 0; i < (unsigned)options->verbose; i++)
        text_puts(&line, " --verbose");
    if (options->self)
        text_puts(&line, " --self");
    if (options->no_globals)
        text_puts(&line, " --no-globals");
    if (options->suppress_errors)
        text_puts(&line, " --suppress-errors");
    if (options->run_time != 0)
        text_printf(&line, " --run-time=%u", options->run_time);
    if (options->buffer != 0)
        text_printf(&line, " --buffer=%u", options->buffer);
    text_puts(&line, " $(task-create) $(task-resume)");
    return text_take(&line);
}

/* With -v: where the time of the run went. */
static void
show_times(const struct vm_result *result)
{
    fprintf(stderr,
            "Pass 5: machine started after %.0f ms, kernel %.0f ms, first "
            "output %.0f ms, ended %.0f ms\n",
            result->qemu_started * 1000, result->kernel_started * 1000,
            result->first_output * 1000, result->ended * 1000);
}

int
run_process(const struct options *options, const struct kernel *kernel,
            const char *process, struct error *error)
{
    struct output output = {.fd = STDOUT_FILENO, .verbose = options->verbose};
    unsigned count = 0, i;
    const char **modules =
        xmalloc((options->modules.count + 2) * sizeof(*modules));
    char *workload = run_workload_line(options, kernel);
    char *line = process_line(options, process);
    struct vm_settings settings = {
        .kernel = kernel->bootable,
        .append = options->append,
        .modules = modules,
        .memory = options->memory,
        .processors = options->cpus,
        .time_limit = options->timeout,
        .console_file = options->console,
        .output = take_output,
        .output_context = &output,
    };
    struct vm_result result = {0};
    int status;

    if (options->output != NULL) {
        output.fd = open(options->output,
                         O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (output.fd < 0) {
            status = error_set(error, "cannot write %s: %s", options->output,
                               strerror(errno));
            goto out;
        }
    }

    modules[count++] = line;
    if (!options->no_workload)
        modules[count++] = workload;
    for (i = 0; i < options->modules.count; i++)
        modules[count++] = options->modules.items[i];
    settings.module_count = count;

    status = vm_run(&settings, &result, error);
    if (status == 0)
        status = result.end == VM_END_STATUS ? result.status : 1;
    if (output.failed == EPIPE)
        status = 0; /* the reader has seen enough */
    else if (output.failed != 0)
        status = error_set(error, "cannot write the output: %s",
                           strerror(output.failed));
    if (options->verbose > 0)
        show_times(&result);
    vm_result_free(&result);

    if (output.fd != STDOUT_FILENO)
        close(output.fd);
out:
    free(modules);
    free(workload);
    free(line);
    return status;
}
