/*
 * What a Mach task includes first: types, traps and the kernel's calls.  The
 * Hurd's C library has a header of this name that gives the same.
 */

#ifndef _MACH_H
#define _MACH_H

#include <mach/mach_types.h>
#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <mach/mach_traps.h>
#include <mach/machine/vm_param.h>

#include "mig/mach_user.h"
#include "mig/mach_port_user.h"
#include "mig/mach_host_user.h"

#define vm_page_size ((vm_size_t)1 << PAGE_SHIFT)

#endif /* _MACH_H */
