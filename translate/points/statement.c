/*
 * kernel.statement() and process().statement(): instructions by the line of the
 * source that they begin, or by their address.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "debuginfo/instance.h"
#include "debuginfo/line.h"
#include "translate/points/place_i.h"

/* A statement that a pattern may mean. */
struct candidate {
    struct site site;
    const char *file;
    unsigned line;
    unsigned declared; /* the line of its function's declaration */
    unsigned order;
};

typedef LIST_OF(struct candidate) candidate_list;

/* ---- by line --------------------------------------------------------- */

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

/* Statements of functions that the pattern names: all, or those of its lines
 * only. */
static void
find_candidates(struct arena *arena, struct debuginfo *debuginfo,
                const struct source_pattern *pattern,
                const debuginfo_lines *lines, bool all, candidate_list *found)
{
    LIST_EACH (line, lines) {
        struct candidate candidate = {
            .file = line->file,
            .line = line->line,
            .order = found->count,
        };

        /* What function it is in takes long to find. */
        if (!all && !pattern->relative &&
            !source_pattern_has(pattern, line->line, 0))
            continue;
        if (find_function(debuginfo, line, &candidate.site,
                          &candidate.declared) &&
            debuginfo_name_matches(&pattern->function, candidate.site.name) &&
            (all ||
             source_pattern_has(pattern, line->line, candidate.declared)))
            LIST_ADD(arena, found, candidate);
    }
}

/* By expansion and line, then by address. */
static int
compare_places(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int files;

    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->site.function != b->site.function)
        return a->site.function < b->site.function ? -1 : 1;
    if (a->site.scope != b->site.scope)
        return a->site.scope < b->site.scope ? -1 : 1;
    files = strcmp(a->file, b->file);
    if (files != 0 || a->site.address == b->site.address)
        return files;
    return a->site.address < b->site.address ? -1 : 1;
}

static int
compare_orders(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;

    return a->order < b->order ? -1 : a->order > b->order;
}

/* The lowest address stands for all that a line has in one expansion. */
static void
keep_lowest(candidate_list *found)
{
    unsigned kept = 0;

    if (found->count == 0)
        return;
    qsort(found->items, found->count, sizeof(found->items[0]), compare_places);
    for (unsigned i = 1; i < found->count; i++) {
        const struct candidate *last = &found->items[kept];
        const struct candidate *at = &found->items[i];

        if (at->line != last->line || at->site.scope != last->site.scope ||
            at->site.function != last->site.function ||
            strcmp(at->file, last->file) != 0)
            found->items[++kept] = *at;
    }
    found->count = kept + 1;
    qsort(found->items, found->count, sizeof(found->items[0]), compare_orders);
}

/* ---- nearest --------------------------------------------------------- */

/*
 * Lines are near each other within a file, or if they are counted from a
 * function's declaration, within the function.
 */
static bool
are_neighbours(const struct source_pattern *pattern, const struct candidate *a,
               const struct candidate *b)
{
    return strcmp(a->file, b->file) == 0 &&
           (!pattern->relative || a->declared == b->declared);
}

/* The lines with code at or before NUMBER and behind it, near LIKE; 0: none. */
static void
find_neighbours(const struct source_pattern *pattern,
                const candidate_list *candidates, const struct candidate *like,
                unsigned number, unsigned *before, unsigned *after)
{
    *before = *after = 0;
    LIST_EACH (at, candidates) {
        if (!are_neighbours(pattern, at, like))
            continue;
        if (at->line <= number && at->line > *before)
            *before = at->line;
        if (at->line > number && (*after == 0 || at->line < *after))
            *after = at->line;
    }
}

static unsigned
nearest(const struct source_pattern *pattern, const candidate_list *candidates,
        const struct candidate *like, unsigned number)
{
    unsigned before, after;

    find_neighbours(pattern, candidates, like, number, &before, &after);
    if (before == number || after == 0)
        return before;
    return before == 0 || after - number <= number - before ? after : before;
}

/*
 * Of CANDIDATES take those at the lines nearest to the pattern's: of a range
 * those in it, and what is nearest to its ends.
 */
static void
take_nearest(struct arena *arena, const struct source_pattern *pattern,
             const candidate_list *candidates, candidate_list *found)
{
    const struct candidate *like = NULL;
    struct source_pattern wanted = *pattern;

    LIST_EACH (at, candidates) {
        if (like == NULL || !are_neighbours(pattern, at, like)) {
            like = at;
            wanted.lines = pattern->lines;
            LIST_COPY(arena, &wanted.lines);
            LIST_EACH (range, &pattern->lines) {
                unsigned base = pattern->relative ? at->declared : 0;
                unsigned ends[] = {range->first, range->last};

                for (unsigned i = 0; i < 2; i++) {
                    unsigned line =
                        nearest(pattern, candidates, at, base + ends[i]) - base;
                    struct line_range near = {line, line};

                    LIST_ADD(arena, &wanted.lines, near);
                }
            }
        }
        if (source_pattern_has(&wanted, at->line, at->declared))
            LIST_ADD(arena, found, *at);
    }
}

