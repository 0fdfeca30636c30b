/*
 * The page tables of 4-level paging: Intel SDM volume 3, 4.5.
 *
 *   address   | 16 as bit 47 | 9: level 4 | 9 | 9 | 9: level 1 | 12: offset |
 */

#include "kernel/memory.h"

#include <stddef.h>

#include "kernel/x86_64/machine.h"

#define ENTRY_PRESENT  0x001u
#define ENTRY_WRITE    0x002u
#define ENTRY_USER     0x004u
#define ENTRY_LARGE    0x080u /* levels 2 and 3: maps memory, no table */
#define ENTRY_PHYSICAL 0x000ffffffffff000u

#define LEVELS        4
#define LEVEL_BITS    9
#define LEVEL_ENTRIES (1u << LEVEL_BITS)
#define PAGE_BITS     12

#define USER_END     0x0000800000000000u
#define KERNEL_START 0xffff800000000000u

/* The entry that maps the page of ADDRESS, and how many bits that page has. */
static inline uint64_t *
find_entry(enum memory_space space, uint64_t address, unsigned *bits)
{
    uint64_t table = machine_read_cr3() & ENTRY_PHYSICAL;
    uint64_t needed = ENTRY_PRESENT | (space == MEMORY_USER ? ENTRY_USER : 0) |
                      (space == MEMORY_KERNEL_WRITABLE ? ENTRY_WRITE : 0);

    if (space == MEMORY_USER ? address >= USER_END : address < KERNEL_START)
        return NULL;
    for (unsigned level = LEVELS; level > 0; level--) {
        const uint64_t *entries = memory_direct(table);
        const uint64_t *entry;

        if (entries == NULL)
            return NULL;
        *bits = PAGE_BITS + (level - 1) * LEVEL_BITS;
        entry = &entries[address >> *bits & (LEVEL_ENTRIES - 1)];
        if ((*entry & needed) != needed)
            return NULL;
        if (level == 1 || (level < LEVELS && (*entry & ENTRY_LARGE) != 0))
            return (uint64_t *)entry;
        table = *entry & ENTRY_PHYSICAL;
    }
    return NULL;
}

bool
memory_translate(enum memory_space space, uint64_t address, uint64_t *physical)
{
    unsigned bits;
    const uint64_t *entry = find_entry(space, address, &bits);
    uint64_t offset;

    if (entry == NULL)
        return false;
    offset = ((uint64_t)1 << bits) - 1;
    *physical = (*entry & ENTRY_PHYSICAL & ~offset) | (address & offset);
    return true;
}

void *
memory_entry(uint64_t address)
{
    unsigned bits;
    uint64_t *entry = find_entry(MEMORY_KERNEL, address, &bits);

    return entry != NULL && bits == PAGE_BITS ? entry : NULL;
}

void
memory_entry_set(void *entry, uint64_t physical)
{
    uint64_t *word = entry;

    *word = (*word & ~(uint64_t)ENTRY_PHYSICAL) | (physical & ENTRY_PHYSICAL);
}
