/*
 * Windows: how memory beyond the direct map is read where there are several
 * CPUs.
 *
 * Each CPU has a page of our own part of the image whose entry in the page
 * tables it changes, so that what is to be read appears there.  No other CPU
 * looks at that page, so nobody else's translations matter, and with interrupts
 * off the window stays as it is.
 */

#ifndef KERNEL_MEMORY_WINDOW_H
#define KERNEL_MEMORY_WINDOW_H

#include <stdint.h>

/* Find the windows, once.  Thread context. */
void window_initialize(void);

/*
 * Where the memory at PHYSICAL, which is RAM, can be read, up to the end of
 * its page, until the next call on this CPU; NULL if there is no window.
 * Probe context.
 */
const void *window_map(uint64_t physical);

#endif /* KERNEL_MEMORY_WINDOW_H */
