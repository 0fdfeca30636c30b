/* kernel.data(): accesses to memory of the kernel. */

#include <inttypes.h>
#include <string.h>

#include "debuginfo/variable.h"
#include "translate/points/place_i.h"
#include "translate/values/global.h"

/* What the processor can watch: powers of two, as far as a word. */
static uint32_t
length_max(struct debuginfo *debuginfo)
{
    return debuginfo_word_size(debuginfo);
}

/* The place and size of a variable that debugging information knows. */
static int
find_variable(struct site_search *search, struct debuginfo *debuginfo,
              const char *name, const char *file, struct site *site,
              uint64_t *size, struct error *error)
{
    struct arena *arena = search->finder->arena;
    struct debuginfo_variable found;
    struct location location = {0};

    if (global_find(debuginfo, arena, name, file, 0, &found, error) != 0)
        return -1;
    if (debuginfo_locate(debuginfo, NULL, &found, 0, arena, &location, error) !=
        0)
        return error_prefix(error, "cannot watch '%s'", name);
    if (location.kind != LOCATION_MEMORY || location.steps.count != 1 ||
        location.steps.items[0].kind != STEP_CONSTANT)
        return error_set(error, "cannot watch '%s': it is not in memory", name);
    site->address = (uint64_t)location.steps.items[0].value;
    *size = found.type.size;
    return 0;
}

/* "NAME" or "NAME@FILE"; what only the symbol table has is named alone. */
static int
find_symbol(struct site_search *search, struct debuginfo *debuginfo,
            const char *string, struct site *site, uint64_t *size,
            struct error *error)
{
    size_t length = strcspn(string, "@");
    const char *file = string[length] == '@' ? string + length + 1 : NULL;
    const char *name = arena_string(search->finder->arena, string, length);

    if (length == 0 || (file != NULL && *file == '\0'))
        return error_set(error, "expected \"VARIABLE\" or \"VARIABLE@FILE\"");
    if (find_variable(search, debuginfo, name, file, site, size, error) == 0)
        return 0;
    return file == NULL &&
                   debuginfo_symbol(debuginfo, name, &site->address, size) == 0
               ? 0
               : -1;
}

/* The most of a variable that can be watched from its beginning on. */
static uint32_t
length_of(struct debuginfo *debuginfo, const struct site *site, uint64_t size)
{
    uint32_t length = length_max(debuginfo);

    while (length > 1 && (length > size || site->address % length != 0))
        length /= 2;
    return length;
}

/* As many bytes as asked for, or the next more that can be watched. */
static int
read_length(struct debuginfo *debuginfo, int64_t asked, struct site *site,
            struct error *error)
{
    uint32_t most = length_max(debuginfo);

    if (asked < 1 || asked > most)
        return error_set(error,
                         "length out of range: this kernel's processor "
                         "watches 1 to %u bytes",
                         most);
    site->length = 1;
    while (site->length < asked)
        site->length *= 2;
    if (site->address % site->length != 0)
        return error_set(error,
                         "cannot watch %u bytes at 0x%" PRIx64
                         ": the address must be a multiple of that",
                         site->length, site->address);
    return 0;
}

static const char *
point_name(struct arena *arena, const struct site_search *search,
           const struct site *site)
{
    const struct expression *what = place_argument(search->point, 1);
    const struct expression *length = place_argument(search->point, 2);
    const char *place = what->kind == EXPRESSION_NUMBER
                            ? arena_printf(arena, "0x%" PRIx64, site->address)
                            : arena_printf(arena, "\"%s\"", what->string);

    return length == NULL
               ? arena_printf(arena, "kernel.data(%s)%s", place,
                              search->family->suffix)
               : arena_printf(arena, "kernel.data(%s).length(%" PRId64 ")%s",
                              place, length->number, search->family->suffix);
}

int
place_resolve_data(struct site_search *search, unsigned *component,
                   struct error *error)
{
    struct arena *arena = search->finder->arena;
    const struct expression *what = place_argument(search->point, 1);
    const struct expression *length = place_argument(search->point, 2);
    struct debuginfo *debuginfo = search->object->debuginfo;
    struct site site = {
        .object = search->object,
        .kind =
            search->family->what == SITES_WRITES ? POINT_WRITE : POINT_ACCESS,
        .name = "",
    };
    uint64_t size = 1;

    *component = 1;
    if (what->kind == EXPRESSION_NUMBER)
        site.address = (uint64_t)what->number;
    else if (find_symbol(search, debuginfo, what->string, &site, &size,
                         error) != 0)
        return POINT_NO_MATCH;
    site.length = length_of(debuginfo, &site, size);
    if (length != NULL) {
        *component = 2;
        if (read_length(debuginfo, length->number, &site, error) != 0)
            return POINT_WRONG;
    }
    site.point = point_name(arena, search, &site);
    search->place = place_new(search->finder, site.kind);
    LIST_ADD(arena, &search->place->sites, site);
    probe_resolution_add(search->resolution, site.point, search->place);
    return 0;
}
