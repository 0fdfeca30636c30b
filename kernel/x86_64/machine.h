/*
 * Instructions of the processor that C has no words for.
 */

#ifndef KERNEL_X86_64_MACHINE_H
#define KERNEL_X86_64_MACHINE_H

#include <stdint.h>

/* Registers of struct probe_context, a bit each, that go on as they are there
 * when a hit is over (leave_probe): rax rdx rcx rbx rsi rdi, r8 to r11. */
#define MACHINE_REGISTERS_LOADED 0xf3fu

/* Keep interrupts away; the result is given back to restore. */
static inline unsigned long
machine_interrupts_disable(void)
{
    unsigned long flags;

    __asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
    return flags;
}

static inline void
machine_interrupts_restore(unsigned long flags)
{
    __asm__ volatile("pushq %0; popfq" : : "r"(flags) : "memory", "cc");
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

    __asm__ volatile("movq %%cr0, %0" : "=r"(value));
    return value;
}

static inline void
machine_write_cr0(unsigned long value)
{
    __asm__ volatile("movq %0, %%cr0" : : "r"(value) : "memory");
}

static inline uint64_t
machine_read_cr3(void)
{
    uint64_t value;

    __asm__ volatile("movq %%cr3, %0" : "=r"(value));
    return value;
}

/*
 * Forget all translations of addresses, those of global pages too, which is
 * what changing CR4.PGE does (Intel SDM volume 3, 4.10.4.1).
 */
static inline void
machine_flush_translations(void)
{
    const uint64_t global = 1u << 7;
    uint64_t control;

    __asm__ volatile("movq %%cr4, %0" : "=r"(control));
    __asm__ volatile("movq %0, %%cr4" : : "r"(control & ~global) : "memory");
    __asm__ volatile("movq %0, %%cr4" : : "r"(control) : "memory");
    __asm__ volatile("movq %0, %%cr3" : : "r"(machine_read_cr3()) : "memory");
}

/* Forget how the page of ADDRESS is translated, on this CPU. */
static inline void
machine_flush_page(const void *address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
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

/* VALUE * 2^32 / DIVISOR, which fits 64 bits; not by the compiler's library. */
static inline uint64_t
machine_ratio(uint64_t value, uint64_t divisor)
{
    uint64_t quotient, remainder;

    __asm__("divq %4"
            : "=a"(quotient), "=d"(remainder)
            : "a"(value << 32), "d"(value >> 32), "r"(divisor)
            : "cc");
    return quotient;
}

#endif /* KERNEL_X86_64_MACHINE_H */
