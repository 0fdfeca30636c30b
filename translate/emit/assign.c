/*
 * Assignments, and ++ and --.
 */

#include "translate/emit/emit_i.h"

/* Of what has no value, or one that is not wanted. */
static const struct operand nothing = {NULL, STEADY};

/* Store VALUE to a scalar. */
void
emit_store(struct emitter *emitter, const struct expression *symbol,
           const char *value)
{
    const struct variable *variable = symbol->symbol.variable;

    if (variable->type == TYPE_STRING)
        emit_line(emitter, "rt_store(%s, %s);", emit_storage(emitter, variable),
                  value);
    else
        emit_line(emitter, "%s = %s;", emit_variable_name(emitter, variable),
                  value);
}

/* ---- scalars --------------------------------------------------------- */

static struct operand
assign_scalar(struct emitter *emitter, const struct expression *expression,
              bool wanted)
{
    const struct expression *symbol = expression->assign.target;
    const struct variable *variable = symbol->symbol.variable;
    int operator= expression->assign.operator;
    struct operand value = emit_expression(emitter, expression->assign.value);

    if (operator== ASSIGN_PLAIN) {
        emit_store(emitter, symbol, value.text);
    } else if (operator== BINARY_CONCAT) {
        emit_line(emitter, "rt_append(%s, %s);",
                  emit_storage(emitter, variable), value.text);
    } else {
        struct operand old = emit_expression(emitter, symbol);

        value = emit_arithmetic(emitter, (enum binary_operator) operator, old,
                                value, expression->token);
        emit_store(emitter, symbol, value.text);
    }
    return wanted ? emit_expression(emitter, symbol) : nothing;
}

/* ---- elements of arrays ---------------------------------------------- */

/* A pointer to the element, which is made if it is absent. */
static const char *
element_place(struct emitter *emitter, const struct expression *index,
              const char *keys)
{
    const char *name = emit_text(emitter, "p%u", emit_name(emitter));

    emit_line(emitter, "int64_t *const %s = rt_map_long_place(&%s, %s);", name,
              emit_variable_name(emitter, emit_array(index)), keys);
    emit_check(emitter, index->token);
    return name;
}

static struct operand
assign_string_element(struct emitter *emitter,
                      const struct expression *expression, const char *map,
                      const char *keys, struct operand value)
{
    if (expression->assign.operator== BINARY_CONCAT) {
        value = emit_temporary(
            emitter, TYPE_STRING,
            emit_text(emitter, "rt_concat(rt_map_string(&%s, %s), %s)", map,
                      keys, value.text),
            STEADY);
        emitter->scratch_used = true;
    }
    emit_line(emitter, "rt_map_set_string(&%s, %s, %s);", map, keys,
              value.text);
    emit_check(emitter, expression->assign.target->token);
    return value;
}

static struct operand
assign_long_element(struct emitter *emitter,
                    const struct expression *expression, const char *map,
                    const char *keys, struct operand value)
{
    enum binary_operator operator=(enum binary_operator)
        expression->assign.operator;
    const char *place;

    if (expression->assign.operator== ASSIGN_PLAIN) {
        emit_line(emitter, "rt_map_set_long(&%s, %s, %s);", map, keys,
                  value.text);
        emit_check(emitter, expression->assign.target->token);
        return value;
    }

    /* Making the element may drop another that the value is read from, and
     * an error must not have made it. */
    value = emit_steady(emitter, TYPE_LONG, value);
    emit_check_divisor(emitter, operator, value, expression->token);
    place = element_place(emitter, expression->assign.target, keys);
    value = emit_arithmetic(
        emitter, operator,(struct operand){emit_text(emitter, "*%s", place),
                                           ANY_CHANGES},
        value, expression->token);
    emit_line(emitter, "*%s = %s;", place, value.text);
    return (struct operand){emit_text(emitter, "*%s", place), ANY_CHANGES};
}

