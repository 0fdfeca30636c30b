/*
 * Insides of the verifier.
 *
 *   verifier.c       follows the paths
 *   flow.c           what is known before: where paths meet, dead registers
 *   state.c          what is known on a path, kept and compared
 *   verify_*.c       the effect of each class of instructions
 */

#ifndef KERNEL_PROGRAM_VERIFIER_I_H
#define KERNEL_PROGRAM_VERIFIER_I_H

#include "kernel/program/instruction.h"
#include "kernel/program/pool.h"
#include "kernel/program/range.h"
#include "kernel/program/verifier.h"

enum kind {
    KIND_UNSET,
    KIND_NUMBER,
    KIND_CONTEXT, /* what r1 points to at the start */
    KIND_STACK,
    KIND_MAP,
    KIND_VALUE, /* of a map */
    KIND_VALUE_OR_NULL,
    KIND_RECORD,
    KIND_RECORD_OR_NULL,
};

struct known {
    uint8_t kind;  /* enum kind */
    uint8_t frame; /* KIND_STACK: whose, 0 is the outermost */
    /*
     * Numbers with the same id, not 0, are equal, and what is learnt of one
     * holds for all.  Pointers with the same id are into the same object.
     */
    uint32_t id;
    uint32_t size;      /* bytes of the value or record */
    struct map *map;    /* KIND_MAP, KIND_VALUE and _OR_NULL */
    struct range range; /* of the number, or of the offset in the object */
};

/* Eight bytes of stack; slot 0 is just below r10. */
struct slot {
    uint8_t set;     /* bit N: byte N was written */
    uint8_t spilled; /* KNOWN is what a register held; SET is 0xff */
    struct known known;
};

#define FRAME_SLOTS (EBPF_FRAME_SIZE / 8)

struct frame {
    struct known registers[EBPF_REGISTERS];
    uint32_t return_to; /* instruction after the call */
    uint32_t depth;     /* slots from here on were never written */
    struct slot slots[FRAME_SLOTS];
};

struct state {
    uint32_t insn;   /* to be looked at next */
    uint32_t record; /* id of the open record, or 0 */
    uint32_t rounds; /* times that again() gave 1 on the path */
    /* No part of what is compared: steps of a run since then, and the call of
     * again() that it was, or the first instruction. */
    uint32_t work;
    uint32_t site;
    uint32_t frame_count;
    struct frame frames[EBPF_CALL_DEPTH];
};

/* A state in few bytes. */
struct packed;

/* A state that other paths are compared with when they reach its place. */
struct checkpoint {
    struct checkpoint *next;      /* of the same instruction */
    struct checkpoint *next_open; /* older one of this path */
    uint32_t branches_left;       /* when it was made; see verifier.c */
    uint32_t open;                /* paths from here are not all followed */
    uint32_t work;                /* of the path that came here */
    uint32_t longest; /* work from here on, of the paths that were followed */
    uint32_t rounds;  /* of the path that came here */
    uint32_t number;  /* those made later have greater ones */
    /* Some path from here ended at OTHER, or at one that relies on it. */
    struct checkpoint *other; /* the oldest such, or NULL */
    uint32_t other_rounds;    /* the most that such a one had */
    struct packed *state;
};

/* The other way at a branch, to be followed later. */
struct branch {
    struct branch *older;
    size_t size; /* of this in its pool */
    struct packed *state;
};

/* What is kept for each instruction. */
struct place {
    struct checkpoint *checkpoints;
    uint32_t event;  /* verifier's, when a checkpoint was made here */
    uint32_t visits; /* without an event */
    uint16_t live;   /* bit N: rN may be read before it is written */
    uint16_t exact;  /* bit N: the range of rN may matter */
    uint8_t meeting; /* some jump leads here, or again() is called */
    uint8_t again;   /* it is */
    uint32_t cost;   /* then: most work of a path until the next */
};

