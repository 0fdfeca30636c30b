/*
 * The moment of a hit, as a script's expressions see it: which probe, where
 * it is, and what of its expressions only that moment decides.
 *
 * Such an expression becomes an EXPRESSION_TARGET whose target.place is a
 * struct target_value: the steps that the program in the kernel does to get
 * it.  What a string is made of (pretty-printing, $$vars) becomes an
 * expression of the process over such targets.
 */

#ifndef TRANSLATE_VALUES_MOMENT_H
#define TRANSLATE_VALUES_MOMENT_H

#include "debuginfo/location.h"
#include "language/language.h"
#include "translate/objects/kernel.h"
#include "translate/points/place.h"

enum target_read {
    TARGET_NUMBER,        /* the steps leave the value */
    TARGET_KERNEL_STRING, /* the steps leave the address of the string */
    TARGET_USER_STRING,
    TARGET_KERNEL_BYTES, /* the same of SIZE bytes, NUL or not */
    TARGET_USER_BYTES,
};

/* What target.place holds while the script is elaborated. */
struct target_value {
    step_list steps;  /* leave 64 bits, extended as the type is */
    const char *name; /* as the script says it */
    enum target_read read;
    uint32_t size; /* of strings: bytes with the NUL */
    /* Values of one group fail together: one bit tells it.  NULL: alone. */
    const void *group;
    /* It is what is written there; SIZE bytes at the address that the steps in
     * PLACE leave, if that is not found by walking from a variable. */
    bool written;
    const step_list *place;
};

/* The assignments to locals whose values are being computed. */
struct setting {
    const struct expression *setting;
    const struct setting *outer;
};

struct moment {
    struct arena *arena;
    struct kernel_source *kernel;
    struct program_list *programs;
    const struct probe *probe;
    struct place *place;
    uint32_t string_size; /* bytes of a script's string, with the NUL */
    const void *scope;    /* of place.variables; NULL: the probe's body */
    const struct setting *settings;
    unsigned nesting; /* of expressions resolved for others */
    bool entered;     /* inside @entry() */

    /*
     * While the program follows the handler (follow.h), what is computed may
     * assign to variables; and RECORD gives the number of the capture of a
     * target that depends on them.
     */
    bool following;
    bool writes; /* so all that is read is read in its turn */
    unsigned (*record)(void *data, struct expression *target, bool written);
    void *data;
};

typedef LIST_OF(const struct target_value *) value_list;

/* Bytes of a string that is read at a hit, at most. */
#define MOMENT_STRING_MAX 256

/* Whether the moment is one of the kernel; else an error that says that WHAT
 * has no meaning. */
int moment_of_kernel(const struct moment *moment, const char *what,
                     struct error *error);

/* Whether reading it may fail: it is, or is found by way of, memory. */
bool target_may_fault(const struct target_value *value);

/* The helper that reads a string or bytes: helper(buffer, size, address). */
int target_helper(const struct target_value *value);

/* Whether it depends on variables that the handler changes. */
bool target_varies(const step_list *steps);

bool target_same_steps(const step_list *a, const step_list *b);

/* Make E an EXPRESSION_TARGET of VALUE, which is copied. */
void moment_become_target(struct moment *moment, struct expression *e,
                          const struct target_value *value);

/* What a script calls E. */
const char *moment_text(struct moment *moment, const struct expression *e);

/* What the probe is in: the kernel, unless that is a program.  NULL with an
 * error: there is no kernel. */
const struct object *moment_object(struct moment *moment, struct error *error);

/* The one that MODULE, the argument of @var or @cast, names; NULL or "": the
 * same as that. */
const struct object *
moment_module(struct moment *moment, const char *module, struct error *error);

/* Bytes of a word there. */
unsigned moment_word_size(struct moment *moment);

/* Add a step to VALUE, or those that read SIZE bytes at the address that its
 * steps leave. */
void moment_add(struct moment *moment, struct target_value *value,
                enum step_kind kind, int64_t number);
void moment_add_load(struct moment *moment, struct target_value *value,
                     unsigned size, bool is_signed, bool user);

/* Number of literal argument NUMBER of a call, from LOW to HIGH. */
int moment_literal(const expression_list *arguments, unsigned number,
                   int64_t low, int64_t high, int64_t *value,
                   struct error *error);

/*
 * Resolve E: a target, @entry(), one of the operators that read memory, or a
 * call of a built-in function that belongs to the hit (BUILTIN_HIT).  Sets
 * *type.  Doing it twice is fine.  The error names the expression, the probe
 * point if it has to do with it, and alternatives.
 */
int moment_resolve(struct moment *moment, struct expression *e, enum type *type,
                   struct error *error);

#endif /* TRANSLATE_VALUES_MOMENT_H */
