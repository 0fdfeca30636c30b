/*
 * What programs and maps ask of GNU Mach (kernel/program/environment.h).
 * Reading memory is in memory.c.
 */

#include "kernel/program/environment.h"

#include "kernel_types.h"

#include "kernel/hit/probe.h"
#include "kernel/hit/ring.h"
#include "kernel/machine/clock.h"
#include "kernel/machine/current.h"
#include "kernel/machine/failure.h"
#include "kernel/machine/machine.h"
#include "kernel/machine/stop.h"
#include "kernel/machine/string.h"
#include "kernel/memory/room.h"
#include "kernel/port/session.h"
#include "protocol/error.h"
#include "protocol/helper.h"

void *
environment_allocate(size_t size)
{
    void *memory;

    if (failure_now() || !room_for(size))
        return NULL;
    memory = (void *)kalloc(size);
    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

void
environment_free(void *memory, size_t size)
{
    kfree((vm_offset_t)memory, size);
}

unsigned
environment_cpus(void)
{
    return stop_cpus();
}

unsigned
environment_cpu(void)
{
    return current_cpu();
}

unsigned long
environment_interrupts_disable(void)
{
    return machine_interrupts_disable();
}

void
environment_interrupts_restore(unsigned long state)
{
    machine_interrupts_restore(state);
}

uint64_t
environment_time_ns(void)
{
    return clock_ns();
}

uint64_t
environment_task(void)
{
    return (uintptr_t)current_task();
}

uint64_t
environment_thread(void)
{
    return (uintptr_t)current_thread();
}

int64_t
environment_task_name(char *buffer, uint32_t size)
{
    const struct task *task = current_task();
    size_t length;

    if (size == 0)
        return -(int64_t)PROBE_ERROR_ARGUMENT;
    length = strnlen(task->name, sizeof(task->name));
    if (length > size - 1)
        length = size - 1;
    memcpy(buffer, task->name, length);
    memset(buffer + length, 0, size - length);
    return (int64_t)length + 1;
}

/* The counts that a record's fate changes are those of the probe hit. */

void *
environment_record_reserve(void *hit_pointer, uint32_t size, uint64_t flags)
{
    struct hit *hit = hit_pointer;
    unsigned number = current_cpu();
    void *payload;

    hit->ring = &hit->probe->session->rings[number];
    payload = ring_reserve(hit, size, (flags & PROBE_RECORD_RAW) == 0);
    if (payload == NULL) {
        hit->probe->counts[number].lost++;
        hit->ended = true;
    }
    return payload;
}

uint64_t
environment_record_trim(void *hit_pointer, uint64_t size)
{
    return ring_trim(hit_pointer, size);
}

void
environment_record_submit(void *hit_pointer, void *record)
{
    struct hit *hit = hit_pointer;

    ring_submit(hit);
    hit->probe->counts[current_cpu()].submitted++;
    hit->ended = true;
}

void
environment_record_discard(void *hit_pointer, void *record)
{
    ring_discard(hit_pointer);
}
