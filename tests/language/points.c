#include "tests/language/points.h"

#include <string.h>

static const char *const point_names[] = {"begin", "end",    "never", "error",
                                          "timer", "kernel", NULL};

static int
resolve_function(struct probe_resolution *resolution,
                 const struct probe_point *point, unsigned *component,
                 struct error *error)
{
    const struct probe_component *components = point->components.items;

    *component = 1;
    if (point->components.count < 2 || !components[1].argument ||
        components[1].argument->kind != EXPRESSION_STRING) {
        error_set(error, "expected function(\"NAME\")");
        return POINT_WRONG;
    }

    const char *name = components[1].argument->string;

    if (point->components.count > 2) {
        *component = 2;
        error_set(error, "not supported yet: .%s", components[2].name);
        return POINT_WRONG;
    }
    if (!strncmp(name, "no", 2)) {
        error_set(error, "no match");
        return POINT_NO_MATCH;
    }
    if (!strcmp(name, "*")) {
        probe_resolution_add(resolution, "kernel.function(\"f\")", "f");
        name = "g";
    }

    struct text text = {0};

    text_printf(&text, "kernel.function(\"%s\")", name);
    probe_resolution_add(resolution, text_string(&text), (void *)name);
    text_free(&text);
    return 0;
}

static int
resolve_point(void *data, struct probe_resolution *resolution,
              const struct probe_point *point, bool has_targets,
              unsigned *component, struct error *error)
{
    struct probe_point bare = *point;
    struct text text = {0};

    if (!strcmp(point->components.items[0].name, "kernel"))
        return resolve_function(resolution, point, component, error);
    bare.condition = NULL;
    bare.optional = bare.sufficient = false;
    probe_point_print(&bare, &text);
    probe_resolution_add(resolution, text_string(&text), NULL);
    text_free(&text);
    return 0;
}

static int
target_type(void *data, const struct probe *probe, struct expression *target,
            enum type *type, struct error *error)
{
    const char *name = target->target.name;

    if (target->kind != EXPRESSION_TARGET ||
        target->target.kind != TARGET_CONTEXT)
        return error_set(error, "not supported yet: %s", target->token->text);
    if (!probe->place)
        return error_set(error, "no context variables in %s", probe->name);
    if (!strncmp(name, "$no", 3) ||
        (name[1] == 'f' && !strcmp(probe->place, "g")))
        return error_set(error, "unable to find local '%s'", name + 1);
    *type = strncmp(name, "$str", 4) ? TYPE_LONG : TYPE_STRING;
    return 0;
}

const struct language_context test_context = {
    .resolve_point = resolve_point,
    .target_type = target_type,
    .point_names = point_names,
};
