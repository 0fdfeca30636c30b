/* kernel.function("f").label("l"): labels of the source. */

#include "debuginfo/call.h"
#include "translate/points/place_i.h"

int
place_resolve_label(struct site_search *search, unsigned *component,
                    struct error *error)
{
    struct arena *arena = search->finder->arena;
    const char *wanted = place_argument(search->point, 2)->string;
    struct source_pattern pattern;
    debuginfo_labels labels = {0};
    struct debuginfo *debuginfo = search->object->debuginfo;

    *component = 1;
    if (source_pattern_read(arena, place_argument(search->point, 1)->string,
                            &pattern, error) != 0)
        return POINT_WRONG;
    debuginfo_find_labels(debuginfo, &pattern.function, wanted, arena, &labels);
    LIST_EACH (label, &labels) {
        struct debuginfo_instance instance;
        const struct debuginfo_function *function = label->function;

        if (label->scope != 0 &&
            debuginfo_instance_at(debuginfo, label->function, label->address,
                                  &instance) &&
            instance.scope == label->scope)
            function = &instance.what;

        struct site site = {
            .kind = POINT_STATEMENT,
            .function = label->function,
            .address = label->address,
            .scope = label->scope,
            .name = function->name,
            .point =
                arena_printf(arena, "%s.function(\"%s\").label(\"%s\")",
                             search->object->prefix,
                             place_function_name(arena, function), label->name),
        };

        site_add(search, &site);
    }
    if (search->place != NULL) {
        site_finish(search);
        return 0;
    }
    *component = 2;
    if (search->forbidden != NULL)
        error_set(error, "no match: %s must not be probed: %s",
                  search->forbidden, search->reason);
    else
        error_set(error, "no match: function '%s' has no label '%s' with code",
                  pattern.function.function, wanted);
    return POINT_NO_MATCH;
}
