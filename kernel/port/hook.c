#include "kernel/port/hook.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/port/lock.h"
#include "kernel/port/port.h"
#include "kernel/port/session.h"
#include "mig/machprobe_server.h"

#include <mach/notify.h>

static struct ipc_port *
destination(const mach_msg_header_t *request)
{
    return (struct ipc_port *)request->msgh_remote_port;
}

/*
 * No send right to a session's port is left: the session ends.
 *
 * Anyone with a send right can send a message that looks like the kernel's
 * notification.  But while that is handled its own right is still there, so
 * the port is asked and the message is not believed.
 */
static bool
no_senders(const mach_msg_header_t *request)
{
    const struct ipc_port *port = destination(request);
    struct session *session;

    if (request->msgh_id != MACH_NOTIFY_NO_SENDERS)
        return false;
    lock_take();
    session = session_find(port);
    if (session == NULL || port_has_senders(port)) {
        lock_release();
        return false;
    }
    session_close(session);
    lock_release();
    return true;
}

int
probe_kobject_notify(mach_msg_header_t *request, mach_msg_header_t *reply)
{
    mig_routine_t routine = machprobe_server_routine(request);

    if (routine != NULL) {
        routine(request, reply);
        return 1;
    }
    if (no_senders(request)) {
        ((mig_reply_header_t *)reply)->RetCode = MIG_NO_REPLY;
        return 1;
    }
    return probe_original_kobject_notify(request, reply);
}
