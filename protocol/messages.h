/*
 * C types of what machprobe.defs carries, for the stubs that MIG makes.
 *
 * In the kernel out-of-line data is a copy object and a port is a pointer;
 * in a process they are an address and a name.
 */

#ifndef PROTOCOL_MESSAGES_H
#define PROTOCOL_MESSAGES_H

#include "protocol/limits.h"

#ifdef KERNEL_SERVER
typedef struct vm_map_copy *probe_bytes_t;
#else
typedef char *probe_bytes_t;
#endif

typedef char probe_small_t[2048];
typedef char probe_kernel_t[176]; /* struct probe_kernel */
typedef char probe_name_t[PROBE_NAME_MAX];
typedef const char *const_probe_name_t;
typedef char probe_log_t[PROBE_LOG_MAX];
typedef const char *const_probe_log_t;

#endif /* PROTOCOL_MESSAGES_H */
