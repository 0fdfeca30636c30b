/*
 * The tree of a script: what the parser builds, what semantic analysis
 * completes, and what translation reads.
 *
 * Nodes are allocated from the unit's arena and freed with it.  They are
 * plain structs: a kind and a union with one member for each kind.  After
 * parsing, names are text; after unit_resolve() (language.h)
 *
 *   - each symbol points to its struct variable, each call to its struct
 *     function or struct builtin;
 *   - each expression has a type other than TYPE_UNKNOWN;
 *   - each probe has exactly one probe point, a body of its own that includes
 *     the bodies of the aliases it was reached by, and its locals listed;
 *   - @defined() and the branches it rules out are gone.
 *
 * A list is a LIST_OF (support/arena.h): items and count.
 */

#ifndef LANGUAGE_TREE_AST_H
#define LANGUAGE_TREE_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "language/tree/token.h"
#include "support/arena.h"

struct builtin;
struct expression;
struct function;
struct probe;
struct regex;
struct statement;
struct variable;

/* No expression tree and no nest of statements is deeper than this, so
 * recursive walks need no check of their own. */
#define AST_DEPTH_MAX 1000

enum type {
    TYPE_UNKNOWN, /* only before type inference */
    TYPE_LONG,    /* 64 bits, signed, wrapping */
    TYPE_STRING,  /* bytes up to a NUL */
    TYPE_STATS,   /* a statistic; only variables and array elements */
    TYPE_VOID,    /* no value: `s <<< 1`, a function without return value */
};

/* "unknown", "long", "string", "stats", "void". */
const char *type_name(enum type type);

/* ---- expressions ---------------------------------------------------- */

typedef LIST_OF(struct expression *) expression_list;
typedef LIST_OF(struct variable *) variable_list;
typedef LIST_OF(struct statement *) statement_list;
typedef LIST_OF(struct function *) function_list;
typedef LIST_OF(struct probe *) probe_list;

/* Operators of two operands, lowest binding first; the table of their texts,
 * binding and operand types is in operator.h. */
enum binary_operator {
    BINARY_LOGICAL_OR,
    BINARY_LOGICAL_AND,
    BINARY_OR,
    BINARY_XOR,
    BINARY_AND,
    BINARY_LT,
    BINARY_GT,
    BINARY_LE,
    BINARY_GE,
    BINARY_EQ,
    BINARY_NE,
    BINARY_SHIFT_LEFT,
    BINARY_SHIFT_RIGHT,         /* arithmetic */
    BINARY_SHIFT_RIGHT_LOGICAL, /* >>> */
    BINARY_CONCAT,
    BINARY_ADD,
    BINARY_SUBTRACT,
    BINARY_MULTIPLY,
    BINARY_DIVIDE,
    BINARY_MODULO,
    BINARY_COUNT,
};

/* Assignments that are not `a OP= b` for a binary operator. */
enum {
    ASSIGN_PLAIN = BINARY_COUNT, /* = */
    ASSIGN_STATS,                /* <<< */
};

enum unary_operator {
    UNARY_PLUS,
    UNARY_MINUS,
    UNARY_NOT,
    UNARY_COMPLEMENT,
};

enum stat_operator {
    STAT_COUNT,
    STAT_SUM,
    STAT_MIN,
    STAT_MAX,
    STAT_AVG,
    STAT_VARIANCE,
    STAT_OPERATORS,
};

enum expression_kind {
    EXPRESSION_NUMBER,
    EXPRESSION_STRING,
    EXPRESSION_SYMBOL,
    EXPRESSION_INDEX, /* a[i, j] */
    EXPRESSION_IN,    /* [i, j] in a */
    EXPRESSION_UNARY,
    EXPRESSION_BINARY,
    EXPRESSION_TERNARY,
    EXPRESSION_ASSIGN,
    EXPRESSION_INCREMENT, /* ++ and --, before and after */
    EXPRESSION_REGEX,     /* =~ and !~ */
    EXPRESSION_CALL,
    EXPRESSION_PRINT,     /* print, printf, sprint, ... */
    EXPRESSION_STAT,      /* @count(s) ... */
    EXPRESSION_HISTOGRAM, /* @hist_log(s), @hist_linear(s, lo, hi, step) */
    EXPRESSION_TARGET,    /* $x, @var(), @cast(), and x->y of a plain x */
    EXPRESSION_DEFINED,   /* @defined(e); gone after resolving */
    EXPRESSION_ENTRY,     /* @entry(e) */
    EXPRESSION_OPERATOR,  /* the remaining @name(...), see at_operator */
    EXPRESSION_EMBEDDED,  /* %{ %} as an expression */
};

