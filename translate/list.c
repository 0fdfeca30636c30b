/*
 * -l and -L: the pattern is made a script with an empty body, and what its
 * probes were resolved to is printed.
 */

#include <stdlib.h>
#include <string.h>

#include "debuginfo/variable.h"
#include "translate/elaborate.h"
#include "translate/points/place.h"
#include "translate/values/mark_argument.h"

static void
add_result(struct debuginfo *debuginfo, const struct site *site,
           struct text *line)
{
    struct ctype type = debuginfo_result(debuginfo, site->function);

    if (type.kind == CTYPE_VOID)
        return;
    text_puts(line, " $return:");
    ctype_print(debuginfo, &type, line);
}

static void
add_event_variables(const struct place_event *event, struct text *line)
{
    if (!event->trap)
        return;
    text_puts(line, event->result.count > 0
                        ? " $syscall:long $return:long"
                        : " $syscall:long $arg1:long $arg2:long $arg3:long "
                          "$arg4:long $arg5:long $arg6:long");
}

static void
add_mark_variables(const struct debuginfo_mark *mark, struct text *line)
{
    for (unsigned i = 1; i <= mark_argument_count(mark->arguments); i++)
        text_printf(line, " $arg%u:long", i);
}

static void
add_parameters(struct elaboration *elaboration, const struct place *place,
               struct text *line)
{
    debuginfo_variables variables = {0};

    /* Of an interrupt's handler the variables say nothing of what it
     * interrupted. */
    if (place->sites.count == 0 || place->interrupted)
        return;
    if (place->event != NULL) {
        add_event_variables(place->event, line);
        return;
    }
    const struct site *site = &place->sites.items[0];
    if (site->function == NULL)
        return;
    if (site->mark != NULL) {
        add_mark_variables(site->mark, line);
        return;
    }
    struct debuginfo *debuginfo = site->object->debuginfo;
    if (site->kind == POINT_RETURN)
        add_result(debuginfo, site, line);
    if (site->kind == POINT_STATEMENT)
        debuginfo_locals(debuginfo, site->function, site->scope, site->address,
                         elaboration->arena, &variables);
    else
        debuginfo_parameters(debuginfo, site->function, elaboration->arena,
                             &variables);
    LIST_EACH (variable, &variables) {
        struct location location;
        struct error error;

        /* What a script could not read is not offered. */
        if (debuginfo_locate(debuginfo, site->function, variable, site->address,
                             elaboration->arena, &location, &error) != 0)
            continue;
        text_printf(line, " $%s:", variable->name);
        ctype_print(debuginfo, &variable->type, line);
    }
}

/* What an alias sets; names that begin with "__" are its own affair. */
static void
add_alias_variables(const struct probe *probe, struct text *line)
{
    LIST_EACH (at, &probe->locals)
        if ((*at)->written && strncmp((*at)->name, "__", 2) != 0)
            text_printf(line, " %s:%s", (*at)->name,
                        (*at)->type == TYPE_STRING ? "string" : "long");
}

static int
by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void
list_places(struct elaboration *elaboration, const struct unit *unit,
            bool with_variables, struct text *text)
{
    /* That of the pattern, which came last. */
    const struct source *source =
        unit->scripts.items[unit->scripts.count - 1]->source;
    LIST_OF(const char *) lines = {0};

    LIST_EACH (at, &unit->probes) {
        struct text line = {0};

        if ((*at)->token->position.source != source)
            continue;
        text_puts(&line, (*at)->alias != NULL ? (*at)->alias : (*at)->name);
        if (with_variables) {
            add_alias_variables(*at, &line);
            add_parameters(elaboration, (*at)->place, &line);
        }
        const char *string =
            arena_string(elaboration->arena, text_string(&line), line.size);
        LIST_ADD(elaboration->arena, &lines, string);
        text_free(&line);
    }
    if (lines.count > 0)
        qsort(lines.items, lines.count, sizeof(lines.items[0]), by_text);
    for (unsigned i = 0; i < lines.count; i++)
        if (i == 0 || strcmp(lines.items[i - 1], lines.items[i]) != 0)
            text_printf(text, "%s\n", lines.items[i]);
}

int
translate_list(const struct translate_options *options, const char *pattern,
               bool with_variables, struct text *text,
               struct translation *translation, struct error *error)
{
    struct elaboration elaboration = {
        .kernel = {.path = options->kernel,
                   .tables = options->tables,
                   .index = options->index,
                   .index_size = options->index_size},
        .string_size = (uint32_t)options->limits.string_size,
        .targeted = options->targeted,
        .programs = {.find = options->find_program, .data = options->data},
    };
    struct translate_options quiet = *options;

    error->text[0] = '\0';
    /* That the body is empty is no news, and no reason to leave it out. */
    quiet.language.unoptimized = true;
    quiet.language.no_warnings = true;
    quiet.language.warnings_errors = false;
    quiet.language.unoptimized = true;
    translation_start(&quiet, translation);
    elaboration.arena = elaboration.programs.arena = &translation->unit->arena;
    elaboration.kernel.debuginfo = translation->debuginfo;
    char *script = xasprintf("probe %s {}", pattern);
    int result = -1;
    if (translation_add_libraries(options, translation) == 0 &&
        translation_add_more(options, translation) == 0 &&
        unit_add_text(translation->unit, "<input>", script, strlen(script)) ==
            0) {
        translation->pass = TRANSLATE_ELABORATE;
        result = elaborate(&elaboration, translation->unit, true);
    }
    free(script);
    translation->debuginfo = elaboration.kernel.debuginfo;
    translation->programs = elaboration.programs;
    if (result == 0)
        list_places(&elaboration, translation->unit, with_variables, text);
    return result;
}
