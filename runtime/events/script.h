/*
 * The state of the script as a whole.
 */

#ifndef RUNTIME_EVENTS_SCRIPT_H
#define RUNTIME_EVENTS_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

struct rt_script {
    bool ending;     /* exit() was called, or more errors than may be */
    bool failed;     /* more errors than may be: `error` probes run */
    uint64_t errors; /* handlers that ended with one */
    bool suppress;   /* such handlers only count */
    int64_t target;  /* what target() gives; 0: the workload */
};

extern struct rt_script rt_script;

/* 0 <= result < LIMIT; 0 when LIMIT is less than 1. */
int64_t rt_random(int64_t limit);

#endif /* RUNTIME_EVENTS_SCRIPT_H */
