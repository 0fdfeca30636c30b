/*
 * machtap: a script through its passes.
 *
 *   1 parse, 2 elaborate, 3 translate   translate/
 *     (between 1 and 2 the kernel is linked, or found linked)
 *   4 compile                           compile.c
 *   5 run                               run.c
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "command/compile.h"
#include "command/dump.h"
#include "command/host.h"
#include "command/kernel.h"
#include "command/library.h"
#include "command/objects.h"
#include "command/options.h"
#include "command/run.h"
#include "image/image.h"
#include "support/path.h"
#include "support/text.h"
#include "translate/kernel.h"
#include "translate/translate.h"

#define VERSION "0.1"

/* SystemTap's version whose language this is: systemtap_v of a script. */
#define LANGUAGE_VERSION "5.6"

/* Since the last pass ended, for -v. */
struct stopwatch {
    struct rusage self;
    struct rusage children;
    struct timespec real;
};

struct machtap {
    struct options options;
    struct kernel kernel;
    char *version;               /* of the kernel, "1.8" */
    char *release;               /* "1.8+git20250702" */
    struct image_header *tables; /* of the linked kernel; NULL before */
    bool kernel_needed;          /* by the script, or by an option */
    struct error no_kernel;      /* why none was found */
    struct stopwatch watch;
};

static double
since(const struct timeval *from, const struct timeval *to)
{
    return (double)(to->tv_sec - from->tv_sec) * 1e3 +
           (double)(to->tv_usec - from->tv_usec) / 1e3;
}

static void
stopwatch_start(struct stopwatch *watch)
{
    getrusage(RUSAGE_SELF, &watch->self);
    getrusage(RUSAGE_CHILDREN, &watch->children);
    clock_gettime(CLOCK_MONOTONIC, &watch->real);
}

/* With -v: "Pass N: what, in …usr/…sys/…real ms." as stap says it. */
static void
report(struct machtap *machtap, int pass, const char *what)
{
    struct stopwatch now;
    const struct stopwatch *then = &machtap->watch;

    stopwatch_start(&now);
    if (machtap->options.verbose > 0)
        fprintf(stderr, "Pass %d: %s in %.0fusr/%.0fsys/%.0freal ms.\n", pass,
                what,
                since(&then->self.ru_utime, &now.self.ru_utime) +
                    since(&then->children.ru_utime, &now.children.ru_utime),
                since(&then->self.ru_stime, &now.self.ru_stime) +
                    since(&then->children.ru_stime, &now.children.ru_stime),
                (double)(now.real.tv_sec - then->real.tv_sec) * 1e3 +
                    (double)(now.real.tv_nsec - then->real.tv_nsec) / 1e6);
    machtap->watch = now;
}

static void
pass_done(void *data, enum translate_pass pass)
{
    static const char *const what[] = {
        [TRANSLATE_PARSE] = "parsed the script",
        [TRANSLATE_ELABORATE] = "analyzed the script",
        [TRANSLATE_GENERATE] = "translated to C and programs"};

    report(data, (int)pass, what[pass]);
}

static int
fail(const struct error *error)
{
    if (error->text[0] != '\0')
        fprintf(stderr, "machtap: %s\n", error->text);
    return 1;
}

static int
pass_failed(int pass)
{
    static const char *const what[] = {
        "", "parse", "analysis", "translation", "compilation", "run"};

    fprintf(stderr, "Pass %d: %s failed.\n", pass, what[pass]);
    return 1;
}

/*
 * What scripts compare with kernel_v and kernel_vr, from the identity: "GNU
 * Mach 1.8+git20250702-up-amd64-dbg HASH".
 */
static int
find_version(struct machtap *machtap, struct error *error)
{
    static const char system[] = "GNU Mach ";
    char identity[PROBE_IDENTITY_MAX];
    const char *start = identity;

    if (image_identity(machtap->kernel.path, identity, error) != 0)
        return -1;

    if (strncmp(start, system, strlen(system)) == 0)
        start += strlen(system);
    machtap->version = xstrndup(start, strspn(start, "0123456789."));
    machtap->release = xstrndup(start, strcspn(start, "- "));
    return 0;
}

static int
find_kernel(struct machtap *machtap, struct error *error)
{
    if (kernel_find(&machtap->kernel, machtap->options.kernel, error) != 0)
        return -1;
    return find_version(machtap, error);
}

/*
 * Whether the script is to run here or on a machine: on one if an option says
 * so, here with --host, and else what the script needs will tell.  Then it is
 * no error yet if there is no kernel.
 */
