/*
 * The emitter's insides.
 *
 * Statements of C are written to a text as the tree is walked.  An
 * expression first writes the statements that it needs (temporaries, checks)
 * and then is an operand: C text without effects, to be used once or more.
 * So everything happens in the order of the language, whatever C says about
 * operands, and an error can leave by goto.
 */

#ifndef TRANSLATE_EMIT_EMIT_I_H
#define TRANSLATE_EMIT_EMIT_I_H

#include <stdbool.h>

#include "translate/emit/emit.h"

/* What can change an operand's value between its text and its use. */
enum steadiness {
    STEADY,        /* nothing, in the statement it is made in */
    LOCAL_CHANGES, /* stores of this body */
    ANY_CHANGES,   /* and those of functions it calls */
};

struct operand {
    const char *text;
    enum steadiness steadiness;
};

struct emitter {
    struct unit *unit;
    const struct plan *plan;
    const struct emit_limits *limits;
    struct arena *arena;  /* of the unit; what operands are made in */
    struct text tables;   /* constants that bodies refer to */
    struct text *out;     /* where statements go */
    unsigned indentation; /* of them */
    unsigned names;       /* temporaries and labels made so far */
    unsigned nesting;     /* calls that may be open; 0: not counted */
    unsigned parts;       /* enum object_parts that are called for */
    bool failed;          /* unit_error() was called */
    /* By the numbers of probes: their handlers.  NULL where there is none of a
     * probe's own, since it is that of another place. */
    const struct plan_handler **handlers;

    /* Of the body that is being written. */
    const struct function *function;    /* NULL in a handler */
    const struct plan_handler *handler; /* NULL in a function */
    const char *fail;      /* label to go to when there is an error */
    const char *next_step; /* label of `continue`, NULL: C's own */
    bool fail_used;        /* something goes to FAIL */
    bool out_used;         /* something goes to "out" */
    bool payload_used;
    bool mark_used;
    bool scratch_used; /* by the statement that is being written */
    unsigned line;     /* that the last comment told */
    struct text holds; /* declarations of strings that loops hold */
};

/* ---- writing --------------------------------------------------------- */

