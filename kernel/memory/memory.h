/*
 * Reading memory that a program names, in probe context.
 *
 * An address can be anything.  A read must not fault: the fault handler may
 * wait for a pager, and it would run with the probe's interrupts off, on the
 * probe's stack.  So each page is translated first, by the same page tables
 * that the processor uses, and only memory that the firmware reported as RAM
 * is touched: reading a device's registers can have effects, and those of
 * the local APIC are mapped like memory.
 */

#ifndef KERNEL_MEMORY_MEMORY_H
#define KERNEL_MEMORY_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* What setup.c learns from the kernel when the first session opens. */
#define MEMORY_RANGES_MAX 64

struct memory_layout {
    /* Physical memory is mapped from DIRECT_BASE on, to DIRECT_END. */
    uint64_t direct_base;
    uint64_t direct_end;
    uint32_t ranges; /* of RAM, physical addresses */
    struct memory_range {
        uint64_t start;
        uint64_t end;
    } range[MEMORY_RANGES_MAX];
};

extern struct memory_layout memory_layout;

enum memory_space {
    MEMORY_KERNEL,          /* the kernel's half of the address space */
    MEMORY_KERNEL_WRITABLE, /* what of it the kernel may write itself */
    MEMORY_USER,            /* what the current task may read itself */
};

/*
 * Copy SIZE bytes, at most up to the end of the page of ADDRESS.  Returns the
 * bytes copied; 0 if that page cannot be read.
 */
uint32_t memory_read_page(enum memory_space space, void *buffer, uint32_t size,
                          uint64_t address);

/* Whether the kernel's memory at ADDRESS can be read; it is not. */
bool memory_exists(uint64_t address);

/* Where SIZE bytes, within one page, can be written; NULL: they must not. */
void *memory_place_to_write(uint32_t size, uint64_t address);

/* The rest is for helpers: protocol/helper.h. */
int64_t memory_read(enum memory_space space, void *buffer, uint32_t size,
                    uint64_t address);
int64_t memory_read_string(enum memory_space space, char *buffer, uint32_t size,
                           uint64_t address);

/*
 * Translate ADDRESS by the page tables of this CPU.  True, and *PHYSICAL, if
 * the page is there and SPACE may read it.
 */
bool
memory_translate(enum memory_space space, uint64_t address, uint64_t *physical);

/*
 * The entry of the page tables that maps the page of the kernel's ADDRESS, or
 * NULL if it has none of its own; and let it map another page of memory.
 */
void *memory_entry(uint64_t address);
void memory_entry_set(void *entry, uint64_t physical);

/* The place of physical memory in the direct map; NULL if not RAM, or not
 * there. */
const void *memory_direct(uint64_t physical);

#define MEMORY_PAGE_SIZE 4096u

#endif /* KERNEL_MEMORY_MEMORY_H */
