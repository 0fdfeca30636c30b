/*
 * DWARF types as C declarations.
 *
 * A C declaration is inside out: what is nearest to the name is outermost in
 * the type.  So walking the type from outside wraps the name ("declarator")
 * in *, [] and () until a type with a name of its own ends the walk:
 *
 *   pointer to array of 4 char        name → *name → (*name)[4] → char
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "image/types_i.h"

/* No sane type is nested deeper; a damaged one may refer to itself. */
#define DEPTH_MAX 64

struct declaration {
    struct types *types;
    struct text *out;
    const char *declarator; /* owned by the types' arena */
    bool constant;          /* const was met, not yet written */
    int depth;
};

static void add(struct declaration *declaration, Dwarf_Die *type);

static void
finish(const struct declaration *declaration, const char *type)
{
    text_printf(declaration->out, "%s%s%s%s",
                declaration->constant ? "const " : "", type,
                *declaration->declarator != '\0' ? " " : "",
                declaration->declarator);
}

static void
add_base(struct declaration *declaration, Dwarf_Die *type)
{
    uint64_t encoding = die_number(type, DW_AT_encoding, 0);
    const char *name = dwarf_diename(type);
    char integer[32];

    if (encoding == DW_ATE_boolean) {
        finish(declaration, "_Bool");
    } else if (name != NULL && strcmp(name, "char") == 0) {
        finish(declaration, "char");
    } else if (encoding == DW_ATE_float) {
        finish(declaration, die_size(type) == 4 ? "float" : "double");
    } else {
        bool is_signed =
            encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;

        snprintf(integer, sizeof(integer), "%sint%u_t", is_signed ? "" : "u",
                 8 * (unsigned)die_size(type));
        finish(declaration, integer);
    }
}

/* Enums are integers of their size; GCC makes them unsigned if it can. */
static void
add_enum(struct declaration *declaration, Dwarf_Die *type)
{
    Dwarf_Die base;

    if (die_plain_type(type, &base) != NULL)
        add_base(declaration, &base);
    else
        finish(declaration, die_size(type) == 1 ? "uint8_t" : "uint32_t");
}

/* Remember a tag that is to be declared ahead of all else. */
static const char *
mention(struct types *types, Dwarf_Die *type)
{
    const char *tag =
        arena_printf(&types->arena, "%s %s",
                     dwarf_tag(type) == DW_TAG_union_type ? "union" : "struct",
                     dwarf_diename(type));

    LIST_EACH (at, &types->tags) {
        if (strcmp(*at, tag) == 0)
            return *at;
    }
    LIST_ADD(&types->arena, &types->tags, tag);
    return tag;
}

static void
add_aggregate(struct declaration *declaration, Dwarf_Die *type)
{
    struct types *types = declaration->types;

    if (dwarf_diename(type) == NULL) {
        char *bytes = xasprintf("struct { uint8_t bytes[%llu]; }",
                                (unsigned long long)die_size(type));

        finish(declaration, bytes);
        free(bytes);
        return;
    }
    if (declaration->declarator[0] != '*')
        types_define(types, type);
    finish(declaration, mention(types, type));
}

static void
wrap(struct declaration *declaration, const char *before, const char *after)
{
    declaration->declarator =
        arena_printf(&declaration->types->arena, "%s%s%s", before,
                     declaration->declarator, after);
}

/* Pointers to what has no name on the list can only be void *. */
static bool
can_be_named(struct declaration *declaration, Dwarf_Die *pointer)
{
    Dwarf_Die type, *target = die_type(pointer, &type);

    while (target != NULL && ++declaration->depth < DEPTH_MAX) {
        int tag = dwarf_tag(target);

        if (tag == DW_TAG_typedef &&
            dies_named(declaration->types, NEED_TYPE, dwarf_diename(target)))
            return true;
        if (tag != DW_TAG_typedef && tag != DW_TAG_const_type &&
            tag != DW_TAG_volatile_type)
            return !die_is_aggregate(target) || dwarf_diename(target) != NULL;
        target = die_type(target, &type);
    }
    return true;
}

