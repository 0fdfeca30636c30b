#include "language/types/infer.h"

#include <string.h>

#include "language/messages.h"
#include "language/types/resolve.h"
#include "language/words/builtin.h"
#include "language/words/operator.h"

/* ---- learning and complaining ---------------------------------------- */

void
infer_mismatch(struct inference *in, const struct token *token,
               enum type expected, enum type found, const struct token *first)
{
    if (!in->reporting)
        return;
    in->mismatch = true;
    unit_error(in->unit, token, "type mismatch: expected %s but found %s",
               type_name(expected), type_name(found));
    if (first && first != token)
        message_note(in->unit, first, "type was first inferred here (%s)",
                     type_name(found));
}

/* Remember a type at *type, unless one is there. */
void
infer_learn(struct inference *in, enum type *type, const struct token **place,
            enum type learnt, const struct token *token)
{
    if (*type != TYPE_UNKNOWN || learnt == TYPE_UNKNOWN || learnt == TYPE_VOID)
        return;
    *type = learnt;
    *place = token;
    in->changed = true;
}

void
infer_variable(struct inference *in, struct variable *variable,
               enum type learnt, const struct token *token)
{
    if (variable)
        infer_learn(in, &variable->type, &variable->type_token, learnt, token);
}

/* The expression has a type: note it, and compare with what is wanted. */
static enum type
settle(struct inference *in, struct expression *e, enum type type,
       enum type wanted, const struct token *first)
{
    e->type = type;
    if (wanted == TYPE_UNKNOWN || type == TYPE_UNKNOWN || wanted == type)
        return type;
    infer_mismatch(in, e->token, wanted, type, first);
    return type;
}

/* An expression whose value is used: statistics and nothing are none. */
enum type
infer_value(struct inference *in, struct expression *e, enum type wanted)
{
    enum type type = infer_expression(in, e, wanted);

    if (type != TYPE_STATS && type != TYPE_VOID)
        return type;
    if (in->reporting && wanted == TYPE_UNKNOWN) {
        in->mismatch = true;
        unit_error(in->unit, e->token,
                   e->kind == EXPRESSION_HISTOGRAM
                       ? "base histogram operator where expression expected"
                   : type == TYPE_STATS
                       ? "statistics have no value; use @count, @sum, "
                         "@min, @max or @avg"
                       : "unresolved type: it has no value");
    }
    return TYPE_UNKNOWN;
}

/* The same where a type was learnt at BECAUSE: a mismatch names that, too. */
enum type
infer_expected(struct inference *in, struct expression *e, enum type wanted,
               const struct token *because)
{
    enum type type = infer_value(in, e, wanted);

    if (in->reporting && type != TYPE_UNKNOWN && wanted != TYPE_UNKNOWN &&
        type != wanted && because && because != e->token)
        message_note(in->unit, because, "type was first inferred here (%s)",
                     type_name(wanted));
    return type;
}

/* Index or argument NUMBER, whose type was learnt at BECAUSE. */
static enum type
infer_numbered(struct inference *in, struct expression *e, unsigned number,
               enum type wanted, const struct token *because)
{
    bool reporting = in->reporting;
    enum type type;

    in->reporting = false;
    type = infer_value(in, e, wanted);
    in->reporting = reporting;
    if (!reporting || type == TYPE_UNKNOWN || wanted == TYPE_UNKNOWN ||
        type == wanted || !because)
        return infer_expected(in, e, wanted, because);
    in->mismatch = true;
    unit_error(in->unit, e->token,
               "index %u type mismatch: expected %s but found %s", number,
               type_name(wanted), type_name(type));
    if (because != e->token)
        message_note(in->unit, because,
                     "type of index %u was first inferred here (%s)", number,
                     type_name(wanted));
    return type;
}

static void
visit_long(struct expression **slot, void *in)
{
    infer_value(in, *slot, TYPE_LONG);
}

