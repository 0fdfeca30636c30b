/* Stack frames: one header for each kind of processor. */

#ifndef KERNEL_MACHINE_FRAME_H
#define KERNEL_MACHINE_FRAME_H

#if defined(__x86_64__)
#include "kernel/x86_64/frame.h"
#elif defined(__i386__)
#include "kernel/i386/frame.h"
#else
#error "the probe subsystem does not know this processor"
#endif

#endif /* KERNEL_MACHINE_FRAME_H */
