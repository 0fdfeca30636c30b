/*
 * 4-level paging: Intel SDM volume 3, 4.5.
 *
 *   address   | 16 as bit 47 | 9: level 4 | 9 | 9 | 9: level 1 | 12: offset |
 */

#ifndef KERNEL_X86_64_PAGING_H
#define KERNEL_X86_64_PAGING_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/machine/machine.h"

#define PAGING_LEVELS     4
#define PAGING_LEVEL_BITS 9
#define PAGING_LARGE      3 /* the highest level that can map memory itself */

#define PAGING_USER_END     0x0000800000000000u
#define PAGING_KERNEL_START 0xffff800000000000u

/* The physical address of the highest table that ADDRESS is looked up in. */
static inline bool
paging_top(uint64_t address, uint64_t *table)
{
    *table = machine_read_cr3() & 0x000ffffffffff000u;
    return true;
}

static inline void
paging_write(uint64_t *entry, uint64_t value)
{
    *entry = value;
}

#endif /* KERNEL_X86_64_PAGING_H */
