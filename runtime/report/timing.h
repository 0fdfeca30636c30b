/*
 * How long handlers run, and checking the conditions of probes: what -t
 * reports.
 */

#ifndef RUNTIME_REPORT_TIMING_H
#define RUNTIME_REPORT_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/program.h"

/* Measure from now on if ON; false when there is no memory. */
bool rt_timing_open(const struct rt_program *program, bool on);

/* The time, or 0 if nothing is measured. */
uint64_t rt_timing_now(void);

/* What began at FROM, which rt_timing_now() gave, is over: a handler of the
 * point, or a check of all conditions after it. */
void rt_timing_handler(const struct rt_point *point, uint64_t from);
void rt_timing_refresh(const struct rt_point *point, uint64_t from);

/*
 * The report on standard output, of all points that were hit.  STATISTICS are
 * the kernel's of its points, or NULL.
 */
void rt_timing_report(const struct probe_statistics *statistics);

#endif /* RUNTIME_REPORT_TIMING_H */