/* Where the type of an expression was learnt, if not from itself. */
static const struct token *
learnt_at(const struct expression *e)
{
    const struct expression *base =
        e->kind == EXPRESSION_INDEX ? e->index.base : e;

    if (base->kind == EXPRESSION_SYMBOL && base->symbol.variable)
        return base->symbol.variable->type_token;
    if (e->kind == EXPRESSION_CALL && e->call.function)
        return e->call.function->type_token;
    return NULL;
}

static void
disagree(struct inference *in, const struct expression *e,
         const struct expression *left, const struct expression *right)
{
    const struct expression *sides[] = {left, right};

    in->mismatch = true;
    unit_error(in->unit, e->token,
               "type mismatch: left and right sides don't agree (%s vs "
               "%s)",
               type_name(left->type), type_name(right->type));
    for (unsigned i = 0; i < 2; i++) {
        const struct token *first = learnt_at(sides[i]);

        if (first && first != sides[i]->token)
            message_note(in->unit, first, "type was first inferred here (%s)",
                         type_name(sides[i]->type));
    }
}

/* Two expressions of one type, which is returned. */
static enum type
visit_both(struct inference *in, struct expression *e, struct expression *a,
           struct expression *b, enum type wanted)
{
    enum type left = infer_value(in, a, wanted);
    enum type right =
        infer_value(in, b, left == TYPE_UNKNOWN ? wanted : TYPE_UNKNOWN);

    if (left == TYPE_UNKNOWN && a->type == TYPE_UNKNOWN &&
        right != TYPE_UNKNOWN)
        left = infer_value(in, a, right);
    else if (right == TYPE_UNKNOWN && b->type == TYPE_UNKNOWN &&
             left != TYPE_UNKNOWN)
        right = infer_value(in, b, left);
    if (in->reporting && left != TYPE_UNKNOWN && right != TYPE_UNKNOWN &&
        left != right)
        disagree(in, e, a, b);
    return left;
}

/* ---- variables and arrays -------------------------------------------- */

enum type
infer_symbol(struct inference *in, struct expression *e, enum type wanted)
{
    struct variable *variable = e->symbol.variable;

    if (!variable)
        return TYPE_UNKNOWN;
    infer_variable(in, variable, wanted, e->token);
    return settle(in, e, variable->type, wanted, variable->type_token);
}

/* Indexes, keys or slices against those of an array. */
void
infer_indexes(struct inference *in, struct variable *array,
              expression_list *indexes)
{
    for (unsigned i = 0; i < indexes->count; i++) {
        struct expression *index = indexes->items[i];
        bool known = array && array->arity == (int)indexes->count;
        enum type type;

        if (!index)
            continue;
        if (!array) {
            infer_value(in, index, TYPE_LONG);
            continue;
        }
        if (!known) {
            infer_value(in, index, TYPE_UNKNOWN);
            continue;
        }
        type = infer_numbered(in, index, i, array->index_types[i],
                              array->index_tokens[i]);
        infer_learn(in, &array->index_types[i], &array->index_tokens[i], type,
                    index->token);
    }
}

/* The variable of an array, or NULL for a histogram, whose keys and values
 * are longs. */
struct variable *
infer_array(struct inference *in, struct expression *array)
{
    if (array->kind == EXPRESSION_SYMBOL)
        return array->symbol.variable;
    infer_expression(in, array, TYPE_UNKNOWN);
    return NULL;
}

enum type
infer_index(struct inference *in, struct expression *e, enum type wanted)
{
    struct variable *array = infer_array(in, e->index.base);

    infer_indexes(in, array, &e->index.indexes);
    if (e->index.base->kind == EXPRESSION_HISTOGRAM)
        return settle(in, e, TYPE_LONG, wanted, NULL);
    if (!array)
        return TYPE_UNKNOWN;
    infer_variable(in, array, wanted, e->token);
    return settle(in, e, array->type, wanted, array->type_token);
}

/* ---- assignments ----------------------------------------------------- */