/* One directive of a printf format, or the text between two. */
struct format_directive {
    /* 'd' (also for i) 'u' 'x' 'X' 'o' 'p' 'c' 's' 'b' 'm' 'M'; 0 for text */
    char conversion;
    const char *text; /* of conversion 0; "%%" is already '%' */
    bool left;        /* flag '-' */
    bool plus;        /* flag '+' */
    bool space;       /* flag ' ' */
    bool zero;        /* flag '0' */
    bool alternate;   /* flag '#' */
    int width;        /* -1 if not given; bytes for 'b' */
    int precision;    /* -1 if not given */
    /* Which of the arguments they are, -1 if none. */
    int width_argument;
    int precision_argument;
    int argument;
};

typedef LIST_OF(struct format_directive) directive_list;

enum target_kind {
    TARGET_CONTEXT, /* $name, $$name */
    TARGET_VAR,     /* @var("name@file", "module") */
    TARGET_CAST,    /* @cast(operand, "type", "module") */
    TARGET_AUTO,    /* operand->member, the operand's type being a C type */
};

enum access_kind {
    ACCESS_MEMBER, /* ->member */
    ACCESS_INDEX,  /* [index] */
    ACCESS_PRETTY, /* $ or $$ at the end */
};

struct access {
    enum access_kind kind;
    const struct token *token;
    const char *member;
    struct expression *index;
    unsigned depth; /* how many $ */
};

typedef LIST_OF(struct access) access_list;

/* @name(...) that are neither statistics nor targets: a table row each in
 * at_operator.c. */
struct at_operator {
    const char *name; /* "@kderef" */
    unsigned least;   /* how many arguments */
    unsigned most;
    const char *summary;
};

struct expression {
    enum expression_kind kind;
    enum type type;
    unsigned depth; /* 1 + that of the deepest operand */
    const struct token *token;
    union {
        int64_t number;
        const char *string;
        struct {
            const char *name;
            struct variable *variable;
        } symbol;
        struct {
            struct expression *base; /* symbol of an array, or histogram */
            expression_list indexes; /* NULL for a '*' */
        } index;
        struct {
            expression_list indexes; /* NULL for a '*' */
            struct expression *array;
        } in;
        struct {
            enum unary_operator operator;
            struct expression *operand;
        } unary;
        struct {
            enum binary_operator operator;
            struct expression *left;
            struct expression *right;
        } binary;
        struct {
            struct expression *condition;
            struct expression *yes;
            struct expression *no;
        } ternary;
        struct {
            int operator;              /* a binary_operator or ASSIGN_... */
            struct expression *target; /* symbol, index, or target */
            struct expression *value;
        } assign;
        struct {
            int by; /* 1 or -1 */
            bool before;
            struct expression *target;
        } increment;
        struct {
            bool negated;
            struct expression *subject;
            const char *pattern;
            const struct regex *compiled; /* after resolving */
        } regex;
        struct {
            const char *name;
            expression_list arguments;
            /* After resolving exactly one of these is set. */
            struct function *function;
            const struct builtin *builtin;
        } call;
        struct {
            bool to_string;               /* sprint... */
            bool newline;                 /* ...ln */
            const char *format;           /* of printf and sprintf, else NULL */
            struct expression *delimiter; /* of printd: a string literal */
            directive_list directives;    /* of the format, after resolving */
            expression_list arguments;    /* possibly one histogram */
        } print;
        struct {
            enum stat_operator operator;
            struct expression *stats; /* symbol or index of TYPE_STATS */
            int64_t shift;            /* of @variance */
        } stat;
        struct {
            bool linear;
            struct expression *stats;
            int64_t low, high, step; /* linear */
        } histogram;
        struct {
            enum target_kind kind;
            bool address_of;            /* & before it */
            const char *name;           /* "$x", or @var's first argument */
            const char *module;         /* second of @var, third of @cast */
            const char *type_name;      /* of @cast */
            struct expression *operand; /* of @cast and TARGET_AUTO */
            access_list accesses;
            bool assigned; /* written to, too (guru mode only) */
            void *place;   /* language_context's, for the translator */
            bool failed;   /* the value is whether it could not be read */
            bool bytes;    /* a string that a NUL does not end */
        } target;
        struct {
            struct expression *operand;
        } defined; /* and entry */
        struct {
            const struct at_operator *operator;
            expression_list arguments;
        } at;
        const char *embedded;
    };
};

