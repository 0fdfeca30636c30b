#include "language/parse/preprocessor.h"

#include <string.h>

#include "language/messages.h"
#include "language/parse/conditional.h"
#include "language/parse/lexer.h"
#include "language/state.h"
#include "language/words/at_operator.h"

/* Macros that multiply each other could otherwise fill any memory. */
#define EXPANSION_MAX 1000000
/* Macros within arguments of macros, and conditionals within each other. */
#define NESTING_MAX 200

/*
 * Where tokens come from is a stack: the source at the bottom, above it the
 * bodies of macros being expanded, and the arguments that stand for the
 * parameters in them.
 */
struct frame {
    struct frame *below;
    const struct token *const *next;
    const struct token *const *end;
    const struct token *use; /* what is expanded */
    struct macro *macro;     /* NULL for an argument */
    token_list *arguments;   /* of the macro, one for each parameter */
    /* The names seen from an argument are those seen where it was written:
     * below the macro that it is an argument of. */
    struct frame *scope;
};

struct preprocessor {
    struct unit *unit;
    struct arena *arena;
    struct lexer lexer;
    struct frame *top;
    macro_list macros; /* of this source */
    bool macros_only;
    unsigned depth;              /* of conditionals open, inside live parts */
    bool otherwise[NESTING_MAX]; /* that part is the one behind a %: */
    unsigned frame_depth;        /* of the stack */
    unsigned expanded;
    token_list output;
};

static bool
is_operator(const struct token *token, const char *text)
{
    return token_is(token, TOKEN_OPERATOR, text);
}

static void
fail(struct preprocessor *pp, const struct token *at, const char *problem)
{
    struct token *junk = arena_copy(pp->arena, at, sizeof(*at));

    /* A token that was junk before keeps its first problem, and the end
     * stays the end, or nothing would stop there. */
    if (junk->kind != TOKEN_JUNK)
        junk->problem = problem;
    if (junk->kind != TOKEN_END)
        junk->kind = TOKEN_JUNK;
    LIST_ADD(pp->arena, &pp->output, junk);
}

/* ---- reading --------------------------------------------------------- */

static void
pop_finished(struct preprocessor *pp)
{
    while (pp->top && pp->top->next == pp->top->end) {
        pp->top = pp->top->below;
        pp->frame_depth--;
    }
}

/* The frame whose macro's parameters are visible now, or NULL. */
static struct frame *
scope_of(struct preprocessor *pp)
{
    struct frame *frame = pp->top;

    return frame && !frame->macro ? frame->scope : frame;
}

static struct frame *
push(struct preprocessor *pp, const struct token *use, const token_list *tokens)
{
    struct frame *frame = ARENA_NEW(pp->arena, struct frame);

    frame->below = pp->top;
    frame->next = tokens->items;
    frame->end = tokens->items + tokens->count;
    frame->use = use;
    pp->top = frame;
    pp->frame_depth++;
    return frame;
}

/* The next token before anything is done to it but parameters replaced. */
static const struct token *
read_token(struct preprocessor *pp)
{
    for (;;) {
        pop_finished(pp);
        if (!pp->top)
            return lexer_next(&pp->lexer);

        const struct token *token = *pp->top->next++;
        struct token *copy = arena_copy(pp->arena, token, sizeof(*token));
        struct frame *scope = scope_of(pp);

        /* What stands in an argument stands where the user wrote it. */
        if (pp->top->macro)
            copy->expansion = pp->top->use;
        if (++pp->expanded > EXPANSION_MAX) {
            copy->kind = TOKEN_JUNK;
            copy->problem = "macros expand to too much";
            while (pp->top) {
                pp->top->next = pp->top->end;
                pop_finished(pp);
            }
            return copy;
        }
        if (!scope || token->kind != TOKEN_IDENTIFIER || token->text[0] != '@')
            return copy;

        unsigned i = 0;
        struct macro *macro = scope->macro;

        while (i < macro->parameters.count &&
               strcmp(macro->parameters.items[i], token->text + 1))
            i++;
        if (i == macro->parameters.count)
            return copy;

        struct frame *frame = push(pp, copy, &scope->arguments[i]);

        frame->scope = scope->scope;
    }
}

