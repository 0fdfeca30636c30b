#include "kernel/port/port.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/failure.h"

/*
 * By identity, not by the port's type: there is one such port, and its type's
 * number is in no debug information.
 */
bool
port_is_privileged(const struct ipc_port *port)
{
    return port == realhost.host_priv_self;
}

/*
 * The request for the notification is written and not asked for, because
 * nobody else knows the port yet.  The send-once right that it needs is one
 * to the port itself: so the notification comes to where requests come.
 */
struct ipc_port *
port_create(void)
{
    struct ipc_port *port =
        failure_now() ? NULL : ipc_port_alloc_special(ipc_space_kernel);

    if (port == NULL)
        return NULL;
    port->ip_nsrequest = ipc_port_make_sonce(port);
    return ipc_port_make_send(port);
}

void
port_destroy(struct ipc_port *port)
{
    ipc_port_dealloc_special(port, ipc_space_kernel);
}

bool
port_has_senders(const struct ipc_port *port)
{
    return port->ip_srights != 0;
}
