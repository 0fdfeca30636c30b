/*
 * kernel.function(), process().function() and what can follow it: entries and
 * returns of functions, and the places where they were expanded.
 */

#include <inttypes.h>
#include <string.h>

#include "debuginfo/instance.h"
#include "debuginfo/line.h"
#include "language/messages.h"
#include "translate/points/place_i.h"

/* kernel.function("vm_map_enter@vm/vm_map.c:960"), as pp() says it. */
static const char *
point_name(const struct site_search *search,
           const struct debuginfo_function *function)
{
    struct arena *arena = search->finder->arena;
    const struct family *family = search->family;

    if (family->kind == FAMILY_KPROBE_FUNCTION)
        return arena_printf(arena, "kprobe.function(\"%s\")%s", function->name,
                            family->suffix);
    return arena_printf(arena, "%s.function(\"%s\")%s", search->object->prefix,
                        place_function_name(arena, function), family->suffix);
}

/* A function is there, but has no place of the kind that is asked for. */
static int
no_place(struct site_search *search, const struct source_pattern *pattern,
         const struct debuginfo_function *function, struct error *error)
{
    if (search->family->what == SITES_EXPANSIONS)
        error_set(error, "no match: function '%s' is expanded nowhere",
                  function->name);
    else if (pattern->lines.count > 0)
        error_set(error,
                  "no match: function '%s', declared at %s:%u, has no code "
                  "for this line",
                  function->name, function->file, function->line);
    else
        error_set(error, "no match: function '%s' is static, not exported",
                  function->name);
    return POINT_NO_MATCH;
}

/* Why nothing matched, and what may have been meant. */
static int
no_match(struct site_search *search, const struct source_pattern *pattern,
         struct error *error)
{
    const struct debuginfo *debuginfo = search->object->debuginfo;
    const struct debuginfo_pattern *wanted = &pattern->function;
    bool glob = debuginfo_is_glob(wanted->function);
    const struct debuginfo_function *functions;
    unsigned count, i;

    functions = debuginfo_functions(debuginfo, &count);
    for (i = 0; i < count; i++) {
        if (!debuginfo_matches(wanted, &functions[i]))
            continue;
        if (!glob)
            return no_place(search, pattern, &functions[i], error);
        if (pattern->lines.count > 0)
            error_set(error,
                      "no match: no function of %s has code for this "
                      "line",
                      functions[i].file);
        else
            error_set(error, "no match: functions '%s' have no such place",
                      wanted->function);
        return POINT_NO_MATCH;
    }
    functions = debuginfo_inline_functions(debuginfo, &count);
    for (i = 0; i < count; i++) {
        if (glob || !debuginfo_matches(wanted, &functions[i]))
            continue;
        error_set(error,
                  "function '%s' is expanded in place wherever it is called "
                  "(%s:%u), so it has no %s",
                  functions[i].name, functions[i].file, functions[i].line,
                  search->family->what == SITES_RETURNS ? "return of its own"
                                                        : "entry of its own");
        return POINT_NO_MATCH;
    }
    return place_no_function(search, wanted, error);
}

static int
all_forbidden(const struct site_search *search,
              const struct source_pattern *pattern, struct error *error)
{
    if (debuginfo_is_glob(pattern->function.function))
        error_set(
            error, "no match: all functions '%s' must not be probed, as %s: %s",
            pattern->function.function, search->forbidden, search->reason);
    else
        error_set(error, "function '%s' must not be probed: %s",
                  pattern->function.function, search->reason);
    return POINT_NO_MATCH;
}

/* ---- lines ----------------------------------------------------------- */

/* Whether the function's code or declaration is at a line that is asked
 * for. */
static bool
has_line(const struct debuginfo *debuginfo,
         const struct source_pattern *pattern, const debuginfo_lines *lines,
         const struct debuginfo_function *function)
{
    if (source_pattern_has(pattern, function->line, function->line))
        return true;
    LIST_EACH (line, lines)
        if (source_pattern_has(pattern, line->line, function->line) &&
            debuginfo_function_at(debuginfo, line->address) == function)
            return true;
    return false;
}