/* ":17 or :20" for a line that has no code. */
static void
add_neighbours(const struct source_pattern *pattern,
               const candidate_list *candidates, struct text *text)
{
    const struct candidate *like = &candidates->items[0];
    unsigned base = pattern->relative ? like->declared : 0;
    char mark = pattern->relative ? '+' : ':';
    unsigned before, after;

    find_neighbours(pattern, candidates, like,
                    base + pattern->lines.items[0].first, &before, &after);
    /* What is before the declaration cannot be counted from there. */
    if (before < base)
        before = 0;
    if (after < base)
        after = 0;
    text_puts(text, " (try");
    if (before != 0)
        text_printf(text, " %c%u or", mark, before - base);
    if (after != 0)
        text_printf(text, " %c%u or", mark, after - base);
    text_puts(text, " .nearest)");
}

static int
no_statement(struct site_search *search, const struct source_pattern *pattern,
             const candidate_list *candidates, struct error *error)
{
    struct text text = {0};

    if (candidates->count == 0)
        return place_no_function(search, &pattern->function, error);
    add_neighbours(pattern, candidates, &text);
    error_set(error, "no code for this line of '%s' in %s%s",
              pattern->function.function, candidates->items[0].file,
              text_string(&text));
    text_free(&text);
    return POINT_NO_MATCH;
}

static int
resolve_lines(struct site_search *search, struct source_pattern *pattern,
              struct debuginfo *debuginfo, struct error *error)
{
    struct arena *arena = search->finder->arena;
    bool near = search->family->nearest && !pattern->any_line;
    debuginfo_lines lines = {0};
    candidate_list candidates = {0}, found = {0};

    debuginfo_find_lines(debuginfo, pattern->function.file, arena, &lines);
    if (!near)
        find_candidates(arena, debuginfo, pattern, &lines, false, &found);
    if (found.count == 0)
        find_candidates(arena, debuginfo, pattern, &lines, true, &candidates);
    if (near)
        take_nearest(arena, pattern, &candidates, &found);
    if (found.count == 0)
        return no_statement(search, pattern, &candidates, error);
    keep_lowest(&found);
    LIST_EACH (at, &found) {
        at->site.point = arena_printf(
            arena, "%s.statement(\"%s@%s:%u\")%s", search->object->prefix,
            at->site.name, at->file, at->line, search->family->suffix);
        site_add(search, &at->site);
    }
    return 0;
}

/* ---- by function and by address -------------------------------------- */

static int
resolve_entries(struct site_search *search, struct source_pattern *pattern,
                struct debuginfo *debuginfo, struct error *error)
{
    struct arena *arena = search->finder->arena;
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
            .point = arena_printf(
                arena, "%s.statement(\"%s\")%s", search->object->prefix,
                place_function_name(arena, function), search->family->suffix),
        };

        if (!debuginfo_matches(&pattern->function, function))
            continue;
        found = true;
        site_add(search, &site);
    }
    return found ? 0 : place_no_function(search, &pattern->function, error);
}

static int
resolve_address(struct site_search *search, struct debuginfo *debuginfo,
                struct error *error)
{
    const struct debuginfo_line at = {
        .address = (uint64_t)place_argument(search->point, 1)->number,
    };
    struct site site = {0};
    unsigned declared;

    if (!find_function(debuginfo, &at, &site, &declared)) {
        error_set(error, "0x%" PRIx64 " is in no function of %s", at.address,
                  search->object->title);
        return POINT_NO_MATCH;
    }
    /* Without debugging information variables have no meaning; here there
     * always is some. */
    site.point =
        arena_printf(search->finder->arena, "%s.statement(0x%" PRIx64 ")%s",
                     search->family->name != NULL ? search->family->name
                                                  : search->object->prefix,
                     at.address, search->family->suffix);
    site_add(search, &site);
    return 0;
}

int
place_resolve_statement(struct site_search *search, unsigned *component,
                        struct error *error)
{
    struct debuginfo *debuginfo = search->object->debuginfo;
    struct source_pattern pattern;
    int result;

    *component = 1;
    if (search->family->kind != FAMILY_ADDRESS &&
        source_pattern_read(search->finder->arena,
                            place_argument(search->point, 1)->string, &pattern,
                            error) != 0)
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
