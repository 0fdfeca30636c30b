#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"

/* Typedefs and qualifiers nested deeper than this are a cycle in a broken
 * file. */
#define DEPTH_MAX 64

/* Kinds of type by DWARF's tags. */
static enum ctype_kind
kind_of_tag(int tag)
{
    switch (tag) {
    case DW_TAG_pointer_type:
        return CTYPE_POINTER;
    case DW_TAG_structure_type:
        return CTYPE_STRUCT;
    case DW_TAG_union_type:
        return CTYPE_UNION;
    case DW_TAG_array_type:
        return CTYPE_ARRAY;
    case DW_TAG_enumeration_type:
        return CTYPE_ENUM;
    case DW_TAG_subroutine_type:
        return CTYPE_FUNCTION;
    default:
        return CTYPE_OTHER;
    }
}

/* Base types by DWARF's encodings (DWARF 5, table 7.11). */
static const struct {
    Dwarf_Word encoding;
    enum ctype_kind kind;
    bool is_signed;
} encodings[] = {
    {DW_ATE_boolean, CTYPE_BOOL, false},
    {DW_ATE_signed, CTYPE_INTEGER, true},
    {DW_ATE_unsigned, CTYPE_INTEGER, false},
    {DW_ATE_signed_char, CTYPE_CHAR, true},
    {DW_ATE_unsigned_char, CTYPE_CHAR, false},
    {DW_ATE_UTF, CTYPE_CHAR, false},
    {DW_ATE_float, CTYPE_FLOAT, true},
};

static void
set_base(struct ctype *type, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = 0;

    type->kind = CTYPE_OTHER;
    dwarf_formudata(dwarf_attr(die, DW_AT_encoding, &attribute), &encoding);
    for (unsigned i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
        if (encodings[i].encoding == encoding) {
            type->kind = encodings[i].kind;
            type->is_signed = encodings[i].is_signed;
        }
    }
}

/* An enum is signed if one of its values is negative, or if the type that
 * stands below it says so. */
