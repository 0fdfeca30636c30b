/*
 * machtap: a script through its passes.
 *
 *   1 parse, 2 elaborate, 3 translate   translate/
 *     (between 1 and 2 the kernel is linked, or found linked)
 *   4 compile                           compile.c
 *   5 run                               run.c
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/cache.h"
#include "command/color.h"
#include "command/compile.h"
#include "command/dump.h"
#include "command/example.h"
#include "command/host.h"
#include "command/index.h"
#include "command/kernel.h"
#include "command/library.h"
#include "command/objects.h"
#include "command/options.h"
#include "command/output.h"
#include "command/pass.h"
#include "command/run.h"
#include "image/image.h"
#include "support/path.h"
#include "support/text.h"
#include "translate/kernel.h"
#include "translate/translate.h"

#define VERSION "0.1"

struct machtap {
    struct options options;
    struct kernel kernel;
    char *version;                  /* of the kernel, "1.8" */
    char *release;                  /* "1.8+git20250702" */
    struct image_header *tables;    /* of the linked kernel; NULL before */
    struct index index;             /* of the kernel's functions */
    bool kernel_needed;             /* by the script, or by an option */
    struct error no_kernel;         /* why none was found */
    struct string_list definitions; /* of -D, for embedded C */
    struct library library;
    struct translation translation;
    struct stopwatch watch;
};

static void
report(struct machtap *machtap, int pass, const char *what)
{
    /* Linking counts as part of the analysis. */
    int of = pass == 0 ? 2 : pass;

    pass_report(&machtap->watch, machtap->options.pass_verbose[of], pass, what);
}

static void
add_count(struct text *text, unsigned count, const char *what)
{
    text_printf(text, "%u %s%s, ", count, what, count == 1 ? "" : "s");
}

/* A pass_done of translate/. */
static void
pass_done(void *data, enum translate_pass pass)
{
    struct machtap *machtap = data;
    const struct unit *unit = machtap->translation.unit;
    struct text what = {0};
    unsigned embedded = 0;

    switch (pass) {
    case TRANSLATE_PARSE:
        text_printf(&what, "parsed user script and %u library scripts",
                    machtap->library.count);
        break;
    case TRANSLATE_ELABORATE:
        LIST_EACH (script, &unit->scripts)
            embedded += (*script)->embedded.count;
        text_puts(&what, "analyzed script: ");
        add_count(&what, unit->probes.count, "probe");
        add_count(&what, unit->functions.count, "function");
        add_count(&what, embedded, "embed");
        text_printf(&what, "%u global%s", unit->globals.count,
                    unit->globals.count == 1 ? "" : "s");
        break;
    case TRANSLATE_GENERATE:
        text_puts(&what, "translated to C");
        break;
    }
    report(machtap, (int)pass, text_string(&what));
    text_free(&what);
}

static int
fail(const struct error *error)
{
    struct text text = {0};

    if (error->text[0] != '\0') {
        text_printf(&text, "machtap: %s\n", error->text);
        color_write(text.data, text.size);
        text_free(&text);
    }
    return 1;
}

/* Show the error as a warning, unless warnings are errors. */
static int
warn(const struct options *options, const struct error *error)
{
    struct text text = {0};

    if (options->warnings_errors)
        return -1;
    if (options->no_warnings)
        return 0;
    text_printf(&text, "WARNING: %s\n", error->text);
    color_write(text.data, text.size);
    text_free(&text);
    return 0;
}

/* Messages of the translation. */
static void
show_messages(const struct unit *unit)
{
    if (unit != NULL)
        color_write(text_string(&unit->messages.text),
                    unit->messages.text.size);
}

/* How many messages were left out as similar to others. */
static void
show_suppressed(const struct unit *unit)
{
    if (unit == NULL)
        return;
    if (unit->messages.similar_errors > 0)
        fprintf(stderr, "Number of similar error messages suppressed: %u.\n",
                unit->messages.similar_errors);
    if (unit->messages.similar_warnings > 0)
        fprintf(stderr, "Number of similar warning messages suppressed: %u.\n",
                unit->messages.similar_warnings);
    if (unit->messages.similar_errors + unit->messages.similar_warnings > 0)
        fprintf(stderr, "Rerun with -v to see them.\n");
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
    if (!options->no_cache)
        index_read(&machtap->kernel, &machtap->index);

    report(machtap, 0, "linked the kernel, or found it linked");
    return 0;
}

/* The script names something of the kernel: a need_kernel of translate/. */
static int
need_kernel(void *data, struct kernel_source *source, struct error *error)
{
    struct machtap *machtap = data;

    machtap->kernel_needed = true;
    if (options_unprivileged(&machtap->options))
        return error_set(error, "this needs a kernel, which users of "
                                "--privilege=stapusr may not probe");
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
    source->index = machtap->index.bytes;
    source->index_size = machtap->index.size;
    return 0;
}

