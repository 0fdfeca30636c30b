#include "language/types/resolve.h"

#include <string.h>

#include "language/messages.h"
#include "language/parse/regex.h"
#include "language/state.h"
#include "language/words/unsupported.h"

/* More keys than this no array has. */
#define ARITY_MAX 9

struct symbols {
    struct unit *unit;
    struct arena *arena;
    variable_list *locals;
    const variable_list *parameters; /* NULL in a probe */
    struct function *function;       /* NULL in a probe */
    unsigned loops;                  /* around this place */
};

/* What is done to a variable. */
enum use { READ = 1, WRITE = 2 };

const struct source *
resolve_origin(const struct token *token)
{
    while (token->expansion)
        token = token->expansion;
    return token->position.source;
}

static void visit(struct symbols *symbols, struct expression *e, bool used);
static void
visit_array(struct symbols *symbols, struct expression *array, unsigned arity);

/* ---- variables ------------------------------------------------------- */

static struct variable *
find_in(const variable_list *list, const char *name)
{
    LIST_EACH (variable, list)
        if (!strcmp((*variable)->name, name))
            return *variable;
    return NULL;
}

/* A function of a library sees no globals of the user's script, which would
 * make what it takes for its locals the script's. */
static struct variable *
find_global(struct symbols *symbols, const struct token *token)
{
    const struct source *origin = resolve_origin(token);
    bool library_only = symbols->function && origin->library;
    struct variable *public = NULL;

    LIST_EACH (script, &symbols->unit->scripts) {
        struct variable *found = find_in(&(*script)->globals, token->text);

        if (!found)
            continue;
        if ((*script)->source == origin)
            return found;
        if (!found->private && (!library_only || (*script)->source->library))
        public = found;
    }
    if (public)
        resolve_need_script(symbols->unit, public->token->position.source);
    return public;
}

static struct variable *
find(struct symbols *symbols, const struct token *token)
{
    struct variable *found = NULL;

    if (symbols->parameters)
        found = find_in(symbols->parameters, token->text);
    if (!found)
        found = find_in(symbols->locals, token->text);
    return found ? found : find_global(symbols, token);
}

static struct variable *
make_local(struct symbols *symbols, const struct token *token)
{
    struct variable *variable = ARENA_NEW(symbols->arena, struct variable);

    variable->name = token->text;
    variable->token = token;
    variable->kind = VARIABLE_LOCAL;
    variable->id = symbols->unit->state->variables++;
    LIST_ADD(symbols->arena, symbols->locals, variable);
    return variable;
}

static void
use(struct variable *variable, unsigned how)
{
    variable->read = variable->read || (how & READ);
    variable->written = variable->written || (how & WRITE);
}

/* The variable has so many indexes here; everywhere else too. */
static void
use_arity(struct symbols *symbols, struct variable *variable,
          const struct token *token, int arity)
{
    if (variable->arity == arity)
        return;
    if (variable->arity != VARIABLE_ARITY_UNKNOWN) {
        unit_error(symbols->unit, token, "inconsistent arity (%d vs %d)",
                   variable->arity, arity);
        message_note(symbols->unit,
                     variable->arity_token ? variable->arity_token
                                           : variable->token,
                     "arity %d first inferred here", variable->arity);
        return;
    }
    if (arity > ARITY_MAX)
        unit_error(symbols->unit, token,
                   "too many indexes: an array has at most %d", ARITY_MAX);
    variable->arity = arity;
    variable->arity_token = token;
    variable->index_types = arena_alloc(
        symbols->arena, (unsigned)arity * sizeof(*variable->index_types));
    variable->index_tokens = arena_alloc(
        symbols->arena, (unsigned)arity * sizeof(*variable->index_tokens));
}

static const char *
similar_variables(struct symbols *symbols, const char *name, bool locals)
{
    struct similar similar = {.name = name};

    if (locals)
        LIST_EACH (variable, symbols->locals)
            similar_offer(&similar, (*variable)->name);
    LIST_EACH (script, &symbols->unit->scripts)
        LIST_EACH (variable, &(*script)->globals)
            if (!(*variable)->private)
                similar_offer(&similar, (*variable)->name);
    return similar_text(symbols->arena, &similar);
}

