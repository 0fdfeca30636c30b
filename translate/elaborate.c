#include "translate/elaborate.h"

#include "translate/points/family.h"
#include "translate/points/place.h"
#include "translate/values/moment.h"

static int
resolve_point(void *data, struct probe_resolution *resolution,
              const struct probe_point *point, bool has_targets,
              unsigned *component, struct error *error)
{
    return place_resolve(data, resolution, point, has_targets, component,
                         error);
}

static int
target_type(void *data, const struct probe *probe, struct expression *target,
            enum type *type, struct error *error)
{
    struct place_finder *finder = data;

    struct moment moment = {
        .arena = finder->arena,
        .kernel = finder->kernel,
        .programs = finder->programs,
        .probe = probe,
        .place = probe->place,
        .string_size = finder->string_size,
    };

    return moment_resolve(&moment, target, type, error);
}

int
elaborate(struct elaboration *elaboration, struct unit *unit, bool apart)
{
    struct place_finder finder = {
        .unit = unit,
        .arena = elaboration->arena,
        .kernel = &elaboration->kernel,
        .programs = &elaboration->programs,
        .apart = apart,
        .string_size = elaboration->string_size,
        .targeted = elaboration->targeted,
    };
    struct language_context context = {
        .data = &finder,
        .resolve_point = resolve_point,
        .target_type = target_type,
        .point_names = family_names(elaboration->arena),
    };

    return unit_resolve(unit, &context);
}
