#include "client/machprobe.h"

#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "client/session_i.h"
#include "mig/machprobe_user.h"

kern_return_t
machprobe_map_create(struct machprobe *session, enum probe_map_type type,
                     uint32_t key_size, uint32_t value_size, uint32_t entries,
                     uint32_t *map)
{
    return probe_map_create(session->port, (natural_t)type, key_size,
                            value_size, entries, map);
}

kern_return_t
machprobe_map_lookup(struct machprobe *session, uint32_t map, const void *key,
                     uint32_t key_size, void *value, uint32_t value_size)
{
    mach_msg_type_number_t size = 0;
    char *bytes = NULL;
    kern_return_t error;

    if (key_size > PROBE_MAP_KEY_MAX)
        return PROBE_ERROR_ARGUMENT;

    error = probe_map_lookup(session->port, map, key, key_size, &bytes, &size);
    if (error != KERN_SUCCESS)
        return error;

    if (size == value_size)
        memcpy(value, bytes, size);
    else
        error = PROBE_ERROR_ARGUMENT;
    reply_free(bytes, size);
    return error;
}

kern_return_t
machprobe_map_update(struct machprobe *session, uint32_t map, const void *key,
                     uint32_t key_size, const void *value, uint32_t value_size,
                     uint32_t flags)
{
    if (key_size > PROBE_MAP_KEY_MAX)
        return PROBE_ERROR_ARGUMENT;

    return probe_map_update(session->port, map, key, key_size, (char *)value,
                            value_size, flags);
}

kern_return_t
machprobe_map_delete(struct machprobe *session, uint32_t map, const void *key,
                     uint32_t key_size)
{
    if (key_size > PROBE_MAP_KEY_MAX)
        return PROBE_ERROR_ARGUMENT;

    return probe_map_delete(session->port, map, key, key_size);
}

static uint64_t
round_up(uint64_t size)
{
    return (size + 7) & ~(uint64_t)7;
}

kern_return_t
machprobe_map_read(struct machprobe *session, uint32_t map, uint32_t key_size,
                   uint32_t value_size, machprobe_entry each, void *data)
{
    uint64_t pitch = round_up(key_size) + round_up(value_size);
    natural_t cursor = 0;
    int ended = 0;

    do {
        mach_msg_type_number_t size = 0;
        char *bytes = NULL;
        uint64_t at;
        kern_return_t error =
            probe_map_read(session->port, map, cursor, &cursor, &bytes, &size);

        if (error != KERN_SUCCESS)
            return error;

        if (size % pitch != 0)
            error = PROBE_ERROR_ARGUMENT;
        for (at = 0; error == KERN_SUCCESS && !ended && at < size; at += pitch)
            ended = each(data, bytes + at, bytes + at + round_up(key_size));
        reply_free(bytes, size);
        if (error != KERN_SUCCESS)
            return error;
    } while (cursor != 0 && !ended);
    return KERN_SUCCESS;
}
