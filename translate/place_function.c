/*
 * kernel.function() and what can follow it: entries and returns of functions,
 * and the places where they were expanded.
 */

#include <string.h>

#include "debuginfo/instance.h"
#include "debuginfo/line.h"
#include "language/messages.h"
#include "translate/place_i.h"

/* kernel.function("vm_map_enter@vm/vm_map.c:960"), as pp() says it. */
static const char *
point_name(struct arena *arena, const struct family *family,
           const struct debuginfo_function *function)
{
    if (family->kind == FAMILY_KPROBE_FUNCTION)
        return arena_printf(arena, "kprobe.function(\"%s\")%s", function->name,
                            family->suffix);
    return arena_printf(arena, "kernel.function(\"%s@%s:%u\")%s",
                        function->name, function->file, function->line,
                        family->suffix);
}

/* Why nothing matched, and what may have been meant. */
static int
no_match(struct site_search *search, struct debuginfo *debuginfo,
         const struct source_pattern *pattern, struct error *error)
{
    const struct debuginfo_pattern *wanted = &pattern->function;
    const struct debuginfo_function *functions;
    struct similar similar = {.name = wanted->function};
    bool glob = debuginfo_is_glob(wanted->function);
    unsigned count;

    functions = debuginfo_inline_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
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
    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(functions[i].name, wanted->function) == 0) {
            if (search->family->what == SITES_EXPANSIONS)
                error_set(error, "no match: function '%s' is expanded nowhere",
                          functions[i].name);
            else
                error_set(error, "no match: function '%s' is declared at %s:%u",
                          functions[i].name, functions[i].file,
                          functions[i].line);
            return POINT_NO_MATCH;
        }
        similar_offer(&similar, functions[i].name);
    }
    error_set(error, "no match: the kernel has no function '%s'%s%s%s",
              wanted->function, wanted->file != NULL ? " in " : "",
              wanted->file != NULL ? wanted->file : "",
              similar_text(search->finder->arena, &similar));
    return POINT_NO_MATCH;
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
add_functions(struct site_search *search, struct debuginfo *debuginfo,
              const struct source_pattern *pattern,
              const debuginfo_lines *lines)
{
    const struct debuginfo_function *functions;
    unsigned count;

    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        const struct debuginfo_function *function = &functions[i];
        bool returns = search->family->what == SITES_RETURNS;
        struct site site = {
            .kind = returns ? POINT_RETURN : POINT_FUNCTION,
            .function = function,
            .address = function->address,
            .name = function->name,
        };

        if (!debuginfo_matches(&pattern->function, function) ||
            (search->family->what == SITES_EXPORTED && !function->external) ||
            (lines != NULL && !has_line(debuginfo, pattern, lines, function)))
            continue;
        site.point =
            point_name(search->finder->arena, search->family, function);
        site_add(search, &site);
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
            .point = point_name(arena, search->family, &instance->what),
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
    struct source_pattern pattern;
    debuginfo_lines lines = {0};

    *component = 1;
    if (source_pattern_read(arena, place_argument(search->point, 1)->string,
                            &pattern, error) != 0)
        return POINT_WRONG;
    struct debuginfo *debuginfo =
        kernel_debuginfo(search->finder->kernel, error);
    if (debuginfo == NULL)
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
                   : no_match(search, debuginfo, &pattern, error);
    site_finish(search);
    return 0;
}
