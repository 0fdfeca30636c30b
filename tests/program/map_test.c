/* Maps, from the process's and from the programs' side. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/program/host/environment.h"
#include "kernel/program/map_i.h"
#include "protocol/error.h"

static struct map *
make(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t entries)
{
    struct map_attributes attributes = {type, key_size, value_size, entries};
    struct map *map;
    assert_int_equal(map_create(&attributes, &map), 0);
    return map;
}

static int
reset(void **state)
{
    host_environment_reset();
    return 0;
}

static int
check_leaks(void **state)
{
    return host_environment.allocated == 0 ? 0 : -1;
}

static void
attributes_are_checked(void **state)
{
    static const struct map_attributes wrong[] = {
        {0, 8, 8, 8},
        {3, 8, 8, 8},
        {PROBE_MAP_HASH, 0, 8, 8},
        {PROBE_MAP_HASH, PROBE_MAP_KEY_MAX + 1, 8, 8},
        {PROBE_MAP_HASH, 8, 0, 8},
        {PROBE_MAP_HASH, 8, PROBE_MAP_VALUE_MAX + 1, 8},
        {PROBE_MAP_HASH, 8, 8, 0},
        {PROBE_MAP_HASH, 8, 8, PROBE_MAP_ENTRIES_MAX + 1},
        {PROBE_MAP_HASH, UINT32_MAX, UINT32_MAX, UINT32_MAX},
        {PROBE_MAP_ARRAY, 8, 8, 8},
        {PROBE_MAP_PERCPU_ARRAY, 8, 8, 8},
    };
    struct map *map;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(map_memory(&wrong[i]), 0);
        assert_int_equal(map_create(&wrong[i], &map), PROBE_ERROR_ARGUMENT);
    }
    const struct map_attributes right = {PROBE_MAP_HASH, 8, 8, 100};
    host_environment.fail_allocation = 0;
    assert_int_equal(map_create(&right, &map), PROBE_ERROR_MEMORY);
    host_environment.fail_allocation = -1;
    assert_int_equal(map_create(&right, &map), 0);
    assert_int_equal(host_environment.allocated, map_memory(&right));
    map_free(map);
}

static void
hash_keeps_keys_apart(void **state)
{
    static const uint32_t key_sizes[] = {1, 3, 4, 8, 13, 16, 512};
    for (size_t i = 0; i < sizeof(key_sizes) / sizeof(key_sizes[0]); i++) {
        uint32_t size = key_sizes[i], value;
        struct map *map = make(PROBE_MAP_HASH, size, 4, 200);
        uint8_t key[512] = {0};
        for (uint32_t n = 0; n < 200; n++) {
            key[0] = key[size - 1] = (uint8_t)n;
            assert_int_equal(map_lookup(map, key, &value), PROBE_ERROR_NO_KEY);
            assert_int_equal(map_update(map, key, &n, PROBE_MAP_NOEXIST), 0);
        }
        for (uint32_t n = 0; n < 200; n++) {
            key[0] = key[size - 1] = (uint8_t)n;
            assert_int_equal(map_lookup(map, key, &value), 0);
            assert_int_equal(value, n);
            if (n % 3 == 0)
                assert_int_equal(map_delete(map, key), 0);
        }
        for (uint32_t n = 0; n < 200; n++) {
            key[0] = key[size - 1] = (uint8_t)n;
            assert_int_equal(map_lookup(map, key, &value),
                             n % 3 == 0 ? PROBE_ERROR_NO_KEY : 0);
        }
        map_free(map);
    }
}

static void
update_obeys_flags(void **state)
{
    struct map *map = make(PROBE_MAP_HASH, 8, 8, 2);
    uint64_t key = 1, value = 10;

    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_EXIST),
                     PROBE_ERROR_NO_KEY);
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_NOEXIST), 0);
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_NOEXIST),
                     PROBE_ERROR_KEY_EXISTS);
    value = 11;
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_EXIST), 0);
    value = 0;
    assert_int_equal(map_lookup(map, &key, &value), 0);
    assert_int_equal(value, 11);
    assert_int_equal(map_update(map, &key, &value, 3), PROBE_ERROR_ARGUMENT);
    assert_int_equal(map_update(map, &key, &value, (uint64_t)1 << 32),
                     PROBE_ERROR_ARGUMENT);
    key = 2;
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_ANY), 0);
    key = 3;
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_ANY),
                     PROBE_ERROR_FULL);
    assert_int_equal(map_delete(map, &key), PROBE_ERROR_NO_KEY);
    key = 1;
    assert_int_equal(map_delete(map, &key), 0);
    key = 3;
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_ANY), 0);
    map_free(map);
}

/* What a program has found stays, as long as any that ran then runs. */
static void
found_values_stay_until_the_program_ends(void **state)
{
    struct map *map = make(PROBE_MAP_HASH, 8, 8, 1);
    uint64_t key = 1, value = 10, other = 2;

    host_environment.cpus = 2;
    assert_int_equal(map_update(map, &key, &value, PROBE_MAP_ANY), 0);
    map_program_begin(0);
    uint64_t *found = map_program_lookup(map, 0, &key);
    assert_non_null(found);
    map_program_begin(1);
    assert_int_equal(map_program_delete(map, &key), 0);
    assert_null(map_program_lookup(map, 0, &key));
    assert_int_equal(map_program_update(map, 1, &other, &value, 0),
                     -PROBE_ERROR_FULL);
    assert_int_equal(map_update(map, &other, &value, 0), PROBE_ERROR_FULL);
    assert_int_equal(*found, 10);
    map_program_end(0);
    assert_int_equal(map_update(map, &other, &value, 0), PROBE_ERROR_FULL);
    map_program_end(1);
    /* One that started after the removal does not matter. */
    map_program_begin(0);
    assert_int_equal(map_update(map, &other, &value, 0), 0);
    map_program_end(0);
    map_free(map);
}

