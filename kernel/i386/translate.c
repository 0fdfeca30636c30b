/*
 * Page tables of i386: Intel SDM volume 3, 4.3 and 4.4.
 *
 *   without PAE   | 10: directory | 10: table | 12: offset |
 *   with PAE      | 2: pointers | 9: directory | 9: table | 12: offset |
 *
 * Which of the two a kernel has is in the size of its entries.
 */

#include "kernel/memory.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine.h"

#define ENTRY_PRESENT  0x001u
#define ENTRY_WRITE    0x002u
#define ENTRY_USER     0x004u
#define ENTRY_LARGE    0x080u /* in a directory: maps memory, no table */
#define ENTRY_PHYSICAL 0x000ffffffffff000u
#define PAGE_BITS      12

#define WITH_PAE (sizeof(pt_entry_t) == 8)

#define LEVEL_BITS    (WITH_PAE ? 9 : 10)
#define LEVEL_ENTRIES (1u << LEVEL_BITS)

#define POINTERS_SHIFT 30
#define POINTERS_TABLE 0xffffffe0u /* what CR3 has of its address */

#define USER_END 0xc0000000u

/*
 * The physical address of the page directory of ADDRESS.  The four pointers to
 * such say nothing of who may read.
 */
static bool
find_directory(uint64_t address, uint64_t *directory)
{
    const uint64_t *pointers;
    uint64_t pointer;

    if (!WITH_PAE) {
        *directory = machine_read_cr3() & ENTRY_PHYSICAL;
        return true;
    }
    pointers = memory_direct(machine_read_cr3() & POINTERS_TABLE);
    if (pointers == NULL)
        return false;
    pointer = pointers[address >> POINTERS_SHIFT];
    *directory = pointer & ENTRY_PHYSICAL;
    return (pointer & ENTRY_PRESENT) != 0;
}

/* The entry that maps the page of ADDRESS, and how many bits that page has. */
static inline pt_entry_t *
find_entry(enum memory_space space, uint64_t address, unsigned *bits)
{
    uint64_t needed = ENTRY_PRESENT | (space == MEMORY_USER ? ENTRY_USER : 0) |
                      (space == MEMORY_KERNEL_WRITABLE ? ENTRY_WRITE : 0);
    uint64_t table;

    if (address > UINT32_MAX ||
        (space == MEMORY_USER) != (address < USER_END) ||
        !find_directory(address, &table))
        return NULL;
    for (unsigned level = 2; level > 0; level--) {
        const pt_entry_t *entries = memory_direct(table);
        const pt_entry_t *entry;

        if (entries == NULL)
            return NULL;
        *bits = PAGE_BITS + (level - 1) * LEVEL_BITS;
        entry = &entries[address >> *bits & (LEVEL_ENTRIES - 1)];
        if ((*entry & needed) != needed)
            return NULL;
        if (level == 1 || (*entry & ENTRY_LARGE) != 0)
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

/*
 * An entry of two words is not there while it is written: the processor may
 * look at it at any time.
 */
void
memory_entry_set(void *entry, uint64_t physical)
{
    volatile uint32_t *words = entry;
    uint64_t value = (*(const pt_entry_t *)entry & ~ENTRY_PHYSICAL) |
                     (physical & ENTRY_PHYSICAL);

    if (WITH_PAE) {
        words[0] = 0;
        words[1] = (uint32_t)(value >> 32);
    }
    words[0] = (uint32_t)value;
}
