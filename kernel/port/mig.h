/*
 * What the server stub that MIG makes for a kernel takes from the kernel's
 * own headers, which we do not have: build.mk takes their names out of the
 * stub and puts this in.
 */

#ifndef KERNEL_PORT_MIG_H
#define KERNEL_PORT_MIG_H

#include <stdint.h>

#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/std_types.h>

typedef struct ipc_port *ipc_port_t;
typedef void (*mig_routine_t)(mach_msg_header_t *request,
                              mach_msg_header_t *reply);

/* What a kernel does to an address on its way to a process of its own size. */
#define null_conversion(value) (value)

#endif /* KERNEL_PORT_MIG_H */
