/*
 * Out-of-line data of messages.  In the kernel it is a copy object, not an
 * address.  Thread context, without the lock: it may wait for a pager.
 */

#ifndef KERNEL_PORT_MESSAGE_H
#define KERNEL_PORT_MESSAGE_H

#include <stddef.h>

struct vm_map_copy;

/*
 * Take SIZE bytes out of a request into *DATA, which message_drop frees.
 *
 * If a routine returns an error the kernel destroys what was in the request;
 * if it returns success it must have done so itself.  So COPY is left there,
 * empty, and message_consume gets rid of it just before success.
 *
 * 0, PROBE_ERROR_ARGUMENT (SIZE is not what is there, or over LIMIT) or
 * PROBE_ERROR_MEMORY.
 */
int
message_take(struct vm_map_copy *copy, size_t size, size_t limit, void **data);
void message_drop(void *data, size_t size);
void message_consume(struct vm_map_copy *copy);

/*
 * Room for SIZE bytes that go into a reply, zeroed; NULL: no memory.  Then
 * make the copy object out of them, or drop them.
 */
void *message_room(size_t size);
struct vm_map_copy *message_send(void *room, size_t size);
void message_drop_room(void *room, size_t size);

#endif /* KERNEL_PORT_MESSAGE_H */
