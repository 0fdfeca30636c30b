/*
 * Ports, as far as the probe port needs them.  Thread context.
 *
 * A session's port is owned by the kernel, like those of tasks and threads,
 * so a message to it is handled at once in the sender's thread.  It has no
 * kernel object type: those are numbers that every kernel may give anew, and
 * a session is found by its port's address instead.
 */

#ifndef KERNEL_PORT_PORT_H
#define KERNEL_PORT_PORT_H

#include <stdbool.h>

struct ipc_port;

/* Whether PORT is the host privileged port. */
bool port_is_privileged(const struct ipc_port *port);

/*
 * A port that has one send right, returned with it, and that gets a
 * no-senders notification when there is none left.  NULL: no memory.
 */
struct ipc_port *port_create(void);

/* Its senders find it dead. */
void port_destroy(struct ipc_port *port);

/* Whether there are send rights, those in messages included. */
bool port_has_senders(const struct ipc_port *port);

#endif /* KERNEL_PORT_PORT_H */
