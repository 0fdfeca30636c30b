/*
 * What the code of a function calls, and its labels.
 */

#ifndef DEBUGINFO_CALL_H
#define DEBUGINFO_CALL_H

#include "debuginfo/instance.h"

/*
 * A call whose target the compiler knew.  It is an instruction, behind which
 * RETURNS is, and leads to CALLEE; or RETURNS is 0, and what is called was
 * expanded there.
 */
struct debuginfo_call {
    uint64_t returns;
    const struct debuginfo_function *callee;
    struct debuginfo_instance instance;
};

typedef LIST_OF(struct debuginfo_call) debuginfo_calls;

/*
 * Add the calls that FUNCTION makes itself, or, if SCOPE is not 0, those that
 * what was expanded there makes: not what these make in turn.  Where several
 * functions could be meant (clones of one), there is a call for each.
 */
void debuginfo_find_calls(struct debuginfo *debuginfo,
                          const struct debuginfo_function *function,
                          uint64_t scope, struct arena *arena,
                          debuginfo_calls *calls);

/* A label of the source, in the code of a function. */
struct debuginfo_label {
    const char *name;
    uint64_t address;
    const struct debuginfo_function *function;
    uint64_t scope; /* of the expansion that it is in, 0: none */
};

typedef LIST_OF(struct debuginfo_label) debuginfo_labels;

/*
 * Add the labels of functions that PATTERN matches, in their own code or where
 * they were expanded, whose name matches LABEL, maybe a glob.
 */
void debuginfo_find_labels(struct debuginfo *debuginfo,
                           const struct debuginfo_pattern *pattern,
                           const char *label, struct arena *arena,
                           debuginfo_labels *labels);

#endif /* DEBUGINFO_CALL_H */
