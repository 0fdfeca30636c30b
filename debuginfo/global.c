#include <dwarf.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"
#include "debuginfo/variable.h"

static void
add_globals(struct debuginfo *debuginfo, Dwarf_Die *unit, const char *name,
            struct arena *arena, debuginfo_globals *globals)
{
    const char *raw = dwarf_diename(unit);
    const char *file =
        raw != NULL ? debuginfo_source_path(debuginfo, unit, raw) : "";
    Dwarf_Die child;

    if (dwarf_child(unit, &child) != 0)
        return;
    do {
        const char *at =
            dwarf_tag(&child) == DW_TAG_variable ? dwarf_diename(&child) : NULL;

        if (at == NULL || (name != NULL && strcmp(at, name) != 0))
            continue;
        const struct debuginfo_global global = {
            .variable = {.name = at,
                         .scope = VARIABLE_FILE,
                         .type = ctype_of(debuginfo, &child),
                         .die = dwarf_dieoffset(&child)},
            .file = file,
            .unit = dwarf_dieoffset(unit),
            .external = dwarf_hasattr_integrate(&child, DW_AT_external) != 0,
            .defined = dwarf_hasattr_integrate(&child, DW_AT_location) ||
                       dwarf_hasattr_integrate(&child, DW_AT_const_value),
        };

        LIST_ADD(arena, globals, global);
    } while (dwarf_siblingof(&child, &child) == 0);
}

void
debuginfo_find_globals(struct debuginfo *debuginfo, const char *name,
                       struct arena *arena, debuginfo_globals *globals)
{
    Dwarf_CU *at = NULL;
    uint8_t type;
    Dwarf_Die die;

    while (dwarf_get_units(debuginfo->dwarf, at, &at, NULL, &type, &die,
                           NULL) == 0)
        add_globals(debuginfo, &die, name, arena, globals);
}
