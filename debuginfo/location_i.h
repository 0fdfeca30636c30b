/*
 * Insides of location: the translator from DWARF's operations to steps.
 *
 * The words of DWARF's stack have types: the generic one, as wide as an
 * address and of no sign, or a base type.  Ours are 64 bits, so each is kept
 * extended from its type's width by its type's sign, and is extended anew
 * after any operation that could have changed the upper bits.
 *
 * What returns an int returns -1 with translator.error set if it cannot be.
 */

#ifndef DEBUGINFO_LOCATION_I_H
#define DEBUGINFO_LOCATION_I_H

#include "debuginfo/debuginfo_i.h"

struct word_type {
    unsigned bits;
    bool is_signed;
};

/* What the stack holds: the type of each word, the lowest first. */
struct word_types {
    struct word_type of[LOCATION_DEPTH_MAX];
    unsigned depth;
};

/* DW_OP_bra or DW_OP_skip. */
struct location_jump {
    unsigned step;
    bool landed;     /* the step knows how far it is */
    uint64_t target; /* byte of the operations */
    struct word_types types;
};

struct translator {
    const struct location_frame *frame;
    Dwarf_Attribute *attribute; /* that the operations are of */
    struct error *error;
    unsigned nesting;
    step_list *steps; /* of the location or piece at hand */
    struct word_types types;
    LIST_OF(struct location_jump) jumps; /* of the operations at hand */
    bool passed;                         /* what comes next is only jumped to */
    unsigned unchanged; /* so many steps must stay as they are */
    /* What the steps leave, so far. */
    enum location_kind kind;
};

/* The type of words that have no other. */
struct word_type location_generic(const struct translator *translator);

void
location_add(struct translator *translator, enum step_kind kind, int64_t value);

/* Extend the top as its type is. */
void location_extend(struct translator *translator);

/* A step that makes the stack deeper by a word of TYPE. */
int location_push(struct translator *translator, enum step_kind kind,
                  int64_t value, struct word_type type);

/* Whether there are so many words. */
int location_need(struct translator *translator, unsigned words);

/* WHAT is wrong with the location. */
int location_refuse(struct translator *translator, const char *what);

/*
 * location_words.c: operations on words of whatever type.  The row of an
 * operator, or NULL; and translate it.
 */
struct location_arithmetic;
const struct location_arithmetic *location_find_arithmetic(uint8_t atom);
int location_arithmetic(struct translator *translator,
                        const struct location_arithmetic *row);

/* The top becomes of the base type at OFFSET that an operation names. */
int location_give_type(struct translator *translator, const Dwarf_Op *operation,
                       uint64_t offset);

/* DW_OP_regval_type. */
int location_typed_register(struct translator *translator,
                            const Dwarf_Op *operation);

/*
 * location_jumps.c: DW_OP_bra and DW_OP_skip, forward only: a program must
 * end.  Then each operation is asked whether a jump leads to it, and behind
 * the last one whether all have led somewhere.
 */
int location_jump(struct translator *translator, const Dwarf_Op *operation);
int location_land(struct translator *translator, const Dwarf_Op *operation);
int location_land_at_end(struct translator *translator, const Dwarf_Op *last);

#endif /* DEBUGINFO_LOCATION_I_H */
