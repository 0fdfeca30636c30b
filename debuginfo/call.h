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

/* A call of something by name, in FUNCTION or what was expanded there. */
struct debuginfo_call_place {
    const struct debuginfo_function *function;
    uint64_t address; /* of the instruction */
};

typedef LIST_OF(struct debuginfo_call_place) debuginfo_call_places;

/*
 * Add all calls of NAME, which may be the assembler's, whose instruction is a
 * plain one of 5 bytes, as every call of another file is.  Reads all of
 * .debug_info, some 100 ms.
 */
void debuginfo_find_call_places(struct debuginfo *debuginfo, const char *name,
                                struct arena *arena,
                                debuginfo_call_places *places);

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