struct verifier {
    const struct program_source *source;
    const struct verifier_entry *entry;
    struct log *log;
    struct place *places;
    struct state state;
    uint32_t at; /* instruction that is looked at */
    uint32_t steps;
    uint32_t last_id;
    uint32_t reach; /* end of what was accessed of the context */
    uint32_t event; /* goes up when a branch is left or taken up */
    uint32_t branches_left;
    uint32_t checkpoints; /* made so far */
    uint32_t first_cost;  /* as the places' cost, from the start */
    int no_round;         /* again() here need not give 1 once more */
    struct branch *branches;
    struct checkpoint *open;
    struct pool branch_pool;
    struct pool checkpoint_pool;
};

static inline struct frame *
current_frame(struct verifier *v)
{
    return &v->state.frames[v->state.frame_count - 1];
}

static inline const struct ebpf_insn *
current_insn(const struct verifier *v)
{
    return &v->source->instructions[v->at];
}

static inline int
is_maybe_null(const struct known *known)
{
    return known->kind == KIND_VALUE_OR_NULL ||
           known->kind == KIND_RECORD_OR_NULL;
}

static inline int
is_zero(const struct known *known)
{
    return known->kind == KIND_NUMBER && range_is_constant(&known->range) &&
           known->range.value == 0;
}

/*
 * Refuse the program at the current instruction; always 0.  All functions
 * below that return int return 0 when the program was refused.
 */
int refuse(struct verifier *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* flow.c: fill in meeting, live and exact of all places. */
void flow_analyze(struct verifier *v);

/* state.c */
struct known known_number(struct range range);
struct known known_unset(void);

/* Register N to be read; NULL when it is not set. */
struct known *register_read(struct verifier *v, unsigned n);
/* Register N gets a value; always 1. */
int register_write(struct verifier *v, unsigned n, const struct known *known);

/* Give a number that is copied an id, so that the copies stay linked. */
void link_copies(struct verifier *v, struct known *known);

/* Call FN for everything known: registers and spilled slots of all frames. */
void each_known(struct state *state,
                void (*fn)(struct known *known, const void *argument),
                const void *argument);

/* Text for messages: "a number", "a pointer to the stack". */
const char *kind_text(const struct known *known);

/* Forget what can no longer matter, so that more states are alike. */
void state_forget(struct verifier *v);

/* Bytes that the state takes packed; pack it there; get it back. */
size_t state_packed_size(const struct state *state);
void state_pack(const struct state *state, struct packed *packed);
void state_unpack(const struct packed *packed, struct state *state);

/* Where STATE knows of a number what PACKED does not, forget it. */
void state_widen(struct state *state, const struct packed *packed);

/* Every run that STATE stands for is one that PACKED stands for as well. */
int state_within(const struct state *state, const struct packed *packed);
/* They stand for the same. */
int state_same(const struct state *state, const struct packed *packed);

/* verify_alu.c */
int verify_alu(struct verifier *v);
int verify_load_imm(struct verifier *v);

/* verify_memory.c: LDX, ST, STX and what helpers do to memory. */
int verify_memory(struct verifier *v);

/* What kind of access a message is about. */
enum access { ACCESS_READ = 1, ACCESS_WRITE = 2 };

/*
 * SIZE bytes (a range, at most 4 GB) from OFFSET on beyond register N's
 * pointer may be accessed.  Bytes of the stack that are read must be set;
 * those written become set.
 */
int memory_access(struct verifier *v, unsigned n, int64_t offset,
                  const struct range *size, enum access access);

/* verify_branch.c */
int verify_jump(struct verifier *v);
/* Take up a branch that was left: the current instruction, taken. */
void take_branch(struct verifier *v);
/* verifier.c: leave the taken way of the current jump for later. */
int leave_branch(struct verifier *v);

/* The path goes on with a new round, or ends, after MORE work at most that is
 * known from an earlier one. */
void end_work(struct verifier *v, uint32_t more);

/* verify_call.c */
int verify_call(struct verifier *v);
/* FINISHED: it was the outermost function's. */
int verify_exit(struct verifier *v, int *finished);

#endif /* KERNEL_PROGRAM_VERIFIER_I_H */
