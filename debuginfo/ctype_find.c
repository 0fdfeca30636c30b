/*
 * Types and constants by name, and all members and enumerators of a type.
 */

#include <dwarf.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"

/* ---- by name --------------------------------------------------------- */

/* In the order in which a name without keyword is looked for. */
static const struct {
    const char *keyword;
    int tag;
} tags[] = {
    {NULL, DW_TAG_typedef},
    {NULL, DW_TAG_base_type},
    {"struct ", DW_TAG_structure_type},
    {"union ", DW_TAG_union_type},
    {"enum ", DW_TAG_enumeration_type},
};

/* Base types as people write them and as the compiler names them. */
static const struct {
    const char *written;
    const char *named;
} spellings[] = {
    {"long", "long int"},
    {"short", "short int"},
    {"unsigned", "unsigned int"},
    {"unsigned long", "long unsigned int"},
    {"unsigned long int", "long unsigned int"},
    {"unsigned short", "short unsigned int"},
    {"unsigned short int", "short unsigned int"},
    {"long long", "long long int"},
    {"unsigned long long", "long long unsigned int"},
};

static bool
find_named(struct debuginfo *debuginfo, const char *name, Dwarf_Die *die)
{
    bool keyword = false;

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
        if (strcmp(name, spellings[i].written) == 0)
            name = spellings[i].named;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        size_t length = tags[i].keyword != NULL ? strlen(tags[i].keyword) : 0;

        if (length == 0 || strncmp(name, tags[i].keyword, length) != 0)
            continue;
        keyword = true;
        if (ctype_find_defined(debuginfo, tags[i].tag, name + length, die))
            return true;
    }
    for (size_t i = 0; !keyword && i < sizeof(tags) / sizeof(tags[0]); i++)
        if (ctype_find_defined(debuginfo, tags[i].tag, name, die))
            return true;
    return false;
}

int
ctype_named(struct debuginfo *debuginfo, const char *name, struct ctype *type,
            unsigned *pointers, struct error *error)
{
    struct text bare = {0};
    Dwarf_Die die;
    int result = 0;

    *pointers = 0;
    text_puts(&bare, name);
    while (bare.size > 0 && strchr(" *", bare.data[bare.size - 1]) != NULL) {
        *pointers += bare.data[bare.size - 1] == '*';
        bare.data[--bare.size] = '\0';
    }
    if (strcmp(text_string(&bare), "void") == 0)
        *type = (struct ctype){.kind = CTYPE_VOID};
    else if (find_named(debuginfo, text_string(&bare), &die))
        *type = ctype_from(debuginfo, &die);
    else
        result =
            error_set(error, "the kernel has no type '%s'", text_string(&bare));
    text_free(&bare);
    return result;
}

/* ---- members --------------------------------------------------------- */

/* Unnamed members cannot nest deeper but in a broken file. */
#define DEPTH_MAX 16

static void
add_members(struct debuginfo *debuginfo, const struct ctype *type,
            uint64_t offset, unsigned depth, struct arena *arena,
            cmember_list *members)
{
    Dwarf_Die core, child;

    if ((type->kind != CTYPE_STRUCT && type->kind != CTYPE_UNION) ||
        depth > DEPTH_MAX || !ctype_core(debuginfo, type, &core))
        return;
    const char *name = dwarf_diename(&core);
    if (name != NULL && dwarf_hasattr(&core, DW_AT_declaration) &&
        !ctype_find_defined(debuginfo, dwarf_tag(&core), name, &core))
        return;
    if (dwarf_child(&core, &child) != 0)
        return;
    do {
        struct cmember member = {.name = dwarf_diename(&child)};

        if (dwarf_tag(&child) != DW_TAG_member)
            continue;
        ctype_place_member(debuginfo, &child, offset, &member);
        if (member.name != NULL)
            LIST_ADD(arena, members, member);
        else
            add_members(debuginfo, &member.type, member.offset, depth + 1,
                        arena, members);
    } while (dwarf_siblingof(&child, &child) == 0);
}

void
ctype_members(struct debuginfo *debuginfo, const struct ctype *type,
              struct arena *arena, cmember_list *members)
{
    add_members(debuginfo, type, 0, 0, arena, members);
}

/* ---- enumerators ----------------------------------------------------- */

static bool
read_enumerator(Dwarf_Die *die, struct cenumerator *enumerator)
{
    Dwarf_Attribute attribute;
    Dwarf_Sword value;

    enumerator->name = dwarf_diename(die);
    if (dwarf_tag(die) != DW_TAG_enumerator || enumerator->name == NULL ||
        dwarf_formsdata(dwarf_attr(die, DW_AT_const_value, &attribute),
                        &value) != 0)
        return false;
    enumerator->value = value;
    return true;
}

void
ctype_enumerators(struct debuginfo *debuginfo, const struct ctype *type,
                  struct arena *arena, cenumerator_list *enumerators)
{
    struct cenumerator enumerator;
    Dwarf_Die core, child;

    if (type->kind != CTYPE_ENUM || !ctype_core(debuginfo, type, &core) ||
        dwarf_child(&core, &child) != 0)
        return;
    do {
        if (read_enumerator(&child, &enumerator))
            LIST_ADD(arena, enumerators, enumerator);
    } while (dwarf_siblingof(&child, &child) == 0);
}

static bool
has_enumerator(Dwarf_Die *parent, const char *name, int64_t *value)
{
    struct cenumerator enumerator;
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return false;
    do {
        if (dwarf_tag(&child) == DW_TAG_enumeration_type &&
            has_enumerator(&child, name, value))
            return true;
        if (!read_enumerator(&child, &enumerator) ||
            strcmp(enumerator.name, name) != 0)
            continue;
        *value = enumerator.value;
        return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

int
ctype_constant(struct debuginfo *debuginfo, const char *name, int64_t *value)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die top;
    uint8_t type;

    while (dwarf_get_units(debuginfo->dwarf, unit, &unit, NULL, &type, &top,
                           NULL) == 0)
        if (has_enumerator(&top, name, value))
            return 0;
    return -1;
}