/* What the language asks of the options. */
static struct language_options
language_settings(const struct machtap *machtap)
{
    const struct options *options = &machtap->options;

    return (struct language_options){
        .arguments = options->arguments.items,
        .argument_count = options->arguments.count,
        .kernel_v = machtap->version ? machtap->version : "",
        .kernel_vr = machtap->release ? machtap->release : "",
        .arch = machtap->kernel.architecture != NULL
                    ? machtap->kernel.architecture
                    : HOST_MACHINE,
        .version = options->compatible != NULL ? options->compatible
                                               : OPTIONS_LANGUAGE,
        .privilege = options->privilege,
        .guru = options->guru,
        .skip_badvars = options->skip_badvars,
        .check_version = options->check_version,
        .unoptimized = options->unoptimized,
        .no_warnings = options->no_warnings,
        .warnings_errors = options->warnings_errors,
        .hide_similar = options->verbose == 0 && !options->keep_going,
    };
}

/* What -D says: limits, and with -g names for embedded C. */
static int
set_limits(struct machtap *machtap, struct emit_limits *limits,
           struct error *error)
{
    struct options *options = &machtap->options;
    unsigned i;

    emit_limits_default(limits, language_settings(machtap).arch);
    for (i = 0; i < options->defines.count; i++) {
        const char *define = options->defines.items[i];

        switch (emit_limits_set(limits, define, error)) {
        case EMIT_DEFINITION_LIMIT:
            break;
        case EMIT_DEFINITION_IGNORED:
            if (warn(options, error) != 0)
                return -1;
            break;
        case EMIT_DEFINITION_OTHER:
            if (!options->guru)
                return -1;
            options_add(&machtap->definitions, define);
            break;
        case EMIT_DEFINITION_WRONG:
            return -1;
        }
    }
    limits->definitions = machtap->definitions.items;
    limits->definition_count = machtap->definitions.count;
    if (options->no_time_limits)
        emit_limits_no_time(limits);
    error->text[0] = '\0';
    return 0;
}

/* Options of translate/ from ours. */
static int
translate_settings(struct machtap *machtap, struct translate_options *settings,
                   struct error *error)
{
    const struct options *options = &machtap->options;

    *settings = (struct translate_options){
        .language = language_settings(machtap),
        .libraries = (const char *const *)machtap->library.paths,
        .library_count = machtap->library.count,
        .script_file = options->script_file,
        .script_text = options->script_text,
        .more_texts = options->more_texts.items,
        .more_text_count = options->more_texts.count,
        .globals = options->globals.items,
        .global_count = options->globals.count,
        .kernel = machtap->kernel.path,
        .tables = machtap->tables,
        .index = machtap->index.bytes,
        .index_size = machtap->index.size,
        .need_kernel = need_kernel,
        .last_pass = options->last_pass < TRANSLATE_GENERATE
                         ? (enum translate_pass)options->last_pass
                         : TRANSLATE_GENERATE,
        .pass_done = pass_done,
        .data = machtap,
    };
    return set_limits(machtap, &settings->limits, error);
}

/* ---- passes 4 and 5 -------------------------------------------------- */

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

