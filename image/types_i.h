/*
 * Inside of the generator of kernel_types.h: types.c writes the header,
 * members.c what is in structs, declare.c turns DWARF types into C, dies.c
 * finds what DWARF knows of a name.
 */

#ifndef IMAGE_TYPES_I_H
#define IMAGE_TYPES_I_H

#include "image/types.h"

/* What DWARF has for an item of the list. */
struct named {
    const struct need *need;
    LIST_OF(Dwarf_Die) dies;           /* of all units; the first is used */
    enum { LATER, NOW, DONE } written; /* a struct's or type's definition */
};

struct types {
    const struct kernel *kernel;
    const struct needs *needs;
    struct arena arena;
    LIST_OF(struct named *) named; /* in the list's order */
    struct named **sorted;         /* by name */
    LIST_OF(const char *) tags;    /* "struct task": to be declared ahead */
    LIST_OF(const char *) opaque;  /* tags written as plain bytes */
    struct text definitions;
    struct text declarations;
    struct text numbers; /* for assembler sources too */
    struct text missing; /* messages, a line each */
};

/* Find the DIEs of everything on the list. */
void dies_find(struct types *types);

/* What stands for a name on the list, or NULL. */
struct named *
dies_named(const struct types *types, enum need_kind kind, const char *name);

/* The type of a DIE; NULL for void. */
Dwarf_Die *die_type(Dwarf_Die *die, Dwarf_Die *type);

/* The same without typedefs and qualifiers. */
Dwarf_Die *die_plain_type(Dwarf_Die *die, Dwarf_Die *type);

/* A number that an attribute has; FALLBACK if it has none. */
uint64_t die_number(Dwarf_Die *die, unsigned attribute, uint64_t fallback);

bool die_is_aggregate(Dwarf_Die *die);
uint64_t die_size(Dwarf_Die *die);

/* Elements of an array's outermost dimension; 0 if it does not say. */
uint64_t die_elements(Dwarf_Die *array);

/*
 * Add the C declaration of something called NAME whose type is TYPE (NULL
 * for void).  Types it has by value are defined ahead.
 */
void declare(struct types *types, struct text *out, Dwarf_Die *type,
             const char *name);

/* A member that was found, at its place in the whole. */
struct place {
    Dwarf_Die die;
    uint64_t offset; /* bytes */
    uint64_t bit;    /* of a bit-field: first bit in its unit */
    uint64_t bits;   /* its width; 0: no bit-field */
};

/* Find a path of members; *PLACE is the last, counted from AGGREGATE. */
bool member_find(Dwarf_Die *aggregate, const char *path, struct place *place);

/*
 * Write the members of paths that start with PREFIX, each as one alternative
 * of a union: bytes up to it, then the member.  So members may be listed in
 * any order and may share their place.  Paths that go on after a member of
 * PREFIX stand for an unnamed struct there, which gets the same treatment.
 */
void members_write(struct types *types, struct text *out, struct named *named,
                   const char *prefix, uint64_t base);

/* Define a struct or union that is used by value, if it is not yet. */
void types_define(struct types *types, Dwarf_Die *die);

/* Define a listed typedef, if it is not yet. */
void types_define_named(struct types *types, struct named *named);

#endif /* IMAGE_TYPES_I_H */
