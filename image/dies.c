/*
 * One walk over the kernel's DWARF that finds every name of the list.
 */

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "image/types_i.h"

/* Which tags can be what the list asks for. */
static const struct {
    unsigned tag;
    enum need_kind kind;
} kinds[] = {
    {DW_TAG_structure_type, NEED_STRUCT}, {DW_TAG_union_type, NEED_UNION},
    {DW_TAG_typedef, NEED_TYPE},          {DW_TAG_subprogram, NEED_FUNCTION},
    {DW_TAG_variable, NEED_VARIABLE},     {DW_TAG_enumerator, NEED_CONSTANT},
};

/* The name that DWARF knows: a bound is one of a variable. */
static const char *
sought_name(const struct need *need)
{
    return need->kind == NEED_BOUND ? need->variable : need->name;
}

static enum need_kind
sought_kind(const struct need *need)
{
    return need->kind == NEED_BOUND ? NEED_VARIABLE : need->kind;
}

static int
compare_named(const void *left, const void *right)
{
    const struct named *const *a = left, *const *b = right;

    return strcmp(sought_name((*a)->need), sought_name((*b)->need));
}

/* Index in sorted of the first whose name is not below NAME. */
static unsigned
first_not_below(const struct types *types, const char *name)
{
    unsigned low = 0, high = types->named.count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (strcmp(sought_name(types->sorted[middle]->need), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct named *
dies_named(const struct types *types, enum need_kind kind, const char *name)
{
    unsigned at = first_not_below(types, name);

    for (; at < types->named.count; at++) {
        struct named *named = types->sorted[at];

        if (strcmp(sought_name(named->need), name) != 0)
            break;
        if (named->need->kind == kind)
            return named;
    }
    return NULL;
}

static void
take(struct types *types, Dwarf_Die *die, enum need_kind kind)
{
    const char *name = dwarf_diename(die);
    unsigned at;

    if (name == NULL)
        return;
    for (at = first_not_below(types, name); at < types->named.count; at++) {
        struct named *named = types->sorted[at];

        if (strcmp(sought_name(named->need), name) != 0)
            break;
        if (sought_kind(named->need) == kind)
            LIST_ADD(&types->arena, &named->dies, *die);
    }
}

static int
visit(Dwarf_Die *die, void *context)
{
    unsigned tag = (unsigned)dwarf_tag(die);
    struct types *types = context;
    Dwarf_Die child;
    size_t i;

    if (tag == DW_TAG_enumeration_type) {
        if (dwarf_child(die, &child) == 0) {
            do
                visit(&child, types);
            while (dwarf_siblingof(&child, &child) == 0);
        }
        return 0;
    }
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].tag != tag)
            continue;
        /* A struct that is only declared says nothing. */
        if ((tag == DW_TAG_structure_type || tag == DW_TAG_union_type) &&
            dwarf_hasattr(die, DW_AT_declaration))
            return 0;
        take(types, die, kinds[i].kind);
    }
    return 0;
}

void
dies_find(struct types *types)
{
    unsigned i = 0;

    LIST_EACH (at, &types->needs->items) {
        struct named *named = ARENA_NEW(&types->arena, struct named);

        named->need = *at;
        LIST_ADD(&types->arena, &types->named, named);
    }
    types->sorted = arena_alloc(&types->arena, (types->named.count + 1) *
                                                   sizeof(*types->sorted));
    LIST_EACH (at, &types->named)
        types->sorted[i++] = *at;
    qsort(types->sorted, types->named.count, sizeof(*types->sorted),
          compare_named);
    kernel_visit(types->kernel, visit, types);
}

Dwarf_Die *
die_type(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;

    if (dwarf_attr_integrate(die, DW_AT_type, &attribute) == NULL)
        return NULL;
    return dwarf_formref_die(&attribute, type);
}

Dwarf_Die *
die_plain_type(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Die *found = die_type(die, type);
    int depth = 0; /* a damaged type may refer to itself */

    while (found != NULL && depth++ < 64 &&
           (dwarf_tag(found) == DW_TAG_typedef ||
            dwarf_tag(found) == DW_TAG_const_type ||
            dwarf_tag(found) == DW_TAG_volatile_type))
        found = die_type(found, type);
    return found;
}

uint64_t
die_number(Dwarf_Die *die, unsigned attribute, uint64_t fallback)
{
    Dwarf_Attribute found;
    Dwarf_Word number;

    if (dwarf_attr_integrate(die, attribute, &found) == NULL ||
        dwarf_formudata(&found, &number) != 0)
        return fallback;
    return number;
}

bool
die_is_aggregate(Dwarf_Die *die)
{
    return dwarf_tag(die) == DW_TAG_structure_type ||
           dwarf_tag(die) == DW_TAG_union_type;
}

uint64_t
die_size(Dwarf_Die *die)
{
    Dwarf_Word size;

    return dwarf_aggregate_size(die, &size) == 0 ? size : 0;
}

uint64_t
die_elements(Dwarf_Die *array)
{
    Dwarf_Die range;
    uint64_t top;

    if (dwarf_child(array, &range) != 0 ||
        dwarf_tag(&range) != DW_TAG_subrange_type)
        return 0;
    top = die_number(&range, DW_AT_upper_bound, UINT64_MAX);
    return top != UINT64_MAX ? top + 1 : die_number(&range, DW_AT_count, 0);
}
