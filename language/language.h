/*
 * The language: from texts of scripts to a typed tree.
 *
 * A driver does
 *
 *     unit = unit_new(&options);
 *     unit_add_library(program, ...);     any number, tapset and macros
 *     unit_add_file(program, path);       the script
 *     unit_resolve(program, &context);
 *     ... unit->probes, functions, globals ...
 *     unit_free(program);
 *
 * and prints unit->messages to standard error after each step, whether it
 * failed or not, since it also holds warnings.  Every step that fails returns
 * -1 after adding what is wrong there; the next step must not be done then.
 *
 * Nothing here knows what a probe point means or what $x is.  The caller
 * says so through struct language_context.
 */

#ifndef LANGUAGE_LANGUAGE_H
#define LANGUAGE_LANGUAGE_H

#include <stdbool.h>

#include "language/tree/ast.h"
#include "support/arena.h"
#include "support/error.h"
#include "support/text.h"

struct language_options {
    /* The script's arguments: $1, @1, $#, ... */
    const char *const *arguments;
    unsigned argument_count;
    /* What %( kernel_v ... %) and the like compare with; NULL is "". */
    const char *kernel_v;  /* "1.8" */
    const char *kernel_vr; /* "1.8+git20231217" */
    const char *arch;      /* "x86_64" */
    const char *version;   /* systemtap_v: "5.6" */
    const char *privilege; /* systemtap_privilege; NULL: "stapdev" */
    bool guru;
    bool skip_badvars;    /* what is not there of a hit is 0 */
    bool check_version;   /* warn of what depends on the version */
    bool unoptimized;     /* -u: keep what does nothing */
    bool no_warnings;     /* -w */
    bool warnings_errors; /* -W */
    bool hide_similar;    /* of messages alike, show the first */
};

/*
 * Messages for the user, in the order found.  Each is complete: the text, the
 * place, the line of source and a caret.
 */
struct messages {
    struct text text;
    unsigned errors;
    unsigned warnings;
    unsigned similar_errors; /* that were not shown */
    unsigned similar_warnings;
};

struct unit {
    struct arena arena; /* all of the tree */
    struct language_options options;
    struct messages messages;
    script_list scripts; /* libraries too */

    /* After unit_resolve(): what is to be translated. */
    probe_list probes;
    function_list functions; /* those called */
    variable_list globals;   /* those used, and all of the user's script */

    struct language_state *state; /* language/'s own */
};

/* OPTIONS and what they point to must live as long as the unit. */
struct unit *unit_new(const struct language_options *options);
void unit_free(struct unit *unit);

/*
 * Parse one source.  NAME is shown in messages.  `unit_add_file` takes "-"
 * for standard input.  Files of a library end in .stp, or in .stpm if they
 * only define macros; a library's probes, globals and functions are used only
 * if something names them.  Errors: the file cannot be read; it has syntax
 * errors (several are reported, then "N parse errors.").
 */
int unit_add_text(struct unit *unit, const char *name, const char *text,
                  size_t size);
int unit_add_file(struct unit *unit, const char *path);
int unit_add_library(struct unit *unit, const char *path);

/*
 * Give a global another initial value, after parsing: DEFINITION is
 * "NAME=VALUE".  The value is a string if the global begins with one or if it
 * is no number.  Errors: no such global, an array, no number where one is
 * needed.
 */
int
unit_set_global(struct unit *unit, const char *definition, struct error *error);

/*
 * Where places of a probe point are put.
 */
struct probe_resolution;

enum { POINT_NO_MATCH = -1, POINT_WRONG = -2 };

struct language_context {
    void *data; /* handed to the functions */

    /*
     * Find what POINT, whose name is no alias, stands for, and call
     * probe_resolution_add() for each place.  HAS_TARGETS: the body reads $x,
     * so its places may differ in what they see; otherwise a single addition
     * may stand for any number of places that share one handler.  Returns
     * POINT_NO_MATCH with an error when there is no such place, which is fine
     * if the point is optional (not this function's concern), or POINT_WRONG
     * when the point is malformed or not supported yet, which never is.  If
     * one component is at fault, its number is put into *component (0 before
     * the call) and its place is shown.  Conditions are taken care of.
     */
    int (*resolve_point)(void *data, struct probe_resolution *resolution,
                         const struct probe_point *point, bool has_targets,
                         unsigned *component, struct error *error);

    /*
     * The type, TYPE_LONG or TYPE_STRING, of an expression that only the
     * moment of a hit decides, in a probe that was resolved; called once for
     * each EXPRESSION_TARGET, EXPRESSION_ENTRY, EXPRESSION_OPERATOR and call
     * of a BUILTIN_HIT of each probe, operands first.  It may make the node
     * another expression; of a target, target.place may be left for later.
     * Symbols and types of operands are not known yet.  Returns -1 with an error when there is no such
     * variable or member, it cannot be had here, or its kind is not
     * supported; inside @defined() that means 0 and is no error.
     */
    int (*target_type)(void *data, const struct probe *probe,
                       struct expression *target, enum type *type,
                       struct error *error);

    /* First components that resolve_point knows, NULL-terminated; for "did
     * you mean". */
    const char *const *point_names;
};

/*
 * A place: NAME is what pp() will give (copied), PLACE the translator's own
 * description, which the language only hands on in struct probe.
 */
void probe_resolution_add(struct probe_resolution *resolution, const char *name,
                          void *place);

/*
 * From trees of text to unit->probes, functions and globals: aliases and
 * probe points, @defined(), symbols, calls, types, and all checks.  Reports as
 * many errors as make sense.
 */
int unit_resolve(struct unit *unit, const struct language_context *context);

/* -p1: the parsed scripts, libraries apart, as text that parses again to the
 * same tree. */
void unit_print_tree(const struct unit *unit, struct text *text);

/* -p2: globals, functions and probes with the types of everything. */
void unit_print_symbols(const struct unit *unit, struct text *text);

/* One expression or probe point as it could be written in a script. */
void expression_print(const struct expression *expression, struct text *text);
void probe_point_print(const struct probe_point *point, struct text *text);

/*
 * Add "semantic error: MESSAGE: identifier 'x' at F:L:C" with the line and a
 * caret; TOKEN may be NULL.  For what the translator finds wrong later.
 */
void unit_error(struct unit *unit, const struct token *token,
                const char *format, ...) __attribute__((format(printf, 3, 4)));
void unit_warning(struct unit *unit, const struct token *token,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* LANGUAGE_LANGUAGE_H */
