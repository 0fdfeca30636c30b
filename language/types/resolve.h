/*
 * The passes of semantic analysis, in the order unit_resolve() runs them.
 */

#ifndef LANGUAGE_TYPES_RESOLVE_H
#define LANGUAGE_TYPES_RESOLVE_H

#include "language/language.h"

/*
 * Find what the points of a script's probes stand for and add a probe for
 * each place to unit->probes.  A library script with an alias that was
 * used is handed to resolve_need_script().
 */
void resolve_points(struct unit *unit, const struct language_context *context,
                    const struct script *script);

/* Decide @defined() in a probe, drop what it rules out, and learn the types
 * of the context variables that are left. */
void resolve_targets(struct unit *unit, const struct language_context *context,
                     struct probe *probe);

/* Make what %m and %M of printf print expressions that a hit knows; and
 * whether a printf has any. */
void resolve_memory(struct unit *unit, struct statement *body);
bool resolve_prints_memory(const struct expression *e);
/* How many arguments a directive has after that, width and precision apart. */
int resolve_prints_memory_words(const struct format_directive *directive);

/* Whether only the moment of a hit decides an expression. */
bool resolve_is_of_moment(struct unit *unit, const struct expression *e);

/* Whether any function that a call may mean reads of the hit. */
bool resolve_reads_hit(struct unit *unit, const struct expression *call);

/* Replace calls of functions that read of the hit by what these return. */
void resolve_expansions(struct unit *unit, struct probe *probe);

/* Give a probe copies of its own of the other functions that do. */
void resolve_clones(struct unit *unit, const struct language_context *context,
                    struct probe *probe);

/* The same as resolve_targets() for such a copy. */
void resolve_copy_targets(struct unit *unit,
                          const struct language_context *context,
                          const struct probe *probe, struct function *copy);

/* Whether a call reads a context variable, by whatever way. */
bool resolve_calls_targets(struct unit *unit, struct expression *call);

/* The first function that TOKEN, its name in a call, can mean; or NULL. */
struct function *resolve_function(struct unit *unit, const struct token *token,
                                  unsigned arguments);

/* Link functions of one name and arity in the order they are tried. */
void resolve_overloads(struct unit *unit);

/* Find variables and functions by name, create locals, check what may stand
 * where.  Functions called are added to unit->functions, not yet looked
 * into. */
void resolve_probe_symbols(struct unit *unit, struct probe *probe);
void resolve_function_symbols(struct unit *unit, struct function *function);

/* Find what a call is of, unless that is known, and see to it that a function
 * is looked into, once; or report that there is none. */
void resolve_call(struct unit *unit, struct expression *call);
void resolve_need_function(struct unit *unit, struct function *function);

/* A point's condition reads declared globals and does nothing else. */
void resolve_condition(struct unit *unit, struct expression *condition);

/* Whole-program type inference. */
void resolve_types(struct unit *unit);

/*
 * Leave out statements that do nothing with variables of which inference
 * learnt no type; warn of them; and, when all types are known but of the
 * variables that only such statements named, forget those.
 */
void resolve_idle(struct unit *unit);
void resolve_idle_warnings(struct unit *unit);
void resolve_forget_idle(struct unit *unit);

/* An array is not changed while it is iterated over. */
void resolve_iterations(struct unit *unit);

/* Warnings about variables and arguments that do nothing. */
void resolve_warnings(struct unit *unit);

/* Probes that do nothing are left out, with a warning, unless they are to be
 * kept (-u). */
void resolve_empty_probes(struct unit *unit);

/* A script of a library is used: its probes run, too. */
void resolve_need_script(struct unit *unit, const struct source *source);

/* The source that a token's text was written in, macros apart. */
const struct source *resolve_origin(const struct token *token);

#endif /* LANGUAGE_TYPES_RESOLVE_H */
