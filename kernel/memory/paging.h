/* Page tables: one header for each kind of processor. */

#ifndef KERNEL_MEMORY_PAGING_H
#define KERNEL_MEMORY_PAGING_H

#if defined(__x86_64__)
#include "kernel/x86_64/paging.h"
#elif defined(__i386__)
#include "kernel/i386/paging.h"
#else
#error "the probe subsystem does not know this processor"
#endif

#endif /* KERNEL_MEMORY_PAGING_H */
