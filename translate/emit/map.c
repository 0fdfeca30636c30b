/*
 * Arrays and statistics: keys, elements, membership, operators, delete.
 */

#include "translate/emit/emit_i.h"

/* ---- keys ------------------------------------------------------------ */

const struct variable *
emit_array(const struct expression *index)
{
    return index->index.base->symbol.variable;
}

struct keys
emit_keys(struct emitter *emitter, const struct variable *map,
          struct expression *const *indexes, const struct operand *operands)
{
    struct keys keys = {emit_text(emitter, "k%u", emit_name(emitter)), 0,
                        false};
    struct text list = {0};
    int i;

    for (i = 0; i < map->arity; i++) {
        text_puts(&list, i > 0 ? ", " : "");
        if (indexes[i] == NULL) {
            text_puts(&list, "{.number = 0}");
            keys.pattern = true;
            continue;
        }
        keys.given |= 1u << i;
        text_printf(&list, "{.%s = %s}",
                    map->index_types[i] == TYPE_STRING ? "string" : "number",
                    operands[i].text);
    }
    emit_line(emitter, "const union rt_value %s[] = {%s};", keys.name,
              text_string(&list));
    text_free(&list);
    return keys;
}

struct keys
emit_evaluate_keys(struct emitter *emitter, const struct variable *map,
                   const expression_list *indexes)
{
    struct operand *operands =
        arena_alloc(emitter->arena, (indexes->count + 1) * sizeof(*operands));

    emit_operands(emitter, indexes->items, indexes->count, operands);
    return emit_keys(emitter, map, indexes->items, operands);
}

/* ---- elements -------------------------------------------------------- */

struct operand
emit_index(struct emitter *emitter, const struct expression *expression)
{
    const struct variable *map;
    struct keys keys;
    const char *name;

    if (expression->index.base->kind != EXPRESSION_SYMBOL)
        return emit_bucket(emitter, expression);

    map = emit_array(expression);
    name = emit_variable_name(emitter, map);
    keys = emit_evaluate_keys(emitter, map, &expression->index.indexes);
    if (map->type == TYPE_STRING)
        return emit_temporary(
            emitter, TYPE_STRING,
            emit_text(emitter, "rt_map_string(&%s, %s)", name, keys.name),
            ANY_CHANGES);
    return emit_temporary(
        emitter, TYPE_LONG,
        emit_text(emitter, "rt_map_long(&%s, %s)", name, keys.name), STEADY);
}

struct operand
emit_in(struct emitter *emitter, const struct expression *expression)
{
    const struct variable *map;
    const char *name, *text;
    struct keys keys;

    if (expression->in.array->kind != EXPRESSION_SYMBOL)
        return emit_in_histogram(emitter, expression);
    map = expression->in.array->symbol.variable;
    name = emit_variable_name(emitter, map);
    keys = emit_evaluate_keys(emitter, map, &expression->in.indexes);
    if (keys.pattern)
        text = emit_text(emitter, "rt_map_has_matching(&%s, %s, %u)", name,
                         keys.name, keys.given);
    else
        text = emit_text(emitter, "rt_map_has(&%s, %s)", name, keys.name);
    return emit_temporary(emitter, TYPE_LONG, text, STEADY);
}

/* ---- statistics ------------------------------------------------------ */

static const char *const stat_names[STAT_OPERATORS] = {
    [STAT_COUNT] = "RT_COUNT", [STAT_SUM] = "RT_SUM",
    [STAT_MIN] = "RT_MIN",     [STAT_MAX] = "RT_MAX",
    [STAT_AVG] = "RT_AVG",     [STAT_VARIANCE] = "RT_VARIANCE",
};

const char *
emit_element_stat_name(enum stat_operator stat)
{
    return stat == STAT_VARIANCE ? "RT_ELEMENT_VARIANCE" : stat_names[stat];
}

const char *
emit_stats_place(struct emitter *emitter, const struct expression *stats)
{
    const struct variable *variable;
    struct keys keys;

    if (stats->kind == EXPRESSION_INDEX) {
        variable = emit_array(stats);
        keys = emit_evaluate_keys(emitter, variable, &stats->index.indexes);
        return emit_text(emitter, "rt_map_stats(&%s, %s)",
                         emit_variable_name(emitter, variable), keys.name);
    }
    return emit_text(emitter, "&%s.stats",
                     emit_variable_name(emitter, stats->symbol.variable));
}

struct operand
emit_stat(struct emitter *emitter, const struct expression *expression)
{
    enum stat_operator operator= expression->stat.operator;
    const struct expression *stats = expression->stat.stats;
    const char *place = emit_stats_place(emitter, stats);
    const char *name = stats->kind == EXPRESSION_INDEX
                           ? emit_element_stat_name(operator)
                           : stat_names[operator];
    struct operand result;

    result =
        emit_temporary(emitter, TYPE_LONG,
                       emit_text(emitter, "rt_stats_get(%s, %s, %u)", place,
                                 name, (unsigned)expression->stat.shift),
                       STEADY);
    if (operator!= STAT_COUNT && operator!= STAT_SUM)
        emit_check(emitter, expression->token);
    return result;
}

/* ---- delete ---------------------------------------------------------- */

static void
delete_variable(struct emitter *emitter, const struct variable *variable)
{
    const char *name = emit_variable_name(emitter, variable);

    if (variable->arity > 0)
        emit_line(emitter, "rt_map_clear(&%s);", name);
    else if (variable->type == TYPE_STATS)
        emit_line(emitter, "%s = (__typeof__(%s)){0};", name, name);
    else if (variable->type == TYPE_STRING)
        emit_line(emitter, "rt_store(%s, RT_TEXT(\"\"));",
                  emit_storage(emitter, variable));
    else
        emit_line(emitter, "%s = 0;", name);
}

void
emit_delete(struct emitter *emitter, const struct expression *target)
{
    const struct variable *map;
    const char *name;
    struct keys keys;

    if (target->kind == EXPRESSION_SYMBOL) {
        delete_variable(emitter, target->symbol.variable);
        return;
    }
    map = emit_array(target);
    name = emit_variable_name(emitter, map);
    keys = emit_evaluate_keys(emitter, map, &target->index.indexes);
    if (keys.pattern)
        emit_line(emitter, "rt_map_delete_matching(&%s, %s, %u);", name,
                  keys.name, keys.given);
    else
        emit_line(emitter, "rt_map_delete(&%s, %s);", name, keys.name);
}
