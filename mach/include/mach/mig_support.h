/*
 * What the client code that MIG generates calls.
 */

#ifndef _MACH_MIG_SUPPORT_H
#define _MACH_MIG_SUPPORT_H

#include <mach/message.h>
#include <mach/mach_types.h>

/* The calling thread's reply port. */
mach_port_t mig_get_reply_port(void);
void mig_put_reply_port(mach_port_t port);
void mig_dealloc_reply_port(mach_port_t port);

/* Memory for results that do not fit their message. */
void mig_allocate(vm_address_t *address, vm_size_t size);
void mig_deallocate(vm_address_t address, vm_size_t size);

/* Copy a string into SIZE bytes, always terminated; returns bytes used. */
vm_size_t mig_strncpy(char *target, const char *source, vm_size_t size);

#endif /* _MACH_MIG_SUPPORT_H */
