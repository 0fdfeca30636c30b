/*
 * Arrays, and arrays that each CPU has its own of.
 *
 * A value is found by multiplication, so nothing is locked and there is
 * nothing to remove.  Per-CPU arrays hold all values of CPU 0, then those of
 * CPU 1, so that CPUs do not share cache lines.
 */

#include "kernel/program/map_i.h"

#include "kernel/program/environment.h"
#include "protocol/error.h"

static uint64_t
array_memory(const struct map_attributes *attributes)
{
    if (attributes->key_size != sizeof(uint32_t))
        return 0;
    return round_up_8(attributes->value_size) * attributes->entries;
}

static uint64_t
percpu_memory(const struct map_attributes *attributes)
{
    return array_memory(attributes) * environment_cpus();
}

static void
array_initialize(struct map *map)
{
    map->values = (uint8_t *)map + round_up_8(sizeof(*map));
}

static void *
percpu_find(struct map *map, unsigned cpu, const void *key)
{
    uint32_t index;
    __builtin_memcpy(&index, key, sizeof(index));
    if (index >= map->attributes.entries)
        return NULL;
    return map->values + ((uint64_t)cpu * map->attributes.entries + index) *
                             map->value_stride;
}

static void *
array_find(struct map *map, unsigned cpu, const void *key)
{
    return percpu_find(map, 0, key);
}

/* An array has all its keys, always. */
static int
check_flags(uint64_t flags)
{
    if (flags == PROBE_MAP_NOEXIST)
        return PROBE_ERROR_KEY_EXISTS;
    return flags == PROBE_MAP_ANY || flags == PROBE_MAP_EXIST
               ? 0
               : PROBE_ERROR_ARGUMENT;
}

static int
percpu_set(struct map *map, unsigned cpu, const void *key, const void *value,
           uint64_t flags)
{
    void *at = percpu_find(map, cpu, key);
    if (at == NULL)
        return PROBE_ERROR_NO_KEY;
    int error = check_flags(flags);
    if (error == 0)
        __builtin_memmove(at, value, map->attributes.value_size);
    return error;
}

static int
array_set(struct map *map, unsigned cpu, const void *key, const void *value,
          uint64_t flags)
{
    return percpu_set(map, 0, key, value, flags);
}

static int
array_remove(struct map *map, const void *key)
{
    return PROBE_ERROR_ARGUMENT;
}

static int
array_get_all(struct map *map, const void *key, void *value)
{
    void *at = percpu_find(map, 0, key);
    if (at == NULL)
        return PROBE_ERROR_NO_KEY;
    __builtin_memcpy(value, at, map->attributes.value_size);
    return 0;
}

static int
array_set_all(struct map *map, const void *key, const void *value,
              uint64_t flags)
{
    return percpu_set(map, 0, key, value, flags);
}

static int
percpu_get_all(struct map *map, const void *key, void *value)
{
    for (unsigned i = 0; i < environment_cpus(); i++) {
        void *at = percpu_find(map, i, key);
        if (at == NULL)
            return PROBE_ERROR_NO_KEY;
        __builtin_memcpy((uint8_t *)value + i * map->value_stride, at,
                         map->value_stride);
    }
    return 0;
}

static int
percpu_set_all(struct map *map, const void *key, const void *value,
               uint64_t flags)
{
    for (unsigned i = 0; i < environment_cpus(); i++) {
        const uint8_t *from = (const uint8_t *)value + i * map->value_stride;
        int error = percpu_set(map, i, key, from, flags);
        if (error != 0)
            return error;
    }
    return 0;
}

static int
array_read(struct map *map, uint32_t index, void *key, void *value)
{
    __builtin_memcpy(key, &index, sizeof(index));
    map->kind->get_all(map, &index, value);
    return 1;
}

static void
array_values(const struct map *map, uint32_t *stride, uint32_t *count)
{
    *stride = map->value_stride;
    *count = map->attributes.entries;
}

static void
percpu_values(const struct map *map, uint32_t *stride, uint32_t *count)
{
    *stride = map->value_stride;
    *count = map->attributes.entries * environment_cpus();
}

const struct map_kind map_kind_array = {
    .memory = array_memory,
    .initialize = array_initialize,
    .find = array_find,
    .set = array_set,
    .remove = array_remove,
    .get_all = array_get_all,
    .set_all = array_set_all,
    .read = array_read,
    .values = array_values,
};

const struct map_kind map_kind_percpu_array = {
    .memory = percpu_memory,
    .initialize = array_initialize,
    .find = percpu_find,
    .set = percpu_set,
    .remove = array_remove,
    .get_all = percpu_get_all,
    .set_all = percpu_set_all,
    .read = array_read,
    .values = percpu_values,
};
