/*
 * foreach.
 */

#include "translate/emit/emit_i.h"

/* A string that the walk compares with as long as it lasts: in a variable of
 * its own, made with the body's. */
static const char *
hold(struct emitter *emitter, const char *value)
{
    const char *name = emit_text(emitter, "h%u", emit_name(emitter));

    text_printf(&emitter->holds,
                "    struct rt_variable *const %s = "
                "rt_local();\n",
                name);
    emit_line(emitter, "rt_store(%s, %s);", name, value);
    return emit_text(emitter, "rt_read(%s)", name);
}

/* ".given = 1, .keys = {...}" of a[x, *], or "". */
static const char *
slice(struct emitter *emitter, const struct variable *map,
      const expression_list *indexes)
{
    struct operand *operands =
        arena_alloc(emitter->arena, (indexes->count + 1) * sizeof(*operands));
    unsigned given = 0;
    struct text list = {0};
    const char *result;
    unsigned i;

    emit_operands(emitter, indexes->items, indexes->count, operands);
    for (i = 0; i < indexes->count; i++) {
        if (indexes->items[i] == NULL)
            continue;
        given |= 1u << i;
        if (map->index_types[i] == TYPE_STRING)
            text_printf(&list, "[%u] = {.string = %s}, ", i,
                        hold(emitter, operands[i].text));
        else
            text_printf(&list, "[%u] = {.number = %s}, ", i, operands[i].text);
    }
    result = given == 0 ? ""
                        : emit_text(emitter, ", .given = %u, .keys = {%s}",
                                    given, list.data);
    text_free(&list);
    return result;
}

/* A loop variable that nothing reads is no mistake, but C warns of it. */
void
emit_loop_variable(struct emitter *emitter, const struct expression *symbol,
                   const char *value)
{
    emit_store(emitter, symbol, value);
    if (symbol->symbol.variable->kind == VARIABLE_LOCAL)
        emit_line(emitter, "(void)%s;",
                  emit_variable_name(emitter, symbol->symbol.variable));
}

static void
store_key(struct emitter *emitter, const struct expression *key,
          const char *walk, unsigned number)
{
    const char *type =
        key->symbol.variable->type == TYPE_STRING ? "string" : "long";

    emit_loop_variable(
        emitter, key,
        emit_text(emitter, "rt_walk_key_%s(&%s, %u)", type, walk, number));
}

static void
store_value(struct emitter *emitter, const struct expression *value,
            const char *walk)
{
    static const char *const types[] = {
        [TYPE_LONG] = "long",
        [TYPE_STRING] = "string",
        [TYPE_STATS] = "stats",
    };

    emit_loop_variable(emitter, value,
                       emit_text(emitter, "rt_walk_%s(&%s)",
                                 types[value->symbol.variable->type], walk));
}

void
emit_foreach(struct emitter *emitter, const struct statement *statement)
{
    const struct variable *map;
    const expression_list *keys = &statement->foreach.keys;
    const char *walk = emit_text(emitter, "w%u", emit_name(emitter));
    const char *limit = "RT_NO_LIMIT";
    const char *pattern;
    unsigned i;

    if (statement->foreach.array->kind != EXPRESSION_SYMBOL) {
        emit_foreach_bucket(emitter, statement);
        return;
    }
    map = statement->foreach.array->symbol.variable;

    emit_open(emitter, "%s", "");
    pattern = slice(emitter, map, &statement->foreach.slice);
    if (statement->foreach.limit != NULL)
        limit = emit_expression(emitter, statement->foreach.limit).text;
    emit_line(emitter,
              "struct rt_walk %s = {.map = &%s, .sort = %d, .column = %u, "
              ".stat = %s, .limit = %s%s%s};",
              walk, emit_variable_name(emitter, map), statement->foreach.sort,
              statement->foreach.sort_column,
              emit_element_stat_name(statement->foreach.sort_operator), limit,
              pattern, statement->foreach.reordered ? ", .apart = true" : "");
    emit_release(emitter);

    emit_open(emitter, "for (rt_walk_start(&%s); rt_walk_next(&%s);) ", walk,
              walk);
    for (i = 0; i < keys->count; i++)
        store_key(emitter, keys->items[i], walk, i);
    if (statement->foreach.value != NULL)
        store_value(emitter, statement->foreach.value, walk);
    emit_loop_body(emitter, statement->foreach.body, statement->token, NULL);
    emit_close(emitter);
    emit_close(emitter);
}
