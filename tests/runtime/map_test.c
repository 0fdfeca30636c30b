/*
 * Arrays, driven against a simple model by many random steps, and what a
 * script can hardly bring about.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/failure.h"
#include "runtime/base/failure_i.h"
#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/maps/map.h"
#include "runtime/program.h"

const struct rt_program rt_program;

#define KEYS  300
#define LIMIT 200
#define STEPS 200000

/* The model: keys in order of insertion. */
struct model {
    unsigned keys[KEYS];
    int64_t values[KEYS];
    unsigned count;
};

static unsigned
model_find(const struct model *model, unsigned key)
{
    unsigned i;

    for (i = 0; i < model->count; i++) {
        if (model->keys[i] == key)
            break;
    }
    return i;
}

static void
model_remove(struct model *model, unsigned at)
{
    unsigned after = model->count - at - 1;

    memmove(&model->keys[at], &model->keys[at + 1], after * sizeof(unsigned));
    memmove(&model->values[at], &model->values[at + 1],
            after * sizeof(int64_t));
    model->count--;
}

/* A number and a string that is long now and then. */
static void
make_keys(unsigned key, union rt_value *keys, char *text)
{
    int length = snprintf(text, 64, "%0*u", (int)(key % 40) + 1, key);

    keys[0].number = (int64_t)key * -3;
    keys[1].string = (struct rt_string){text, (size_t)length};
}

static void
compare(const struct model *model, struct rt_map *map)
{
    struct rt_walk walk = {.map = map, .limit = RT_NO_LIMIT};
    unsigned i = 0;

    assert_int_equal(map->count, model->count);
    for (rt_walk_start(&walk); rt_walk_next(&walk); i++) {
        assert_int_equal(rt_walk_key_long(&walk, 0),
                         (int64_t)model->keys[i] * -3);
        assert_int_equal(atoi(rt_walk_key_string(&walk, 1).text),
                         model->keys[i]);
        assert_int_equal(rt_walk_long(&walk), model->values[i]);
    }
    assert_int_equal(i, model->count);
}

static void
step(struct model *model, struct rt_map *map)
{
    unsigned key = (unsigned)rand() % KEYS;
    unsigned at = model_find(model, key);
    bool present = at < model->count;
    union rt_value keys[2];
    char text[64];

    make_keys(key, keys, text);
    assert_int_equal(rt_map_has(map, keys), present);
    assert_int_equal(rt_map_long(map, keys), present ? model->values[at] : 0);

    if (rand() % 3 == 0) {
        rt_map_delete(map, keys);
        if (present)
            model_remove(model, at);
        return;
    }
    rt_map_set_long(map, keys, key + 1);
    if (!present && model->count == LIMIT && !map->wrap) {
        assert_int_not_equal(rt_failed, 0);
        rt_failure_clear();
        return;
    }
    assert_int_equal(rt_failed, 0);
    if (!present && model->count == LIMIT)
        model_remove(model, 0);
    if (!present) {
        model->keys[model->count] = key;
        model->values[model->count++] = key + 1;
    }
}

static void
drive(bool wrap)
{
    struct rt_map map = {
        .name = "map",
        .limit = LIMIT,
        .arity = 2,
        .value_type = RT_LONG,
        .wrap = wrap,
        .keys = {RT_LONG, RT_STRING},
    };
    static struct model model;
    unsigned i;

    model.count = 0;
    srand(1);
    assert_true(rt_map_open(&map));
    for (i = 0; i < STEPS; i++) {
        step(&model, &map);
        if (i % 1000 == 0)
            compare(&model, &map);
    }
    rt_map_clear(&map);
    model.count = 0;
    compare(&model, &map);
}

static void
a_map_does_what_the_model_does(void **state)
{
    drive(false);
}

static void
a_map_that_wraps_drops_the_oldest(void **state)
{
    drive(true);
}

/* ---- sorting --------------------------------------------------------- */

static void
fill(struct rt_map *map, unsigned count)
{
    unsigned i;

    for (i = 0; i < count; i++) {
        union rt_value key = {.number = i};

        rt_map_set_long(map, &key, (int64_t)(i * 7919u % 1009u));
    }
}

static void
any_limit_gives_the_first_of_the_order(void **state)
{
    unsigned limit;

    for (limit = 1; limit < 60; limit++) {
        struct rt_map map = {
            .name = "map", .limit = 500, .arity = 1, .value_type = RT_LONG};
        struct rt_walk all = {.map = &map, .sort = -1, .limit = RT_NO_LIMIT};
        struct rt_walk some = {.map = &map, .sort = -1, .limit = limit};
        int64_t values[500];
        unsigned i = 0;

        assert_true(rt_map_open(&map));
        fill(&map, 500);
        for (rt_walk_start(&all); rt_walk_next(&all);)
            values[i++] = rt_walk_long(&all);
        assert_int_equal(i, 500);

        rt_map_clear(&map);
        fill(&map, 500);
        i = 0;
        for (rt_walk_start(&some); rt_walk_next(&some);)
            assert_int_equal(rt_walk_long(&some), values[i++]);
        assert_int_equal(i, limit);

        /* Nothing was lost from the list by picking. */
        some = (struct rt_walk){.map = &map, .limit = RT_NO_LIMIT};
        i = 0;
        for (rt_walk_start(&some); rt_walk_next(&some);)
            i++;
        assert_int_equal(i, 500);
    }
}

/* ---- strings --------------------------------------------------------- */

static void
a_string_stored_may_be_the_maps_own(void **state)
{
    struct rt_map map = {
        .name = "map",
        .limit = 2,
        .arity = 1,
        .value_type = RT_STRING,
        .wrap = true,
        .keys = {RT_STRING},
    };
    union rt_value a = {.string = RT_TEXT("a")};
    union rt_value b = {.string = RT_TEXT("b")};
    union rt_value key;

    assert_true(rt_map_open(&map));
    rt_map_set_string(&map, &a, RT_TEXT("the value of a, somewhat long"));
    rt_map_set_string(&map, &b, RT_TEXT("b"));

    /* The entry of "a" makes room, and its value becomes key and value. */
    key.string = rt_map_string(&map, &a);
    rt_map_set_string(&map, &key, key.string);
    assert_false(rt_map_has(&map, &a));
    key.string = RT_TEXT("the value of a, somewhat long");
    assert_string_equal(rt_map_string(&map, &key).text, key.string.text);

    /* Part of itself. */
    key.string = rt_map_string(&map, &key);
    rt_map_set_string(&map, &b, RT_TEXT("0123456789"));
    key.string = rt_map_string(&map, &b);
    key.string.text += 4;
    key.string.length -= 4;
    rt_map_set_string(&map, &b, key.string);
    assert_string_equal(rt_map_string(&map, &b).text, "456789");
}

static int
open_limits(void **state)
{
    return rt_limits_open(128) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_does_what_the_model_does),
        cmocka_unit_test(a_map_that_wraps_drops_the_oldest),
        cmocka_unit_test(any_limit_gives_the_first_of_the_order),
        cmocka_unit_test(a_string_stored_may_be_the_maps_own),
    };

    return cmocka_run_group_tests(tests, open_limits, NULL);
}
