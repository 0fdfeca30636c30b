#include "debuginfo/call.h"

#include <dwarf.h>
#include <fnmatch.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"

/* ---- calls ----------------------------------------------------------- */

struct call_search {
    struct debuginfo *debuginfo;
    const struct debuginfo_function *function; /* that the code is of */
    struct arena *arena;
    debuginfo_calls *calls;
};

/* All functions of NAME: in UNIT, or exported ones if that is 0. */
static bool
add_callees(const struct call_search *search, const char *name, uint64_t unit,
            uint64_t returns)
{
    bool found = false;

    LIST_EACH (function, &search->debuginfo->functions) {
        const struct debuginfo_call call = {.returns = returns,
                                            .callee = function};

        if (strcmp(function->name, name) != 0 ||
            (unit != 0 ? function->unit != unit : !function->external))
            continue;
        LIST_ADD(search->arena, search->calls, call);
        found = true;
    }
    return found;
}

/* By what an entry of a call refers to, a definition or a declaration. */
static void
add_call(const struct call_search *search, Dwarf_Die *entry)
{
    Dwarf_Attribute attribute;
    Dwarf_Addr returns;
    Dwarf_Die callee;
    const char *name;

    if (dwarf_attr(entry, DW_AT_call_origin, &attribute) == NULL ||
        dwarf_formref_die(&attribute, &callee) == NULL ||
        dwarf_attr(entry, DW_AT_call_return_pc, &attribute) == NULL ||
        dwarf_formaddr(&attribute, &returns) != 0)
        return;
    name = dwarf_diename(&callee);
    if (name != NULL &&
        !add_callees(search, name, search->function->unit, returns))
        add_callees(search, name, 0, returns);
}

static void
find_calls(const struct call_search *search, Dwarf_Die *parent)
{
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        struct debuginfo_call call = {0};

        switch (dwarf_tag(&child)) {
        case DW_TAG_call_site:
            add_call(search, &child);
            break;
        case DW_TAG_inlined_subroutine:
            if (instance_read(search->debuginfo, &child, search->function,
                              &call.instance))
                LIST_ADD(search->arena, search->calls, call);
            break;
        case DW_TAG_lexical_block:
            find_calls(search, &child);
            break;
        default:
            break;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
}

void
debuginfo_find_calls(struct debuginfo *debuginfo,
                     const struct debuginfo_function *function, uint64_t scope,
                     struct arena *arena, debuginfo_calls *calls)
{
    const struct call_search search = {debuginfo, function, arena, calls};
    Dwarf_Die die;

    if (die_at(debuginfo, scope != 0 ? scope : function->die, &die))
        find_calls(&search, &die);
}

/* ---- calls of one name ----------------------------------------------- */

/* "call rel32" */
#define CALL_SIZE   5
#define CALL_OPCODE 0xe8

struct place_search {
    struct debuginfo *debuginfo;
    const char *name;
    const struct debuginfo_function *function; /* that the code is of */
    struct arena *arena;
    debuginfo_call_places *places;
};

static void
add_place(const struct place_search *search, Dwarf_Die *entry)
{
    struct debuginfo_call_place place = {.function = search->function};
    Dwarf_Attribute attribute;
    Dwarf_Addr returns;
    Dwarf_Die callee;

    if (dwarf_attr(entry, DW_AT_call_origin, &attribute) == NULL ||
        dwarf_formref_die(&attribute, &callee) == NULL ||
        dwarf_diename(&callee) == NULL ||
        strcmp(dwarf_diename(&callee), search->name) != 0 ||
        dwarf_attr(entry, DW_AT_call_return_pc, &attribute) == NULL ||
        dwarf_formaddr(&attribute, &returns) != 0)
        return;
    place.address = returns - CALL_SIZE;
    const uint8_t *code =
        debuginfo_data(search->debuginfo, place.address, CALL_SIZE);
    if (code != NULL && *code == CALL_OPCODE)
        LIST_ADD(search->arena, search->places, place);
}

static void
find_places(const struct place_search *search, Dwarf_Die *parent)
{
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        if (dwarf_tag(&child) == DW_TAG_call_site)
            add_place(search, &child);
        else if (dwarf_tag(&child) == DW_TAG_inlined_subroutine ||
                 dwarf_tag(&child) == DW_TAG_lexical_block)
            find_places(search, &child);
    } while (dwarf_siblingof(&child, &child) == 0);
}

void
debuginfo_find_call_places(struct debuginfo *debuginfo, const char *name,
                           struct arena *arena, debuginfo_call_places *places)
{
    LIST_EACH (function, &debuginfo->functions) {
        const struct place_search search = {debuginfo, name, function, arena,
                                            places};
        Dwarf_Die die;

        if (die_at(debuginfo, function->die, &die))
            find_places(&search, &die);
    }
}

/* ---- labels ---------------------------------------------------------- */

struct label_search {
    const struct debuginfo_pattern *pattern;
    const char *label;
    const struct debuginfo_function *function;
    struct arena *arena;
    debuginfo_labels *labels;
};

/* WANTED: what PARENT is of is asked for; SCOPE is it if it was expanded. */
static void
find_labels(const struct label_search *search, Dwarf_Die *parent,
            uint64_t scope, bool wanted)
{
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        struct debuginfo_label label = {
            .name = dwarf_diename(&child),
            .function = search->function,
            .scope = scope,
        };
        Dwarf_Addr address;

        switch (dwarf_tag(&child)) {
        case DW_TAG_label:
            if (!wanted || label.name == NULL ||
                fnmatch(search->label, label.name, 0) != 0 ||
                dwarf_lowpc(&child, &address) != 0)
                break;
            label.address = address;
            LIST_ADD(search->arena, search->labels, label);
            break;
        case DW_TAG_inlined_subroutine:
            find_labels(search, &child, dwarf_dieoffset(&child),
                        label.name != NULL && debuginfo_name_matches(
                                                  search->pattern, label.name));
            break;
        case DW_TAG_lexical_block:
            find_labels(search, &child, scope, wanted);
            break;
        default:
            break;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
}

void
debuginfo_find_labels(struct debuginfo *debuginfo,
                      const struct debuginfo_pattern *pattern,
                      const char *label, struct arena *arena,
                      debuginfo_labels *labels)
{
    LIST_EACH (function, &debuginfo->functions) {
        const struct label_search search = {pattern, label, function, arena,
                                            labels};
        Dwarf_Die die;

        if (die_at(debuginfo, function->die, &die))
            find_labels(&search, &die, 0, debuginfo_matches(pattern, function));
    }
}
