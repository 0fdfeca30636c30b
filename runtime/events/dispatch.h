/*
 * Running one handler.
 */

#ifndef RUNTIME_EVENTS_DISPATCH_H
#define RUNTIME_EVENTS_DISPATCH_H

#include "runtime/program.h"

/*
 * Run the handler of POINT for an event at TIME (ns of the session's clock);
 * PAYLOAD is NULL where there is no record.  An error that ends it is shown
 * and counted.
 */
void rt_dispatch(const struct rt_point *point, const uint8_t *payload,
                 uint64_t time, uint32_t cpu);

#endif /* RUNTIME_EVENTS_DISPATCH_H */
