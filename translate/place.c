#include <stdlib.h>
#include <string.h>

#include "language/messages.h"
#include "translate/family.h"
#include "translate/place.h"

#define NANOSECONDS 1000000000ull

static struct place *
new_place(struct place_finder *finder, enum point_kind kind)
{
    struct place *place = ARENA_NEW(finder->arena, struct place);

    place->kind = kind;
    return place;
}

/* The point as written, without what is no part of its name. */
static const char *
written_name(struct arena *arena, const struct probe_point *point)
{
    struct probe_point bare = {.token = point->token,
                               .components = point->components};
    struct text text = {0};

    probe_point_print(&bare, &text);
    const char *name = arena_string(arena, text_string(&text), text.size);
    text_free(&text);
    return name;
}

static const struct expression *
argument(const struct probe_point *point, unsigned component)
{
    return component < point->components.count
               ? point->components.items[component].argument
               : NULL;
}

/* ---- begin, end, error, never ---------------------------------------- */

static const struct {
    enum point_kind kind;
    bool exits;
} occasions[] = {
    [FAMILY_BEGIN] = {POINT_BEGIN, false},
    [FAMILY_END] = {POINT_END, false},
    [FAMILY_ERROR] = {POINT_ERROR, false},
    [FAMILY_NEVER] = {POINT_NEVER, false},
    [FAMILY_ONESHOT] = {POINT_BEGIN, true},
};

static int
resolve_occasion(struct place_finder *finder,
                 struct probe_resolution *resolution,
                 const struct probe_point *point, const struct family *family)
{
    struct place *place = new_place(finder, occasions[family->kind].kind);
    const struct expression *priority = argument(point, 0);

    place->exits = occasions[family->kind].exits;
    if (priority != NULL)
        place->priority = priority->number;
    probe_resolution_add(resolution, written_name(finder->arena, point), place);
    return 0;
}

/* ---- timers ---------------------------------------------------------- */

static int
resolve_timer(struct place_finder *finder, struct probe_resolution *resolution,
              const struct probe_point *point, const struct family *family,
              unsigned *component, struct error *error)
{
    struct place *place = new_place(finder, POINT_TIMER);
    int64_t number = argument(point, 1)->number;
    const struct expression *random = argument(point, 2);
    bool hertz = family->kind == FAMILY_TIMER_HZ;
    int64_t most =
        hertz ? (int64_t)NANOSECONDS : INT64_MAX / (int64_t)family->unit;

    *component = 1;
    if (number < 1 || number > most) {
        error_set(error, "%s out of range: 1 to %lld",
                  hertz ? "frequency" : "interval", (long long)most);
        return POINT_WRONG;
    }
    place->interval = hertz ? NANOSECONDS / (uint64_t)number
                            : (uint64_t)number * family->unit;
    if (random != NULL) {
        if (random->number < 0 || random->number > number) {
            *component = 2;
            error_set(error, "randomize out of range: 0 to %lld, the interval",
                      (long long)number);
            return POINT_WRONG;
        }
        place->randomize = (uint64_t)random->number * family->unit;
    }
    probe_resolution_add(resolution, written_name(finder->arena, point), place);
    return 0;
}

/* ---- functions of the kernel ----------------------------------------- */

/* Parts of kernel.function's string: FUNCTION[@FILE[:LINE]]. */
static int
read_pattern(struct arena *arena, const char *string,
             struct debuginfo_pattern *pattern, struct error *error)
{
    size_t name = strcspn(string, "@");
    const char *file = string[name] == '@' ? string + name + 1 : NULL;
    size_t length = file != NULL ? strcspn(file, ":+") : 0;

    if (name == 0 || (file != NULL && length == 0)) {
        error_set(error, "expected \"FUNCTION\", \"FUNCTION@FILE\" or "
                         "\"FUNCTION@FILE:LINE\"");
        return POINT_WRONG;
    }
    pattern->function = arena_string(arena, string, name);
    pattern->file = file != NULL ? arena_string(arena, file, length) : NULL;
    pattern->line = 0;
    if (file == NULL || file[length] == '\0')
        return 0;
    const char *line = file + length + 1;
    size_t digits = strspn(line, "0123456789");
    if (file[length] == '+' || digits == 0 || line[digits] != '\0') {
        error_set(error,
                  "\"%s\" is not supported yet: after the file there can be a "
                  "':' and the line that declares the function",
                  string);
        return POINT_WRONG;
    }
    pattern->line = (unsigned)strtoul(line, NULL, 10);
    return 0;
}

const char *
place_function_name(struct arena *arena, const struct place *place,
                    const struct debuginfo_function *function)
{
    return arena_printf(arena, "kernel.function(\"%s@%s:%u\")%s",
                        function->name, function->file, function->line,
                        place->suffix);
}

/* Why nothing matched, and what may have been meant. */
static int
no_match(struct place_finder *finder, struct debuginfo *debuginfo,
         const struct debuginfo_pattern *pattern, struct error *error)
{
    const struct debuginfo_function *functions, *inlined;
    struct similar similar = {.name = pattern->function};
    unsigned count;

    inlined = debuginfo_inline_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        if (debuginfo_is_glob(pattern->function) ||
            !debuginfo_matches(pattern, &inlined[i]))
            continue;
        error_set(error,
                  "function '%s' is expanded in place wherever it is "
                  "called (%s:%u), and probes of inlined functions are "
                  "not supported yet",
                  inlined[i].name, inlined[i].file, inlined[i].line);
        return POINT_NO_MATCH;
    }
    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(functions[i].name, pattern->function) == 0) {
            error_set(error, "no match: function '%s' is declared at %s:%u",
                      functions[i].name, functions[i].file, functions[i].line);
            return POINT_NO_MATCH;
        }
        similar_offer(&similar, functions[i].name);
    }
    error_set(error, "no match: the kernel has no function '%s'%s%s%s",
              pattern->function, pattern->file != NULL ? " in " : "",
              pattern->file != NULL ? pattern->file : "",
              similar_text(finder->arena, &similar));
    return POINT_NO_MATCH;
}

