#include "language/types/resolve.h"

#include "language/types/infer.h"

/* ---- statements ------------------------------------------------------ */

/* A loop variable takes the type of the key or value, or gives it. */
static void
visit_loop_variable(struct inference *in, struct expression *e, enum type *type,
                    const struct token **place)
{
    infer_expression(in, e, *type == TYPE_STATS ? TYPE_UNKNOWN : *type);
    infer_learn(in, type, place, e->type, e->token);
    if (*type == TYPE_STATS && in->reporting) {
        in->mismatch = true;
        unit_error(in->unit, e->token,
                   "statistics have no value; loop over the keys and use "
                   "@count, @sum, @min, @max or @avg");
    }
}

static void
visit_foreach(struct inference *in, struct statement *s)
{
    struct variable *array = infer_array(in, s->foreach.array);
    unsigned count = s->foreach.keys.count;

    if (array && array->arity == (int)count) {
        for (unsigned i = 0; i < count; i++)
            visit_loop_variable(in, s->foreach.keys.items[i],
                                &array->index_types[i],
                                &array->index_tokens[i]);
        if (s->foreach.value)
            visit_loop_variable(in, s->foreach.value, &array->type,
                                &array->type_token);
        if (s->foreach.sort_operator != STAT_COUNT)
            infer_variable(in, array, TYPE_STATS, s->foreach.array->token);
        s->foreach.array->type = array->type;
        infer_indexes(in, array, &s->foreach.slice);
        if (in->reporting && s->foreach.sort_operator != STAT_COUNT &&
            array->type != TYPE_STATS)
            infer_mismatch(in, s->foreach.array->token, TYPE_STATS, array->type,
                           array->type_token);
    } else if (!array) {
        LIST_EACH (key, &s->foreach.keys)
            infer_expression(in, *key, TYPE_LONG);
        if (s->foreach.value)
            infer_expression(in, s->foreach.value, TYPE_LONG);
    }
    if (s->foreach.limit)
        infer_value(in, s->foreach.limit, TYPE_LONG);
}

static void
visit_return(struct inference *in, struct statement *s)
{
    struct function *function = in->function;

    if (!s->expression)
        return;
    if (function->type == TYPE_VOID) {
        infer_expression(in, s->expression, TYPE_UNKNOWN);
        return;
    }

    enum type type =
        infer_expected(in, s->expression, function->type, function->type_token);

    infer_learn(in, &function->type, &function->type_token, type,
                s->expression->token);
}

static void
visit_any(struct inference *in, struct expression *e)
{
    if (e)
        infer_expression(in, e, TYPE_UNKNOWN);
}

static void
visit_statement(struct statement **slot, void *data)
{
    struct inference *in = data;
    struct statement *s = *slot;

    switch (s->kind) {
    case STATEMENT_EXPRESSION:
        visit_any(in, s->expression);
        break;
    case STATEMENT_IF:
        infer_value(in, s->branch.condition, TYPE_LONG);
        break;
    case STATEMENT_LOOP:
        visit_any(in, s->loop.initial);
        if (s->loop.condition)
            infer_value(in, s->loop.condition, TYPE_LONG);
        visit_any(in, s->loop.step);
        break;
    case STATEMENT_FOREACH:
        visit_foreach(in, s);
        break;
    case STATEMENT_RETURN:
        visit_return(in, s);
        break;
    case STATEMENT_DELETE:
        if (s->delete->kind == EXPRESSION_INDEX)
            infer_index(in, s->delete, TYPE_UNKNOWN);
        else
            infer_symbol(in, s->delete, TYPE_UNKNOWN);
        break;
    case STATEMENT_TRY:
        if (s->try.message)
            infer_expression(in, s->try.message, TYPE_STRING);
        break;
    default:
        break;
    }
    ast_each_statement(s, visit_statement, in);
}

/* ---- the whole program ----------------------------------------------- */

static void
visit_program(struct inference *in)
{
    LIST_EACH (probe, &in->unit->probes) {
        in->function = NULL;
        visit_statement(&(*probe)->body, in);
    }
    LIST_EACH (function, &in->unit->functions) {
        in->function = *function;
        if ((*function)->body)
            visit_statement(&(*function)->body, in);
    }
}

static void
check_variables(struct inference *in, const variable_list *variables)
{
    LIST_EACH (at, variables) {
        struct variable *variable = *at;

        /* What nothing uses is forgotten. */
        if (!variable->used && variable->kind != VARIABLE_PARAMETER &&
            !in->unit->options.unoptimized)
            continue;
        if (variable->type == TYPE_UNKNOWN)
            unit_error(in->unit, variable->token, "unresolved type");
        for (int i = 0; i < variable->arity; i++)
            if (variable->index_types[i] == TYPE_UNKNOWN)
                unit_error(in->unit, variable->token,
                           "unresolved type of index %d", i + 1);
    }
}

void
resolve_types(struct unit *unit)
{
    struct inference in = {.unit = unit};

    LIST_EACH (at, &unit->globals) {
        struct variable *variable = *at;

        if (variable->initial)
            infer_variable(&in, variable,
                           variable->initial->kind == EXPRESSION_NUMBER
                               ? TYPE_LONG
                               : TYPE_STRING,
                           variable->token);
    }
    do {
        in.changed = false;
        visit_program(&in);
    } while (in.changed);
    if (!unit->options.unoptimized)
        resolve_idle(unit);

    /* Whoever wants the value of one of these gets an error. */
    LIST_EACH (function, &unit->functions)
        if ((*function)->type == TYPE_UNKNOWN)
            (*function)->type = TYPE_VOID;
    in.reporting = true;
    visit_program(&in);
    if (in.mismatch)
        return;
    check_variables(&in, &unit->globals);
    LIST_EACH (at, &unit->functions) {
        struct function *function = *at;

        check_variables(&in, &function->parameters);
        check_variables(&in, &function->locals);
    }
    LIST_EACH (probe, &unit->probes)
        check_variables(&in, &(*probe)->locals);
}
