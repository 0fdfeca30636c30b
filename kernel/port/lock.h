/*
 * The lock of the control path: all that a session's port asks for, and its
 * end, one at a time.  The probe path never takes it.
 *
 * It sleeps.  Nothing that can end a session may be done while it is held,
 * since that end takes it too: releasing a right of one's own session, or
 * waiting for a task.
 */

#ifndef KERNEL_PORT_LOCK_H
#define KERNEL_PORT_LOCK_H

void lock_take(void);
void lock_release(void);

#endif /* KERNEL_PORT_LOCK_H */
