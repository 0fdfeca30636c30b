#include "kernel/port/message.h"

#include <stdint.h>

#include "kernel_types.h"

#include "kernel/machine/failure.h"
#include "kernel/machine/string.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

/*
 * The data is mapped into the kernel, copied, and unmapped: it may be the
 * sender's pages, copy-on-write, and reading one may wait.  What is worked
 * on afterwards is memory that is there.
 */
int
message_take(struct vm_map_copy *copy, size_t size, size_t limit, void **data)
{
    struct vm_map_copy *moved;
    vm_offset_t address;
    int result;

    *data = NULL;
    if (size == 0 || size > limit || copy == NULL || copy->size != size)
        return PROBE_ERROR_ARGUMENT;
    *data = environment_allocate(size);
    if (*data == NULL)
        return PROBE_ERROR_MEMORY;
    moved = vm_map_copy_copy(copy);
    result = failure_now() ? PROBE_ERROR_MEMORY
                           : vm_map_copyout(ipc_kernel_map, &address, moved);
    if (result != 0) {
        vm_map_copy_discard(moved);
        message_drop(*data, size);
        *data = NULL;
        return PROBE_ERROR_MEMORY;
    }
    memcpy(*data, (const void *)address, size);
    kmem_free(ipc_kernel_map, address, size);
    return 0;
}

void
message_drop(void *data, size_t size)
{
    if (data != NULL)
        environment_free(data, size);
}

void
message_consume(struct vm_map_copy *copy)
{
    vm_map_copy_discard(copy);
}

void *
message_room(size_t size)
{
    vm_offset_t address;

    if (failure_now() ||
        kmem_alloc_pageable(ipc_kernel_map, &address, size) != 0)
        return NULL;
    memset((void *)address, 0, size);
    return (void *)address;
}

struct vm_map_copy *
message_send(void *room, size_t size)
{
    struct vm_map_copy *copy;

    /* 1: the room goes as its contents become the copy's. */
    if (failure_now() ||
        vm_map_copyin(ipc_kernel_map, (vm_offset_t)room, size, 1, &copy) != 0) {
        message_drop_room(room, size);
        return NULL;
    }
    return copy;
}

void
message_drop_room(void *room, size_t size)
{
    kmem_free(ipc_kernel_map, (vm_offset_t)room, size);
}
