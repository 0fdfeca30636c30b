#include "command/run/execute.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/message.h"
#include "command/passes/compile.h"
#include "command/passes/objects.h"
#include "command/run/host.h"
#include "command/run/output.h"
#include "command/run/run.h"
#include "support/path.h"
#include "support/text.h"

/* -m: the compiled script by a name of its own. */
static int
save_process(const struct options *options, const char *process,
             struct error *error)
{
    char *data;
    size_t size;
    int result;

    if (path_read(process, &data, &size, error) != 0)
        return -1;
    result = path_write(options->module_name, data, size, 0777, error);
    free(data);
    return result;
}

/* -F: the parent says who goes on, and ends. */
static int
go_to_background(struct output *output, struct error *error)
{
    pid_t child = fork();
    int nothing;

    if (child < 0)
        return error_set(error, "cannot go into the background: %s",
                         strerror(errno));
    if (child > 0) {
        printf("%ld\n", (long)child);
        exit(fflush(stdout) != 0);
    }
    setsid();
    nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        close(nothing);
    }
    output_take_messages(output);
    return 0;
}

/* Pass 5, and what it ended with: 0, or a status or -1 with ERROR. */
static int
run_to_end(struct machtap *machtap, const char *process, bool host,
           struct error *error)
{
    struct options *options = &machtap->options;
    struct output output;
    int status;

    if (output_open(&output, options, error) != 0)
        return -1;
    fflush(stdout);
    if (options->background && go_to_background(&output, error) != 0) {
        output_close(&output);
        return -1;
    }
    if (options->pass_verbose[5] > 0)
        fprintf(stderr, "Pass 5: starting run.\n");
    status =
        host ? host_run(options, process, &output, error)
             : run_process(options, &machtap->kernel, process, &output, error);
    if (output.failed == EPIPE)
        status = 0; /* the reader has seen enough */
    else if (output.failed != 0)
        status = error_set(error, "cannot write the output: %s",
                           strerror(output.failed));
    output_close(&output);
    return status;
}

int
execute_process(struct machtap *machtap, const char *process, bool host)
{
    struct error error = {{0}};
    int status = run_to_end(machtap, process, host, &error);

    if (status < 0)
        message_error(&error);
    pass_report(&machtap->watch, machtap->options.pass_verbose[5], 5,
                "run completed");
    return status == 0 ? 0 : pass_failed(5);
}

/* Pass 4, for what pass 3 wrote: the path of the process, or NULL. */
static char *
compile(struct machtap *machtap, bool host, bool *cached, struct error *error)
{
    const struct options *options = &machtap->options;
    const struct translation *translation = &machtap->translation;
    struct text objects = {0};
    char *process = NULL;

    if (host || objects_collect(options, &machtap->kernel,
                                translation->debuginfo, &translation->programs,
                                translation->parts, &objects, error) == 0)
        process = compile_process(
            text_string(&translation->source), &objects,
            host ? HOST_ARCHITECTURE : machtap->kernel.architecture,
            options->no_cache, options->pass_verbose[4], cached, error);
    text_free(&objects);
    if (process != NULL && options->module_name != NULL &&
        save_process(options, process, error) != 0) {
        free(process);
        return NULL;
    }
    return process;
}

int
execute_translation(struct machtap *machtap)
{
    const struct options *options = &machtap->options;
    struct error error = {{0}};
    bool host = !machtap->kernel_needed;
    bool cached = false;
    char *process = compile(machtap, host, &cached, &error);
    struct text what = {0};
    int status;

    if (process == NULL) {
        message_error(&error);
        return pass_failed(4);
    }

    text_printf(&what, cached ? "using cached %s" : "compiled C into \"%s\"",
                process);
    pass_report(&machtap->watch, machtap->options.pass_verbose[4], 4,
                text_string(&what));
    text_free(&what);
    if (options->keep)
        fprintf(stderr, "Kept %s and %s.c\n", process, process);
    if (options->last_pass == 4) {
        puts(options->module_name != NULL ? options->module_name : process);
        free(process);
        return 0;
    }
    status = execute_process(machtap, process, host);
    free(process);
    return status;
}
