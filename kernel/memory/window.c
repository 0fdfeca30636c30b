#include "kernel/memory/window.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/current.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"

static uint8_t windows[KERNEL_CPUS][MEMORY_PAGE_SIZE]
    __attribute__((aligned(MEMORY_PAGE_SIZE)));
static void *entries[KERNEL_CPUS];

void
window_initialize(void)
{
    for (unsigned cpu = 0; cpu < KERNEL_CPUS; cpu++)
        entries[cpu] = memory_entry((uintptr_t)windows[cpu]);
}

const void *
window_map(uint64_t physical)
{
    unsigned cpu = current_cpu();

    if (entries[cpu] == NULL)
        return NULL;
    memory_entry_set(entries[cpu], physical);
    machine_flush_page(windows[cpu]);
    return windows[cpu] + physical % MEMORY_PAGE_SIZE;
}
