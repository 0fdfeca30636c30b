#include "runtime/report/show.h"

#include <string.h>

#include "runtime/maps/map_i.h"
#include "runtime/values/print.h"

#define PRINT(literal) rt_print_text(literal, sizeof(literal) - 1)

static void
show_string(struct rt_string string)
{
    PRINT("\"");
    rt_print_string(string);
    PRINT("\"");
}

/* VARIANCE is which of the two, if the script asks for one. */
static void
show_stats(const struct rt_stats *stats, bool with_variance,
           enum rt_stat variance, unsigned shift)
{
    const struct {
        struct rt_string name;
        enum rt_stat stat;
    } rows[] = {
        {RT_TEXT(" @count="), RT_COUNT}, {RT_TEXT(" @min="), RT_MIN},
        {RT_TEXT(" @max="), RT_MAX},     {RT_TEXT(" @sum="), RT_SUM},
        {RT_TEXT(" @avg="), RT_AVG},     {RT_TEXT(" @variance="), variance},
    };
    size_t count = sizeof(rows) / sizeof(rows[0]) - (with_variance ? 0 : 1);
    size_t i;

    for (i = 0; i < count; i++) {
        rt_print_string(rows[i].name);
        rt_print_long(rt_stats_get(stats, rows[i].stat, shift));
    }
}

static void
show_value(enum rt_type type, int64_t number, struct rt_string string)
{
    PRINT("=");
    if (type == RT_LONG)
        rt_print_long(number);
    else
        show_string(string);
}

static void
show_entry(const struct rt_walk *walk)
{
    const struct rt_map *map = walk->map;
    unsigned i;

    rt_print_text(map->name, strlen(map->name));
    PRINT("[");
    for (i = 0; i < map->arity; i++) {
        if (i > 0)
            PRINT(",");
        if (map->keys[i] == RT_LONG)
            rt_print_long(rt_walk_key_long(walk, i));
        else
            show_string(rt_walk_key_string(walk, i));
    }
    PRINT("]");
    if (map->value_type == RT_STATS)
        show_stats(rt_walk_stats(walk), map->variance, RT_ELEMENT_VARIANCE,
                   map->shift);
    else if (map->value_type == RT_LONG)
        show_value(RT_LONG, rt_walk_long(walk), RT_TEXT(""));
    else
        show_value(RT_STRING, 0, rt_walk_string(walk));
    PRINT("\n");
}

static void
show_map(struct rt_map *map)
{
    struct rt_walk walk = {
        .map = map,
        .sort = -1,
        .stat = RT_COUNT,
        .limit = RT_NO_LIMIT,
    };

    for (rt_walk_start(&walk); rt_walk_next(&walk);)
        show_entry(&walk);
}

static void
show_scalar(const struct rt_global *global)
{
    const struct rt_stats *stats = global->place;

    if (global->type == RT_STATS && stats->count == 0)
        return;

    rt_print_text(global->name, strlen(global->name));
    if (global->type == RT_STATS)
        show_stats(stats, global->variance, RT_VARIANCE, global->shift);
    else if (global->type == RT_LONG)
        show_value(RT_LONG, *(const int64_t *)global->place, RT_TEXT(""));
    else
        show_value(RT_STRING, 0, rt_read(global->place));
    PRINT("\n");
}

void
rt_show_globals(const struct rt_program *program)
{
    const struct rt_global *global = program->globals;
    uint32_t i;

    for (i = 0; i < program->global_count; i++, global++) {
        if (!global->show)
            continue;
        if (global->array)
            show_map(global->place);
        else
            show_scalar(global);
    }
}
