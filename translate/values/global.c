#include "translate/values/global.h"

#include <string.h>

#include "language/messages.h"

/* The static ones are in several files: which? */
static int
ambiguous(const debuginfo_globals *globals, struct error *error)
{
    struct text files = {0};

    LIST_EACH (at, globals)
        if (at->defined)
            text_printf(&files, "%s %s", files.size > 0 ? "," : "", at->file);
    error_set(error,
              "there are several static variables '%s': say which file's, "
              "@var(\"%s@FILE\"), of%s",
              globals->items[0].variable.name, globals->items[0].variable.name,
              text_string(&files));
    text_free(&files);
    return -1;
}

static int
none(struct debuginfo *debuginfo, struct arena *arena, const char *name,
     const char *file, const debuginfo_globals *globals, struct error *error)
{
    struct similar similar = {.name = name};
    debuginfo_globals all = {0};

    LIST_EACH (at, globals)
        if (at->defined)
            return error_set(error,
                             "unable to find global '%s' in %s; it is in %s",
                             name, file, at->file);
    debuginfo_find_globals(debuginfo, NULL, arena, &all);
    LIST_EACH (at, &all)
        if (at->defined && strncmp(at->variable.name, "__", 2) != 0)
            similar_offer(&similar, at->variable.name);
    return error_set(error, "unable to find global '%s'%s%s%s", name,
                     file != NULL ? " in " : "", file != NULL ? file : "",
                     similar_text(arena, &similar));
}

/* The definition that is not static, or NULL. */
static const struct debuginfo_global *
find_external(const debuginfo_globals *globals)
{
    LIST_EACH (at, globals)
        if (at->defined && at->external)
            return at;
    return NULL;
}

/* What FILE defines, or what it declares and others define. */
static const struct debuginfo_global *
find_in_file(const debuginfo_globals *globals, const char *file)
{
    bool declared = false;

    LIST_EACH (at, globals) {
        if (!debuginfo_file_matches(file, at->file))
            continue;
        if (at->defined)
            return at;
        declared = true;
    }
    return declared ? find_external(globals) : NULL;
}

static const struct debuginfo_global *
find_anywhere(const debuginfo_globals *globals, uint64_t unit, bool *several)
{
    const struct debuginfo_global *found = NULL;

    LIST_EACH (at, globals)
        if (at->defined && at->unit == unit)
            return at;
    found = find_external(globals);
    if (found != NULL)
        return found;
    LIST_EACH (at, globals) {
        if (!at->defined)
            continue;
        *several = found != NULL;
        if (*several)
            break;
        found = at;
    }
    return found;
}

int
global_find(struct debuginfo *debuginfo, struct arena *arena, const char *name,
            const char *file, uint64_t unit, struct debuginfo_variable *found,
            struct error *error)
{
    const struct debuginfo_global *global;
    debuginfo_globals globals = {0};
    bool several = false;

    debuginfo_find_globals(debuginfo, name, arena, &globals);
    global = file != NULL ? find_in_file(&globals, file)
                          : find_anywhere(&globals, unit, &several);
    if (global == NULL)
        return none(debuginfo, arena, name, file, &globals, error);
    if (several)
        return ambiguous(&globals, error);
    *found = global->variable;
    return 0;
}