static void
nobody_waits_for_a_lock(void **state)
{
    struct map *map = make(PROBE_MAP_HASH, 8, 8, 4);
    uint64_t key = 1, value = 10;
    uint32_t cursor = 0;
    uint8_t buffer[64];
    size_t used;

    assert_int_equal(map_update(map, &key, &value, 0), 0);
    assert_true(map_try_lock(map));
    assert_int_equal(map_program_update(map, 0, &key, &value, 0),
                     -PROBE_ERROR_BUSY);
    assert_int_equal(map_program_delete(map, &key), -PROBE_ERROR_BUSY);
    assert_non_null(map_program_lookup(map, 0, &key));
    assert_int_equal(map_update(map, &key, &value, 0), PROBE_ERROR_BUSY);
    assert_int_equal(map_lookup(map, &key, &value), PROBE_ERROR_BUSY);
    assert_int_equal(map_delete(map, &key), PROBE_ERROR_BUSY);
    assert_int_equal(map_read(map, &cursor, buffer, sizeof(buffer), &used),
                     PROBE_ERROR_BUSY);
    map_unlock(map);
    assert_int_equal(map_update(map, &key, &value, 0), 0);
    map_free(map);
}

static void
arrays_have_all_keys(void **state)
{
    struct map *map = make(PROBE_MAP_ARRAY, 4, 12, 5);
    uint32_t key = 4;
    uint8_t value[12] = "hello world", read[12];

    assert_int_equal(map_value_bytes(map), 12);
    assert_int_equal(map_update(map, &key, value, PROBE_MAP_NOEXIST),
                     PROBE_ERROR_KEY_EXISTS);
    assert_int_equal(map_update(map, &key, value, 7), PROBE_ERROR_ARGUMENT);
    assert_int_equal(map_update(map, &key, value, PROBE_MAP_EXIST), 0);
    assert_int_equal(map_lookup(map, &key, read), 0);
    assert_string_equal((char *)read, "hello world");
    assert_string_equal(map_program_lookup(map, 0, &key), "hello world");
    assert_int_equal(map_delete(map, &key), PROBE_ERROR_ARGUMENT);
    key = 5;
    assert_int_equal(map_update(map, &key, value, 0), PROBE_ERROR_NO_KEY);
    assert_int_equal(map_lookup(map, &key, read), PROBE_ERROR_NO_KEY);
    assert_null(map_program_lookup(map, 0, &key));
    map_free(map);
}

static void
percpu_arrays_have_a_value_for_each_cpu(void **state)
{
    host_environment.cpus = 3;
    struct map *map = make(PROBE_MAP_PERCPU_ARRAY, 4, 4, 2);
    uint32_t key = 1, value;
    uint64_t all[3];

    assert_int_equal(map_value_bytes(map), sizeof(all));
    for (unsigned cpu = 0; cpu < 3; cpu++) {
        value = 100 + cpu;
        assert_int_equal(map_program_update(map, cpu, &key, &value, 0), 0);
    }
    assert_int_equal(map_lookup(map, &key, all), 0);
    for (unsigned cpu = 0; cpu < 3; cpu++) {
        assert_int_equal(all[cpu], 100 + cpu);
        all[cpu] = 7 * cpu;
    }
    assert_int_equal(map_update(map, &key, all, 0), 0);
    assert_int_equal(*(uint32_t *)map_program_lookup(map, 2, &key), 14);
    key = 0;
    assert_int_equal(*(uint32_t *)map_program_lookup(map, 2, &key), 0);
    map_free(map);
}

