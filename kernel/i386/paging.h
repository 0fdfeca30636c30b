/*
 * Page tables of i386: Intel SDM volume 3, 4.3 and 4.4.
 *
 *   without PAE   | 10: directory | 10: table | 12: offset |
 *   with PAE      | 2: pointers | 9: directory | 9: table | 12: offset |
 *
 * Which of the two a kernel has is in the size of its entries.
 */

#ifndef KERNEL_I386_PAGING_H
#define KERNEL_I386_PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel_types.h"

#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"

#define PAGING_WITH_PAE (sizeof(pt_entry_t) == 8)

#define PAGING_LEVELS     2
#define PAGING_LEVEL_BITS (PAGING_WITH_PAE ? 9 : 10)
#define PAGING_LARGE      2 /* the highest level that can map memory itself */

#define PAGING_USER_END     0xc0000000u
#define PAGING_KERNEL_START 0xc0000000u

/*
 * The physical address of the page directory of ADDRESS.  The four pointers to
 * such say nothing of who may read, and are no entries.
 */
static inline bool
paging_top(uint64_t address, uint64_t *table)
{
    const uint64_t *pointers;
    uint64_t pointer;

    *table = machine_read_cr3() & 0xfffff000u;
    if (address > UINT32_MAX)
        return false;
    if (!PAGING_WITH_PAE)
        return true;
    pointers = memory_direct(machine_read_cr3() & 0xffffffe0u);
    if (pointers == NULL)
        return false;
    pointer = pointers[address >> 30];
    *table = pointer & 0x000ffffffffff000u;
    return (pointer & 1) != 0;
}

/*
 * An entry of two words is not there while it is written: the processor may
 * look at it at any time.
 */
static inline void
paging_write(pt_entry_t *entry, uint64_t value)
{
    volatile uint32_t *words = (volatile uint32_t *)entry;

    if (PAGING_WITH_PAE) {
        words[0] = 0;
        words[1] = (uint32_t)(value >> 32);
    }
    words[0] = (uint32_t)value;
}

#endif /* KERNEL_I386_PAGING_H */