static int
find_where(struct machtap *machtap, struct error *error)
{
    const struct options *options = &machtap->options;

    machtap->kernel_needed = host_declined(options);
    if (options->host && machtap->kernel_needed)
        return error_set(error, "--host boots no machine, so no option can "
                                "say what it is to be like");
    if (machtap->kernel_needed)
        return find_kernel(machtap, error);
    if (!options->host)
        find_kernel(machtap, &machtap->no_kernel);
    return 0;
}

/* The kernel's tables say what must not be probed; and it is to be run. */
static int
prepare_kernel(struct machtap *machtap, struct error *error)
{
    const struct options *options = &machtap->options;

    if (kernel_link(&machtap->kernel, options->no_cache, options->verbose,
                    error) != 0)
        return -1;

    machtap->tables = image_read_tables(machtap->kernel.linked, error);
    if (machtap->tables == NULL)
        return -1;

    report(machtap, 0, "linked the kernel, or found it linked");
    return 0;
}

/* The script names something of the kernel: a need_kernel of translate/. */
static int
need_kernel(void *data, struct kernel_source *source, struct error *error)
{
    struct machtap *machtap = data;

    machtap->kernel_needed = true;
    if (machtap->options.host)
        return error_set(error, "this needs a kernel, and --host runs "
                                "scripts without one");
    if (machtap->no_kernel.text[0] != '\0') {
        *error = machtap->no_kernel;
        return -1;
    }
    if (machtap->tables == NULL && prepare_kernel(machtap, error) != 0)
        return -1;
    source->path = machtap->kernel.path;
    source->tables = machtap->tables;
    return 0;
}

/* Options of translate/ from ours. */
static int
translate_settings(struct machtap *machtap, const struct library *library,
                   struct translate_options *settings, struct error *error)
{
    const struct options *options = &machtap->options;
    unsigned i;

    *settings = (struct translate_options){
        .language = {.arguments = options->arguments.items,
                     .argument_count = options->arguments.count,
                     .kernel_v = machtap->version ? machtap->version : "",
                     .kernel_vr = machtap->release ? machtap->release : "",
                     .arch = machtap->kernel.architecture != NULL
                                 ? machtap->kernel.architecture
                                 : HOST_MACHINE,
                     .version = LANGUAGE_VERSION,
                     .guru = options->guru,
                     .no_warnings = options->no_warnings,
                     .warnings_errors = options->warnings_errors},
        .libraries = (const char *const *)library->paths,
        .library_count = library->count,
        .script_file = options->script_file,
        .script_text = options->script_text,
        .more_texts = options->more_texts.items,
        .more_text_count = options->more_texts.count,
        .globals = options->globals.items,
        .global_count = options->globals.count,
        .kernel = machtap->kernel.path,
        .tables = machtap->tables,
        .need_kernel = need_kernel,
        .last_pass = options->last_pass < TRANSLATE_GENERATE
                         ? (enum translate_pass)options->last_pass
                         : TRANSLATE_GENERATE,
        .pass_done = pass_done,
        .data = machtap,
    };
    emit_limits_default(&settings->limits);
    for (i = 0; i < options->defines.count; i++) {
        if (emit_limits_set(&settings->limits, options->defines.items[i],
                            error) != 0)
            return error_prefix(error, "-D");
    }
    return 0;
}

/* Passes 4 and 5, for C that pass 3 wrote. */
static int
compile_and_run(struct machtap *machtap, const struct translation *translation)
{
    const struct options *options = &machtap->options;
    struct text objects = {0};
    struct error error = {{0}};
    bool cached;
    bool host = !machtap->kernel_needed;
    char *process;
    int status;

    if (!host && objects_collect(options, &machtap->kernel, translation->parts,
                                 &objects, &error) != 0) {
        fail(&error);
        return pass_failed(4);
    }
    process =
        compile_process(text_string(&translation->source), &objects,
                        host ? HOST_ARCHITECTURE : machtap->kernel.architecture,
                        options->no_cache, options->verbose, &cached, &error);
    text_free(&objects);
    if (process == NULL) {
        fail(&error);
        return pass_failed(4);
    }

    report(machtap, 4,
           cached ? "found the process in the cache" : "compiled the process");
    if (options->keep)
        fprintf(stderr, "Kept %s and %s.c\n", process, process);
    if (options->last_pass == 4) {
        puts(process);
        free(process);
        return 0;
    }

    status = host ? host_run(options, process, &error)
                  : run_process(options, &machtap->kernel, process, &error);
    free(process);
    if (status < 0)
        fail(&error);
    report(machtap, 5, "run completed");
    return status == 0 ? 0 : pass_failed(5);
}

