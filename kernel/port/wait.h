/*
 * Waiting for records.
 *
 * The probe path wakes nobody: waking takes the scheduler's locks, and a
 * probe may be hit while one is held.  Instead a timer looks at the rings of
 * those who wait, once a clock tick.
 */

#ifndef KERNEL_PORT_WAIT_H
#define KERNEL_PORT_WAIT_H

#include <stdint.h>

struct ring;

/*
 * Wait until one of COUNT RINGS holds WATERMARK bytes, or for TIMEOUT
 * milliseconds; 0 does not wait.  *WAKE is an enum probe_wake.
 *
 * 0, or KERN_ABORTED: the thread was told to stop waiting, as by the end of
 * its task.  Thread context, without the lock; RINGS must stay.
 */
int wait_for_records(const struct ring *rings, uint32_t count,
                     uint32_t watermark, uint32_t timeout, uint32_t *wake);

#endif /* KERNEL_PORT_WAIT_H */