/* ---- statements ----------------------------------------------------- */

enum statement_kind {
    STATEMENT_NULL,
    STATEMENT_BLOCK,
    STATEMENT_EXPRESSION,
    STATEMENT_IF,
    STATEMENT_LOOP, /* while and for */
    STATEMENT_FOREACH,
    STATEMENT_BREAK,
    STATEMENT_CONTINUE,
    STATEMENT_NEXT,
    STATEMENT_RETURN,
    STATEMENT_DELETE,
    STATEMENT_TRY,
    STATEMENT_EMBEDDED,
};

struct statement {
    enum statement_kind kind;
    const struct token *token;
    union {
        statement_list block;
        struct expression *expression; /* of RETURN also: NULL if none */
        struct {
            struct expression *condition;
            struct statement *yes;
            struct statement *no; /* NULL if none */
        } branch;
        struct {
            struct expression *initial;   /* NULL if none */
            struct expression *condition; /* NULL if none: for ever */
            struct expression *step;      /* NULL if none; `continue` does it */
            struct statement *body;
            void *place; /* free for the translator */
        } loop;
        struct {
            struct expression
                *value;           /* symbol `v` of v = [...] in a, or NULL */
            expression_list keys; /* symbols */
            struct expression *array; /* symbol, or histogram */
            expression_list slice; /* of a[x, *]; NULL for *; empty if none */
            int sort;              /* 0 insertion order, 1 rising, -1 falling */
            unsigned sort_column;  /* 0 by value, n by the n-th key */
            enum stat_operator sort_operator; /* by value of statistics */
            struct expression *limit;         /* NULL if none */
            struct statement *body;
            bool reordered; /* the body sorts the same array (iterations.c) */
        } foreach;
        struct expression *delete; /* symbol, or index (NULL for *) */
        struct {
            struct statement *body;
            struct expression *message; /* symbol, NULL if none */
            struct statement *handler;
        } try;
        const char *embedded;
    };
};

/* ---- declarations --------------------------------------------------- */

enum variable_kind {
    VARIABLE_GLOBAL,
    VARIABLE_LOCAL, /* of a probe or function, 0 or "" at every entry */
    VARIABLE_PARAMETER,
};

#define VARIABLE_ARITY_UNKNOWN (-1)

struct variable {
    const char *name;
    const struct token *token; /* declaration, or first use of a local */
    enum variable_kind kind;
    enum type type;         /* of the value, or of an array's elements */
    int arity;              /* number of indexes; 0: no array */
    enum type *index_types; /* arity of them */
    unsigned id;            /* different for each variable of a unit */

    /* Globals. */
    struct expression *initial; /* a literal, or NULL */
    int64_t max_entries;        /* [N]; 0 if not given */
    bool wrap;                  /* % */
    bool private;
    /* Of statistics: bit 1 << STAT_... for each operator applied. */
    unsigned stat_operators;
    struct expression *histogram; /* the one applied to it, or NULL */
    int64_t variance_shift;

    /* How the whole program uses it. */
    bool read;
    bool written;
    bool used; /* by more than statements that do nothing: see idle.c */

    /* Where inference found the type first, for messages. */
    const struct token *type_token;
    const struct token *arity_token;
    const struct token **index_tokens;

    void *place; /* free for the translator */
};

