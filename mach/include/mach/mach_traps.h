/*
 * System calls of GNU Mach that are no messages, and mach_msg.
 */

#ifndef _MACH_MACH_TRAPS_H
#define _MACH_MACH_TRAPS_H

#include <mach/mach_types.h>
#include <mach/message.h>

/* The task's own port, which the start code asks for once. */
extern mach_port_t mach_task_self_;
#define mach_task_self() mach_task_self_
mach_port_t mach_task_self_trap(void);

mach_port_t mach_reply_port(void);
mach_port_t mach_thread_self(void);
mach_port_t mach_host_self(void);

/* Write a string to the kernel's console. */
void mach_print(const char *string);

/* Let another thread run; the second lowers the priority for a moment. */
int swtch(void);
int swtch_pri(int priority);

/* The bare trap; mach_msg() also counts and resumes after interruptions. */
mach_msg_return_t
mach_msg_trap(mach_msg_header_t *message, mach_msg_option_t option,
              mach_msg_size_t send_size, mach_msg_size_t receive_size,
              mach_port_name_t receive_name, mach_msg_timeout_t timeout,
              mach_port_name_t notify);

#endif /* _MACH_MACH_TRAPS_H */
