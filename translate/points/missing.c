/*
 * What is said when a script names a function or a source file that there is
 * not.
 */

#include <string.h>

#include "language/messages.h"
#include "translate/points/place_i.h"

/* As many last components of PATH as PATTERN has. */
static const char *
tail_of(const char *path, const char *pattern)
{
    const char *at = path + strlen(path);
    unsigned components = 1;

    for (const char *c = pattern; *c != '\0'; c++)
        components += *c == '/';
    while (at > path) {
        if (at[-1] == '/' && --components == 0)
            break;
        at--;
    }
    return at;
}

/* Whether some source file is meant; if not, offer those that may be. */
static bool
find_file(const struct debuginfo_function *functions, unsigned count,
          const char *pattern, struct similar *files)
{
    for (unsigned i = 0; i < count; i++) {
        if (debuginfo_file_matches(pattern, functions[i].file))
            return true;
        similar_offer(files, tail_of(functions[i].file, pattern));
    }
    return false;
}

/* A function of this name in any file, or else offer the similar ones. */
static const struct debuginfo_function *
find_name(const struct debuginfo_function *functions, unsigned count,
          const struct debuginfo_pattern *wanted, struct similar *names)
{
    for (unsigned i = 0; i < count; i++) {
        if (debuginfo_name_matches(wanted, functions[i].name))
            return &functions[i];
        similar_offer(names, functions[i].name);
    }
    return NULL;
}

int
place_no_function(struct site_search *search,
                  const struct debuginfo_pattern *wanted, struct error *error)
{
    const struct debuginfo *debuginfo = search->object->debuginfo;
    struct arena *arena = search->finder->arena;
    struct similar names = {.name = wanted->function};
    struct similar files = {.name = wanted->file};
    const struct debuginfo_function *functions, *inlines, *found;
    unsigned count, inline_count;

    functions = debuginfo_functions(debuginfo, &count);
    inlines = debuginfo_inline_functions(debuginfo, &inline_count);
    if (wanted->file != NULL &&
        !find_file(functions, count, wanted->file, &files) &&
        !find_file(inlines, inline_count, wanted->file, &files)) {
        error_set(error, "no match: %s has no source file '%s'%s",
                  search->object->title, wanted->file,
                  similar_text(arena, &files));
        return POINT_NO_MATCH;
    }
    found = find_name(functions, count, wanted, &names);
    if (found == NULL)
        found = find_name(inlines, inline_count, wanted, &names);
    if (found != NULL && !debuginfo_is_glob(wanted->function))
        error_set(error, "no match: function '%s' is declared at %s:%u",
                  found->name, found->file, found->line);
    else
        error_set(error, "no match: %s has no function '%s'%s%s%s",
                  search->object->title, wanted->function,
                  wanted->file != NULL ? " in " : "",
                  wanted->file != NULL ? wanted->file : "",
                  similar_text(arena, &names));
    return POINT_NO_MATCH;
}