static enum type
visit_assign(struct inference *in, struct expression *e, enum type wanted)
{
    struct expression *target = e->assign.target;
    struct expression *value = e->assign.value;
    enum type type = TYPE_LONG;

    if (e->assign.operator== ASSIGN_STATS) {
        infer_expression(in, target, TYPE_STATS);
        infer_value(in, value, TYPE_LONG);
        return settle(in, e, TYPE_VOID, wanted, NULL);
    }
    if (e->assign.operator== ASSIGN_PLAIN)
        return settle(in, e, visit_both(in, e, target, value, wanted), wanted,
                      NULL);
    if (operator_table[e->assign.operator].types == OPERATOR_STRING)
        type = TYPE_STRING;
    infer_value(in, target, type);
    infer_value(in, value, type);
    return settle(in, e, type, wanted, NULL);
}

/* ---- calls ----------------------------------------------------------- */

/* Functions that may be tried for one call share one signature.  Returns
 * what they give; *place is where that was learnt. */
static enum type
common_result(struct function *function, const struct token **place)
{
    for (; function; function = function->overload)
        if (function->type != TYPE_UNKNOWN) {
            *place = function->type_token;
            return function->type;
        }
    return TYPE_UNKNOWN;
}

static bool
any_returns(const struct function *function)
{
    for (; function; function = function->overload)
        if (function->returns || function->embedded) /* C may return */
            return true;
    return false;
}

static enum type
visit_function(struct inference *in, struct expression *e, enum type wanted)
{
    struct function *function = e->call.function;
    const struct token *place = e->token;
    enum type result = common_result(function, &place);

    if (result == TYPE_UNKNOWN && any_returns(function))
        result = wanted;
    for (struct function *one = function; one; one = one->overload) {
        for (unsigned i = 0; i < one->parameters.count; i++) {
            struct variable *parameter = one->parameters.items[i];
            struct expression *argument = e->call.arguments.items[i];
            enum type type = infer_numbered(in, argument, i, parameter->type,
                                            parameter->type_token);

            infer_variable(in, parameter, type, argument->token);
        }
        infer_learn(in, &one->type, &one->type_token, result, place);
        if (one->type != result && result != TYPE_UNKNOWN)
            infer_mismatch(in, one->token, result, one->type, place);
    }
    return settle(in, e, function->type, wanted, function->type_token);
}

static enum type
visit_builtin(struct inference *in, struct expression *e, enum type wanted)
{
    const struct builtin *builtin = e->call.builtin;

    for (unsigned i = 0; i < e->call.arguments.count; i++)
        infer_value(in, e->call.arguments.items[i], builtin->parameters[i]);
    return settle(in, e, builtin->type, wanted, NULL);
}

static enum type
visit_call(struct inference *in, struct expression *e, enum type wanted)
{
    if (e->call.function)
        return visit_function(in, e, wanted);
    if (e->call.builtin)
        return visit_builtin(in, e, wanted);
    return TYPE_UNKNOWN;
}

/* ---- print ----------------------------------------------------------- */

static void
visit_format(struct inference *in, struct expression *e)
{
    expression_list *arguments = &e->print.arguments;
    int needed = 0;

    LIST_EACH (directive, &e->print.directives) {
        /* %m and %M have an argument for each word (memory.c). */
        int words = resolve_prints_memory_words(directive);
        const int places[] = {directive->width_argument,
                              directive->precision_argument,
                              directive->argument};

        for (unsigned i = 0; i < 3; i++) {
            int at = places[i];
            bool string = i == 2 && directive->conversion == 's';

            if (at >= needed)
                needed = at + (i == 2 ? words : 1);
            for (int word = 1; i == 2 && word < words; word++)
                if (at + word < (int)arguments->count)
                    infer_value(in, arguments->items[at + word], TYPE_LONG);
            if (at >= 0 && at < (int)arguments->count)
                infer_value(in, arguments->items[at],
                            string ? TYPE_STRING : TYPE_LONG);
        }
    }
    if (in->reporting && needed != (int)arguments->count) {
        in->mismatch = true;
        unit_error(in->unit, e->token,
                   "Wrong number of args to formatted print operator (%d "
                   "needed, %u given)",
                   needed, arguments->count);
    }
}

