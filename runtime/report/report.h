/*
 * What became of the hits: at the end every one is accounted for.
 */

#ifndef RUNTIME_REPORT_REPORT_H
#define RUNTIME_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/program.h"

struct rt_counts {
    uint64_t *delivered; /* for each kernel point: records handled */
    uint64_t *unwanted;  /* and those of tasks that were not meant */
    uint64_t broken;     /* records that made no sense */
};

/* False when there is no memory. */
bool rt_counts_open(struct rt_counts *counts, const struct rt_program *program);

/*
 * Say on standard error what was lost and missed, if anything was, and how
 * many errors there were; with VERBOSE also a table of all probes in which
 *
 *     hits = delivered + dropped + lost + missed + filtered
 *
 * where dropped are records that came after exit(), and filtered also those
 * that the process left out (task_event.h).
 */
void rt_report(const struct rt_program *program, const struct rt_counts *counts,
               unsigned verbose);

#endif /* RUNTIME_REPORT_REPORT_H */
