/*
 * Points in tasks' code: where a task's instructions have a breakpoint of ours.
 *
 * Finding and patching are done in thread context, under the lock, one byte
 * after the other, and may wait for a pager: the other CPUs run on meanwhile,
 * and so does the task.  No lock of the kernel is held while it waits, and no
 * task is stopped; what waits is the one request, and those that come after it.
 * So only a pager that itself waits for the probe port's answer could wait for
 * ever, and that is a tracer.
 *
 * The breakpoint is there before its probes are in the point's list, and
 * longer: a hit that finds none goes on.  Probes come and go with all others of
 * a request, while no other CPU runs (text.h).
 *
 * Tasks that are forked inherit breakpoints and out-of-line page (user_page.h)
 * and their hits count, as a task's own do: they are found by page, not by
 * task.  When the last probe goes, the byte is put back in all tasks that have
 * the page and the breakpoint; the page stays with them, for a thread may be in
 * it.
 */

#ifndef KERNEL_TASKS_USER_H
#define KERNEL_TASKS_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/probe.h"

struct probe;
struct user_page;

struct user_point {
    uint64_t address;
    struct user_point *next; /* in the index */
    struct user_page *page;
    struct probe *probes; /* in the order in which they were attached */
    uint64_t slot;        /* where a task goes on, in its out-of-line page */
    uint32_t uses;        /* probes that are attached, enabled or not */
    bool armed;           /* the breakpoint may be there */
    bool kept;            /* it could not be taken away everywhere */
    uint8_t length;       /* of the instruction */
    uint8_t text[PROBE_USER_TEXT_MAX];
};

/*
 * How many points there are: with none, breakpoints of tasks go straight to the
 * kernel's handler.  Read by entry.S.
 */
extern uint32_t user_points;

/*
 * The point that REQUEST asks for, and one use more of it.  0, or a
 * PROBE_ERROR_ code: ADDRESS, NO_TASK, FAULT, TEXT, FORBIDDEN, REACH, LIMIT,
 * MEMORY.
 */
int
user_point_get(const struct probe_request *request, struct user_point **found);

/* One use less. */
void user_point_put(struct user_point *point);

/*
 * Put the breakpoint there, if it is not yet.  0; NO_TASK: the task has ended,
 * or its program is another one by now; TEXT, FAULT, SHARED, BUSY, MEMORY: then
 * it may be there, for user_points_disarm to take away.
 */
int user_point_arm(struct user_point *point);

/*
 * Take away the breakpoints of all points that have no probe in their list.
 * What cannot be taken away now, because there is no memory, goes with a later
 * call; until then it only costs time.
 */
void user_points_disarm(void);

/* Forget points that nobody uses, of pages that no task has any more. */
void user_points_sweep(void);

/* Between text_unlock and text_lock: PROBE into its point's list, and out. */
void user_point_add(struct user_point *point, struct probe *probe);
void user_point_remove(struct user_point *point, struct probe *probe);

/*
 * The point of a breakpoint at ADDRESS in the current task, in probe context,
 * or NULL.  *GO_ON is where the task goes on; 0: the breakpoint is not ours.
 */
struct user_point *user_point_find(uint64_t address, uint64_t *go_on);

#endif /* KERNEL_TASKS_USER_H */
