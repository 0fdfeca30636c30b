#include "kernel/memory/memory.h"

#include <stddef.h>

#include "kernel/machine/stop.h"
#include "kernel/machine/string.h"
#include "kernel/memory/window.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

struct memory_layout memory_layout;

static bool
is_ram(uint64_t physical)
{
    for (uint32_t i = 0; i < memory_layout.ranges; i++) {
        const struct memory_range *range = &memory_layout.range[i];

        if (physical >= range->start && physical < range->end)
            return true;
    }
    return false;
}

const void *
memory_direct(uint64_t physical)
{
    if (physical >= memory_layout.direct_end - memory_layout.direct_base ||
        !is_ram(physical))
        return NULL;
    return (const void *)(uintptr_t)(memory_layout.direct_base + physical);
}

/*
 * Where the bytes at ADDRESS can be read: in the direct map, which nobody can
 * change under us.  Memory beyond the direct map is read where it is: with
 * one CPU and no interrupts nothing unmaps it meanwhile.  Another CPU could, so
 * with several it is read through a window.
 */
static const void *
place_of(enum memory_space space, uint64_t address)
{
    const void *place;
    uint64_t physical;

    if (space == MEMORY_KERNEL && address >= memory_layout.direct_base &&
        address < memory_layout.direct_end)
        return memory_direct(address - memory_layout.direct_base);
    if (!memory_translate(space, address, &physical))
        return NULL;
    place = memory_direct(physical);
    if (place == NULL && is_ram(physical))
        place = stop_cpus() == 1 ? (const void *)(uintptr_t)address
                                 : window_map(physical);
    return place;
}

bool
memory_exists(uint64_t address)
{
    return place_of(MEMORY_KERNEL, address) != NULL;
}

uint32_t
memory_read_page(enum memory_space space, void *buffer, uint32_t size,
                 uint64_t address)
{
    uint32_t left = MEMORY_PAGE_SIZE - address % MEMORY_PAGE_SIZE;
    const void *place = place_of(space, address);

    if (place == NULL)
        return 0;
    if (size > left)
        size = left;
    memcpy(buffer, place, size);
    return size;
}

int64_t
memory_read(enum memory_space space, void *buffer, uint32_t size,
            uint64_t address)
{
    uint32_t done = 0;

    while (done < size) {
        uint32_t bytes = memory_read_page(space, (char *)buffer + done,
                                          size - done, address + done);

        if (bytes == 0) {
            memset(buffer, 0, size);
            return -(int64_t)PROBE_ERROR_FAULT;
        }
        done += bytes;
    }
    return 0;
}

/*
 * A string often ends before a page that is not there, so it is taken page by
 * page and searched before the next one is looked at.
 */
int64_t
memory_read_string(enum memory_space space, char *buffer, uint32_t size,
                   uint64_t address)
{
    uint32_t done = 0;

    if (size == 0)
        return -(int64_t)PROBE_ERROR_ARGUMENT;
    while (done < size - 1) {
        uint32_t bytes = memory_read_page(space, buffer + done, size - 1 - done,
                                          address + done);
        uint32_t length;

        if (bytes == 0) {
            memset(buffer, 0, size);
            return -(int64_t)PROBE_ERROR_FAULT;
        }
        length = (uint32_t)strnlen(buffer + done, bytes);
        done += length;
        if (length < bytes)
            break;
    }
    memset(buffer + done, 0, size - done);
    return done + 1;
}

int64_t
environment_read_kernel(void *buffer, uint32_t size, uint64_t address)
{
    return memory_read(MEMORY_KERNEL, buffer, size, address);
}

int64_t
environment_read_user(void *buffer, uint32_t size, uint64_t address)
{
    return memory_read(MEMORY_USER, buffer, size, address);
}

int64_t
environment_read_kernel_string(char *buffer, uint32_t size, uint64_t address)
{
    return memory_read_string(MEMORY_KERNEL, buffer, size, address);
}

int64_t
environment_read_user_string(char *buffer, uint32_t size, uint64_t address)
{
    return memory_read_string(MEMORY_USER, buffer, size, address);
}
