#include "kernel/port/setup.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/hit.h"
#include "kernel/machine/clock.h"
#include "kernel/machine/stop.h"
#include "kernel/memory/memory.h"
#include "kernel/memory/window.h"
#include "kernel/program/environment.h"

/* The type of usable memory in the firmware's map (ACPI 6.4, table 15.2). */
#define FIRMWARE_USABLE 1

/*
 * The direct map's distance: that of our own data, which like the rest of the
 * image is mapped by it.
 */
static uint64_t
direct_base(void)
{
    uintptr_t address = (uintptr_t)&memory_layout;

    return address - pmap_extract(kernel_pmap, address);
}

static void
learn_memory(void)
{
    struct memory_layout *layout = &memory_layout;

    layout->direct_base = direct_base();
    layout->direct_end = kernel_virtual_start;
    for (uint32_t i = 0; i < biosmem_map_size; i++) {
        const struct biosmem_map_entry *entry = &biosmem_map[i];
        struct memory_range *range = &layout->range[layout->ranges];

        if (entry->type != FIRMWARE_USABLE ||
            layout->ranges == MEMORY_RANGES_MAX)
            continue;
        range->start = entry->base_addr;
        range->end = entry->base_addr + entry->length;
        layout->ranges++;
    }
}

bool
setup_once(void)
{
    static bool done;

    if (done)
        return true;
    if (!stop_initialize())
        return false;
    done = true;
    hit_initialize();
    learn_memory();
    window_initialize();
    clock_calibrate();
    return true;
}

uint64_t
setup_wall_base(void)
{
    unsigned long interrupts = environment_interrupts_disable();
    uint64_t now =
        (uint64_t)time.seconds * 1000000000u + (uint64_t)time.nanoseconds;
    uint64_t base = now - clock_ns();

    environment_interrupts_restore(interrupts);
    return base;
}

uint32_t
setup_hz(void)
{
    return (uint32_t)hz;
}