static int
run_script(struct machtap *machtap)
{
    struct error error = {{0}};
    struct library library;
    struct translate_options settings;
    struct translation translation;
    struct text shown = {0};
    int status;

    if (library_find(&library, &machtap->options.libraries, &error) != 0)
        return fail(&error);

    if (machtap->kernel_needed && machtap->options.last_pass > 1 &&
        prepare_kernel(machtap, &error) != 0) {
        library_free(&library);
        return fail(&error);
    }

    if (translate_settings(machtap, &library, &settings, &error) != 0) {
        library_free(&library);
        return fail(&error);
    }

    status = translate_script(&settings, &translation, &error);
    if (translation.unit != NULL)
        fputs(text_string(&translation.unit->messages.text), stderr);
    if (status != 0) {
        fail(&error);
        status = pass_failed((int)translation.pass);
    } else if (machtap->options.last_pass <= TRANSLATE_GENERATE) {
        translation_print(&translation, &shown);
        if (shown.size != 0 && shown.data[shown.size - 1] != '\n')
            text_putc(&shown, '\n');
        fputs(text_string(&shown), stdout);
        text_free(&shown);
    } else {
        status = compile_and_run(machtap, &translation);
    }

    translation_free(&translation);
    library_free(&library);
    return status;
}

static int
list_points(struct machtap *machtap)
{
    const struct options *options = &machtap->options;
    struct error error = {{0}};
    struct library library;
    struct translate_options settings;
    struct translation translation;
    struct text listing = {0};
    int status;

    if (library_find(&library, &options->libraries, &error) != 0)
        return fail(&error);

    if (prepare_kernel(machtap, &error) != 0 ||
        translate_settings(machtap, &library, &settings, &error) != 0) {
        library_free(&library);
        return fail(&error);
    }

    status = translate_list(&settings, options->pattern,
                            options->action == OPTIONS_LIST_VARS, &listing,
                            &translation, &error);
    if (translation.unit != NULL)
        fputs(text_string(&translation.unit->messages.text), stderr);
    if (status != 0)
        status = fail(&error);
    fputs(text_string(&listing), stdout);
    text_free(&listing);
    translation_free(&translation);
    library_free(&library);
    return status;
}

/* --run: a process that was compiled before, on the kernel of now. */
static int
run_saved(struct machtap *machtap)
{
    const struct options *options = &machtap->options;
    struct error error = {{0}};
    int status;

    if (!path_exists(options->saved)) {
        error_set(&error, "there is no compiled script %s", options->saved);
        return fail(&error);
    }

    if (host_owns(options->saved)) {
        status = host_run(options, options->saved, &error);
    } else {
        if (find_kernel(machtap, &error) != 0 ||
            prepare_kernel(machtap, &error) != 0)
            return fail(&error);
        status = run_process(options, &machtap->kernel, options->saved, &error);
    }
    if (status < 0)
        fail(&error);
    report(machtap, 5, "run completed");
    return status == 0 ? 0 : pass_failed(5);
}

static int
act(struct machtap *machtap)
{
    struct error error = {{0}};

    switch (machtap->options.action) {
    case OPTIONS_HELP:
        options_print_help();
        return 0;
    case OPTIONS_VERSION:
        printf("machtap %s, the language of SystemTap %s\n", VERSION,
               LANGUAGE_VERSION);
        return 0;
    case OPTIONS_DUMP_FUNCTIONS:
    case OPTIONS_DUMP_TYPES:
    case OPTIONS_DUMP_ALIASES:
        return dump(&machtap->options, &error) == 0 ? 0 : fail(&error);
    case OPTIONS_RUN:
    case OPTIONS_RUN_SAVED:
    case OPTIONS_LIST:
    case OPTIONS_LIST_VARS:
        break;
    }

    if (machtap->options.action == OPTIONS_RUN_SAVED)
        return run_saved(machtap);

    if (machtap->options.action == OPTIONS_RUN)
        return find_where(machtap, &error) == 0 ? run_script(machtap)
                                                : fail(&error);

    return find_kernel(machtap, &error) == 0 ? list_points(machtap)
                                             : fail(&error);
}

int
main(int argc, char **argv)
{
    struct machtap machtap = {0};
    struct error error = {{0}};
    int status;

    /* When nobody reads our output the run is ended, which SIGPIPE would
     * do too early. */
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    stopwatch_start(&machtap.watch);

    if (options_parse(&machtap.options, argc, argv, &error) != 0)
        status = fail(&error);
    else
        status = act(&machtap);

    if (fflush(stdout) != 0 && status == 0) {
        error_set(&error, "cannot write the output");
        status = fail(&error);
    }
    options_free(&machtap.options);
    kernel_free(&machtap.kernel);
    free(machtap.version);
    free(machtap.release);
    free(machtap.tables);
    return status;
}
