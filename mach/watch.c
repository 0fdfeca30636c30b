/*
 * Watching for the end of another task.
 */

#include "mach/task.h"

kern_return_t
task_watch_begin(struct task_watch *watch, task_t task)
{
    mach_port_t previous;
    kern_return_t kr;

    watch->ended = false;
    kr = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                            &watch->notify);
    if (kr != KERN_SUCCESS)
        return kr;
    /* With 1 a name that is dead already is notified at once. */
    kr = mach_port_request_notification(
        mach_task_self(), task, MACH_NOTIFY_DEAD_NAME, 1, watch->notify,
        MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
    if (kr != KERN_SUCCESS)
        mach_port_mod_refs(mach_task_self(), watch->notify,
                           MACH_PORT_RIGHT_RECEIVE, -1);
    return kr;
}

bool
task_watch_ended(struct task_watch *watch, unsigned timeout)
{
    union {
        mach_msg_header_t header;
        mach_dead_name_notification_t dead;
        char room[128];
    } message;

    if (watch->ended)
        return true;
    if (mach_msg(&message.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
                 sizeof(message), watch->notify, timeout,
                 MACH_PORT_NULL) == MACH_MSG_SUCCESS)
        watch->ended = message.header.msgh_id == MACH_NOTIFY_DEAD_NAME;
    return watch->ended;
}

kern_return_t
task_watch_end(struct task_watch *watch)
{
    return mach_port_mod_refs(mach_task_self(), watch->notify,
                              MACH_PORT_RIGHT_RECEIVE, -1);
}
