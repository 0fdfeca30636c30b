/*
 * Members of structs: found in DWARF, written in C.
 */

#include <string.h>

#include <dwarf.h>

#include "image/types_i.h"

static bool
find_member(Dwarf_Die *aggregate, const char *name, size_t size,
            struct place *place)
{
    Dwarf_Die child, type;
    struct place inner;

    if (dwarf_child(aggregate, &child) != 0)
        return false;
    do {
        const char *found = dwarf_diename(&child);
        uint64_t offset = die_number(&child, DW_AT_data_member_location, 0);

        if (dwarf_tag(&child) != DW_TAG_member)
            continue;
        if (found != NULL) {
            uint64_t bit = die_number(&child, DW_AT_data_bit_offset, 0);
            uint64_t unit;

            if (strlen(found) != size || memcmp(found, name, size) != 0)
                continue;
            *place = (struct place){.die = child, .offset = offset};
            place->bits = die_number(&child, DW_AT_bit_size, 0);
            if (place->bits != 0 && die_plain_type(&child, &type) != NULL) {
                unit = 8 * die_size(&type);
                if (unit != 0) {
                    place->offset = bit / unit * (unit / 8);
                    place->bit = bit % unit;
                }
            }
            return true;
        }
        if (die_plain_type(&child, &type) != NULL && die_is_aggregate(&type) &&
            find_member(&type, name, size, &inner)) {
            *place = inner;
            place->offset += offset;
            return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

bool
member_find(Dwarf_Die *aggregate, const char *path, struct place *place)
{
    uint64_t offset = 0;
    Dwarf_Die type, at = *aggregate;

    for (;;) {
        size_t size = strcspn(path, ".");

        if (!find_member(&at, path, size, place))
            return false;
        place->offset += offset;
        if (path[size] == '\0')
            return true;
        offset = place->offset;
        path += size + 1;
        if (die_plain_type(&place->die, &type) == NULL ||
            !die_is_aggregate(&type))
            return false;
        at = type;
    }
}

static void
add_padding(struct text *out, const char *name, size_t size, uint64_t bytes)
{
    if (bytes != 0)
        text_printf(out, " uint8_t before_%.*s[%llu];", (int)size, name,
                    (unsigned long long)bytes);
}

void
members_write(struct types *types, struct text *out, struct named *named,
              const char *prefix, uint64_t base)
{
    size_t skip = strlen(prefix);
    Dwarf_Die *aggregate = &named->dies.items[0], plain, type;
    struct place place;
    const char *head;

    if (dwarf_tag(aggregate) == DW_TAG_typedef)
        aggregate = die_plain_type(aggregate, &plain);
    LIST_EACH (member, &named->need->members) {
        const char *name = member->path + skip;
        size_t size = strcspn(name, ".");
        bool again = false;

        if (strncmp(member->path, prefix, skip) != 0)
            continue;
        head = arena_string(&types->arena, member->path, skip + size);
        LIST_EACH (before, &named->need->members) {
            if (before == member)
                break;
            again = again || (strncmp(before->path, head, skip + size) == 0 &&
                              before->path[skip + size] == '.');
        }
        if (again || !member_find(aggregate, head, &place))
            continue;

        text_puts(out, "        struct {");
        add_padding(out, name, size, place.offset - base);
        if (name[size] == '.') {
            char *inner = arena_printf(&types->arena, "%s.", head);

            text_puts(out, " union {\n");
            members_write(types, out, named, inner, place.offset);
            text_printf(out, "        } %.*s; };\n", (int)size, name);
            continue;
        }
        text_putc(out, ' ');
        if (place.bit != 0) {
            declare(types, out, die_type(&place.die, &type), "");
            text_printf(out, " : %llu; ", (unsigned long long)place.bit);
        }
        declare(types, out, die_type(&place.die, &type), name);
        if (place.bits != 0)
            text_printf(out, " : %llu", (unsigned long long)place.bits);
        text_puts(out, "; };\n");
    }
}
