/*
 * How to compute where a variable is, or what it is, at the moment an
 * instruction is about to run.
 *
 * A location is DWARF's expression with all that depends on the file taken
 * out: frame bases and the canonical frame address are replaced by what the
 * unwind tables say for the address, base types by widths, entry values by
 * registers where the address is the function's entry.  What remains are
 * steps of a stack machine over 64-bit words.
 */

#ifndef DEBUGINFO_LOCATION_H
#define DEBUGINFO_LOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "debuginfo/debuginfo.h"
#include "support/arena.h"

enum step_kind {
    STEP_REGISTER,    /* push register VALUE, by DWARF's number */
    STEP_CONSTANT,    /* push VALUE */
    STEP_LOAD,        /* pop an address; push VALUE bytes there, zero-extended;
                         VALUE is 1, 2, 4 or 8 */
    STEP_PICK,        /* push a copy of the word VALUE below the top */
    STEP_DROP,        /* pop */
    STEP_SWAP,        /* exchange the two on top */
    STEP_ROTATE,      /* the top goes below the next two */
    STEP_ZERO_EXTEND, /* keep the low VALUE bits of the top, 1 to 63 */
    STEP_SIGN_EXTEND, /* the same, and copy the highest of them upwards */
    STEP_NEGATE,
    STEP_NOT,
    STEP_ABSOLUTE,
    /* Pop b, then a; push a OP b. */
    STEP_ADD,
    STEP_SUBTRACT,
    STEP_MULTIPLY,
    STEP_DIVIDE, /* signed */
    STEP_MODULO, /* unsigned */
    STEP_AND,
    STEP_OR,
    STEP_XOR,
    STEP_SHIFT_LEFT,
    STEP_SHIFT_RIGHT,
    STEP_SHIFT_RIGHT_SIGNED,
    /* The same, signed; push 1 or 0. */
    STEP_EQ,
    STEP_NE,
    STEP_LT,
    STEP_LE,
    STEP_GT,
    STEP_GE,
    /* Forward, over the next VALUE steps. */
    STEP_SKIP,
    STEP_BRANCH, /* pop; only if that was not 0 */
    /* No location has these; they are for who computes more at a hit. */
    STEP_MODULO_SIGNED, /* as STEP_MODULO */
    STEP_LOAD_USER,     /* STEP_LOAD from the task's memory */
    STEP_TASK,          /* push the address of the running task */
    STEP_THREAD,        /* and of the thread */
    STEP_CPU,           /* push the processor's number */
    STEP_KNOWN,         /* push what the process knows: enum known */
    STEP_PC,            /* push the address of the probed instruction */
    STEP_FLAGS,         /* push the flags register */
    STEP_ENTRY_TIME,    /* push when the function was entered */
    STEP_SAVED,         /* push what was saved as word VALUE at the entry;
                           with STEP_SAVED_FAULTS in it, that may have failed */
    STEP_VARIABLE,      /* push the handler's variable VALUE */
    STEP_ASSIGN,        /* the top becomes its value, and stays */
    STEP_TARGET,        /* what comes up to STEP_RECORD is capture VALUE: */
    STEP_RECORD,        /* the top goes into the record, and stays */
    STEP_STORE,         /* pop an address; VALUE bytes there become those of the
                           top, which stays */
    STEP_STORE_REGISTER, /* register VALUE becomes the top, which stays */
};

#define STEP_SAVED_FAULTS 0x100

struct step {
    enum step_kind kind;
    int64_t value;
};

typedef LIST_OF(struct step) step_list;

enum location_kind {
    LOCATION_VALUE,  /* the steps leave the value itself */
    LOCATION_MEMORY, /* the steps leave its address */
    LOCATION_PIECES, /* it is in several places, or in parts of some */
    LOCATION_ABSENT, /* only of a piece: that part was optimized out */
};

struct location;

struct location_piece {
    uint64_t bits;   /* how many bits of the variable this piece is */
    uint64_t offset; /* from which bit of its place they are taken */
    struct location *place;
};

struct location {
    enum location_kind kind;
    step_list steps;
    LIST_OF(struct location_piece) pieces; /* lowest bits first */
};

/* Depth of the stack that a location's steps may need. */
#define LOCATION_DEPTH_MAX 16

#endif /* DEBUGINFO_LOCATION_H */
