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

bool
memory_translate(enum memory_space space, uint64_t address, uint64_t *physical)
{
    uint64_t needed = ENTRY_PRESENT | (space == MEMORY_USER ? ENTRY_USER : 0);
    uint64_t table;

    if (address > UINT32_MAX ||
        (space == MEMORY_USER) != (address < USER_END) ||
        !find_directory(address, &table))
        return false;
    for (unsigned level = 2; level > 0; level--) {
        const pt_entry_t *entries = memory_direct(table);
        unsigned shift = PAGE_BITS + (level - 1) * LEVEL_BITS;
        uint64_t entry;

        if (entries == NULL)
            return false;
        entry = entries[address >> shift & (LEVEL_ENTRIES - 1)];
        if ((entry & needed) != needed)
            return false;
        table = entry & ENTRY_PHYSICAL;
        if (level == 1 || (entry & ENTRY_LARGE) != 0) {
            uint64_t offset = ((uint64_t)1 << shift) - 1;

            *physical = (table & ~offset) | (address & offset);
            return true;
        }
    }
    return false;
}
