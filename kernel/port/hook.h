/*
 * Where messages to the probe port come in.
 *
 * The kernel calls ipc_kobject_notify for each message to a port of its own
 * that none of its MIG servers knows.  The image linker puts us in its place,
 * and gives us the original under another name.  The kernel has made the
 * reply's header by then, and afterwards releases the request's rights and
 * sends the reply: nothing of that is done here.
 */

#ifndef KERNEL_PORT_HOOK_H
#define KERNEL_PORT_HOOK_H

#include <mach/message.h>

/* 1: REPLY is filled in; 0: a message that nobody knows. */
int probe_kobject_notify(mach_msg_header_t *request, mach_msg_header_t *reply);

/* The kernel's function, by the image linker. */
int probe_original_kobject_notify(mach_msg_header_t *request,
                                  mach_msg_header_t *reply);

#endif /* KERNEL_PORT_HOOK_H */
