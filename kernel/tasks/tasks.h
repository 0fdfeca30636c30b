/*
 * The kernel's tasks, found in its own lists: each processor set has one of
 * its tasks, and there is a list of the sets.  Thread context.
 *
 * A struct task is named by its address, in the port's messages and in the
 * records of programs.  An address is believed only if a task that is in the
 * lists now has it.  The reference that is taken holds the task and its map,
 * and with that all of its memory: it is for the time of one request.
 */

#ifndef KERNEL_TASKS_TASKS_H
#define KERNEL_TASKS_TASKS_H

#include <stdbool.h>
#include <stdint.h>

struct probe_task;
struct task;

/* The task at ADDRESS with a reference (task_deallocate), or NULL: there is
 * none, it has ended, or it is the kernel itself. */
struct task *tasks_find(uint64_t address);

/*
 * Call EACH with every task that has not ended and is not the kernel; it has
 * a reference meanwhile and may wait.  False, and nothing was called: no
 * memory.
 */
bool tasks_each(void (*each)(struct task *task, void *data), void *data);

/* What probe_tasks says of it. */
void tasks_describe(const struct task *task, struct probe_task *description);

/* Hold TASK, which has a reference, and its list of threads; not for long. */
unsigned long tasks_lock(struct task *task);
void tasks_unlock(struct task *task, unsigned long interrupts);

#endif /* KERNEL_TASKS_TASKS_H */
