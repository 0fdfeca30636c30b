#include <stdlib.h>
#include <string.h>

#include "language/messages.h"
#include "translate/points/family.h"
#include "translate/points/place_i.h"

#define NANOSECONDS 1000000000ull

struct place *
place_new(struct place_finder *finder, enum point_kind kind)
{
    struct place *place = ARENA_NEW(finder->arena, struct place);

    place->kind = kind;
    return place;
}

const char *
place_written_name(struct arena *arena, const struct probe_point *point)
{
    struct probe_point bare = {.token = point->token,
                               .components = point->components};
    struct text text = {0};

    probe_point_print(&bare, &text);
    const char *name = arena_string(arena, text_string(&text), text.size);
    text_free(&text);
    return name;
}

const struct expression *
place_argument(const struct probe_point *point, unsigned component)
{
    return component < point->components.count
               ? point->components.items[component].argument
               : NULL;
}

const char *
place_family_name(struct arena *arena, const struct probe_point *point,
                  const struct family *family)
{
    struct probe_point named = {.token = point->token};

    for (const char *form = family->form; *form != '\0';) {
        unsigned i = named.components.count;
        struct probe_component component = {
            .token = point->token,
            .name = arena_string(arena, form, strcspn(form, ".(")),
            .argument = (struct expression *)place_argument(point, i),
        };

        LIST_ADD(arena, &named.components, component);
        form += strcspn(form, ".");
        form += *form == '.';
    }
    return place_written_name(arena, &named);
}

/* ---- begin, end, error, never, input --------------------------------- */

static const struct {
    enum point_kind kind;
    bool exits;
} occasions[] = {
    [FAMILY_BEGIN] = {POINT_BEGIN, false},
    [FAMILY_END] = {POINT_END, false},
    [FAMILY_ERROR] = {POINT_ERROR, false},
    [FAMILY_NEVER] = {POINT_NEVER, false},
    [FAMILY_ONESHOT] = {POINT_BEGIN, true},
    [FAMILY_INPUT_CHAR] = {POINT_INPUT_CHAR, false},
    [FAMILY_INPUT_LINE] = {POINT_INPUT_LINE, false},
};

static int
resolve_occasion(struct place_finder *finder,
                 struct probe_resolution *resolution,
                 const struct probe_point *point, const struct family *family)
{
    struct place *place = place_new(finder, occasions[family->kind].kind);
    const struct expression *priority = place_argument(point, 0);

    place->exits = occasions[family->kind].exits;
    if (priority != NULL)
        place->priority = priority->number;
    probe_resolution_add(
        resolution, place_family_name(finder->arena, point, family), place);
    return 0;
}

/* ---- timers ---------------------------------------------------------- */

static int
resolve_timer(struct place_finder *finder, struct probe_resolution *resolution,
              const struct probe_point *point, const struct family *family,
              unsigned *component, struct error *error)
{
    struct place *place = place_new(finder, POINT_TIMER);
    int64_t number = place_argument(point, 1)->number;
    const struct expression *random = place_argument(point, 2);
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
    probe_resolution_add(
        resolution, place_family_name(finder->arena, point, family), place);
    return 0;
}

/* ---- places in code and data ------------------------------------------ */

static int
resolve_code(struct site_search *search, unsigned *component,
             struct error *error)
{
    static int (*const resolvers[])(struct site_search *search,
                                    unsigned *component,
                                    struct error *error) = {
        [FAMILY_FUNCTION] = place_resolve_function,
        [FAMILY_FUNCTION_AT] = place_resolve_function_at,
        [FAMILY_KPROBE_FUNCTION] = place_resolve_function,
        [FAMILY_CALLEE] = place_resolve_callee,
        [FAMILY_LABEL] = place_resolve_label,
        [FAMILY_MARK] = place_resolve_mark,
        [FAMILY_STATEMENT] = place_resolve_statement,
        [FAMILY_ADDRESS] = place_resolve_statement,
        [FAMILY_DATA] = place_resolve_data,
    };
    struct place_finder *finder = search->finder;
    const struct expression *program = place_argument(search->point, 0);

    *component = family_is_of_program(search->family) ? 0 : 1;
    search->object =
        family_is_of_program(search->family)
            ? program_need(finder->programs,
                           program != NULL ? program->string : NULL, error)
            : kernel_object(finder->kernel, error);
    return search->object != NULL
               ? resolvers[search->family->kind](search, component, error)
               : POINT_WRONG;
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
        struct site_search search = {
            .finder = finder,
            .resolution = resolution,
            .point = point,
            .family = family,
            .apart = has_targets || finder->apart,
        };

        switch (family->kind) {
        case FAMILY_TIMER:
        case FAMILY_TIMER_HZ:
            result = resolve_timer(finder, resolution, point, family, component,
                                   error);
            break;
        case FAMILY_PROFILE:
        case FAMILY_PERF:
            result = place_resolve_profile(&search, component, error);
            break;
        case FAMILY_PROCESS:
            result = place_resolve_process(&search, component, error);
            break;
        case FAMILY_FUNCTION:
        case FAMILY_FUNCTION_AT:
        case FAMILY_KPROBE_FUNCTION:
        case FAMILY_CALLEE:
        case FAMILY_LABEL:
        case FAMILY_MARK:
        case FAMILY_STATEMENT:
        case FAMILY_ADDRESS:
        case FAMILY_DATA:
            result = resolve_code(&search, component, error);
            break;
        default:
            result = resolve_occasion(finder, resolution, point, family);
            break;
        }
    }
    return result;
}
