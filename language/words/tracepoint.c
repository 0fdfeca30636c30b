#include "language/words/tracepoint.h"

#include <fnmatch.h>
#include <string.h>

/* First components of the library's aliases that are places in the kernel. */
static const char *const systems[] = {
    "exception", "interrupt", "ipc",    "mach_rpc", "mach_trap", "rpc",
    "scheduler", "task",      "thread", "trap",     "vm",
};

#define SYSTEMS (sizeof(systems) / sizeof(systems[0]))

bool
tracepoint_is(const struct probe_point *point)
{
    const struct probe_component *components = point->components.items;

    return point->components.count >= 2 &&
           !strcmp(components[0].name, "kernel") &&
           (!strcmp(components[1].name, "trace") ||
            !strcmp(components[1].name, "tracepoint")) &&
           components[1].argument != NULL &&
           components[1].argument->kind == EXPRESSION_STRING;
}

/* Components of NAME, which dots divide, at TOKEN. */
static void
add_components(struct arena *arena, const struct token *token, const char *name,
               component_list *components)
{
    for (;;) {
        size_t size = strcspn(name, ".");
        struct probe_component component = {
            .token = token, .name = arena_string(arena, name, size)};

        LIST_ADD(arena, components, component);
        if (name[size] == '\0')
            return;
        name += size + 1;
    }
}

void
tracepoint_points(struct arena *arena, const struct probe_point *point,
                  tracepoint_list *points)
{
    const struct probe_component *asked = &point->components.items[1];
    const char *string = asked->argument->string;
    size_t size = strcspn(string, ":");
    bool named = string[size] == ':';
    const char *pattern = named ? arena_string(arena, string, size) : "*";
    const char *name = named ? string + size + 1 : string;

    for (unsigned i = 0; i < SYSTEMS; i++) {
        struct probe_point *one;

        if (fnmatch(pattern, systems[i], 0))
            continue;
        one = arena_copy(arena, point, sizeof(*point));
        one->components = (component_list){0};
        add_components(arena, asked->token, systems[i], &one->components);
        add_components(arena, asked->token, name, &one->components);
        for (unsigned rest = 2; rest < point->components.count; rest++)
            LIST_ADD(arena, &one->components, point->components.items[rest]);
        LIST_ADD(arena, points, one);
    }
}

bool
tracepoint_is_alias(const char *alias)
{
    size_t size = strcspn(alias, ".");

    for (unsigned i = 0; i < SYSTEMS; i++)
        if (strlen(systems[i]) == size && !memcmp(systems[i], alias, size))
            return true;
    return false;
}

const char *
tracepoint_systems(struct arena *arena)
{
    const char *names = "";

    for (unsigned i = 0; i < SYSTEMS; i++)
        names = arena_printf(arena, "%s%s%s", names, i == 0 ? "" : ", ",
                             systems[i]);
    return names;
}
