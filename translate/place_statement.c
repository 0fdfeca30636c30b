/*
 * kernel.statement(): instructions by the line of the source that they begin,
 * or by their address.
 */

#include <inttypes.h>
#include <string.h>

#include "debuginfo/instance.h"
#include "debuginfo/line.h"
#include "translate/place_i.h"

/* The place of a statement: one for each line of each expansion. */
struct source_statement {
    struct site site;
    const char *file;
    unsigned line;
};

typedef LIST_OF(struct source_statement) statement_sites;

/* ---- by line --------------------------------------------------------- */

/* The lowest address stands for all that a line has in one expansion. */
static void
add_statement(struct arena *arena, statement_sites *found,
              const struct source_statement *statement)
{
    LIST_EACH (other, found) {
        if (other->line != statement->line ||
            other->site.function != statement->site.function ||
            other->site.scope != statement->site.scope ||
            strcmp(other->file, statement->file) != 0)
            continue;
        if (statement->site.address < other->site.address)
            *other = *statement;
        return;
    }
    LIST_ADD(arena, found, *statement);
}

/* Which function LINE is in: that of the source, which may be expanded in
 * another one. */
static bool
find_function(struct debuginfo *debuginfo, const struct debuginfo_line *line,
              struct site *site, unsigned *declared)
{
    struct debuginfo_instance instance;

    site->kind = POINT_STATEMENT;
    site->address = line->address;
    site->scope = 0;
    site->function = debuginfo_function_at(debuginfo, line->address);
    if (site->function == NULL)
        return false;
    site->name = site->function->name;
    *declared = site->function->line;
    if (debuginfo_instance_at(debuginfo, site->function, line->address,
                              &instance)) {
        site->scope = instance.scope;
        site->name = instance.what.name;
        *declared = instance.what.line;
    }
    return true;
}

static void
find_statements(struct site_search *search, struct debuginfo *debuginfo,
                const struct source_pattern *pattern,
                const debuginfo_lines *lines, statement_sites *found)
{
    LIST_EACH (line, lines) {
        struct source_statement statement = {.file = line->file,
                                             .line = line->line};
        unsigned declared;

        if (!pattern->relative && !source_pattern_has(pattern, line->line, 0))
            continue;
        if (find_function(debuginfo, line, &statement.site, &declared) &&
            debuginfo_name_matches(&pattern->function, statement.site.name) &&
            source_pattern_has(pattern, line->line, declared))
            add_statement(search->finder->arena, found, &statement);
    }
}

/* ---- nearest --------------------------------------------------------- */

/* The lines with code next to LINE, before and after it; 0: none. */
static void
find_nearest(struct debuginfo *debuginfo, const struct source_pattern *pattern,
             const debuginfo_lines *lines, unsigned *before, unsigned *after)
{
    unsigned wanted = pattern->lines.items[0].first;

    *before = *after = 0;
    LIST_EACH (line, lines) {
        unsigned number = line->line, declared;
        struct site site;

        if ((number < wanted && number <= *before) ||
            (number > wanted && *after != 0 && number >= *after) ||
            !find_function(debuginfo, line, &site, &declared) ||
            !debuginfo_name_matches(&pattern->function, site.name))
            continue;
        if (number <= wanted)
            *before = number;
        else
            *after = number;
    }
}

static int
no_statement(const struct source_pattern *pattern, unsigned before,
             unsigned after, struct error *error)
{
    struct text text = {0};

    if (before != 0 || after != 0) {
        text_puts(&text, " (try");
        if (before != 0)
            text_printf(&text, " :%u", before);
        if (after != 0)
            text_printf(&text, "%s :%u", before != 0 ? " or" : "", after);
        text_puts(&text, ", or .nearest)");
    }
    error_set(error, "no code for this line of '%s' in %s%s",
              pattern->function.function, pattern->function.file,
              text_string(&text));
    text_free(&text);
    return POINT_NO_MATCH;
}

