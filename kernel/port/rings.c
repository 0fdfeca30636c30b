/*
 * The memory is a projected buffer: wired, mapped on both sides from the
 * start, and the task cannot unmap or protect it.  It is a persistent one,
 * for else the kernel's mapping would go with the task's, and the next
 * record would be written to nowhere.
 */

#include "kernel/port/rings.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/current.h"
#include "kernel/machine/failure.h"
#include "kernel/machine/stop.h"
#include "kernel/memory/room.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"
#include "protocol/limits.h"
#include "protocol/ring.h"

#define PROTECTION_READ_WRITE 3 /* VM_PROT_READ | VM_PROT_WRITE */
#define INHERIT_NONE          2 /* VM_INHERIT_NONE */

/*
 * Whether TASK has room for SIZE more bytes.
 *
 * Asked before, because projected_buffer_allocate gets its own clean-up wrong
 * when only the task's side fails: it frees an entry of the kernel's map that
 * the map still remembers as its latest.
 */
static bool
task_has_room(struct task *task, uint64_t size)
{
    vm_offset_t address;

    if (vm_allocate(task->map, &address, size, 1) != 0)
        return false;
    vm_map_remove(task->map, address, address + size);
    return true;
}

int
rings_map(struct rings_memory *memory, struct ring *rings, uint32_t size,
          uint64_t *stride)
{
    struct task *task = current_task();
    vm_offset_t kernel, user;
    unsigned long interrupts;

    if (size < PROBE_RING_SIZE_MIN || size > PROBE_RING_SIZE_MAX ||
        (size & (size - 1)) != 0)
        return PROBE_ERROR_ARGUMENT;
    *stride = sizeof(struct probe_ring) + size;
    memory->size = *stride * environment_cpus();

    if (failure_now() || !room_for(memory->size) ||
        !task_has_room(task, memory->size) ||
        projected_buffer_allocate(task->map, memory->size, 1, &kernel, &user,
                                  PROTECTION_READ_WRITE, INHERIT_NONE) != 0)
        return PROBE_ERROR_MEMORY;
    task_reference(task);
    memory->task = task;
    memory->kernel = kernel;
    memory->user = user;

    /* They are published as stop.h says: probes may be running already. */
    if (!stop_begin(&interrupts)) {
        rings_unmap(memory, rings);
        return PROBE_ERROR_CPU;
    }
    for (uint32_t i = 0; i < environment_cpus(); i++)
        ring_initialize(&rings[i],
                        (struct probe_ring *)(uintptr_t)(kernel + i * *stride),
                        size, i);
    stop_end(interrupts);
    return 0;
}

/*
 * First the task's side, which refers to the kernel's.  The task may be dead:
 * its map is there as long as the task is, and we hold a reference.
 *
 * By vm_map_remove, which lets go of persistent buffers: the function made for
 * it, projected_buffer_deallocate, leaves the map's look-up hint at the entry
 * that it frees, and the next look-up believes it.
 */
void
rings_unmap(struct rings_memory *memory, struct ring *rings)
{
    if (memory->task == NULL)
        return;
    for (uint32_t i = 0; i < environment_cpus(); i++)
        rings[i].shared = NULL;
    vm_map_remove(memory->task->map, memory->user, memory->user + memory->size);
    kmem_free(kernel_map, memory->kernel, memory->size);
    task_deallocate(memory->task);
    memory->task = NULL;
}