static void
add_pointer(struct declaration *declaration, Dwarf_Die *type)
{
    Dwarf_Die target, plain;
    const Dwarf_Die *found = die_plain_type(type, &plain);

    declaration->constant = false; /* the pointer's own */
    if (found != NULL && (dwarf_tag(&plain) == DW_TAG_array_type ||
                          dwarf_tag(&plain) == DW_TAG_subroutine_type))
        wrap(declaration, "(*", ")");
    else
        wrap(declaration, "*", "");
    if (can_be_named(declaration, type))
        add(declaration, die_type(type, &target));
    else
        finish(declaration, "void");
}

static void
add_array(struct declaration *declaration, Dwarf_Die *type)
{
    struct text bounds = {0};
    Dwarf_Die element, range;

    if (dwarf_child(type, &range) == 0) {
        do {
            uint64_t top = die_number(&range, DW_AT_upper_bound, UINT64_MAX);
            uint64_t count = die_number(&range, DW_AT_count, 0);

            if (top != UINT64_MAX)
                count = top + 1;
            if (count != 0 || bounds.size != 0)
                text_printf(&bounds, "[%llu]", (unsigned long long)count);
            else
                text_puts(&bounds, "[]");
        } while (dwarf_siblingof(&range, &range) == 0);
    }
    wrap(declaration, "", text_string(&bounds));
    text_free(&bounds);
    add(declaration, die_type(type, &element));
}

/* A function's result; its parameters are part of the declarator. */
static void
add_function(struct declaration *declaration, Dwarf_Die *type)
{
    struct text parameters = {0};
    Dwarf_Die child, result;

    if (dwarf_child(type, &child) == 0) {
        do {
            Dwarf_Die parameter;

            if (dwarf_tag(&child) != DW_TAG_formal_parameter &&
                dwarf_tag(&child) != DW_TAG_unspecified_parameters)
                continue;
            text_puts(&parameters, parameters.size == 0 ? "(" : ", ");
            if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
                text_puts(&parameters, "...");
            else
                declare(declaration->types, &parameters,
                        die_type(&child, &parameter), "");
        } while (dwarf_siblingof(&child, &child) == 0);
    }
    if (parameters.size == 0)
        text_puts(&parameters, "(void");
    text_putc(&parameters, ')');
    wrap(declaration, "", text_string(&parameters));
    text_free(&parameters);
    add(declaration, die_type(type, &result));
}

static void
add_constant(struct declaration *declaration, Dwarf_Die *type)
{
    Dwarf_Die target;

    declaration->constant = true;
    add(declaration, die_type(type, &target));
}

static void
add_same(struct declaration *declaration, Dwarf_Die *type)
{
    Dwarf_Die target;

    add(declaration, die_type(type, &target));
}

/* A typedef is looked through, unless it is all the name a struct has. */
static void
add_typedef(struct declaration *declaration, Dwarf_Die *type)
{
    struct types *types = declaration->types;
    struct named *named = dies_named(types, NEED_TYPE, dwarf_diename(type));
    Dwarf_Die plain;

    if (named != NULL && die_plain_type(type, &plain) != NULL &&
        die_is_aggregate(&plain) && dwarf_diename(&plain) == NULL) {
        types_define_named(types, named);
        finish(declaration, named->need->name);
    } else {
        add_same(declaration, type);
    }
}

static const struct {
    int tag;
    void (*add)(struct declaration *declaration, Dwarf_Die *type);
} adders[] = {
    {DW_TAG_base_type, add_base},           {DW_TAG_enumeration_type, add_enum},
    {DW_TAG_structure_type, add_aggregate}, {DW_TAG_union_type, add_aggregate},
    {DW_TAG_pointer_type, add_pointer},     {DW_TAG_array_type, add_array},
    {DW_TAG_subroutine_type, add_function}, {DW_TAG_subprogram, add_function},
    {DW_TAG_const_type, add_constant},      {DW_TAG_volatile_type, add_same},
    {DW_TAG_typedef, add_typedef},
};

static void
add(struct declaration *declaration, Dwarf_Die *type)
{
    size_t i;

    if (++declaration->depth > DEPTH_MAX)
        type = NULL;
    for (i = 0; type != NULL && i < sizeof(adders) / sizeof(adders[0]); i++) {
        if (adders[i].tag == dwarf_tag(type)) {
            adders[i].add(declaration, type);
            return;
        }
    }
    finish(declaration, "void");
}

void
declare(struct types *types, struct text *out, Dwarf_Die *type,
        const char *name)
{
    struct declaration declaration = {
        .types = types,
        .out = out,
        .declarator = name,
    };

    add(&declaration, type);
}