/* A symbol that must be a global: an array of ARITY, or of any with -1. */
static struct variable *
visit_global(struct symbols *symbols, struct expression *e, int arity,
             unsigned how)
{
    struct variable *variable = find_global(symbols, e->token);

    if (!variable ||
        (symbols->parameters && find_in(symbols->parameters, e->symbol.name))) {
        const char *hint = similar_variables(symbols, e->symbol.name, false);

        if (arity > 0)
            unit_error(symbols->unit, e->token,
                       "unresolved arity-%d global array %s, missing "
                       "global declaration?%s",
                       arity, e->symbol.name, hint);
        else if (arity == 0)
            unit_error(symbols->unit, e->token,
                       "stat locals not supported, missing global "
                       "declaration?%s",
                       hint);
        else
            unit_error(symbols->unit, e->token,
                       "unresolved array in delete statement%s", hint);
        return NULL;
    }
    e->symbol.variable = variable;
    use(variable, how);
    if (arity >= 0)
        use_arity(symbols, variable, e->token, arity);
    return variable;
}

static void
visit_symbol(struct symbols *symbols, struct expression *e, unsigned how)
{
    struct variable *variable = find(symbols, e->token);

    if (!variable)
        variable = make_local(symbols, e->token);
    e->symbol.variable = variable;
    use(variable, how);
    use_arity(symbols, variable, e->token, 0);
}

/* ---- arrays ---------------------------------------------------------- */

/* Indexes, in which a '*' may stand or not. */
static void
visit_indexes(struct symbols *symbols, const struct token *token,
              expression_list *indexes, bool wildcards)
{
    LIST_EACH (index, indexes) {
        if (*index)
            visit(symbols, *index, true);
        else if (!wildcards)
            unit_error(symbols->unit, token,
                       "wildcard not allowed in array index");
    }
}

static void
visit_index(struct symbols *symbols, struct expression *e, unsigned how,
            bool wildcards)
{
    struct expression *base = e->index.base;

    visit_indexes(symbols, e->token, &e->index.indexes, wildcards);
    if (base->kind == EXPRESSION_SYMBOL)
        visit_global(symbols, base, (int)e->index.indexes.count, how);
    else
        visit_array(symbols, base, e->index.indexes.count);
}

/* A symbol or an index that holds statistics. */
static void
visit_stats(struct symbols *symbols, struct expression *e, unsigned how)
{
    if (e->kind == EXPRESSION_SYMBOL)
        visit_global(symbols, e, 0, how);
    else
        visit_index(symbols, e, how, false);
}

static struct variable *
stats_variable(const struct expression *e)
{
    if (e->kind == EXPRESSION_INDEX)
        e = e->index.base;
    return e->kind == EXPRESSION_SYMBOL ? e->symbol.variable : NULL;
}

static void
visit_stat(struct symbols *symbols, struct expression *e)
{
    visit_stats(symbols, e->stat.stats, READ);

    struct variable *variable = stats_variable(e->stat.stats);

    if (!variable)
        return;
    if (e->stat.operator== STAT_VARIANCE) {
        bool again = (variable->stat_operators & 1u << STAT_VARIANCE) != 0;

        if (again && variable->variance_shift != e->stat.shift)
            unit_error(symbols->unit, e->token,
                       "different bit shifts in @variance of '%s' (%lld vs "
                       "%lld)",
                       variable->name, (long long)e->stat.shift,
                       (long long)variable->variance_shift);
        variable->variance_shift = e->stat.shift;
    }
    variable->stat_operators |= 1u << e->stat.operator;
}

static bool
same_histogram(const struct expression *one, const struct expression *other)
{
    return one->histogram.linear == other->histogram.linear &&
           (!one->histogram.linear ||
            (one->histogram.low == other->histogram.low &&
             one->histogram.high == other->histogram.high &&
             one->histogram.step == other->histogram.step));
}

