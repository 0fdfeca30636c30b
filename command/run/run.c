#include "command/run/run.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/color.h"
#include "support/path.h"
#include "support/text.h"
#include "vm/vm.h"

/* Ports that a task of ours is given. */
#define PORTS "--host-port=${host-port} --device-port=${device-port}"

struct sink {
    struct output *output;
    int verbose;
};

/* A vm_output.  When nobody reads the output any more, the run ends. */
static bool
take_output(void *context, enum channel_stream stream, const void *data,
            size_t size)
{
    struct sink *sink = context;

    switch (stream) {
    case CHANNEL_STDOUT:
        return output_write(sink->output, data, size);
    case CHANNEL_STDERR:
        return color_write(data, size) == 0;
    case CHANNEL_MARK:
        if (sink->verbose > 1)
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

void
run_words(struct options *options, struct string_list *words)
{
    static const struct {
        const char *word;
        size_t offset; /* of a bool */
    } switches[] = {
        {"--self", offsetof(struct options, self)},
        {"--no-globals", offsetof(struct options, no_globals)},
        {"--suppress-errors", offsetof(struct options, suppress_errors)},
        {"--timing", offsetof(struct options, timing)},
    };
    static const struct {
        const char *word;
        size_t offset; /* of an unsigned; 0 stands for not given */
    } numbers[] = {
        {"--run-time", offsetof(struct options, run_time)},
        {"--buffer", offsetof(struct options, buffer)},
    };
    size_t i;

    for (i = 0; i < (size_t)options->pass_verbose[5]; i++)
        options_add(words, "--verbose");
    for (i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
        if (*(const bool *)((char *)options + switches[i].offset))
            options_add(words, switches[i].word);
    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        unsigned number =
            *(const unsigned *)((char *)options + numbers[i].offset);

        if (number != 0)
            options_add(words,
                        options_own(options, xasprintf("%s=%u", numbers[i].word,
                                                       number)));
    }
    if (options->target != 0)
        options_add(
            words, options_own(options,
                               xasprintf("--target=%llu",
                                         (unsigned long long)options->target)));
    if (options->host && options->workload != NULL)
        options_add(words, options_own(options, xasprintf("--command=%s",
                                                          options->workload)));
    if (options->saved != NULL)
        for (i = 0; i < options->globals.count; i++)
            options_add(
                words,
                options_own(options,
                            xasprintf("--set=%s", options->globals.items[i])));
}

/* Words that only a saved script, or one on this machine, is given: globals,
 * which a boot script's line must be able to hold. */
static int
check_words(const struct string_list *words, struct error *error)
{
    for (unsigned i = 0; i < words->count; i++)
        if (words->items[i][strcspn(words->items[i], " \t\n$(){}\"'\\")] !=
            '\0')
            return error_set(error,
                             "%s: blanks, quotes, braces and $ cannot be "
                             "handed to a machine",
                             words->items[i]);
    return 0;
}

static char *
process_line(struct options *options, const char *process, struct error *error)
{
    struct string_list words = {0};
    struct text line = {0};
    unsigned i;

    text_printf(&line, "%s " PORTS " --halt", process);
    if (!options->no_workload)
        text_puts(&line, " --workload-task=${workload-task}");
    run_words(options, &words);
    for (i = 0; i < words.count; i++)
        text_printf(&line, " %s", words.items[i]);
    text_puts(&line, " $(task-create) $(task-resume)");
    if (check_words(&words, error) != 0)
        text_free(&line);
    free(words.items);
    return line.size != 0 ? text_take(&line) : NULL;
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
run_process(struct options *options, const struct kernel *kernel,
            const char *process, struct output *output, struct error *error)
{
    struct sink sink = {output, options->pass_verbose[5]};
    unsigned count = 0, i;
    const char **modules =
        xmalloc((options->modules.count + 2) * sizeof(*modules));
    char *workload = run_workload_line(options, kernel);
    char *line = process_line(options, process, error);
    struct vm_settings settings = {
        .kernel = kernel->bootable,
        .append = options->append,
        .modules = modules,
        .memory = options->memory,
        .processors = options->cpus,
        .time_limit = options->timeout,
        .console_file = options->console,
        .input = STDIN_FILENO,
        .output = take_output,
        .output_context = &sink,
    };
    struct vm_result result = {0};
    int status = -1;

    if (line == NULL)
        goto out;
    modules[count++] = line;
    if (!options->no_workload)
        modules[count++] = workload;
    for (i = 0; i < options->modules.count; i++)
        modules[count++] = options->modules.items[i];
    settings.module_count = count;

    status = vm_run(&settings, &result, error);
    if (status == 0)
        status = result.end == VM_END_STATUS ? result.status : 1;
    if (sink.verbose > 0)
        show_times(&result);
    vm_result_free(&result);

out:
    free(modules);
    free(workload);
    free(line);
    return status;
}