/* A single line that has no code: what is next to it. */
static int
choose_nearest(struct site_search *search, struct debuginfo *debuginfo,
               struct source_pattern *pattern, const debuginfo_lines *lines,
               statement_sites *found, struct error *error)
{
    struct line_range *range = &pattern->lines.items[0];
    unsigned before = 0, after = 0;

    if (pattern->any_line || pattern->relative || pattern->lines.count != 1 ||
        range->first != range->last)
        return no_statement(pattern, 0, 0, error);
    find_nearest(debuginfo, pattern, lines, &before, &after);
    if (!search->family->nearest || (before == 0 && after == 0))
        return no_statement(pattern, before, after, error);
    bool forward = before == 0 || (after != 0 && after - range->first <=
                                                     range->first - before);
    range->first = range->last = forward ? after : before;
    find_statements(search, debuginfo, pattern, lines, found);
    return 0;
}

static int
resolve_lines(struct site_search *search, struct source_pattern *pattern,
              struct debuginfo *debuginfo, struct error *error)
{
    struct arena *arena = search->finder->arena;
    debuginfo_lines lines = {0};
    statement_sites found = {0};

    debuginfo_find_lines(debuginfo, pattern->function.file, arena, &lines);
    find_statements(search, debuginfo, pattern, &lines, &found);
    if (found.count == 0) {
        int result =
            choose_nearest(search, debuginfo, pattern, &lines, &found, error);

        if (result != 0)
            return result;
    }
    LIST_EACH (statement, &found) {
        statement->site.point = arena_printf(
            arena, "kernel.statement(\"%s@%s:%u\")%s", statement->site.name,
            statement->file, statement->line, search->family->suffix);
        site_add(search, &statement->site);
    }
    return 0;
}

/* ---- by function and by address -------------------------------------- */

static int
resolve_entries(struct site_search *search, struct source_pattern *pattern,
                struct debuginfo *debuginfo, struct error *error)
{
    const struct debuginfo_function *functions;
    bool found = false;
    unsigned count;

    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        const struct debuginfo_function *function = &functions[i];
        struct site site = {
            .kind = POINT_STATEMENT,
            .function = function,
            .address = function->address,
            .name = function->name,
            .point = arena_printf(search->finder->arena,
                                  "kernel.statement(\"%s@%s:%u\")%s",
                                  function->name, function->file,
                                  function->line, search->family->suffix),
        };

        if (!debuginfo_matches(&pattern->function, function))
            continue;
        found = true;
        site_add(search, &site);
    }
    if (found)
        return 0;
    error_set(error, "no match: the kernel has no function '%s'",
              pattern->function.function);
    return POINT_NO_MATCH;
}

static int
resolve_address(struct site_search *search, struct debuginfo *debuginfo,
                struct error *error)
{
    const struct debuginfo_line at = {
        .address = (uint64_t)place_argument(search->point, 1)->number,
    };
    struct site site;
    unsigned declared;

    if (!find_function(debuginfo, &at, &site, &declared)) {
        error_set(error, "0x%" PRIx64 " is in no function of the kernel",
                  at.address);
        return POINT_NO_MATCH;
    }
    /* Without debugging information variables have no meaning; here there
     * always is some. */
    site.point =
        arena_printf(search->finder->arena, "%s(0x%" PRIx64 ")%s",
                     search->family->name, at.address, search->family->suffix);
    site_add(search, &site);
    return 0;
}

int
place_resolve_statement(struct site_search *search, unsigned *component,
                        struct error *error)
{
    struct source_pattern pattern;
    int result;

    *component = 1;
    if (search->family->kind != FAMILY_ADDRESS &&
        source_pattern_read(search->finder->arena,
                            place_argument(search->point, 1)->string, &pattern,
                            error) != 0)
        return POINT_WRONG;
    struct debuginfo *debuginfo =
        kernel_debuginfo(search->finder->kernel, error);
    if (debuginfo == NULL)
        return POINT_WRONG;
    if (search->family->kind == FAMILY_ADDRESS)
        result = resolve_address(search, debuginfo, error);
    else if (pattern.lines.count > 0 || pattern.any_line)
        result = resolve_lines(search, &pattern, debuginfo, error);
    else
        result = resolve_entries(search, &pattern, debuginfo, error);
    if (result != 0)
        return result;
    if (search->place == NULL) {
        error_set(error, "%s must not be probed: %s", search->forbidden,
                  search->reason);
        return POINT_NO_MATCH;
    }
    site_finish(search);
    return 0;
}
