#include "translate/translate.h"

#include <stdlib.h>
#include <string.h>

#include "debuginfo/debuginfo.h"
#include "kernel/program/instruction.h"
#include "translate/elaborate.h"
#include "translate/split/planner.h"

/* Room for an instruction as text. */
#define INSTRUCTION_TEXT 256

static const char *
identity_of(const struct translate_options *options,
            const struct image_header *tables)
{
    if (options->identity != NULL)
        return options->identity;
    return tables != NULL ? tables->identity : "";
}

/*
 * What the kernel calls itself, from its identity, "GNU Mach VERSION HASH", or
 * from itself if that is not known.  One that cannot be read is an error only
 * for what needs it.
 */
static void
find_version(const struct translate_options *options,
             struct translation *translation)
{
    static const char system[] = "GNU Mach ";
    const char *version = identity_of(options, options->tables);
    struct error error;

    if (*version == '\0' && options->kernel != NULL &&
        options->language.kernel_v == NULL)
        translation->debuginfo = debuginfo_open(options->kernel, &error);
    if (translation->debuginfo != NULL)
        version = debuginfo_version(translation->debuginfo);
    if (strncmp(version, system, strlen(system)) == 0)
        version += strlen(system);
    translation->kernel_vr = xstrndup(version, strcspn(version, " "));
    translation->kernel_v = xstrndup(version, strspn(version, "0123456789."));
}

void
translation_start(const struct translate_options *options,
                  struct translation *translation)
{
    struct language_options language = options->language;

    memset(translation, 0, sizeof(*translation));
    find_version(options, translation);
    if (language.kernel_v == NULL)
        language.kernel_v = translation->kernel_v;
    if (language.kernel_vr == NULL)
        language.kernel_vr = translation->kernel_vr;
    translation->pass = TRANSLATE_PARSE;
    translation->unit = unit_new(&language);
}

void
translation_free(struct translation *translation)
{
    programs_close(&translation->programs);
    unit_free(translation->unit);
    text_free(&translation->source);
    debuginfo_close(translation->debuginfo);
    free(translation->kernel_v);
    free(translation->kernel_vr);
    memset(translation, 0, sizeof(*translation));
}

static int
add_text(struct unit *unit, const char *text)
{
    return unit_add_text(unit, "<input>", text, strlen(text));
}

int
translation_add_libraries(const struct translate_options *options,
                          struct translation *translation)
{
    for (unsigned i = 0; i < options->library_count; i++)
        if (unit_add_library(translation->unit, options->libraries[i]) != 0)
            return -1;
    return 0;
}

int
translation_add_more(const struct translate_options *options,
                     struct translation *translation)
{
    for (unsigned i = 0; i < options->more_text_count; i++)
        if (add_text(translation->unit, options->more_texts[i]) != 0)
            return -1;
    return 0;
}

static int
parse(const struct translate_options *options, struct translation *translation,
      struct error *error)
{
    struct unit *unit = translation->unit;

    if (translation_add_libraries(options, translation) != 0)
        return -1;
    if (options->script_text != NULL) {
        if (add_text(unit, options->script_text) != 0)
            return -1;
    } else if (options->script_file != NULL) {
        if (unit_add_file(unit, options->script_file) != 0)
            return -1;
    } else if (options->more_text_count == 0) {
        return error_set(error, "there is no script to translate");
    }
    if (translation_add_more(options, translation) != 0)
        return -1;
    for (unsigned i = 0; i < options->global_count; i++)
        if (unit_set_global(unit, options->globals[i], error) != 0)
            return -1;
    return 0;
}

static int
generate(const struct translate_options *options,
         struct translation *translation, struct elaboration *elaboration,
         struct error *error)
{
    struct kernel_source *kernel = &elaboration->kernel;
    struct plan *plan = &translation->plan;

    if (plan_make(translation->unit, kernel, &elaboration->programs,
                  identity_of(options, kernel->tables),
                  (uint32_t)options->limits.string_size, plan) != 0)
        return -1;
    if (plan->kernel_points > 0) {
        if (kernel_need(kernel, error) != 0)
            return -1;
        plan->identity = identity_of(options, kernel->tables);
    }
    return emit_program(translation->unit, &translation->plan, &options->limits,
                        &translation->source, &translation->parts);
}

/* Tell that a pass was done; whether another is wanted. */
static bool
pass_done(const struct translate_options *options,
          struct translation *translation, enum translate_pass pass)
{
    if (options->pass_done != NULL)
        options->pass_done(options->data, pass);
    if (options->last_pass <= pass)
        return false;
    translation->pass = pass + 1;
    return true;
}

int
translate_script(const struct translate_options *options,
                 struct translation *translation, struct error *error)
{
    struct elaboration elaboration = {
        .kernel = {.path = options->kernel,
                   .tables = options->tables,
                   .index = options->index,
                   .index_size = options->index_size,
                   .need = options->need_kernel,
                   .data = options->data},
        .programs = {.find = options->find_program, .data = options->data},
    };
    int result = -1;

    error->text[0] = '\0';
    translation_start(options, translation);
    elaboration.string_size = (uint32_t)options->limits.string_size;
    elaboration.targeted = options->targeted;
    elaboration.arena = elaboration.programs.arena = &translation->unit->arena;
    elaboration.kernel.debuginfo = translation->debuginfo;
    if (parse(options, translation, error) != 0)
        return -1;
    if (!pass_done(options, translation, TRANSLATE_PARSE))
        return 0;
    if (elaborate(&elaboration, translation->unit, false) != 0)
        goto out;
    result = 0;
    if (!pass_done(options, translation, TRANSLATE_ELABORATE))
        goto out;
    result = generate(options, translation, &elaboration, error);
    if (result == 0)
        pass_done(options, translation, TRANSLATE_GENERATE);
out:
    translation->debuginfo = elaboration.kernel.debuginfo;
    translation->programs = elaboration.programs;
    return result;
}

/* ---- what -p shows --------------------------------------------------- */

static void
print_program(const struct plan_program *program, struct text *text)
{
    unsigned i = 0;

    while (i < program->count) {
        char line[INSTRUCTION_TEXT];
        struct log log;

        log_start(&log, line, sizeof(line));
        instruction_disassemble(program->instructions, program->count, i, &log);
        text_printf(text, "    %s\n", line);
        i += program->instructions[i].opcode == (EBPF_LD | EBPF_IMM | EBPF_DW)
                 ? 2
                 : 1;
    }
}

static void
print_programs(const struct plan *plan, struct text *text)
{
    for (unsigned i = 0; i < plan->programs.count; i++) {
        const struct plan_program *program = &plan->programs.items[i];

        text_printf(text,
                    "\n/*\n * Program %u: %u instructions, records of "
                    "%u bytes, for\n",
                    i, program->count, program->payload_size);
        for (unsigned j = 0; j < plan->kernel_points; j++)
            if (plan->points.items[j].program == i)
                text_printf(text, " *   %s\n", plan->points.items[j].name);
        text_puts(text, " *\n");
        print_program(program, text);
        text_puts(text, " */\n");
    }
}

void
translation_print(const struct translation *translation, struct text *text)
{
    switch (translation->pass) {
    case TRANSLATE_PARSE:
        unit_print_tree(translation->unit, text);
        break;
    case TRANSLATE_ELABORATE:
        unit_print_symbols(translation->unit, text);
        break;
    case TRANSLATE_GENERATE:
        text_add(text, translation->source.data, translation->source.size);
        print_programs(&translation->plan, text);
        break;
    }
}
