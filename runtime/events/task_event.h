/*
 * Events of tasks and threads that a script asked for by name, and beginnings
 * that are told of once.
 *
 * The program in the kernel lets pass what it cannot tell to be of another
 * task.  And a task that was created while the script started is told of
 * twice, by the point that it passed and by the one for tasks that are there
 * (enum rt_presence): the latter is left out then.
 */

#ifndef RUNTIME_EVENTS_TASK_EVENT_H
#define RUNTIME_EVENTS_TASK_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/value.h"
#include "runtime/program.h"

/*
 * Whether NAME, of a task, is one that PATTERN means: a glob (* ? [] and \)
 * for the last component of the name, without a "(NUMBER)" behind it, or for
 * all of it.
 */
bool rt_task_is_meant(const char *pattern, struct rt_string name);

/* Whether the record of POINT is one that its handler is to see. */
bool rt_task_event_wanted(const struct rt_point *point, const uint8_t *payload,
                          uint64_t time);

/* What was there has been told of by TIME, of the session's clock: what begins
 * later need not be kept in mind. */
void rt_task_events_announced(uint64_t time);

#endif /* RUNTIME_EVENTS_TASK_EVENT_H */
