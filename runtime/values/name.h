/*
 * Functions of the language that give numbers their names.  A script's name()
 * is rt_name() here.
 */

#ifndef RUNTIME_VALUES_NAME_H
#define RUNTIME_VALUES_NAME_H

#include "runtime/base/value.h"

/* "ENOENT" of 2, -2 and 0x40000002, as the Hurd numbers errors, or
 * "E#3333". */
struct rt_string rt_errno_str(int64_t number);

/* The number of a known error without sign and system, or 0. */
int64_t rt_errno_p(int64_t number);

/* "SIGINT" of 2, as the Hurd numbers signals, or "SIG#99". */
struct rt_string rt_signal_str(int64_t number);

/*
 * "KERN_INVALID_ADDRESS" of 1: of a kern_return_t, a mach_msg_return_t, MIG's
 * and the devices' errors and the Hurd's (<mach/kern_return.h>, message.h,
 * mig_errors.h, <device/device_types.h>), or "error #3333".
 */
struct rt_string rt_mach_error_string(int64_t number);

#endif /* RUNTIME_VALUES_NAME_H */