/* ---- sites ----------------------------------------------------------- */

static void
add_function(struct site_search *search,
             const struct debuginfo_function *function)
{
    bool returns = search->family->what == SITES_RETURNS;
    struct site site = {
        .kind = returns ? POINT_RETURN : POINT_FUNCTION,
        .function = function,
        .address = function->address,
        .name = function->name,
        .point = point_name(search, function),
    };

    site_add(search, &site);
}

/* Whether the family takes it. */
static bool
is_taken(const struct site_search *search,
         const struct debuginfo_function *function)
{
    return search->family->what != SITES_EXPORTED || function->external;
}

static void
add_functions(struct site_search *search, struct debuginfo *debuginfo,
              const struct source_pattern *pattern,
              const debuginfo_lines *lines)
{
    const struct debuginfo_function *functions;
    unsigned count;

    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        if (debuginfo_matches(&pattern->function, &functions[i]) &&
            is_taken(search, &functions[i]) &&
            (lines == NULL ||
             has_line(debuginfo, pattern, lines, &functions[i])))
            add_function(search, &functions[i]);
    }
}

static void
add_expansions(struct site_search *search, struct debuginfo *debuginfo,
               const struct source_pattern *pattern)
{
    struct arena *arena = search->finder->arena;
    debuginfo_instances instances = {0};

    debuginfo_find_instances(debuginfo, &pattern->function, arena, &instances);
    LIST_EACH (instance, &instances) {
        struct site site = {
            .kind = POINT_STATEMENT,
            .function = instance->function,
            .address = instance->what.address,
            .scope = instance->scope,
            .name = instance->what.name,
            .point = point_name(search, &instance->what),
        };

        site_add(search, &site);
    }
}

/* Which of the two a family takes.  With wildcards, expansions are only meant
 * if they are asked for: there are thousands. */
static bool
takes_expansions(const struct site_search *search,
                 const struct source_pattern *pattern)
{
    if (search->family->what == SITES_EXPANSIONS)
        return true;
    return search->family->what == SITES_ALL &&
           !debuginfo_is_glob(pattern->function.function) &&
           pattern->lines.count == 0;
}

int
place_resolve_function(struct site_search *search, unsigned *component,
                       struct error *error)
{
    struct arena *arena = search->finder->arena;
    struct debuginfo *debuginfo = search->object->debuginfo;
    struct source_pattern pattern;
    debuginfo_lines lines = {0};

    *component = 1;
    if (source_pattern_read(arena, place_argument(search->point, 1)->string,
                            &pattern, error) != 0)
        return POINT_WRONG;
    bool by_line = pattern.lines.count > 0 || pattern.any_line;
    if (by_line)
        debuginfo_find_lines(debuginfo, pattern.function.file, arena, &lines);
    if (search->family->what != SITES_EXPANSIONS)
        add_functions(search, debuginfo, &pattern, by_line ? &lines : NULL);
    if (takes_expansions(search, &pattern))
        add_expansions(search, debuginfo, &pattern);
    if (search->place == NULL)
        return search->forbidden != NULL
                   ? all_forbidden(search, &pattern, error)
                   : no_match(search, &pattern, error);
    site_finish(search);
    return 0;
}

int
place_resolve_function_at(struct site_search *search, unsigned *component,
                          struct error *error)
{
    uint64_t address = (uint64_t)place_argument(search->point, 1)->number;
    const struct debuginfo_function *function =
        debuginfo_function_at(search->object->debuginfo, address);

    *component = 1;
    if (function == NULL) {
        error_set(error, "0x%" PRIx64 " is in no function of %s", address,
                  search->object->title);
        return POINT_NO_MATCH;
    }
    if (is_taken(search, function))
        add_function(search, function);
    if (search->place == NULL) {
        error_set(error, "function '%s' %s: %s", function->name,
                  search->forbidden != NULL ? "must not be probed"
                                            : "is static",
                  search->forbidden != NULL ? search->reason : "not exported");
        return POINT_NO_MATCH;
    }
    site_finish(search);
    return 0;
}