static bool
enum_is_signed(struct debuginfo *debuginfo, Dwarf_Die *die)
{
    struct ctype below = ctype_of(debuginfo, die);
    Dwarf_Attribute attribute;
    Dwarf_Sword value;
    Dwarf_Die child;

    if (below.kind != CTYPE_VOID)
        return below.is_signed;
    if (dwarf_child(die, &child) != 0)
        return false;
    do {
        if (dwarf_formsdata(dwarf_attr(&child, DW_AT_const_value, &attribute),
                            &value) == 0 &&
            value < 0)
            return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

/* The type that DIE is, typedefs and all. */
struct ctype
ctype_from(struct debuginfo *debuginfo, Dwarf_Die *die)
{
    struct ctype type = {.die = dwarf_dieoffset(die)};
    Dwarf_Word size;
    Dwarf_Die core;

    if (dwarf_peel_type(die, &core) != 0) /* void with a qualifier */
        return type;
    int tag = dwarf_tag(&core);
    if (tag == DW_TAG_base_type)
        set_base(&type, &core);
    else
        type.kind = kind_of_tag(tag);
    if (type.kind == CTYPE_ENUM)
        type.is_signed = enum_is_signed(debuginfo, &core);
    if (type.kind == CTYPE_FUNCTION)
        type.size = 0;
    else if (type.kind == CTYPE_POINTER)
        type.size = debuginfo->word_size;
    else if (dwarf_aggregate_size(&core, &size) == 0)
        type.size = size;
    return type;
}

struct ctype
ctype_of(struct debuginfo *debuginfo, Dwarf_Die *entry)
{
    struct ctype none = {.kind = CTYPE_VOID};
    Dwarf_Attribute attribute;
    Dwarf_Die die;

    if (dwarf_formref_die(dwarf_attr_integrate(entry, DW_AT_type, &attribute),
                          &die) == NULL)
        return none;
    return ctype_from(debuginfo, &die);
}

bool
ctype_core(struct debuginfo *debuginfo, const struct ctype *type,
           Dwarf_Die *core)
{
    Dwarf_Die die;

    return type->die != 0 && die_at(debuginfo, type->die, &die) &&
           dwarf_peel_type(&die, core) == 0;
}

bool
ctype_is_scalar(const struct ctype *type)
{
    switch (type->kind) {
    case CTYPE_BOOL:
    case CTYPE_CHAR:
    case CTYPE_INTEGER:
    case CTYPE_ENUM:
    case CTYPE_POINTER:
        return type->size == 1 || type->size == 2 || type->size == 4 ||
               type->size == 8;
    default:
        return false;
    }
}

static Dwarf_Word
dimension(Dwarf_Die *subrange)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value;

    if (dwarf_formudata(dwarf_attr(subrange, DW_AT_count, &attribute),
                        &value) == 0)
        return value;
    if (dwarf_formudata(dwarf_attr(subrange, DW_AT_upper_bound, &attribute),
                        &value) == 0)
        return value + 1;
    return 0;
}

#define DIMENSIONS_MAX 8

/* The dimensions of an array; how many there are. */
static unsigned
dimensions_of(Dwarf_Die *array, Dwarf_Word dimensions[DIMENSIONS_MAX])
{
    unsigned count = 0;
    Dwarf_Die child;

    if (dwarf_child(array, &child) != 0)
        return 0;
    do {
        if (dwarf_tag(&child) == DW_TAG_subrange_type && count < DIMENSIONS_MAX)
            dimensions[count++] = dimension(&child);
    } while (dwarf_siblingof(&child, &child) == 0);
    return count;
}

uint64_t
ctype_elements(struct debuginfo *debuginfo, const struct ctype *type)
{
    Dwarf_Word dimensions[DIMENSIONS_MAX];
    Dwarf_Die core;

    if (type->kind != CTYPE_ARRAY || !ctype_core(debuginfo, type, &core) ||
        type->row >= dimensions_of(&core, dimensions))
        return 0;
    return dimensions[type->row];
}

struct ctype
ctype_pointer(const struct debuginfo *debuginfo, const struct ctype *type,
              unsigned count)
{
    struct ctype pointer = {
        .kind = CTYPE_POINTER,
        .size = debuginfo->word_size,
        .die = type->die,
        .pointers = type->pointers + count,
    };

    return count > 0 ? pointer : *type;
}

/* What the last of type.pointers points to. */
static void
target_of_pointers(struct debuginfo *debuginfo, const struct ctype *type,
                   struct ctype *target)
{
    Dwarf_Die die;

    *target = (struct ctype){.kind = CTYPE_VOID};
    if (type->die != 0 && die_at(debuginfo, type->die, &die))
        *target = ctype_from(debuginfo, &die);
    *target = ctype_pointer(debuginfo, target, type->pointers - 1);
}

int
ctype_target(struct debuginfo *debuginfo, const struct ctype *type,
             struct ctype *target)
{
    Dwarf_Word dimensions[DIMENSIONS_MAX];
    Dwarf_Die core;

    if (type->pointers > 0) {
        target_of_pointers(debuginfo, type, target);
        return 0;
    }
    if ((type->kind != CTYPE_POINTER && type->kind != CTYPE_ARRAY) ||
        !ctype_core(debuginfo, type, &core))
        return -1;
    *target = ctype_of(debuginfo, &core);
    if (type->kind == CTYPE_POINTER)
        return 0;
    unsigned count = dimensions_of(&core, dimensions);
    if (type->row + 1 >= count)
        return 0;
    struct ctype row = *type;
    row.row++;
    row.size = target->size;
    for (unsigned i = row.row; i < count; i++)
        row.size *= dimensions[i];
    *target = row;
    return 0;
}

bool
ctype_find_defined(struct debuginfo *debuginfo, int tag, const char *name,
                   Dwarf_Die *found)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die top, child;
    uint8_t type;

    while (dwarf_get_units(debuginfo->dwarf, unit, &unit, NULL, &type, &top,
                           NULL) == 0) {
        if (dwarf_child(&top, &child) != 0)
            continue;
        do {
            const char *at =
                dwarf_tag(&child) == tag ? dwarf_diename(&child) : NULL;

            if (at == NULL || strcmp(at, name) != 0 ||
                dwarf_hasattr(&child, DW_AT_declaration))
                continue;
            *found = child;
            return true;
        } while (dwarf_siblingof(&child, &child) == 0);
    }
    return false;
}

/* Where a struct is only declared (`struct port;`), its definition is in
 * another unit. */
static void
find_definition(struct debuginfo *debuginfo, Dwarf_Die *core)
{
    const char *name = dwarf_diename(core);
    Dwarf_Die found;

    if (name != NULL && dwarf_hasattr(core, DW_AT_declaration) &&
        ctype_find_defined(debuginfo, dwarf_tag(core), name, &found))
        *core = found;
}

