/*
 * Insides of follow: what a pass knows, which variables the program can know
 * at all, and what matters of a handler.
 */

#ifndef TRANSLATE_SPLIT_FOLLOW_I_H
#define TRANSLATE_SPLIT_FOLLOW_I_H

#include <stdbool.h>

#include "translate/points/place.h"
#include "translate/split/follow.h"

struct context;

/* By number in place.variables. */
struct variable_state {
    bool impossible;
    bool needed;
    const struct token *token; /* why it is impossible */
    const char *why;
};

/* What is followed is in a function, whose body has a scope of its own. */
struct scope {
    const void *scope;
    const struct probe *probe;
    struct probe inside;
};

/* A target, and the number of its capture. */
struct use {
    struct expression *target;
    unsigned capture;
};

struct follower {
    struct unit *unit;
    struct arena *arena;
    struct moment moment;
    struct plan_handler *handler;
    LIST_OF(struct variable_state) variables;
    LIST_OF(struct capture *) captures;
    value_list values; /* of the captures */
    LIST_OF(struct use) uses;
    LIST_OF(struct plan_loop *) loops;
    const struct context *context; /* of what is computed */
    bool writes; /* to the kernel: then all that is read is read in its turn */
    bool changed;
    bool failed;
};

/* Of variable NUMBER; made when it is asked for first. */
struct variable_state *follow_state(struct follower *follower, unsigned number);

/* The variable of a local's name, or NULL if nothing is made of it. */
struct variable_state *
follow_find_variable(struct follower *follower, const char *name);

/* The function that is followed where E is, or NULL; and its body's scope. */
const struct function *follow_function(const struct expression *e);
void follow_enter(struct follower *follower, const struct function *function,
                  struct scope *outer);
void follow_leave(struct follower *follower, const struct scope *outer);

/* What E assigns to, or NULL. */
const struct expression *follow_assigned(const struct expression *e);

/* Whether E can be computed at the hit; else WHY it cannot. */
bool follow_can_compute(struct follower *follower, struct expression *e,
                        const char **why);

/*
 * One pass over *SLOT, with the follower as DATA: variables that are assigned
 * what cannot be computed are impossible.
 */
void follow_limit(struct statement **slot, void *data);

/* Whether E is a target that must be recorded in its turn (matters.c). */
bool follow_varies(const struct follower *follower, const struct expression *e);

/* Whether E writes to the kernel, other than in functions; and whether PROBE
 * does, or a function that it calls. */
bool follow_writes(struct expression *e);
bool follow_probe_writes(const struct unit *unit, const struct probe *probe);

/* Whether E assigns to a variable that is needed. */
bool follow_assigns_needed(struct follower *follower, struct expression *e);

/*
 * Whether there is anything in S to be followed, perhaps only a way out: JUMPS
 * says whether those of the loop at hand are.
 */
bool follow_matters(struct follower *follower, struct statement *s, bool jumps);

/*
 * Names of the probe that are no locals are impossible; impossible ones that
 * are needed are reported.
 */
void follow_check_names(struct follower *follower, const struct probe *probe);
void follow_report(struct follower *follower);

#endif /* TRANSLATE_SPLIT_FOLLOW_I_H */