/* A variable has one set of buckets. */
static void
visit_histogram(struct symbols *symbols, struct expression *e)
{
    struct variable *variable;

    visit_stats(symbols, e->histogram.stats, READ);
    variable = stats_variable(e->histogram.stats);
    if (!variable)
        return;
    if (!variable->histogram) {
        variable->histogram = e;
    } else if (!same_histogram(variable->histogram, e)) {
        unit_error(symbols->unit, e->token,
                   "multiple histogram types declared on '%s'", variable->name);
        message_note(symbols->unit, variable->histogram->token,
                     "histogram first declared here");
    }
}

/* The picture of a histogram is printed alone. */
static void
visit_print(struct symbols *symbols, struct expression *e)
{
    LIST_EACH (argument, &e->print.arguments) {
        visit(symbols, *argument, true);
        if ((*argument)->kind == EXPRESSION_HISTOGRAM &&
            (e->print.arguments.count > 1 || e->print.format ||
             e->print.delimiter))
            unit_error(symbols->unit, (*argument)->token,
                       "base histogram operator where expression expected; "
                       "it must be the only argument of print, println, "
                       "sprint or sprintln");
    }
}

static void
visit_array(struct symbols *symbols, struct expression *array, unsigned arity)
{
    if (array->kind == EXPRESSION_SYMBOL) {
        visit_global(symbols, array, (int)arity, READ);
        return;
    }
    visit(symbols, array, true);
    if (arity != 1)
        unit_error(symbols->unit, array->token,
                   "a histogram has one index, not %u", arity);
}

/* ---- assignments ----------------------------------------------------- */

static void
visit_lvalue(struct symbols *symbols, const struct token *token,
             struct expression *e, unsigned how)
{
    if (e->kind == EXPRESSION_SYMBOL)
        visit_symbol(symbols, e, how);
    else if (e->kind == EXPRESSION_INDEX &&
             e->index.base->kind == EXPRESSION_SYMBOL)
        visit_index(symbols, e, how, false);
    else if (e->kind == EXPRESSION_TARGET)
        visit(symbols, e, true);
    else
        unit_error(symbols->unit, token, "Expecting lvalue for assignment");
}

static void
visit_assign(struct symbols *symbols, struct expression *e, bool used)
{
    struct expression *target = e->assign.target;
    bool keeps = e->assign.operator== ASSIGN_PLAIN ||
                 e->assign.operator== ASSIGN_STATS || !used;

    visit(symbols, e->assign.value, true);
    if (e->assign.operator==
        ASSIGN_STATS &&(target->kind == EXPRESSION_SYMBOL ||
                        (target->kind == EXPRESSION_INDEX &&
                         target->index.base->kind == EXPRESSION_SYMBOL)))
        visit_stats(symbols, target, WRITE);
    else
        visit_lvalue(symbols, e->token, target, keeps ? WRITE : READ | WRITE);
}

/* ---- calls ----------------------------------------------------------- */

static void
visit_call(struct symbols *symbols, struct expression *e)
{
    LIST_EACH (argument, &e->call.arguments)
        visit(symbols, *argument, true);
    resolve_call(symbols->unit, e);
}

/* ---- expressions ----------------------------------------------------- */

static void
visit_regex(struct symbols *symbols, struct expression *e)
{
    struct error error;

    visit(symbols, e->regex.subject, true);
    e->regex.compiled = regex_compile(symbols->arena, e->regex.pattern, &error);
    if (!e->regex.compiled)
        unit_error(symbols->unit, e->token, "%s", error.text);
}

static void
visit_operand(struct expression **slot, void *symbols)
{
    visit(symbols, *slot, true);
}

