/*
 * Ends the run when the task of --workload-task has ended: for tasks that
 * have no privilege to do so.
 */

#include "tests/kernel/kit.h"

int
main(void)
{
    struct task_watch watch;

    check_is(task_watch_begin(&watch, task_ports.workload), KERN_SUCCESS,
             "watch the task beside");
    check(task_watch_ended(&watch, 60000), "it has ended");
    return check_end();
}