/* A line of C, indented. */
void emit_line(struct emitter *emitter, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Open and close a block of C. */
void emit_open(struct emitter *emitter, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void emit_close(struct emitter *emitter);

/* A text that lives as long as the unit. */
const char *emit_text(struct emitter *emitter, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* STRING as a literal of C. */
const char *emit_quote(struct emitter *emitter, const char *string);

/* A number that no other name has. */
unsigned emit_name(struct emitter *emitter);

/* The literal that names a place of the script: "operator '/' at f.stp:1:2".
 */
const char *emit_place(struct emitter *emitter, const struct token *token);

/* A check for an error that a call before it may have raised. */
void emit_check(struct emitter *emitter, const struct token *token);

/* Go to the body's end. */
void emit_leave(struct emitter *emitter);

/* "not supported yet: WHAT". */
void emit_refuse(struct emitter *emitter, const struct token *token,
                 const char *what);

/* ---- names ----------------------------------------------------------- */

/* Of a variable; a string variable that is stored to is a pointer to struct
 * rt_variable if it is local, and such a struct in a union if it is global. */
const char *
emit_variable_name(struct emitter *emitter, const struct variable *variable);
const char *
emit_function_name(struct emitter *emitter, const struct function *function);

/* "&g_s.variable", "l_s". */
const char *
emit_storage(struct emitter *emitter, const struct variable *variable);

/* Whether it is a parameter that holds a string value itself. */
bool emit_is_value(const struct variable *variable);

/* ---- expressions (expression.c and others) ---------------------- */

struct operand
emit_expression(struct emitter *emitter, const struct expression *expression);

/* For what it does; its value is not wanted. */
void emit_effect(struct emitter *emitter, const struct expression *expression);

/*
 * COUNT expressions, in order, such that all values are what they were at
 * their turn.  NULL expressions are left out.
 */
void emit_operands(struct emitter *emitter,
                   struct expression *const *expressions, unsigned count,
                   struct operand *operands);

/* A temporary of the operand's value. */
struct operand emit_temporary(struct emitter *emitter, enum type type,
                              const char *value, enum steadiness steadiness);

/* The same value, but nothing changes it any more. */
struct operand
emit_steady(struct emitter *emitter, enum type type, struct operand operand);

/* The variable that tells where the round of LOOP at hand is in the payload. */
const char *emit_round(struct emitter *emitter, const struct plan_loop *loop);

/* Where in the payload OFFSET of a round of LOOP is; NULL: of the payload. */
const char *emit_offset(struct emitter *emitter, const struct plan_loop *loop,
                        uint32_t offset);

/* What is said when the program in the kernel had to end a loop. */
#define EMIT_NO_ROOM \
    "loop over the kernel's data is too long: no room is left in its record"
#define EMIT_NO_MORE \
    "loop over the kernel's data is too long: a hit must not take so long"

/* assign.c */
struct operand emit_assign(struct emitter *emitter,
                           const struct expression *expression, bool wanted);
struct operand emit_increment(struct emitter *emitter,
                              const struct expression *expression, bool wanted);
void emit_store(struct emitter *emitter, const struct expression *symbol,
                const char *value);

/* binary.c: LEFT OPERATOR RIGHT of longs, checked for division by 0. */
struct operand
emit_binary(struct emitter *emitter, const struct expression *expression);
struct operand emit_arithmetic(struct emitter *emitter,
                               enum binary_operator operator,
                               struct operand left, struct operand right,
                               const struct token *token);
void emit_check_divisor(struct emitter *emitter, enum binary_operator operator,
                        struct operand right, const struct token *token);

/* map.c: an array of keys and its name; a pattern if a key is NULL. */
struct keys {
    const char *name;
    unsigned given; /* bits of the keys that are */
    bool pattern;   /* not all are */
};
struct keys emit_keys(struct emitter *emitter, const struct variable *map,
                      struct expression *const *indexes,
                      const struct operand *operands);
struct keys emit_evaluate_keys(struct emitter *emitter,
                               const struct variable *map,
                               const expression_list *indexes);
const struct variable *emit_array(const struct expression *index);
struct operand
emit_index(struct emitter *emitter, const struct expression *expression);
struct operand
emit_in(struct emitter *emitter, const struct expression *expression);
struct operand
emit_stat(struct emitter *emitter, const struct expression *expression);
void emit_delete(struct emitter *emitter, const struct expression *target);
const char *emit_element_stat_name(enum stat_operator stat);
/* A pointer to statistics, NULL where they are an element that is absent. */
const char *
emit_stats_place(struct emitter *emitter, const struct expression *stats);

/* histogram.c: of the variable that EXPRESSION, a histogram, is of. */
const char *
emit_histogram(struct emitter *emitter, const struct expression *expression);
unsigned emit_bucket_count(const struct expression *histogram);
struct operand
emit_bucket(struct emitter *emitter, const struct expression *expression);
struct operand
emit_in_histogram(struct emitter *emitter, const struct expression *expression);
struct operand
emit_print_histogram(struct emitter *emitter, const struct expression *print);
void
emit_foreach_bucket(struct emitter *emitter, const struct statement *statement);

/* call.c */
struct operand
emit_call(struct emitter *emitter, const struct expression *expression);

/* embedded.c */
void emit_embedded_file(struct emitter *emitter, struct text *text);
void emit_embedded_function(struct emitter *emitter,
                            const struct function *function, struct text *text);
void emit_embedded_statement(struct emitter *emitter,
                             const struct statement *statement);
struct operand emit_embedded_expression(struct emitter *emitter,
                                        const struct expression *expression);

/* regex.c */
struct operand
emit_regex(struct emitter *emitter, const struct expression *expression);

/* print.c */
struct operand
emit_print(struct emitter *emitter, const struct expression *expression);

/* ---- statements (statement.c, foreach.c) ------------------- */

void emit_statement(struct emitter *emitter, const struct statement *statement);
void emit_foreach(struct emitter *emitter, const struct statement *statement);
void emit_loop_variable(struct emitter *emitter,
                        const struct expression *symbol, const char *value);
void emit_loop_body(struct emitter *emitter, const struct statement *body,
                    const struct token *token, const char *next_step);

/* Go back to the mark if the statement before made strings. */
void emit_release(struct emitter *emitter);

/* Statements that run each time STATEMENT does, those of loops apart. */
unsigned emit_count(const struct statement *statement);

/* ---- bodies and tables (body.c, table.c) ------------------- */

void emit_functions(struct emitter *emitter, struct text *text);
void emit_handlers(struct emitter *emitter, struct text *text);

void emit_globals(struct emitter *emitter, struct text *text);
void emit_program_tables(struct emitter *emitter, struct text *text);

/* nesting.c: how deep the script's functions call; 0 if they cannot go
 * deeper than their number, since none calls itself by whatever way. */
unsigned emit_call_depth(const struct unit *unit);

#endif /* TRANSLATE_EMIT_EMIT_I_H */