/* Skip to the end of a conditional, or to its %: if ELSE_TOO.  What is
 * skipped must be tokens, but nothing more; TAKEN: its %: was passed. */
static const struct token *
skip(struct preprocessor *pp, bool else_too, bool taken)
{
    unsigned depth = 0;

    for (;;) {
        const struct token *token = read_token(pp);

        if (token->kind == TOKEN_END) {
            fail(pp, token, "incomplete conditional - missing '%)'");
            return token;
        }
        if (token->kind == TOKEN_JUNK && !token_is_missing_argument(token))
            fail(pp, token, token->problem);
        if (is_operator(token, "%(")) {
            depth++;
        } else if (is_operator(token, "%)") && depth-- == 0) {
            return token;
        } else if (depth == 0 && is_operator(token, "%:")) {
            if (else_too)
                return token;
            if (taken)
                fail(pp, token, "invalid conditional - duplicate '%:'");
        }
    }
}

/* ---- macros ---------------------------------------------------------- */

static struct macro *
find_macro(const macro_list *macros, const char *name)
{
    LIST_EACH (macro, macros)
        if (!strcmp((*macro)->name, name))
            return *macro;
    return NULL;
}

/* The tokens of `%( ... %)` after the %( */
static bool
read_body(struct preprocessor *pp, struct macro *macro)
{
    unsigned depth = 0;

    for (;;) {
        const struct token *token = read_token(pp);

        if (token->kind == TOKEN_END) {
            fail(pp, token, "incomplete macro definition - missing '%)'");
            return false;
        }
        if (is_operator(token, "%("))
            depth++;
        else if (is_operator(token, "%)") && depth-- == 0)
            return true;
        LIST_ADD(pp->arena, &macro->body, token);
    }
}

static bool
read_parameters(struct preprocessor *pp, struct macro *macro)
{
    const struct token *token = read_token(pp);

    macro->has_parameters = true;
    for (;;) {
        if (token->kind != TOKEN_IDENTIFIER || token->text[0] == '@' ||
            token->text[0] == '$') {
            fail(pp, token, "expected identifier");
            return false;
        }
        LIST_EACH (parameter, &macro->parameters)
            if (!strcmp(*parameter, token->text)) {
                fail(pp, token, "duplicate macro parameter");
                return false;
            }
        LIST_ADD(pp->arena, &macro->parameters, token->text);
        token = read_token(pp);
        if (is_operator(token, ")"))
            return true;
        if (!is_operator(token, ",")) {
            fail(pp, token, "expected ',' or ')'");
            return false;
        }
        token = read_token(pp);
    }
}

/* After @define. */
static void
define(struct preprocessor *pp)
{
    const struct token *name = read_token(pp);
    struct macro *macro = ARENA_NEW(pp->arena, struct macro);

    if (name->kind != TOKEN_IDENTIFIER || name->text[0] == '@' ||
        name->text[0] == '$') {
        fail(pp, name, "expected identifier");
        return;
    }
    macro->name = arena_printf(pp->arena, "@%s", name->text);
    macro->token = name;

    const struct token *token = read_token(pp);

    if (is_operator(token, "(")) {
        if (!read_parameters(pp, macro))
            return;
        token = read_token(pp);
    }
    if (!is_operator(token, "%(")) {
        fail(pp, token, "expected '%(' or '('");
        return;
    }
    if (!read_body(pp, macro))
        return;
    if (at_operator_is_reserved(macro->name)) {
        fail(pp, name, "attempt to redefine a built-in operator");
    } else if (find_macro(&pp->macros, macro->name)) {
        fail(pp, name,
             arena_printf(pp->arena,
                          "attempt to redefine macro '%s' in the same "
                          "file",
                          macro->name));
    } else {
        LIST_ADD(pp->arena, &pp->macros, macro);
        if (pp->macros_only)
            LIST_ADD(pp->arena, &pp->unit->state->macros, macro);
    }
}

