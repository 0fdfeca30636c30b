/*
 * I/O ports, which a task may use after the kernel granted them.
 */

#ifndef MACH_IOPORT_H
#define MACH_IOPORT_H

#include <stddef.h>
#include <stdint.h>

#include <mach.h>

/*
 * Grant this task the ports FIRST to LAST.  *PERMISSION is for
 * ioport_withdraw(); its right may be given up before, the ports stay granted.
 */
kern_return_t ioport_grant(mach_port_t device, uint16_t first, uint16_t last,
                           mach_port_t *permission);

/* Take the ports from this task again and give the right up. */
void ioport_withdraw(mach_port_t permission);

static inline void
ioport_write_bytes(uint16_t port, const void *data, size_t size)
{
    __asm__ volatile("rep outsb"
                     : "+S"(data), "+c"(size)
                     : "d"(port)
                     : "memory");
}

static inline uint8_t
ioport_read8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void
ioport_write32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint32_t
ioport_read32(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

#endif /* MACH_IOPORT_H */
