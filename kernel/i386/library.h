/*
 * Quotients and the like of 64-bit words, under the names that the compiler
 * wants for them.  Any context.
 */

#ifndef KERNEL_I386_LIBRARY_H
#define KERNEL_I386_LIBRARY_H

#include <stdint.h>

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *rest);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);

/* How many zeroes are below the lowest one, if there is one. */
int __ctzdi2(int64_t value);

/* As machine_ratio (kernel/machine/machine.h), bit by bit. */
uint64_t library_ratio(uint64_t value, uint64_t divisor);

#endif /* KERNEL_I386_LIBRARY_H */
