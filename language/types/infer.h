/*
 * Type inference of expressions.
 *
 * Inference goes over the whole program (types.c) until nothing new is
 * learnt.  What a variable, an index, a parameter or a function's result is
 * learnt to be first, it stays; a last round reports what contradicts that
 * and what is still unknown.
 */

#ifndef LANGUAGE_TYPES_INFER_H
#define LANGUAGE_TYPES_INFER_H

#include "language/language.h"

struct inference {
    struct unit *unit;
    struct function *function; /* being looked at, NULL in a probe */
    bool changed;              /* something was learnt in this round */
    bool reporting;            /* the last round */
    bool mismatch; /* there was one: do not complain of unknown types */
};

/* Look at an expression of which WANTED is expected (TYPE_UNKNOWN: anything).
 * Note its type in it, and return that as far as it is known. */
enum type
infer_expression(struct inference *in, struct expression *e, enum type wanted);

/* The same where a value is used: statistics and void are none. */
enum type
infer_value(struct inference *in, struct expression *e, enum type wanted);

/* The same where WANTED was learnt at BECAUSE: a mismatch names that, too. */
enum type infer_expected(struct inference *in, struct expression *e,
                         enum type wanted, const struct token *because);

enum type
infer_symbol(struct inference *in, struct expression *e, enum type wanted);
enum type
infer_index(struct inference *in, struct expression *e, enum type wanted);

/* Indexes or a slice, against those of an array or NULL. */
void infer_indexes(struct inference *in, struct variable *array,
                   expression_list *indexes);

/* The variable of an array, or NULL for a histogram, whose keys and values
 * are longs. */
struct variable *infer_array(struct inference *in, struct expression *array);

/* Remember a type at *type, and where at *place, unless one is there. */
void infer_learn(struct inference *in, enum type *type,
                 const struct token **place, enum type learnt,
                 const struct token *token);
void infer_variable(struct inference *in, struct variable *variable,
                    enum type learnt, const struct token *token);

/* In the last round, report that FOUND, learnt at FIRST, is not EXPECTED. */
void infer_mismatch(struct inference *in, const struct token *token,
                    enum type expected, enum type found,
                    const struct token *first);

#endif /* LANGUAGE_TYPES_INFER_H */
