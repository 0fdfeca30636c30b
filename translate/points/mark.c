/* process("p").mark("m"): marks that were compiled into a program. */

#include <fnmatch.h>
#include <string.h>

#include "language/messages.h"
#include "translate/points/place_i.h"

/* What is asked for: a name or glob each. */
struct wanted {
    const char *provider;
    const char *name;
};

static bool
is_wanted(const struct wanted *wanted, const struct debuginfo_mark *mark)
{
    return fnmatch(wanted->provider, mark->provider, 0) == 0 &&
           fnmatch(wanted->name, mark->name, 0) == 0;
}

static void
add_mark(struct site_search *search, const struct debuginfo_mark *mark)
{
    struct arena *arena = search->finder->arena;
    const char *point =
        arena_printf(arena, "%s.provider(\"%s\").mark(\"%s\")",
                     search->object->prefix, mark->provider, mark->name);
    struct site site = {
        .kind = POINT_STATEMENT,
        .function =
            debuginfo_function_at(search->object->debuginfo, mark->address),
        .address = mark->address,
        .point = point,
        .mark = arena_copy(arena, mark, sizeof(*mark)),
    };

    if (site.function == NULL || mark->semaphore != 0) {
        search->forbidden = point;
        search->reason =
            site.function == NULL
                ? "it is in no function"
                : "the program asks a semaphore whether somebody looks at it, "
                  "which is not supported yet";
        return;
    }
    site.name = site.function->name;
    site_add(search, &site);
}

static int
no_mark(const struct site_search *search, const struct wanted *wanted,
        const debuginfo_marks *marks, struct error *error)
{
    struct similar similar = {.name = wanted->name};

    LIST_EACH (mark, marks)
        similar_offer(&similar, mark->name);
    if (search->forbidden != NULL)
        error_set(error, "%s must not be probed: %s", search->forbidden,
                  search->reason);
    else
        error_set(error, "no match: %s has no mark '%s'%s",
                  search->object->title, wanted->name,
                  similar_text(search->finder->arena, &similar));
    return POINT_NO_MATCH;
}

int
place_resolve_mark(struct site_search *search, unsigned *component,
                   struct error *error)
{
    unsigned last = search->point->components.count - 1;
    const struct wanted wanted = {
        .provider = last == 2 ? place_argument(search->point, 1)->string : "*",
        .name = place_argument(search->point, last)->string,
    };
    debuginfo_marks marks = {0};

    *component = last;
    debuginfo_find_marks(search->object->debuginfo, search->finder->arena,
                         &marks);
    LIST_EACH (mark, &marks)
        if (is_wanted(&wanted, mark))
            add_mark(search, mark);
    if (search->place == NULL)
        return no_mark(search, &wanted, &marks, error);
    site_finish(search);
    return 0;
}
