/*
 * machtap: a script through its passes.
 *
 *   1 parse, 2 elaborate, 3 translate   translate/, told by settings.c
 *     (between 1 and 2 the kernel is linked, or found linked: where.c)
 *   4 compile, 5 run                    execute.c
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/cache/cache.h"
#include "command/color.h"
#include "command/dump.h"
#include "command/example.h"
#include "command/machtap.h"
#include "command/message.h"
#include "command/options/settings.h"
#include "command/run/execute.h"
#include "command/run/host.h"
#include "command/run/where.h"
#include "support/path.h"
#include "support/text.h"

#define VERSION "0.1"

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

    if (where_find(machtap, &error) != 0 ||
        settings_prepare(machtap, &settings, &error) != 0)
        return message_error(&error);

    status = translate_script(&settings, translation, &error);
    keep_index(machtap);
    message_unit(translation->unit);
    if (status != 0) {
        message_error(&error);
        status = pass_failed((int)translation->pass);
    } else if (machtap->options.last_pass <= TRANSLATE_GENERATE) {
        translation_print(translation, &shown);
        if (shown.size != 0 && shown.data[shown.size - 1] != '\n')
            text_putc(&shown, '\n');
        fputs(text_string(&shown), stdout);
        text_free(&shown);
    }
    message_similar(translation->unit);
    if (status == 0 && machtap->options.last_pass > TRANSLATE_GENERATE)
        status = execute_translation(machtap);
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

    if (where_kernel(machtap, &error) != 0)
        return message_error(&error);
    machtap->kernel_needed = true;
    if (settings_prepare(machtap, &settings, &error) != 0)
        return message_error(&error);
    settings.language.hide_similar = false;
    status = translate_list(&settings, options->pattern,
                            options->action == OPTIONS_LIST_VARS, &listing,
                            &machtap->translation, &error);
    keep_index(machtap);
    message_unit(machtap->translation.unit);
    if (status != 0)
        status = message_error(&error);
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
        return message_error(&error);
    }

    host = host_owns(options->saved);
    if (!host && (where_kernel(machtap, &error) != 0 ||
                  kernel_takes(&machtap->kernel, options->saved, &error) != 0 ||
                  where_prepare(machtap, &error) != 0))
        return message_error(&error);
    return execute_process(machtap, options->saved, host);
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
        return dump(&machtap->options, &error) == 0 ? 0 : message_error(&error);
    case OPTIONS_LIST_EXAMPLES:
        return example_list(&error) == 0 ? 0 : message_error(&error);
    case OPTIONS_CLEAN_CACHE:
        return cache_clean(&error) == 0 ? 0 : message_error(&error);
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
        status = message_error(&error);
    else
        status = act(&machtap);

    if (fflush(stdout) != 0 && status == 0) {
        error_set(&error, "cannot write the output");
        status = message_error(&error);
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
