#include "command/options/settings.h"

#include "command/example.h"
#include "command/message.h"
#include "command/passes/program.h"
#include "command/run/host.h"
#include "command/run/where.h"
#include "support/text.h"

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
    pass_report(&machtap->watch, machtap->options.pass_verbose[pass], (int)pass,
                text_string(&what));
    text_free(&what);
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
            if (message_warning(options, error) != 0)
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
        .targeted = options->workload != NULL || options->target != 0,
        .globals = options->globals.items,
        .global_count = options->globals.count,
        .kernel = machtap->kernel.path,
        .tables = machtap->tables,
        .index = machtap->index.bytes,
        .index_size = machtap->index.size,
        .need_kernel = where_need,
        .find_program = program_find,
        .last_pass = options->last_pass < TRANSLATE_GENERATE
                         ? (enum translate_pass)options->last_pass
                         : TRANSLATE_GENERATE,
        .pass_done = pass_done,
        .data = machtap,
    };
    return set_limits(machtap, &settings->limits, error);
}

int
settings_prepare(struct machtap *machtap, struct translate_options *settings,
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
        where_prepare(machtap, error) != 0)
        return -1;
    return translate_settings(machtap, settings, error);
}