/* After `@name(`: one list of tokens for each parameter. */
static token_list *
read_arguments(struct preprocessor *pp, const struct token *use,
               const struct macro *macro)
{
    unsigned count = macro->parameters.count;
    token_list *arguments =
        arena_alloc(pp->arena, (count + 1) * sizeof(*arguments));
    unsigned i = 0, depth = 0;

    for (;;) {
        const struct token *token = read_token(pp);

        if (token->kind == TOKEN_END) {
            fail(pp, token, "incomplete macro call - missing ')'");
            return NULL;
        }
        if (depth == 0 && is_operator(token, ","))
            i++;
        else if (is_operator(token, ")") && depth-- == 0)
            break;
        else if (i < count)
            LIST_ADD(pp->arena, &arguments[i], token);
        if (is_operator(token, "("))
            depth++;
    }
    if (i + 1 != count && !(count == 0 && i == 0 && !arguments[0].count)) {
        fail(pp, use,
             arena_printf(pp->arena,
                          "too %s parameters for macro '%s' (expected %u)",
                          i + 1 < count ? "few" : "many", macro->name, count));
        return NULL;
    }
    return arguments;
}

/* Does the use stand in what the macro itself expanded to? */
static bool
is_recursive(const struct token *use, const struct macro *macro)
{
    for (const struct token *at = use->expansion; at; at = at->expansion)
        if (!strcmp(at->text, macro->name))
            return true;
    return false;
}

static void
expand(struct preprocessor *pp, const struct token *use, struct macro *macro)
{
    token_list *arguments = NULL;
    token_list body;

    if (macro->has_parameters) {
        const struct token *token = read_token(pp);

        if (!is_operator(token, "(")) {
            fail(pp, token,
                 arena_printf(pp->arena,
                              "expected '(' in invocation of macro '%s' "
                              "taking %u parameter%s",
                              macro->name, macro->parameters.count,
                              macro->parameters.count == 1 ? "" : "s"));
            return;
        }
        arguments = read_arguments(pp, use, macro);
        if (!arguments)
            return;
    }
    pop_finished(pp);
    if (is_recursive(use, macro)) {
        fail(pp, use,
             arena_printf(pp->arena, "recursive invocation of macro '%s'",
                          macro->name));
        return;
    }
    if (pp->frame_depth >= NESTING_MAX) {
        fail(pp, use, "macros are nested too deeply");
        return;
    }
    memcpy(&body, &macro->body, sizeof(body));

    struct frame *scope = scope_of(pp);
    struct frame *frame = push(pp, use, &body);

    frame->macro = macro;
    frame->arguments = arguments;
    frame->scope = scope;
}

/* ---- conditionals ---------------------------------------------------- */

static const struct token *read_expanded(struct preprocessor *pp);

/* One comparison: 1, 0, or -1 after a message. */
static int
compare(struct preprocessor *pp)
{
    const struct token *left = read_expanded(pp);
    const struct token *relation = read_expanded(pp);
    const struct token *right = read_expanded(pp);
    const struct token *at = NULL;
    const char *problem = NULL;
    if (pp->unit->options.check_version &&
        token_is(left, TOKEN_IDENTIFIER, "systemtap_v"))
        unit_warning(pp->unit, left,
                     "this depends on the version of the language");

    int result = condition_compare(&pp->unit->options, left, relation, right,
                                   &problem, &at);

    if (result < 0)
        fail(pp, at, problem);
    return result;
}