/* USED: its value is, so what only changes a variable also reads it. */
static void
visit(struct symbols *symbols, struct expression *e, bool used)
{
    if (e->kind != EXPRESSION_TARGET &&
        unsupported_expression(symbols->unit, e))
        return;
    switch (e->kind) {
    case EXPRESSION_SYMBOL:
        visit_symbol(symbols, e, READ);
        break;
    case EXPRESSION_INDEX:
        visit_index(symbols, e, READ, false);
        break;
    case EXPRESSION_IN:
        visit_indexes(symbols, e->token, &e->in.indexes,
                      e->in.array->kind == EXPRESSION_SYMBOL);
        visit_array(symbols, e->in.array, e->in.indexes.count);
        break;
    case EXPRESSION_ASSIGN:
        visit_assign(symbols, e, used);
        break;
    case EXPRESSION_INCREMENT:
        visit_lvalue(symbols, e->token, e->increment.target,
                     used ? READ | WRITE : WRITE);
        break;
    case EXPRESSION_CALL:
        visit_call(symbols, e);
        break;
    case EXPRESSION_STAT:
        visit_stat(symbols, e);
        break;
    case EXPRESSION_REGEX:
        visit_regex(symbols, e);
        break;
    case EXPRESSION_HISTOGRAM:
        visit_histogram(symbols, e);
        break;
    case EXPRESSION_PRINT:
        visit_print(symbols, e);
        break;
    default:
        ast_each_operand(e, visit_operand, symbols);
        break;
    }
}

/* ---- statements ------------------------------------------------------ */

static void
visit_foreach(struct symbols *symbols, struct statement *s)
{
    unsigned arity = s->foreach.keys.count;
    struct expression *array = s->foreach.array;

    /* Loop variables are seldom all of interest: no warning. */
    LIST_EACH (key, &s->foreach.keys)
        visit_symbol(symbols, *key, READ | WRITE);
    if (s->foreach.value)
        visit_symbol(symbols, s->foreach.value, READ | WRITE);
    visit_array(symbols, array, arity);
    if (s->foreach.slice.count) {
        visit_indexes(symbols, array->token, &s->foreach.slice, true);
        if (s->foreach.slice.count != arity)
            unit_error(symbols->unit, array->token,
                       "slice has %u indexes, but the loop has %u",
                       s->foreach.slice.count, arity);
    }
    if (s->foreach.limit)
        visit(symbols, s->foreach.limit, true);
    if (array->kind == EXPRESSION_HISTOGRAM &&
        (s->foreach.sort || s->foreach.slice.count))
        unit_error(symbols->unit, array->token,
                   "the buckets of a histogram come in their own order");
    if (array->kind == EXPRESSION_SYMBOL && array->symbol.variable &&
        s->foreach.sort && !s->foreach.sort_column)
        array->symbol.variable->stat_operators |= 1u
                                                  << s->foreach.sort_operator;
}

static void
visit_delete(struct symbols *symbols, struct statement *s)
{
    struct expression *e = s->delete;

    if (e->kind == EXPRESSION_SYMBOL) {
        struct variable *variable = find(symbols, e->token);

        if (variable && variable->kind != VARIABLE_GLOBAL) {
            e->symbol.variable = variable;
            use(variable, WRITE);
        } else {
            visit_global(symbols, e, -1, WRITE);
        }
    } else if (e->kind == EXPRESSION_INDEX &&
               e->index.base->kind == EXPRESSION_SYMBOL) {
        visit_index(symbols, e, WRITE, true);
    } else {
        unit_error(symbols->unit, e->token,
                   "invalid operand of delete expression");
    }
}

static void
check_in_loop(struct symbols *symbols, struct statement *s, const char *what)
{
    if (!symbols->loops)
        unit_error(symbols->unit, s->token, "cannot '%s' outside loop", what);
}

