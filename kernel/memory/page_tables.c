#include "kernel/memory/memory.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/memory/paging.h"

#define ENTRY_PRESENT  0x001u
#define ENTRY_WRITE    0x002u
#define ENTRY_USER     0x004u
#define ENTRY_LARGE    0x080u /* it maps memory and not a table */
#define ENTRY_PHYSICAL 0x000ffffffffff000u
#define PAGE_BITS      12

#define LEVEL_ENTRIES (1u << PAGING_LEVEL_BITS)

/* The entry that maps the page of ADDRESS, and how many bits that page has. */
static inline pt_entry_t *
find_entry(enum memory_space space, uint64_t address, unsigned *bits)
{
    uint64_t needed = ENTRY_PRESENT | (space == MEMORY_USER ? ENTRY_USER : 0) |
                      (space == MEMORY_KERNEL_WRITABLE ? ENTRY_WRITE : 0);
    uint64_t table;

    if ((space == MEMORY_USER ? address >= PAGING_USER_END
                              : address < PAGING_KERNEL_START) ||
        !paging_top(address, &table))
        return NULL;
    for (unsigned level = PAGING_LEVELS; level > 0; level--) {
        const pt_entry_t *entries = memory_direct(table);
        const pt_entry_t *entry;

        if (entries == NULL)
            return NULL;
        *bits = PAGE_BITS + (level - 1) * PAGING_LEVEL_BITS;
        entry = &entries[address >> *bits & (LEVEL_ENTRIES - 1)];
        if ((*entry & needed) != needed)
            return NULL;
        if (level == 1 || (level <= PAGING_LARGE && (*entry & ENTRY_LARGE)))
            return (pt_entry_t *)entry;
        table = *entry & ENTRY_PHYSICAL;
    }
    return NULL;
}

bool
memory_translate(enum memory_space space, uint64_t address, uint64_t *physical)
{
    unsigned bits;
    const pt_entry_t *entry = find_entry(space, address, &bits);
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
    pt_entry_t *entry = find_entry(MEMORY_KERNEL, address, &bits);

    return entry != NULL && bits == PAGE_BITS ? entry : NULL;
}

void
memory_entry_set(void *entry, uint64_t physical)
{
    pt_entry_t *at = entry;

    paging_write(at, (*at & ~ENTRY_PHYSICAL) | (physical & ENTRY_PHYSICAL));
}
