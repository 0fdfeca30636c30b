/*
 * Attaching a session's probes, detaching them, and their statistics.
 * Thread context, under the lock.
 */

#ifndef KERNEL_PORT_ATTACH_H
#define KERNEL_PORT_ATTACH_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/probe.h"

struct session;

/* Why an attach failed. */
struct attach_failure {
    uint32_t request; /* index of the request */
    uint32_t reason;  /* its enum image_reason */
};

/*
 * Attach COUNT probes, or none: 0 and *FIRST, or a PROBE_ERROR_ code.
 */
int attach_probes(struct session *session, const struct probe_request *requests,
                  uint32_t count, uint32_t *first,
                  struct attach_failure *failure);

/*
 * Detach COUNT probes from FIRST on; one that is detached already stays so.
 * PROBE_ERROR_NO_PROBE: not all of them exist; PROBE_ERROR_CPU (stop.h): and
 * nothing was done.
 */
int attach_remove(struct session *session, uint32_t first, uint32_t count);

/*
 * Enable or disable COUNT probes from FIRST on, all or none.
 * PROBE_ERROR_NO_PROBE, PROBE_ERROR_BUSY (point_add), PROBE_ERROR_CPU.
 */
int
attach_enable(struct session *session, uint32_t first, uint32_t count, bool on);

/* Detach all probes and free them. */
void attach_remove_all(struct session *session);

/* Statistics of COUNT probes from FIRST on.  PROBE_ERROR_NO_PROBE, _CPU. */
int attach_statistics(const struct session *session, uint32_t first,
                      uint32_t count, struct probe_statistics *statistics);

#endif /* KERNEL_PORT_ATTACH_H */
