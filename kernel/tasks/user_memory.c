#include "kernel/tasks/user_memory.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/failure.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/memory/paging.h"
#include "protocol/error.h"

#define READ  1 /* VM_PROT_READ */
#define WRITE 2 /* VM_PROT_WRITE */

#define INHERIT_NONE 2 /* VM_INHERIT_NONE */

static vm_offset_t
page_of(uint64_t address)
{
    return (vm_offset_t)(address & ~(uint64_t)(MEMORY_PAGE_SIZE - 1));
}

/* ---- windows of the kernel's -------------------------------------------- */

/* Takes over a reference to OBJECT. */
static int
window_open(struct vm_object *object, vm_offset_t offset, int protection,
            vm_offset_t *window)
{
    *window = 0;
    if (failure_now() ||
        vm_map_enter(kernel_map, window, MEMORY_PAGE_SIZE, 0, 1, object, offset,
                     0, protection, protection, INHERIT_NONE) != 0) {
        vm_object_deallocate(object);
        return PROBE_ERROR_MEMORY;
    }
    if (vm_fault(kernel_map, *window, protection, 0, 0, NULL) == 0)
        return 0;
    vm_map_remove(kernel_map, *window, *window + MEMORY_PAGE_SIZE);
    return PROBE_ERROR_FAULT;
}

static void
window_close(vm_offset_t window)
{
    vm_map_remove(kernel_map, window, window + MEMORY_PAGE_SIZE);
}

/* ---- what a map has at an address --------------------------------------- */

struct place {
    struct vm_object *object; /* with a reference; NULL: untouched so far */
    vm_offset_t offset;       /* of the page in it */
    int protection;
    bool own;     /* nobody else sees what is written there */
    bool private; /* and it is a copy already */
};

static int
place_find(struct vm_map *map, uint64_t address, struct place *place)
{
    vm_offset_t page = page_of(address);
    struct vm_map_entry *entry;

    vm_map_lock(map);
    if (!vm_map_lookup_entry(map, page, &entry) || entry->is_sub_map) {
        vm_map_unlock(map);
        return PROBE_ERROR_FAULT;
    }
    *place = (struct place){
        .object = entry->object.vm_object,
        .offset = entry->offset + (page - entry->links.start),
        .protection = entry->protection,
        .own = !entry->is_shared && (entry->max_protection & WRITE) != 0,
    };
    if (place->object != NULL) {
        place->private = !entry->needs_copy && place->object->internal;
        place->own = place->own && (entry->needs_copy || place->private);
        vm_object_reference(place->object);
    }
    vm_map_unlock(map);
    return 0;
}

static int
read_page(struct vm_map *map, uint64_t address, void *buffer, uint32_t size)
{
    struct place place;
    vm_offset_t window;
    int error = place_find(map, address, &place);

    if (error != 0)
        return error;
    if (place.object == NULL || (place.protection & READ) == 0) {
        if (place.object != NULL)
            vm_object_deallocate(place.object);
        return PROBE_ERROR_FAULT;
    }
    error = window_open(place.object, place.offset, READ, &window);
    if (error != 0)
        return error;
    memcpy(buffer, (const char *)window + address % MEMORY_PAGE_SIZE, size);
    window_close(window);
    return 0;
}

int
user_memory_read(struct vm_map *map, uint64_t address, void *buffer,
                 uint32_t size)
{
    uint32_t done = 0;

    if (address >= PAGING_USER_END || size > PAGING_USER_END - address)
        return PROBE_ERROR_FAULT;
    while (done < size) {
        uint32_t left =
            MEMORY_PAGE_SIZE - (uint32_t)((address + done) % MEMORY_PAGE_SIZE);
        uint32_t part = size - done < left ? size - done : left;
        int error = read_page(map, address + done, (char *)buffer + done, part);

        if (error != 0)
            return error;
        done += part;
    }
    return 0;
}

/* ---- writing ------------------------------------------------------------ */

/* The page is the task's own and writable; it is its own copy after a fault. */
static int
write_writable(struct vm_map *map, uint64_t address, uint8_t byte)
{
    struct place place;
    vm_offset_t window;
    int error;

    if (vm_fault(map, page_of(address), READ | WRITE, 0, 0, NULL) != 0)
        return PROBE_ERROR_FAULT;
    error = place_find(map, address, &place);
    if (error != 0)
        return error;
    if (!place.own || !place.private) {
        if (place.object != NULL)
            vm_object_deallocate(place.object);
        return place.own ? PROBE_ERROR_BUSY : PROBE_ERROR_SHARED;
    }
    error = window_open(place.object, place.offset, READ | WRITE, &window);
    if (error != 0)
        return error;
    *((volatile uint8_t *)window + address % MEMORY_PAGE_SIZE) = byte;
    window_close(window);
    return 0;
}

/*
 * A fork or another thread's write may make a new copy of the page between the
 * look at the map and the write: so it is looked at afterwards.
 */
#define ATTEMPTS 8

static int
write_until_there(struct vm_map *map, uint64_t address, uint8_t byte)
{
    int error = PROBE_ERROR_BUSY;

    for (unsigned i = 0; i < ATTEMPTS; i++) {
        uint8_t found;

        error = write_writable(map, address, byte);
        if (error == 0)
            error = user_memory_read(map, address, &found, 1);
        if (error == 0 && found != byte)
            error = PROBE_ERROR_BUSY;
        if (error != PROBE_ERROR_BUSY)
            break;
    }
    return error;
}

int
user_memory_write(struct vm_map *map, uint64_t address, uint8_t byte)
{
    vm_offset_t page = page_of(address);
    struct place place;
    int error = place_find(map, address, &place);

    if (error != 0)
        return error;
    if (place.object != NULL)
        vm_object_deallocate(place.object);
    if (!place.own)
        return PROBE_ERROR_SHARED;
    if ((place.protection & WRITE) != 0)
        return write_until_there(map, address, byte);
    if (vm_map_protect(map, page, page + MEMORY_PAGE_SIZE,
                       place.protection | READ | WRITE, 0) != 0)
        return PROBE_ERROR_SHARED;
    error = write_until_there(map, address, byte);
    vm_map_protect(map, page, page + MEMORY_PAGE_SIZE, place.protection, 0);
    return error;
}
