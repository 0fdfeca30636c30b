/*
 * Instructions of the processor that C has no words for.  Where an operand's
 * size is not said it is that of a register.
 */

#ifndef KERNEL_MACHINE_MACHINE_H
#define KERNEL_MACHINE_MACHINE_H

#include <stdint.h>

#ifdef __i386__
#include "kernel/i386/library.h"
#endif

/* Keep interrupts away; the result is given back to restore. */
static inline unsigned long
machine_interrupts_disable(void)
{
    unsigned long flags;

    __asm__ volatile("pushf; pop %0; cli" : "=r"(flags) : : "memory");
    return flags;
}

static inline void
machine_interrupts_restore(unsigned long flags)
{
    __asm__ volatile("push %0; popf" : : "r"(flags) : "memory", "cc");
}

static inline void
machine_interrupts_enable(void)
{
    __asm__ volatile("sti" : : : "memory");
}

/* In a loop that waits for another CPU. */
static inline void
machine_pause(void)
{
    __asm__ volatile("pause" : : : "memory");
}

static inline uint64_t
machine_time_stamp(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static inline unsigned long
machine_read_cr0(void)
{
    unsigned long value;

    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static inline void
machine_write_cr0(unsigned long value)
{
    __asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

static inline unsigned long
machine_read_cr3(void)
{
    unsigned long value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

/*
 * Forget all translations of addresses, those of global pages too, which is
 * what changing CR4.PGE does (Intel SDM volume 3, 4.10.4.1).
 */
static inline void
machine_flush_translations(void)
{
    const unsigned long global = 1u << 7;
    unsigned long control;

    __asm__ volatile("mov %%cr4, %0" : "=r"(control));
    __asm__ volatile("mov %0, %%cr4" : : "r"(control & ~global) : "memory");
    __asm__ volatile("mov %0, %%cr4" : : "r"(control) : "memory");
    __asm__ volatile("mov %0, %%cr3" : : "r"(machine_read_cr3()) : "memory");
}

/* Forget how the page of ADDRESS is translated, on this CPU. */
static inline void
machine_flush_page(const void *address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/* Debug registers: Intel SDM volume 3, 18.2. */
#define MACHINE_DEBUG(number)                                               \
    static inline unsigned long machine_read_dr##number(void)               \
    {                                                                       \
        unsigned long value;                                                \
                                                                            \
        __asm__ volatile("mov %%dr" #number ", %0" : "=r"(value));          \
        return value;                                                       \
    }                                                                       \
    static inline void machine_write_dr##number(unsigned long value)        \
    {                                                                       \
        __asm__ volatile("mov %0, %%dr" #number : : "r"(value) : "memory"); \
    }

MACHINE_DEBUG(0)
MACHINE_DEBUG(1)
MACHINE_DEBUG(2)
MACHINE_DEBUG(3)
MACHINE_DEBUG(6)
MACHINE_DEBUG(7)

/* What the processor keeps of a descriptor table. */
struct machine_table {
    uint16_t limit;
    unsigned long base;
} __attribute__((packed));

static inline struct machine_table
machine_interrupt_table(void)
{
    struct machine_table table;

    __asm__ volatile("sidt %0" : "=m"(table));
    return table;
}

static inline struct machine_table
machine_segment_table(void)
{
    struct machine_table table;

    __asm__ volatile("sgdt %0" : "=m"(table));
    return table;
}

/* The selector of this CPU's task state. */
static inline uint16_t
machine_task_selector(void)
{
    uint16_t selector;

    __asm__ volatile("str %0" : "=r"(selector));
    return selector;
}

static inline void
machine_out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t
machine_in8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/*
 * VALUE * 2^32 / DIVISOR, which fits 64 bits; DIVISOR is below 2^63.  Not by
 * the compiler's library, which is not there.
 */
static inline uint64_t
machine_ratio(uint64_t value, uint64_t divisor)
{
#ifdef __x86_64__
    uint64_t quotient, remainder;

    __asm__("divq %4"
            : "=a"(quotient), "=d"(remainder)
            : "a"(value << 32), "d"(value >> 32), "r"(divisor)
            : "cc");
    return quotient;
#else
    return library_ratio(value, divisor);
#endif
}

#endif /* KERNEL_MACHINE_MACHINE_H */