int
ctype_struct(struct debuginfo *debuginfo, const char *name, struct ctype *type)
{
    Dwarf_Die die;

    if (!ctype_find_defined(debuginfo, DW_TAG_structure_type, name, &die))
        return -1;
    *type = ctype_from(debuginfo, &die);
    return 0;
}

/* Bits of a bit field, counted from the byte at OFFSET. */
static void
set_bits(Dwarf_Die *entry, struct cmember *member)
{
    Dwarf_Attribute attribute;
    Dwarf_Word position;
    int bits = dwarf_bitsize(entry);

    if (bits <= 0)
        return;
    member->bits = (unsigned)bits;
    if (dwarf_formudata(dwarf_attr(entry, DW_AT_data_bit_offset, &attribute),
                        &position) == 0) {
        member->offset += position / 8;
        member->bit = position % 8;
    } else if (dwarf_bitoffset(entry) >= 0) {
        /* DWARF 2 and 3: from the highest bit of the storage unit. */
        member->bit = (unsigned)(member->type.size * 8) -
                      (unsigned)dwarf_bitoffset(entry) - member->bits;
        member->offset += member->bit / 8;
        member->bit %= 8;
    }
}

void
ctype_place_member(struct debuginfo *debuginfo, Dwarf_Die *entry,
                   uint64_t offset, struct cmember *member)
{
    Dwarf_Attribute attribute;
    Dwarf_Word place = 0;

    dwarf_formudata(dwarf_attr(entry, DW_AT_data_member_location, &attribute),
                    &place);
    member->offset = offset + place;
    member->type = ctype_of(debuginfo, entry);
    set_bits(entry, member);
}

struct member_search {
    const char *name;
    struct cmember *found;
    struct text names; /* those that were seen */
};

static bool
search_member(struct debuginfo *debuginfo, Dwarf_Die *structure,
              uint64_t offset, unsigned depth, struct member_search *search)
{
    Dwarf_Die child;

    if (depth > DEPTH_MAX || dwarf_child(structure, &child) != 0)
        return false;
    do {
        const char *name = dwarf_diename(&child);
        struct cmember member = {.name = name};

        if (dwarf_tag(&child) != DW_TAG_member)
            continue;
        ctype_place_member(debuginfo, &child, offset, &member);
        if (name == NULL) {
            Dwarf_Die inner;
            if (ctype_core(debuginfo, &member.type, &inner) &&
                search_member(debuginfo, &inner, member.offset, depth + 1,
                              search))
                return true;
            continue;
        }
        text_printf(&search->names, " %s", name);
        if (strcmp(name, search->name) != 0)
            continue;
        *search->found = member;
        return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

int
ctype_member(struct debuginfo *debuginfo, const struct ctype *type,
             const char *name, struct cmember *member, struct error *error)
{
    struct member_search search = {.name = name, .found = member};
    struct text printed = {0};
    Dwarf_Die core;
    int result = -1;

    ctype_print(debuginfo, type, &printed);
    if ((type->kind != CTYPE_STRUCT && type->kind != CTYPE_UNION) ||
        !ctype_core(debuginfo, type, &core)) {
        error_set(error, "type '%s' has no members", text_string(&printed));
    } else {
        find_definition(debuginfo, &core);
        if (search_member(debuginfo, &core, 0, 0, &search))
            result = 0;
        else if (search.names.size == 0)
            error_set(error,
                      "unable to find member '%s': '%s' is declared "
                      "without its members",
                      name, text_string(&printed));
        else
            error_set(error,
                      "unable to find member '%s' of '%s' "
                      "(alternatives:%s)",
                      name, text_string(&printed), text_string(&search.names));
    }
    text_free(&search.names);
    text_free(&printed);
    return result;
}

const char *
ctype_enumerator(struct debuginfo *debuginfo, const struct ctype *type,
                 int64_t value)
{
    Dwarf_Attribute attribute;
    Dwarf_Sword at;
    Dwarf_Die core, child;

    if (type->kind != CTYPE_ENUM || !ctype_core(debuginfo, type, &core) ||
        dwarf_child(&core, &child) != 0)
        return NULL;
    do {
        if (dwarf_tag(&child) == DW_TAG_enumerator &&
            dwarf_formsdata(dwarf_attr(&child, DW_AT_const_value, &attribute),
                            &at) == 0 &&
            at == value)
            return dwarf_diename(&child);
    } while (dwarf_siblingof(&child, &child) == 0);
    return NULL;
}
