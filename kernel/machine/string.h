/*
 * The four functions that the compiler calls where it likes, and what else
 * of <string.h> is used here.
 *
 * The kernel has functions of these names, but they can be probed: the probe
 * path would enter itself.  Ours are outside of the kernel's text, where no
 * probe can be.  Any context.
 */

#ifndef KERNEL_MACHINE_STRING_H
#define KERNEL_MACHINE_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int strcmp(const char *a, const char *b);

/* Length of TEXT, at most LIMIT: no byte beyond LIMIT is looked at. */
size_t strnlen(const char *text, size_t limit);

#endif /* KERNEL_MACHINE_STRING_H */