static void
reading_gives_each_entry_once(void **state)
{
    struct map *map = make(PROBE_MAP_HASH, 4, 12, 100);
    uint8_t buffer[5 * 24], seen[100] = {0};
    uint32_t cursor = 0, calls = 0;
    size_t used;

    assert_int_equal(map_entry_bytes(map), 8 + 16);
    for (uint32_t n = 0; n < 100; n++) {
        uint32_t value[3] = {n, n, n};
        assert_int_equal(map_update(map, &n, value, 0), 0);
    }
    for (uint32_t n = 0; n < 100; n += 4)
        assert_int_equal(map_delete(map, &n), 0);
    do {
        assert_int_equal(map_read(map, &cursor, buffer, sizeof(buffer), &used),
                         0);
        for (size_t at = 0; at < used; at += 24) {
            uint32_t key, value;
            memcpy(&key, buffer + at, 4);
            memcpy(&value, buffer + at + 8, 4);
            assert_int_equal(key, value);
            assert_int_equal(seen[key]++, 0);
        }
        assert_true(calls++ < 100);
    } while (cursor != 0);
    for (uint32_t n = 0; n < 100; n++)
        assert_int_equal(seen[n], n % 4 != 0);

    assert_int_equal(map_read(map, &cursor, buffer, 23, &used),
                     PROBE_ERROR_ARGUMENT);
    cursor = 100;
    assert_int_equal(map_read(map, &cursor, buffer, sizeof(buffer), &used),
                     PROBE_ERROR_ARGUMENT);
    map_free(map);
}

static void
only_values_are_contained(void **state)
{
    struct map *map = make(PROBE_MAP_HASH, 8, 12, 4);
    uint64_t key = 1;
    uint8_t value[12] = {0};

    assert_int_equal(map_update(map, &key, value, 0), 0);
    uint8_t *found = map_program_lookup(map, 0, &key);
    assert_true(map_contains(map, found, 12));
    assert_true(map_contains(map, found + 11, 1));
    assert_false(map_contains(map, found, 13));
    assert_false(map_contains(map, found + 12, 1));
    assert_false(map_contains(map, found - 1, 1));
    assert_false(map_contains(map, NULL, 1));
    map_free(map);
}

/* A long random life, beside a table that is surely right. */
static void
hash_agrees_with_a_plain_table(void **state)
{
    struct map *map = make(PROBE_MAP_HASH, 8, 8, 48);
    uint64_t values[64] = {0};
    int present[64] = {0}, count = 0;
    uint32_t random = 1;

    for (int i = 0; i < 50000; i++) {
        random = random * 1664525 + 1013904223;
        uint64_t key = (random >> 8) % 64, value = (uint64_t)i, found;
        if (random >> 31) {
            int error = map_update(map, &key, &value, 0);
            assert_int_equal(
                error, !present[key] && count == 48 ? PROBE_ERROR_FULL : 0);
            if (error != 0)
                continue;
            count += !present[key];
            present[key] = 1;
            values[key] = value;
        } else {
            assert_int_equal(map_delete(map, &key),
                             present[key] ? 0 : PROBE_ERROR_NO_KEY);
            count -= present[key];
            present[key] = 0;
        }
        key = (random >> 16) % 64;
        assert_int_equal(map_lookup(map, &key, &found),
                         present[key] ? 0 : PROBE_ERROR_NO_KEY);
        if (present[key])
            assert_int_equal(found, values[key]);
    }
    map_free(map);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, check_leaks)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(attributes_are_checked),
        TEST(hash_keeps_keys_apart),
        TEST(update_obeys_flags),
        TEST(found_values_stay_until_the_program_ends),
        TEST(nobody_waits_for_a_lock),
        TEST(arrays_have_all_keys),
        TEST(percpu_arrays_have_a_value_for_each_cpu),
        TEST(reading_gives_each_entry_once),
        TEST(only_values_are_contained),
        TEST(hash_agrees_with_a_plain_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
