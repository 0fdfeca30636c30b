/*
 * Types of the kernel's C.
 *
 * A struct ctype is a value: copying it is all that is needed to keep it.
 * Its kind and size are those of the type that remains when typedefs and
 * qualifiers are taken away; printing keeps them.
 */

#ifndef DEBUGINFO_CTYPE_H
#define DEBUGINFO_CTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "debuginfo/debuginfo.h"
#include "support/arena.h"
#include "support/text.h"

enum ctype_kind {
    CTYPE_VOID,
    CTYPE_BOOL,
    CTYPE_CHAR,
    CTYPE_INTEGER,
    CTYPE_ENUM,
    CTYPE_FLOAT,
    CTYPE_POINTER,
    CTYPE_ARRAY,
    CTYPE_STRUCT,
    CTYPE_UNION,
    CTYPE_FUNCTION,
    CTYPE_OTHER, /* of no use here: complex numbers, ... */
};

struct ctype {
    enum ctype_kind kind;
    bool is_signed; /* char, integer, enum */
    uint64_t size;  /* bytes; 0 if void or incomplete */
    uint64_t die;   /* entry of the type as written; 0: void */
    /* A row of an array of several dimensions: how many of them are behind
     * it.  DWARF has no entry for it, so DIE is the whole array's. */
    unsigned row;
    /* So many pointers, one to the other, to what DIE is: a script may name
     * some that the kernel's C has not. */
    unsigned pointers;
};

/* A member of a struct or union, those of unnamed ones within included. */
struct cmember {
    const char *name;
    struct ctype type;
    uint64_t offset; /* bytes from the start */
    /* Bit fields: BITS bits, BIT above the lowest of the byte at OFFSET; BITS
     * is 0 for other members.  BIT + BITS is at most 64 + 7. */
    unsigned bit;
    unsigned bits;
};

/* Whether its values are numbers: integers, enums, pointers, ... */
bool ctype_is_scalar(const struct ctype *type);

/* The type `struct NAME`; -1 if the kernel has none with members. */
int
ctype_struct(struct debuginfo *debuginfo, const char *name, struct ctype *type);

/*
 * The type of NAME as a script writes it: "struct task", "union x", "enum x",
 * a typedef, a base type, or a struct's, union's or enum's name alone, and
 * any of these with '*' behind.  *POINTERS is how many of those there are,
 * and TYPE what they point to.  Returns -1 with an error.
 */
int ctype_named(struct debuginfo *debuginfo, const char *name,
                struct ctype *type, unsigned *pointers, struct error *error);

/* A pointer to TYPE, COUNT times over. */
struct ctype ctype_pointer(const struct debuginfo *debuginfo,
                           const struct ctype *type, unsigned count);

/*
 * What a pointer points to, or the elements of an array (of its first
 * dimension).  Returns -1 for others.
 */
int ctype_target(struct debuginfo *debuginfo, const struct ctype *type,
                 struct ctype *target);

/* How many elements an array has; 0 if that is not said. */
uint64_t ctype_elements(struct debuginfo *debuginfo, const struct ctype *type);

/*
 * Find a member of a struct or union.  The error lists the names there are.
 */
int ctype_member(struct debuginfo *debuginfo, const struct ctype *type,
                 const char *name, struct cmember *member, struct error *error);

/* Add the members of a struct or union, in order; those of unnamed ones
 * within stand in their place. */
typedef LIST_OF(struct cmember) cmember_list;
void ctype_members(struct debuginfo *debuginfo, const struct ctype *type,
                   struct arena *arena, cmember_list *members);

struct cenumerator {
    const char *name;
    int64_t value;
};

/* Add the enumerators of an enum, in order. */
typedef LIST_OF(struct cenumerator) cenumerator_list;
void ctype_enumerators(struct debuginfo *debuginfo, const struct ctype *type,
                       struct arena *arena, cenumerator_list *enumerators);

/* The value of an enumerator of any enum; -1 if there is none. */
int
ctype_constant(struct debuginfo *debuginfo, const char *name, int64_t *value);

/* The enumerator of VALUE, or NULL. */
const char *ctype_enumerator(struct debuginfo *debuginfo,
                             const struct ctype *type, int64_t value);

/*
 * Add the type as C writes it, without spaces before '*': "struct task*",
 * "vm_map_t", "char[16]", "int(*)(void*,int)".
 */
void ctype_print(struct debuginfo *debuginfo, const struct ctype *type,
                 struct text *text);

#endif /* DEBUGINFO_CTYPE_H */
