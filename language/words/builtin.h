/*
 * Functions that a script can call without defining them: one table that
 * names for each its types, the runtime's C function, and when its value is
 * decided.  What they do is said in comments of tapset/ (document.h); names
 * that begin with '_' are what machtap itself makes calls of.  A script's own function of the same name and number of
 * parameters takes precedence.
 */

#ifndef LANGUAGE_WORDS_BUILTIN_H
#define LANGUAGE_WORDS_BUILTIN_H

#include "language/tree/ast.h"

#define BUILTIN_PARAMETERS_MAX 6

enum builtin_time {
    /* Depends on its arguments and the process only; called in the process
     * when the handler runs. */
    BUILTIN_PROCESS,
    /* Belongs to the moment of the hit.  In a probe of the kernel it is
     * recorded there; in begin, end, error and timer probes it is asked for
     * when the handler runs. */
    BUILTIN_EVENT,
    /* Of the moment of the hit too, and computed there from arguments that are
     * known there: language_context's target_type replaces the call. */
    BUILTIN_HIT,
    /* Known of each probe before the script starts. */
    BUILTIN_PROBE,
};

struct builtin {
    const char *name;
    enum type type; /* TYPE_VOID if it has no value */
    unsigned parameter_count;
    enum type parameters[BUILTIN_PARAMETERS_MAX];
    enum builtin_time time;
    bool leaves;        /* does not return: the handler ends here */
    const char *c_name; /* the runtime's function; takes the same values */
    /* Not to be had: why, and what to use instead; NULL if it is. */
    const char *refused;
};

/* The row of NAME with COUNT parameters, or NULL. */
const struct builtin *builtin_find(const char *name, unsigned count);

/* All rows; *count of them. */
const struct builtin *builtin_table(unsigned *count);

#endif /* LANGUAGE_WORDS_BUILTIN_H */