static enum type
visit_print(struct inference *in, struct expression *e, enum type wanted)
{
    if (e->print.delimiter)
        infer_expression(in, e->print.delimiter, TYPE_STRING);
    if (e->print.format)
        visit_format(in, e);
    else
        LIST_EACH (argument, &e->print.arguments) {
            if ((*argument)->kind == EXPRESSION_HISTOGRAM)
                infer_expression(in, *argument, TYPE_UNKNOWN);
            else
                infer_value(in, *argument, TYPE_UNKNOWN);
        }
    return settle(in, e, e->print.to_string ? TYPE_STRING : TYPE_VOID, wanted,
                  NULL);
}

/* ---- expressions ----------------------------------------------------- */

static enum type
visit_binary(struct inference *in, struct expression *e, enum type wanted)
{
    enum operator_types types = operator_table[e->binary.operator].types;

    if (types == OPERATOR_COMPARE) {
        visit_both(in, e, e->binary.left, e->binary.right, TYPE_UNKNOWN);
        return settle(in, e, TYPE_LONG, wanted, NULL);
    }

    enum type type = types == OPERATOR_STRING ? TYPE_STRING : TYPE_LONG;

    infer_value(in, e->binary.left, type);
    infer_value(in, e->binary.right, type);
    return settle(in, e, type, wanted, NULL);
}

/* Visit an expression, the type that is wanted of it being known or not;
 * returns its type as far as it is known. */
enum type
infer_expression(struct inference *in, struct expression *e, enum type wanted)
{
    switch (e->kind) {
    case EXPRESSION_NUMBER:
        return settle(in, e, TYPE_LONG, wanted, NULL);
    case EXPRESSION_STRING:
        return settle(in, e, TYPE_STRING, wanted, NULL);
    case EXPRESSION_SYMBOL:
        return infer_symbol(in, e, wanted);
    case EXPRESSION_INDEX:
        return infer_index(in, e, wanted);
    case EXPRESSION_IN:
        infer_indexes(in, infer_array(in, e->in.array), &e->in.indexes);
        return settle(in, e, TYPE_LONG, wanted, NULL);
    case EXPRESSION_BINARY:
        return visit_binary(in, e, wanted);
    case EXPRESSION_TERNARY:
        infer_value(in, e->ternary.condition, TYPE_LONG);
        return settle(in, e,
                      visit_both(in, e, e->ternary.yes, e->ternary.no, wanted),
                      wanted, NULL);
    case EXPRESSION_ASSIGN:
        return visit_assign(in, e, wanted);
    case EXPRESSION_REGEX:
        infer_value(in, e->regex.subject, TYPE_STRING);
        return settle(in, e, TYPE_LONG, wanted, NULL);
    case EXPRESSION_CALL:
        return visit_call(in, e, wanted);
    case EXPRESSION_PRINT:
        return visit_print(in, e, wanted);
    case EXPRESSION_STAT:
        infer_expression(in, e->stat.stats, TYPE_STATS);
        return settle(in, e, TYPE_LONG, wanted, NULL);
    case EXPRESSION_HISTOGRAM:
        infer_expression(in, e->histogram.stats, TYPE_STATS);
        return settle(in, e, TYPE_STATS, wanted, NULL);
    case EXPRESSION_EMBEDDED:
        return settle(in, e,
                      strstr(e->embedded, "/* string */") ? TYPE_STRING
                                                          : TYPE_LONG,
                      wanted, NULL);
    case EXPRESSION_TARGET:
        /* Its type was learnt from the caller. */
        ast_each_operand(e, visit_long, in);
        return settle(in, e, e->type, wanted, NULL);
    default:
        ast_each_operand(e, visit_long, in);
        return settle(in, e, TYPE_LONG, wanted, NULL);
    }
}