static struct operand
assign_element(struct emitter *emitter, const struct expression *expression,
               bool wanted)
{
    const struct expression *index = expression->assign.target;
    const expression_list *indexes = &index->index.indexes;
    const struct variable *array = emit_array(index);
    const char *map = emit_variable_name(emitter, array);
    struct expression **parts =
        arena_alloc(emitter->arena, (indexes->count + 1) * sizeof(*parts));
    struct operand *operands =
        arena_alloc(emitter->arena, (indexes->count + 1) * sizeof(*operands));
    struct operand value;
    struct keys keys;
    unsigned i;

    for (i = 0; i < indexes->count; i++)
        parts[i] = indexes->items[i];
    parts[i] = expression->assign.value;
    emit_operands(emitter, parts, indexes->count + 1, operands);
    keys = emit_keys(emitter, array, indexes->items, operands);
    value = operands[indexes->count];

    if (array->type == TYPE_STATS) {
        emit_line(emitter, "rt_map_add_stats(&%s, %s, %s);", map, keys.name,
                  value.text);
        emit_check(emitter, index->token);
        return nothing;
    }
    if (array->type == TYPE_STRING)
        value =
            assign_string_element(emitter, expression, map, keys.name, value);
    else
        value = assign_long_element(emitter, expression, map, keys.name, value);
    return wanted ? value : nothing;
}

/* ---- both ------------------------------------------------------------ */

static void
add_to_stats(struct emitter *emitter, const struct expression *expression)
{
    const struct variable *variable =
        expression->assign.target->symbol.variable;
    const char *name = emit_variable_name(emitter, variable);
    struct operand value = emit_expression(emitter, expression->assign.value);

    if (variable->stat_operators & 1u << STAT_VARIANCE)
        emit_line(emitter, "rt_stats_add_variance(&%s.stats, %s, %u);", name,
                  value.text, (unsigned)variable->variance_shift);
    else
        emit_line(emitter, "rt_stats_add(&%s.stats, %s);", name, value.text);
    if (variable->histogram != NULL)
        emit_line(emitter, "rt_histogram_add(%s, &%s.stats, %s);",
                  emit_histogram(emitter, variable->histogram), name,
                  value.text);
}

struct operand
emit_assign(struct emitter *emitter, const struct expression *expression,
            bool wanted)
{
    const struct expression *target = expression->assign.target;

    if (target->kind == EXPRESSION_INDEX)
        return assign_element(emitter, expression, wanted);
    if (target->kind == EXPRESSION_TARGET) {
        /* The program has written, and recorded what. */
        emit_expression(emitter, expression->assign.value);
        return emit_expression(emitter, target);
    }
    if (expression->assign.operator== ASSIGN_STATS) {
        add_to_stats(emitter, expression);
        return nothing;
    }
    return assign_scalar(emitter, expression, wanted);
}

/* The place, as C that can be assigned to, of what is counted up or down. */
static const char *
increment_place(struct emitter *emitter, const struct expression *target)
{
    struct keys keys;

    if (target->kind == EXPRESSION_SYMBOL)
        return emit_variable_name(emitter, target->symbol.variable);

    keys =
        emit_evaluate_keys(emitter, emit_array(target), &target->index.indexes);
    return emit_text(emitter, "*%s", element_place(emitter, target, keys.name));
}

struct operand
emit_increment(struct emitter *emitter, const struct expression *expression,
               bool wanted)
{
    const struct expression *target = expression->increment.target;
    struct operand result = nothing;
    const char *place;

    if (target->kind == EXPRESSION_TARGET) {
        result = emit_expression(emitter, target);
        if (!expression->increment.before)
            result.text = emit_text(emitter, "rt_subtract(%s, %d)", result.text,
                                    expression->increment.by);
        return result;
    }

    place = increment_place(emitter, target);
    if (wanted && !expression->increment.before)
        result = emit_temporary(emitter, TYPE_LONG, place, STEADY);
    emit_line(emitter, "%s = %s(%s, 1);", place,
              expression->increment.by > 0 ? "rt_add" : "rt_subtract", place);
    if (wanted && expression->increment.before)
        result = (struct operand){place, ANY_CHANGES};
    return result;
}