static int
all_forbidden(const struct debuginfo_pattern *pattern,
              const struct debuginfo_function *function, const char *reason,
              struct error *error)
{
    if (debuginfo_is_glob(pattern->function))
        error_set(error,
                  "no match: all functions '%s' must not be probed, as "
                  "'%s': %s",
                  pattern->function, function->name, reason);
    else
        error_set(error, "function '%s' must not be probed: %s", function->name,
                  reason);
    return POINT_NO_MATCH;
}

/* A function named, not one of many, is expected to be seen whole. */
static void
warn_inlined(struct place_finder *finder, struct debuginfo *debuginfo,
             const struct probe_point *point,
             const struct debuginfo_pattern *pattern,
             const struct debuginfo_function *function)
{
    unsigned count = debuginfo_is_glob(pattern->function)
                         ? 0
                         : debuginfo_inline_count(debuginfo, function);

    if (count > 0)
        unit_warning(finder->unit, point->token,
                     "function '%s' is also expanded in place in %u "
                     "place%s, whose calls are not seen: probes of inlined "
                     "functions are not supported yet",
                     function->name, count, count == 1 ? "" : "s");
}

static int
resolve_function(struct place_finder *finder,
                 struct probe_resolution *resolution,
                 const struct probe_point *point, const struct family *family,
                 bool has_targets, unsigned *component, struct error *error)
{
    const char *string = argument(point, 1)->string;
    const struct debuginfo_function *functions, *forbidden = NULL;
    const char *reason = NULL;
    struct debuginfo_pattern pattern;
    struct place *place = NULL;
    unsigned count;

    *component = 1;
    if (read_pattern(finder->arena, string, &pattern, error) != 0)
        return POINT_WRONG;
    struct debuginfo *debuginfo = kernel_debuginfo(finder->kernel, error);
    if (debuginfo == NULL)
        return POINT_WRONG;
    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        if (!debuginfo_matches(&pattern, &functions[i]))
            continue;
        const char *why = kernel_forbids(finder->kernel, &functions[i]);
        if (why != NULL) {
            forbidden = &functions[i];
            reason = why;
            continue;
        }
        if (place == NULL || has_targets || finder->apart) {
            place = new_place(finder, POINT_FUNCTION);
            place->suffix = family->suffix;
        }
        const struct debuginfo_function *at = &functions[i];
        LIST_ADD(finder->arena, &place->functions, at);
        warn_inlined(finder, debuginfo, point, &pattern, at);
        if (has_targets || finder->apart)
            probe_resolution_add(resolution,
                                 place_function_name(finder->arena, place, at),
                                 place);
    }
    if (place == NULL)
        return forbidden != NULL
                   ? all_forbidden(&pattern, forbidden, reason, error)
                   : no_match(finder, debuginfo, &pattern, error);
    if (!has_targets && !finder->apart)
        probe_resolution_add(
            resolution,
            place->functions.count == 1
                ? place_function_name(finder->arena, place,
                                      place->functions.items[0])
                : written_name(finder->arena, point),
            place);
    return 0;
}

/* ---- the profiler ---------------------------------------------------- */

/* What the kernel calls at each tick of its clock, on each CPU. */
#define CLOCK_INTERRUPT "hardclock"

static int
resolve_profile(struct place_finder *finder,
                struct probe_resolution *resolution,
                const struct probe_point *point, struct error *error)
{
    const struct debuginfo_pattern pattern = {.function = CLOCK_INTERRUPT};
    const struct debuginfo_function *functions;
    struct place *place = new_place(finder, POINT_FUNCTION);
    unsigned count;
    struct debuginfo *debuginfo = kernel_debuginfo(finder->kernel, error);

    if (debuginfo == NULL)
        return POINT_WRONG;
    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        const struct debuginfo_function *at = &functions[i];

        if (debuginfo_matches(&pattern, at) &&
            kernel_forbids(finder->kernel, at) == NULL)
            LIST_ADD(finder->arena, &place->functions, at);
    }
    if (place->functions.count != 1) {
        error_set(error, "no match: the kernel's clock interrupts call no "
                         "function '" CLOCK_INTERRUPT "' that can be probed");
        return POINT_NO_MATCH;
    }
    place->interrupted = true;
    probe_resolution_add(resolution, written_name(finder->arena, point), place);
    return 0;
}

int
place_resolve(struct place_finder *finder, struct probe_resolution *resolution,
              const struct probe_point *point, bool has_targets,
              unsigned *component, struct error *error)
{
    family_list families = {0};
    int result = family_find(finder->arena, point, &families, component, error);

    for (unsigned i = 0; result == 0 && i < families.count; i++) {
        const struct family *family = families.items[i];

        switch (family->kind) {
        case FAMILY_TIMER:
        case FAMILY_TIMER_HZ:
            result = resolve_timer(finder, resolution, point, family, component,
                                   error);
            break;
        case FAMILY_PROFILE:
            result = resolve_profile(finder, resolution, point, error);
            break;
        case FAMILY_FUNCTION:
            result = resolve_function(finder, resolution, point, family,
                                      has_targets, component, error);
            break;
        default:
            result = resolve_occasion(finder, resolution, point, family);
            break;
        }
    }
    return result;
}