static int
run_compiled(struct machtap *machtap, const char *process, bool host)
{
    struct error error = {{0}};
    int status = run_to_end(machtap, process, host, &error);

    if (status < 0)
        fail(&error);
    report(machtap, 5, "run completed");
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

    if (host ||
        objects_collect(options, &machtap->kernel, translation->debuginfo,
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

/* Passes 4 and 5. */
static int
compile_and_run(struct machtap *machtap)
{
    const struct options *options = &machtap->options;
    struct error error = {{0}};
    bool host = !machtap->kernel_needed;
    bool cached = false;
    char *process = compile(machtap, host, &cached, &error);
    struct text what = {0};
    int status;

    if (process == NULL) {
        fail(&error);
        return pass_failed(4);
    }

    text_printf(&what, cached ? "using cached %s" : "compiled C into \"%s\"",
                process);
    report(machtap, 4, text_string(&what));
    text_free(&what);
    if (options->keep)
        fprintf(stderr, "Kept %s and %s.c\n", process, process);
    if (options->last_pass == 4) {
        puts(options->module_name != NULL ? options->module_name : process);
        free(process);
        return 0;
    }
    status = run_compiled(machtap, process, host);
    free(process);
    return status;
}

/* ---- actions --------------------------------------------------------- */

/* All that comes before the translation. */
static int
prepare(struct machtap *machtap, struct translate_options *settings,
        struct error *error)
{
    struct options *options = &machtap->options;
    char *example;

    if (options->example && options->script_file != NULL) {
        example = example_find(options->script_file, error);
        if (example == NULL)
            return -1;
        options->script_file = options_own(options, example);
    }
    if (library_find(&machtap->library, &options->libraries, error) != 0)
        return -1;
    if (machtap->kernel_needed && options->last_pass > 1 &&
        prepare_kernel(machtap, error) != 0)
        return -1;
    return translate_settings(machtap, settings, error);
}

/* What was read of the debugging information need not be read again. */
static void
keep_index(const struct machtap *machtap)
{
    const struct debuginfo *debuginfo = machtap->translation.debuginfo;

    if (debuginfo != NULL && !debuginfo_is_indexed(debuginfo))
        index_keep(&machtap->kernel, debuginfo);
}

static int
run_script(struct machtap *machtap)
{
    struct error error = {{0}};
    struct translate_options settings;
    struct translation *translation = &machtap->translation;
    struct text shown = {0};
    int status;

    if (find_where(machtap, &error) != 0 ||
        prepare(machtap, &settings, &error) != 0)
        return fail(&error);

    status = translate_script(&settings, translation, &error);
    keep_index(machtap);
    show_messages(translation->unit);
    if (status != 0) {
        fail(&error);
        status = pass_failed((int)translation->pass);
    } else if (machtap->options.last_pass <= TRANSLATE_GENERATE) {
        translation_print(translation, &shown);
        if (shown.size != 0 && shown.data[shown.size - 1] != '\n')
            text_putc(&shown, '\n');
        fputs(text_string(&shown), stdout);
        text_free(&shown);
    }
    show_suppressed(translation->unit);
    if (status == 0 && machtap->options.last_pass > TRANSLATE_GENERATE)
        status = compile_and_run(machtap);
    return status;
}

static int
list_points(struct machtap *machtap)
{
    const struct options *options = &machtap->options;
    struct error error = {{0}};
    struct translate_options settings;
    struct text listing = {0};
    int status;

    if (find_kernel(machtap, &error) != 0)
        return fail(&error);
    machtap->kernel_needed = true;
    if (prepare(machtap, &settings, &error) != 0)
        return fail(&error);
    settings.language.hide_similar = false;
    status = translate_list(&settings, options->pattern,
                            options->action == OPTIONS_LIST_VARS, &listing,
                            &machtap->translation, &error);
    keep_index(machtap);
    show_messages(machtap->translation.unit);
    if (status != 0)
        status = fail(&error);
    fputs(text_string(&listing), stdout);
    text_free(&listing);
    return status;
}

/* --run: a process that was compiled before, on the kernel of now. */
static int
run_saved(struct machtap *machtap)
{
    const struct options *options = &machtap->options;
    struct error error = {{0}};
    bool host;

    if (!path_exists(options->saved)) {
        error_set(&error, "there is no compiled script %s", options->saved);
        return fail(&error);
    }

    host = host_owns(options->saved);
    if (!host && (find_kernel(machtap, &error) != 0 ||
                  kernel_takes(&machtap->kernel, options->saved, &error) != 0 ||
                  prepare_kernel(machtap, &error) != 0))
        return fail(&error);
    return run_compiled(machtap, options->saved, host);
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
               OPTIONS_LANGUAGE);
        return 0;
    case OPTIONS_DUMP_FUNCTIONS:
    case OPTIONS_DUMP_TYPES:
    case OPTIONS_DUMP_ALIASES:
        return dump(&machtap->options, &error) == 0 ? 0 : fail(&error);
    case OPTIONS_LIST_EXAMPLES:
        return example_list(&error) == 0 ? 0 : fail(&error);
    case OPTIONS_CLEAN_CACHE:
        return cache_clean(&error) == 0 ? 0 : fail(&error);
    case OPTIONS_RUN:
        return run_script(machtap);
    case OPTIONS_RUN_SAVED:
        return run_saved(machtap);
    case OPTIONS_LIST:
    case OPTIONS_LIST_VARS:
        break;
    }
    return list_points(machtap);
}

/* --disable-cache: one that is gone with us. */
static int
begin_own_cache(const struct options *options, char **folder,
                struct error *error)
{
    const char *place = getenv("TMPDIR");

    *folder = NULL;
    if (!options->disable_cache)
        return 0;
    if (options->last_pass == 4 && options->module_name == NULL)
        return error_set(error, "-p4 prints where the cache has the compiled "
                                "script; with --disable-cache, name it: -m");
    *folder = xasprintf("%s/machtap-XXXXXX", place != NULL ? place : "/tmp");
    if (mkdtemp(*folder) == NULL)
        return error_set(error, "cannot make the folder %s: %s", *folder,
                         strerror(errno));
    setenv("MACHTAP_CACHE", *folder, 1);
    return 0;
}

int
main(int argc, char **argv)
{
    struct machtap machtap = {0};
    struct error error = {{0}};
    char *own_cache = NULL;
    int status;

    /* When nobody reads our output the run is ended, which SIGPIPE would
     * do too early. */
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    stopwatch_start(&machtap.watch);

    status = options_parse(&machtap.options, argc, argv, &error);
    color_open(machtap.options.color);
    if (status != 0 ||
        begin_own_cache(&machtap.options, &own_cache, &error) != 0)
        status = fail(&error);
    else
        status = act(&machtap);

    if (fflush(stdout) != 0 && status == 0) {
        error_set(&error, "cannot write the output");
        status = fail(&error);
    }
    if (own_cache != NULL)
        cache_remove(own_cache);
    free(own_cache);
    translation_free(&machtap.translation);
    library_free(&machtap.library);
    free(machtap.definitions.items);
    options_free(&machtap.options);
    kernel_free(&machtap.kernel);
    free(machtap.version);
    free(machtap.release);
    free(machtap.tables);
    index_free(&machtap.index);
    return status;
}