struct function {
    const char *name;
    const struct token *token;
    bool private;
    variable_list parameters;
    variable_list locals;
    enum type type;         /* what it returns; TYPE_VOID if nothing */
    enum type declared;     /* `:long`, or TYPE_UNKNOWN */
    int64_t priority;       /* smaller runs first */
    struct statement *body; /* NULL if it is embedded code */
    const char *embedded;
    bool used;    /* called from a probe, at any depth */
    bool returns; /* executes a `return` with a value */
    bool next;    /* executes `next` itself */
    /* To be called with the same arguments when this one executes `next`;
     * NULL: the call gives 0 or "". */
    struct function *overload;
    /* Whether it reads what only a hit knows, or a context variable: 0 not
     * asked yet, 1 no, 2 yes. */
    unsigned char reads_hit;
    unsigned char reads_context;
    /* That it was copied into, whose hit it reads of; NULL: none. */
    const struct probe *probe;
    const void *place; /* free for the translator */
    bool left_out;     /* nothing calls it any more */
    unsigned id;       /* different for each function of a unit */
    const struct token *type_token;
};

struct probe_component {
    const struct token *token;
    const char *name;            /* may hold * and ** */
    struct expression *argument; /* number or string, or NULL */
};

typedef LIST_OF(struct probe_component) component_list;

struct probe_point {
    const struct token *token;
    component_list components;
    bool optional;                /* ? */
    bool sufficient;              /* ! */
    struct expression *condition; /* if (e), or NULL */
};

typedef LIST_OF(struct probe_point *) point_list;

/* As written, a probe has any number of points; as resolved, one. */
struct probe {
    const struct token *token;
    point_list points;
    struct statement *body;
    variable_list locals;

    /* As resolved: */
    const char *name;                /* what pp() gives: the point in words */
    const struct probe *written;     /* the declaration it came from */
    const struct probe_point *asked; /* the point there that led here */
    /* Reached through an alias, whose bodies it includes: its name, with what
     * follows it in the point that asked; else NULL. */
    const char *alias;
    bool has_targets; /* the body reads $x, @var and the like */
    void *place;      /* from probe_resolution_add() */
    /* A copy of it, while what is in this function is resolved: BODY is the
     * function's.  Else NULL. */
    const struct function *within;
    unsigned id;          /* different for each probe, from 0 */
    function_list copies; /* of functions, made for it (clone.c) */
};

struct alias {
    const struct token *token;
    struct probe_point *name;   /* probe NAME = POINTS */
    point_list points;          /* what they stand for */
    struct statement *prologue; /* or NULL */
    struct statement *epilogue; /* or NULL */
};

typedef LIST_OF(struct alias *) alias_list;

/* What one source declares. */
struct script {
    const struct source *source;
    variable_list globals;
    function_list functions;
    alias_list aliases;
    probe_list probes;
    LIST_OF(const struct token *) embedded; /* %{ %} at the top level */
};

typedef LIST_OF(struct script *) script_list;

/* ---- walking and copying -------------------------------------------- */

/*
 * Call BACK with the address of each operand of an expression, or each
 * expression that a statement holds directly, so that it can be looked at or
 * replaced.  NULL operands (the '*' of an index, parts left out) are skipped.
 */
typedef void expression_slot(struct expression **slot, void *data);
void ast_each_operand(struct expression *expression, expression_slot *back,
                      void *data);
void ast_each_expression(struct statement *statement, expression_slot *back,
                         void *data);

/* The same for the statements that a statement holds directly. */
typedef void statement_slot(struct statement **slot, void *data);
void ast_each_statement(struct statement *statement, statement_slot *back,
                        void *data);

/*
 * Call BACK for each expression below a statement, operands before what they
 * are operands of.
 */
void ast_walk(struct statement *statement, expression_slot *back, void *data);

/* Deep copies.  Variables and functions pointed to are shared. */
struct expression *
ast_clone_expression(struct arena *arena, const struct expression *expression);
struct statement *
ast_clone_statement(struct arena *arena, const struct statement *statement);

/* A probe with the same points and a copy of the body, before its symbols
 * were resolved. */
struct probe *ast_clone_probe(struct arena *arena, const struct probe *probe);

#endif /* LANGUAGE_TREE_AST_H */
