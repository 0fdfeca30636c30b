/*
 * Points in programs of user mode: each is a probe for each task that runs the
 * program (struct rt_tasks).  Tasks that come later get theirs when the list of
 * all tasks is looked at again, which is as often as a wait for records ends,
 * but not more often than every PROGRAMS_LOOK.
 */

#ifndef RUNTIME_TASK_PROGRAM_H
#define RUNTIME_TASK_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "client/machprobe.h"
#include "runtime/program.h"

#define PROGRAMS_LOOK 20000000 /* ns */

/* Fill REQUEST for a point, but for the task and the instruction. */
typedef void programs_request(uint32_t point, struct probe_request *request);

/* Before all others: whose points, in what session. */
void programs_begin(const struct rt_program *program, struct machprobe *probes,
                    programs_request *request);

/* Probe the tasks that there are.  False after saying why one that runs one of
 * the programs cannot be probed. */
bool programs_attach(void);

/* Probe those that came, if it is NOW, in ns, time to look. */
void programs_look(uint64_t now);

/* What rt_source_enable() and rt_source_detach() do, as far as points FIRST to
 * FIRST + COUNT are in programs. */
bool programs_enable(uint32_t first, uint32_t count, bool on);
void programs_detach(void);

/* Set the sums of all tasks for the points in programs; STATISTICS are those
 * of all points. */
bool programs_statistics(struct probe_statistics *statistics);

#endif /* RUNTIME_TASK_PROGRAM_H */
