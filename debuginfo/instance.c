#include "debuginfo/instance.h"

#include <dwarf.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"

/* The first instruction, where DWARF says so, else the lowest one. */
static bool
first_address(Dwarf_Die *die, uint64_t *address)
{
    Dwarf_Addr base, start, end, low = 0;
    ptrdiff_t offset = 0;

    if (dwarf_entrypc(die, &low) != 0 || low == 0)
        while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0)
            if (end > start && (low == 0 || start < low))
                low = start;
    *address = low;
    return low != 0;
}

bool
instance_read(struct debuginfo *debuginfo, Dwarf_Die *die,
              const struct debuginfo_function *function,
              struct debuginfo_instance *instance)
{
    const char *name = dwarf_diename(die);
    int line = 0;

    memset(instance, 0, sizeof(*instance));
    if (name == NULL || !first_address(die, &instance->what.address))
        return false;
    dwarf_decl_line(die, &line);
    instance->what.name = instance->what.symbol = name;
    instance->what.file = debuginfo_declared_in(debuginfo, die);
    instance->what.line = (unsigned)line;
    instance->what.die = dwarf_dieoffset(die);
    instance->what.unit = function->unit;
    instance->function = function;
    instance->scope = instance->what.die;
    return true;
}

/* ---- by name --------------------------------------------------------- */

struct instance_search {
    struct debuginfo *debuginfo;
    const struct debuginfo_pattern *pattern;
    const struct debuginfo_function *function;
    struct arena *arena;
    debuginfo_instances *instances;
};

static void
search(struct instance_search *search_, Dwarf_Die *parent)
{
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        struct debuginfo_instance instance;
        int tag = dwarf_tag(&child);

        if (tag == DW_TAG_inlined_subroutine &&
            debuginfo_name_matches(search_->pattern, dwarf_diename(&child)) &&
            /* A part of a function that was split and joined again is seen
             * by way of its entry. */
            strcmp(dwarf_diename(&child), search_->function->name) != 0 &&
            instance_read(search_->debuginfo, &child, search_->function,
                          &instance) &&
            debuginfo_matches(search_->pattern, &instance.what))
            LIST_ADD(search_->arena, search_->instances, instance);
        if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block)
            search(search_, &child);
    } while (dwarf_siblingof(&child, &child) == 0);
}

/* Whether a function that matches is expanded anywhere; *UNIT is the only
 * unit that can have it, or 0. */
static bool
may_be_expanded(const struct debuginfo *debuginfo,
                const struct debuginfo_pattern *pattern, uint64_t *unit)
{
    bool found = false;

    *unit = 0;
    LIST_EACH (function, &debuginfo->inline_functions)
        if (debuginfo_matches(pattern, function))
            return true;
    LIST_EACH (function, &debuginfo->functions) {
        if (!function->inlined || !debuginfo_matches(pattern, function))
            continue;
        if (found && *unit != function->unit) {
            *unit = 0;
            return true;
        }
        found = true;
        *unit = function->unit;
    }
    return found;
}

void
debuginfo_find_instances(struct debuginfo *debuginfo,
                         const struct debuginfo_pattern *pattern,
                         struct arena *arena, debuginfo_instances *instances)
{
    struct instance_search all = {
        .debuginfo = debuginfo,
        .pattern = pattern,
        .arena = arena,
        .instances = instances,
    };
    uint64_t unit;

    if (!may_be_expanded(debuginfo, pattern, &unit))
        return;
    LIST_EACH (function, &debuginfo->functions) {
        Dwarf_Die die;

        if ((unit != 0 && function->unit != unit) ||
            !die_at(debuginfo, function->die, &die))
            continue;
        all.function = function;
        search(&all, &die);
    }
}

/* ---- by address ------------------------------------------------------ */

static bool
find_innermost(Dwarf_Die *parent, uint64_t address, Dwarf_Die *found)
{
    bool any = false;
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);

        if ((tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) ||
            dwarf_haspc(&child, address) != 1)
            continue;
        if (tag == DW_TAG_inlined_subroutine) {
            *found = child;
            any = true;
        }
        return find_innermost(&child, address, found) || any;
    } while (dwarf_siblingof(&child, &child) == 0);
    return any;
}

bool
debuginfo_instance_at(struct debuginfo *debuginfo,
                      const struct debuginfo_function *function,
                      uint64_t address, struct debuginfo_instance *instance)
{
    Dwarf_Die die, found;

    return die_at(debuginfo, function->die, &die) &&
           find_innermost(&die, address, &found) &&
           instance_read(debuginfo, &found, function, instance);
}
