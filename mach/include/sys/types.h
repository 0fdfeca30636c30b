/*
 * The few names of POSIX that Mach's headers use.
 */

#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;

#endif /* _SYS_TYPES_H */
