/*
 * Memory for the descriptor tables of other CPUs, which the image linker has
 * the kernel ask us for (image/patch_tables.c).
 *
 * A CPU asks while it starts: it has no tables yet and no data of its own, so
 * nothing of the kernel is called or read here.
 */

#include <stdint.h>

#include "kernel_types.h"

#if KERNEL_CPUS > 1

/* Virtual less physical address of the image: an absolute symbol. */
extern const uint8_t probe_image_distance[];

#define PAGE_BYTES 4096
#define TABLES     ((KERNEL_SIZE_mp_desc_table + PAGE_BYTES - 1) / PAGE_BYTES)

static uint8_t memory[KERNEL_CPUS - 1][TABLES * PAGE_BYTES]
    __attribute__((aligned(PAGE_BYTES)));
static uint32_t taken;

/* As init_alloc_aligned: whether there is memory, and its physical address. */
int probe_descriptor_memory(vm_offset_t size, vm_offset_t *physical);

int
probe_descriptor_memory(vm_offset_t size, vm_offset_t *physical)
{
    uint32_t number = __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED);

    if (number >= KERNEL_CPUS - 1 || size > sizeof(memory[0]))
        return 0;
    *physical = (vm_offset_t)memory[number] - (vm_offset_t)probe_image_distance;
    return 1;
}

#endif