static void
visit_statement(struct statement **slot, void *data)
{
    struct symbols *symbols = data;
    struct statement *s = *slot;
    bool loop = s->kind == STATEMENT_LOOP || s->kind == STATEMENT_FOREACH;

    switch (s->kind) {
    case STATEMENT_EXPRESSION:
        visit(symbols, s->expression, false);
        break;
    case STATEMENT_LOOP:
        if (s->loop.initial)
            visit(symbols, s->loop.initial, false);
        if (s->loop.condition)
            visit(symbols, s->loop.condition, true);
        if (s->loop.step)
            visit(symbols, s->loop.step, false);
        break;
    case STATEMENT_FOREACH:
        visit_foreach(symbols, s);
        break;
    case STATEMENT_DELETE:
        visit_delete(symbols, s);
        break;
    case STATEMENT_TRY:
        if (s->try.message)
            visit_symbol(symbols, s->try.message, READ | WRITE);
        break;
    case STATEMENT_BREAK:
        check_in_loop(symbols, s, "break");
        break;
    case STATEMENT_CONTINUE:
        check_in_loop(symbols, s, "continue");
        break;
    case STATEMENT_NEXT:
        if (symbols->function)
            symbols->function->next = true;
        break;
    case STATEMENT_RETURN:
        if (s->expression)
            symbols->function->returns = true;
        ast_each_expression(s, visit_operand, symbols);
        break;
    default:
        ast_each_expression(s, visit_operand, symbols);
        break;
    }
    symbols->loops += loop;
    ast_each_statement(s, visit_statement, symbols);
    symbols->loops -= loop;
}

static void
check_condition(struct expression **slot, void *data)
{
    struct symbols *symbols = data;
    const struct expression *e = *slot;

    if (e->kind == EXPRESSION_ASSIGN || e->kind == EXPRESSION_INCREMENT)
        unit_error(symbols->unit, e->token,
                   "probe condition must not modify any variables");
    else if (e->kind == EXPRESSION_CALL)
        unit_error(symbols->unit, e->token,
                   "probe condition must not reference function");
    else if (e->kind == EXPRESSION_SYMBOL && !find_global(symbols, e->token))
        unit_error(symbols->unit, e->token,
                   "probe condition must not reference undeclared global%s",
                   similar_variables(symbols, e->symbol.name, false));
    else
        ast_each_operand(*slot, check_condition, symbols);
}

void
resolve_condition(struct unit *unit, struct expression *condition)
{
    struct symbols symbols = {.unit = unit, .arena = &unit->arena};

    check_condition(&condition, &symbols);
}

void
resolve_probe_symbols(struct unit *unit, struct probe *probe)
{
    struct symbols symbols = {
        .unit = unit,
        .arena = &unit->arena,
        .locals = &probe->locals,
    };

    visit_statement(&probe->body, &symbols);
}

/* The name in "pragma:WHAT:NAME" at TEXT, if it is there. */
static void
use_pragma(struct symbols *symbols, const struct function *function,
           const char *text, const char *what, unsigned how)
{
    size_t size = strlen(what);
    struct token token = *function->token;
    struct variable *variable;

    if (strncmp(text, what, size) != 0)
        return;
    text += size;
    token.text = arena_string(symbols->arena, text, strcspn(text, " */\n\t"));
    variable = find_global(symbols, &token);
    if (variable)
        use(variable, how);
    else
        unit_error(symbols->unit, function->token, "unresolved global %s",
                   token.text);
}

/* Its comments say which globals it uses; that it may hand the call on to
 * another function shows. */
static void
visit_embedded(struct symbols *symbols, struct function *function)
{
    const char *at = function->embedded;

    function->next = strstr(at, "STAP_NEXT") != NULL;
    while ((at = strstr(at, "pragma:"))) {
        at += strlen("pragma:");
        use_pragma(symbols, function, at, "read:", READ);
        use_pragma(symbols, function, at, "write:", WRITE);
    }
}

void
resolve_function_symbols(struct unit *unit, struct function *function)
{
    struct symbols symbols = {
        .unit = unit,
        .arena = &unit->arena,
        .locals = &function->locals,
        .parameters = &function->parameters,
        .function = function,
    };

    if (function->body)
        visit_statement(&function->body, &symbols);
    else
        visit_embedded(&symbols, function);
    if (!function->next)
        function->overload = NULL;
    else if (function->overload && function->used)
        resolve_need_function(unit, function->overload);
}
