/*
 * Sites: those found become places, one each or one for all; and patterns of
 * functions, files and lines.
 */

#include <stdlib.h>
#include <string.h>

#include "translate/points/place_i.h"

bool
site_may_be(struct site_search *search, const struct site *site)
{
    const struct object *object = search->object;
    const char *reason = site->kind == POINT_STATEMENT
                             ? object_forbids_instruction(object, site->address)
                             : object_forbids(object, site->function);

    if (reason == NULL)
        return true;
    search->forbidden = site->point;
    search->reason = reason;
    return false;
}

void
site_add(struct site_search *search, const struct site *site)
{
    struct place_finder *finder = search->finder;
    struct site placed = *site;

    if (!site_may_be(search, site))
        return;
    if (search->place == NULL || search->apart)
        search->place = place_new(finder, site->kind);
    placed.object = search->object;
    LIST_ADD(finder->arena, &search->place->sites, placed);
    if (search->apart)
        probe_resolution_add(search->resolution, site->point, search->place);
}

const char *
place_function_name(struct arena *arena,
                    const struct debuginfo_function *function)
{
    return *function->file == '\0'
               ? function->name
               : arena_printf(arena, "%s@%s:%u", function->name, function->file,
                              function->line);
}

void
site_finish(struct site_search *search)
{
    if (search->place == NULL || search->apart)
        return;
    probe_resolution_add(
        search->resolution,
        search->place->sites.count == 1
            ? search->place->sites.items[0].point
            : place_written_name(search->finder->arena, search->point),
        search->place);
}

/* ---- patterns -------------------------------------------------------- */

static const char *
read_number(const char *at, unsigned *number)
{
    size_t digits = strspn(at, "0123456789");

    if (digits == 0 || digits > 8)
        return NULL;
    *number = (unsigned)strtoul(at, NULL, 10);
    return at + digits;
}

static int
read_lines(struct arena *arena, const char *at, struct source_pattern *pattern)
{
    if (strcmp(at, "*") == 0) {
        pattern->any_line = true;
        return 0;
    }
    for (;;) {
        struct line_range range;

        at = read_number(at, &range.first);
        range.last = range.first;
        if (at != NULL && *at == '-')
            at = read_number(at + 1, &range.last);
        if (at == NULL || range.last < range.first)
            return -1;
        LIST_ADD(arena, &pattern->lines, range);
        if (*at == '\0')
            return 0;
        if (*at++ != ',')
            return -1;
    }
}

int
source_pattern_read(struct arena *arena, const char *string,
                    struct source_pattern *pattern, struct error *error)
{
    size_t name = strcspn(string, "@");
    const char *file = string[name] == '@' ? string + name + 1 : NULL;
    size_t length = file != NULL ? strcspn(file, ":+") : 0;

    memset(pattern, 0, sizeof(*pattern));
    if (name == 0 || (file != NULL && length == 0)) {
        error_set(error, "expected \"FUNCTION\", \"FUNCTION@FILE\" or "
                         "\"FUNCTION@FILE:LINE\"");
        return POINT_WRONG;
    }
    pattern->function.function = arena_string(arena, string, name);
    if (file == NULL)
        return 0;
    pattern->function.file = arena_string(arena, file, length);
    if (file[length] == '\0')
        return 0;
    file += length + 1;
    if (file[-1] == ':' && *file == '+')
        file++;
    pattern->relative = file[-1] == '+';
    if (read_lines(arena, file, pattern) != 0) {
        error_set(error,
                  "\"%s\": after the file there can be ':' and lines (N, N-M, "
                  "several with commas, or *), or '+' and lines counted from "
                  "the function's declaration",
                  string);
        return POINT_WRONG;
    }
    return 0;
}

bool
source_pattern_has(const struct source_pattern *pattern, unsigned line,
                   unsigned declared)
{
    if (pattern->any_line)
        return true;
    if (pattern->relative && line < declared)
        return false;
    if (pattern->relative)
        line -= declared;
    LIST_EACH (range, &pattern->lines)
        if (line >= range->first && line <= range->last)
            return true;
    return false;
}