/* A condition up to %? */
static int
evaluate(struct preprocessor *pp)
{
    int any = 0, all = compare(pp);

    while (all >= 0) {
        const struct token *token = read_expanded(pp);
        bool alternative = is_operator(token, "||");

        if (is_operator(token, "%?"))
            return any || all;
        if (!alternative && !is_operator(token, "&&")) {
            fail(pp, token, "expected '%?'");
            break;
        }

        int next = compare(pp);

        if (next < 0)
            break;
        if (alternative) {
            any = any || all;
            all = next;
        } else {
            all = all && next;
        }
    }
    return -1;
}

/* After `%(`.  Live parts are read on from here; their %: or %) is met
 * later. */
static void
begin_conditional(struct preprocessor *pp, const struct token *token)
{
    if (pp->depth >= NESTING_MAX) {
        fail(pp, token, "conditionals are nested too deeply");
        return;
    }

    int result = evaluate(pp);

    if (result < 0) {
        skip(pp, false, false);
        return;
    }
    if (result || is_operator(skip(pp, true, false), "%:"))
        pp->otherwise[pp->depth++] = !result;
}

/* The next token as the parser sees it, strings not yet joined. */
static const struct token *
read_expanded(struct preprocessor *pp)
{
    for (;;) {
        const struct token *token = read_token(pp);
        struct macro *macro;

        if (is_operator(token, "%(")) {
            begin_conditional(pp, token);
        } else if (is_operator(token, "%:") && pp->depth) {
            if (pp->otherwise[--pp->depth])
                fail(pp, token, "invalid conditional - duplicate '%:'");
            skip(pp, false, true);
        } else if (is_operator(token, "%)") && pp->depth) {
            pp->depth--;
        } else if (token->kind != TOKEN_IDENTIFIER || token->text[0] != '@') {
            return token;
        } else if (!strcmp(token->text, "@define")) {
            define(pp);
        } else if ((macro = find_macro(&pp->macros, token->text)) ||
                   (macro =
                        find_macro(&pp->unit->state->macros, token->text))) {
            expand(pp, token, macro);
        } else {
            return token;
        }
    }
}

static const char *
unknown_operator(struct preprocessor *pp, const struct token *token)
{
    /* The @ that all of them begin with is no likeness. */
    struct similar similar = {.name = token->text + 1};
    const char *name;

    for (unsigned i = 0; (name = at_operator_name(i)); i++)
        similar_offer(&similar, name + 1);
    LIST_EACH (macro, &pp->macros)
        similar_offer(&similar, (*macro)->name + 1);
    LIST_EACH (macro, &pp->unit->state->macros)
        similar_offer(&similar, (*macro)->name + 1);
    for (unsigned i = 0; i < similar.count; i++)
        similar.best[i].name--;
    return arena_printf(pp->arena, "unknown operator %s%s", token->text,
                        similar_text(pp->arena, &similar));
}

static void
add(struct preprocessor *pp, const struct token *token)
{
    unsigned count = pp->output.count;
    const struct token *last = count ? pp->output.items[count - 1] : NULL;

    if (token->kind == TOKEN_IDENTIFIER && token->text[0] == '@' &&
        !at_operator_is_reserved(token->text)) {
        fail(pp, token, unknown_operator(pp, token));
    } else if (last && last->kind == TOKEN_STRING &&
               token->kind == TOKEN_STRING) {
        struct token *joined = arena_copy(pp->arena, last, sizeof(*last));

        joined->text = arena_printf(pp->arena, "%s%s", last->text, token->text);
        pp->output.items[count - 1] = joined;
    } else {
        LIST_ADD(pp->arena, &pp->output, token);
    }
}

token_list
preprocess(struct unit *unit, const struct source *source, bool macros_only)
{
    struct preprocessor pp = {
        .unit = unit,
        .arena = &unit->arena,
        .macros_only = macros_only,
    };
    const struct token *token;

    lexer_start(&pp.lexer, unit, source);
    do {
        token = read_expanded(&pp);
        if (token->kind == TOKEN_END && pp.depth)
            fail(&pp, token, "incomplete conditional - missing '%)'");
        else
            add(&pp, token);
    } while (token->kind != TOKEN_END);
    return pp.output;
}
