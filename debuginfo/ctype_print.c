/*
 * Types as C writes them.  C's declarators are inside out: what a pointer
 * points to stands before it, but an array's bounds and a function's
 * parameters after it.  So each type is printed in two halves, between which
 * the declared name would stand.
 */

#include <dwarf.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"
#include "support/text.h"

/* Deeper nesting is a cycle in a broken file. */
#define DEPTH_MAX 64

static const struct {
    int tag;
    const char *word;
} qualifiers[] = {
    {DW_TAG_const_type, "const"},
    {DW_TAG_volatile_type, "volatile"},
    {DW_TAG_restrict_type, "restrict"},
    {DW_TAG_atomic_type, "_Atomic"},
};

static const char *
qualifier(int tag)
{
    for (unsigned i = 0; i < sizeof(qualifiers) / sizeof(qualifiers[0]); i++)
        if (qualifiers[i].tag == tag)
            return qualifiers[i].word;
    return NULL;
}

static bool
next_type(Dwarf_Die *die, Dwarf_Die *next)
{
    Dwarf_Attribute attribute;

    return dwarf_formref_die(dwarf_attr(die, DW_AT_type, &attribute), next) !=
           NULL;
}

/* NULL stands for void. */
static void print_before(Dwarf_Die *die, unsigned depth, struct text *text);
static void print_after(Dwarf_Die *die, unsigned depth, struct text *text);

static bool
is_suffixed(Dwarf_Die *die)
{
    return die != NULL && (dwarf_tag(die) == DW_TAG_array_type ||
                           dwarf_tag(die) == DW_TAG_subroutine_type);
}

static void
print_named(Dwarf_Die *die, const char *prefix, struct text *text)
{
    const char *name = dwarf_diename(die);

    text_printf(text, "%s%s", prefix, name != NULL ? name : "{...}");
}

static void
print_before(Dwarf_Die *die, unsigned depth, struct text *text)
{
    Dwarf_Die memory, *next = NULL;

    if (die == NULL || depth > DEPTH_MAX) {
        text_puts(text, "void");
        return;
    }
    if (next_type(die, &memory))
        next = &memory;
    const char *word = qualifier(dwarf_tag(die));
    if (word != NULL) {
        /* What is before `*` belongs to the pointee, so that a qualified
         * pointer has its qualifier behind. */
        if (next != NULL && dwarf_tag(next) == DW_TAG_pointer_type) {
            print_before(next, depth + 1, text);
            text_printf(text, " %s", word);
        } else {
            text_printf(text, "%s ", word);
            print_before(next, depth + 1, text);
        }
        return;
    }
    switch (dwarf_tag(die)) {
    case DW_TAG_pointer_type:
        print_before(next, depth + 1, text);
        text_puts(text, is_suffixed(next) ? "(*" : "*");
        break;
    case DW_TAG_array_type:
    case DW_TAG_subroutine_type:
        print_before(next, depth + 1, text);
        break;
    case DW_TAG_structure_type:
        print_named(die, "struct ", text);
        break;
    case DW_TAG_union_type:
        print_named(die, "union ", text);
        break;
    case DW_TAG_enumeration_type:
        print_named(die, "enum ", text);
        break;
    default:
        print_named(die, "", text);
        break;
    }
}

static void
print_dimensions(Dwarf_Die *array, unsigned from, struct text *text)
{
    Dwarf_Attribute attribute;
    Dwarf_Word bound;
    Dwarf_Die child;

    if (dwarf_child(array, &child) != 0)
        return;
    do {
        if (dwarf_tag(&child) != DW_TAG_subrange_type || from-- > 0)
            continue;
        from = 0;
        if (dwarf_formudata(dwarf_attr(&child, DW_AT_count, &attribute),
                            &bound) == 0)
            text_printf(text, "[%llu]", (unsigned long long)bound);
        else if (dwarf_formudata(
                     dwarf_attr(&child, DW_AT_upper_bound, &attribute),
                     &bound) == 0)
            text_printf(text, "[%llu]", (unsigned long long)bound + 1);
        else
            text_puts(text, "[]");
    } while (dwarf_siblingof(&child, &child) == 0);
}

static void
print_type(Dwarf_Die *die, unsigned depth, struct text *text)
{
    print_before(die, depth, text);
    print_after(die, depth, text);
}

static void
print_parameters(Dwarf_Die *function, unsigned depth, struct text *text)
{
    const char *separator = "";
    Dwarf_Die child, type;

    text_putc(text, '(');
    if (dwarf_child(function, &child) == 0) {
        do {
            if (dwarf_tag(&child) == DW_TAG_formal_parameter) {
                text_puts(text, separator);
                print_type(next_type(&child, &type) ? &type : NULL, depth + 1,
                           text);
            } else if (dwarf_tag(&child) == DW_TAG_unspecified_parameters) {
                text_printf(text, "%s...", separator);
            }
            separator = ",";
        } while (dwarf_siblingof(&child, &child) == 0);
    } else if (dwarf_hasattr(function, DW_AT_prototyped)) {
        text_puts(text, "void");
    }
    text_putc(text, ')');
}

static void
print_after(Dwarf_Die *die, unsigned depth, struct text *text)
{
    Dwarf_Die memory, *next = NULL;

    if (die == NULL || depth > DEPTH_MAX)
        return;
    if (next_type(die, &memory))
        next = &memory;
    switch (dwarf_tag(die)) {
    case DW_TAG_pointer_type:
        if (is_suffixed(next))
            text_putc(text, ')');
        print_after(next, depth + 1, text);
        break;
    case DW_TAG_array_type:
        print_dimensions(die, 0, text);
        print_after(next, depth + 1, text);
        break;
    case DW_TAG_subroutine_type:
        print_parameters(die, depth, text);
        print_after(next, depth + 1, text);
        break;
    default:
        if (qualifier(dwarf_tag(die)) != NULL)
            print_after(next, depth + 1, text);
        break;
    }
}

void
ctype_print(struct debuginfo *debuginfo, const struct ctype *type,
            struct text *text)
{
    Dwarf_Die die, core, element;

    if (type->row > 0 && ctype_core(debuginfo, type, &core)) {
        bool known = next_type(&core, &element);

        print_before(known ? &element : NULL, 0, text);
        print_dimensions(&core, type->row, text);
        print_after(known ? &element : NULL, 0, text);
        return;
    }
    print_type(type->die != 0 && die_at(debuginfo, type->die, &die) ? &die
                                                                    : NULL,
               0, text);
    for (unsigned i = 0; i < type->pointers; i++)
        text_puts(text, "*");
}
