/*
 * What is done once, when the first session opens: until then a linked kernel
 * runs as it shipped.
 */

#ifndef KERNEL_PORT_SETUP_H
#define KERNEL_PORT_SETUP_H

#include <stdbool.h>
#include <stdint.h>

/* False: it cannot be done in this kernel.  Thread context, under the lock. */
bool setup_once(void);

/* Nanoseconds since 1970 of the kernel's clock, less clock_ns. */
uint64_t setup_wall_base(void);

/* Clock interrupts a second. */
uint32_t setup_hz(void);

#endif /* KERNEL_PORT_SETUP_H */
