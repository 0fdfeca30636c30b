/*
 * Variables of the kernel: parameters, locals and globals, and where each is
 * at an address.
 */

#ifndef DEBUGINFO_VARIABLE_H
#define DEBUGINFO_VARIABLE_H

#include "debuginfo/ctype.h"
#include "debuginfo/debuginfo.h"
#include "debuginfo/location.h"

enum variable_scope {
    VARIABLE_ARGUMENT, /* parameter of the function */
    VARIABLE_AUTO,     /* local of it, or of a block in it */
    VARIABLE_FILE,     /* declared outside all functions */
};

struct debuginfo_variable {
    const char *name;
    enum variable_scope scope;
    struct ctype type;
    uint64_t die;
};

typedef LIST_OF(struct debuginfo_variable) debuginfo_variables;

/*
 * Add the parameters of FUNCTION to VARIABLES, in order; unnamed ones are left
 * out.  Those the compiler removed are among them.
 */
void debuginfo_parameters(struct debuginfo *debuginfo,
                          const struct debuginfo_function *function,
                          struct arena *arena, debuginfo_variables *variables);

/*
 * Add what can be named at ADDRESS in FUNCTION, or in SCOPE, which is one of
 * the functions expanded there (0: none): locals of the blocks it lies in,
 * the innermost first, then parameters.  A name hidden by one further in is
 * left out.
 */
void debuginfo_locals(struct debuginfo *debuginfo,
                      const struct debuginfo_function *function, uint64_t scope,
                      uint64_t address, struct arena *arena,
                      debuginfo_variables *variables);

/* The type of what FUNCTION returns. */
struct ctype debuginfo_result(struct debuginfo *debuginfo,
                              const struct debuginfo_function *function);

/*
 * Find a variable outside all functions by its name: that of compilation unit
 * UNIT if it has one, else an external one of any unit.  UNIT 0: any unit.
 * Returns -1 if there is none.
 */
int debuginfo_global(struct debuginfo *debuginfo, const char *name,
                     uint64_t unit, struct debuginfo_variable *variable);

/* A variable outside all functions, or only the declaration of one. */
struct debuginfo_global {
    struct debuginfo_variable variable;
    const char *file; /* source of its compilation unit */
    uint64_t unit;
    bool external; /* not static */
    bool defined;  /* it has a place */
};

typedef LIST_OF(struct debuginfo_global) debuginfo_globals;

/* Add all that are called NAME (NULL: all), in the order of the units.  Reads
 * the outermost entries of all units, a few ms. */
void debuginfo_find_globals(struct debuginfo *debuginfo, const char *name,
                            struct arena *arena, debuginfo_globals *globals);

/*
 * How to find VARIABLE when the instruction at ADDRESS of FUNCTION is about to
 * run (NULL and 0 will do for globals).  Steps and pieces are in ARENA.
 * Returns -1 with the reason: optimized out altogether, without a place at
 * this address though elsewhere it has one, or found by an operation that
 * cannot be done.
 */
int debuginfo_locate(struct debuginfo *debuginfo,
                     const struct debuginfo_function *function,
                     const struct debuginfo_variable *variable,
                     uint64_t address, struct arena *arena,
                     struct location *location, struct error *error);

#endif /* DEBUGINFO_VARIABLE_H */
