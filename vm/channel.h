/*
 * The host's side of the channel to tasks in the machine.
 *
 * The tasks are not trusted: positions and sizes that they write are checked
 * before use, and data is copied once, out of their reach, before it is
 * looked at.
 */

#ifndef VM_CHANNEL_H
#define VM_CHANNEL_H

#include <stdbool.h>

#include "support/text.h"
#include "vm/vm.h"

struct vm_channel {
    int fd; /* memory without a name, for QEMU to map */
    struct channel *block;
    vm_output output;
    void *context;

    bool any;        /* something was read ever */
    bool has_status; /* a status frame came, and with it the end */
    int status;
    bool refused; /* OUTPUT returned false */

    uint64_t input_head; /* bytes put; what the block says may be garbled */

    struct text pending; /* frames of one stream, to be given to OUTPUT */
    enum channel_stream pending_stream;
};

int vm_channel_open(struct vm_channel *channel, vm_output output, void *context,
                    struct error *error);

/* Bytes of the block, for QEMU's command line. */
size_t vm_channel_size(void);

/*
 * Read what there is and call OUTPUT.  Returns 1 if there was something, 0
 * if not, -1 when a task has garbled its lane.
 */
int vm_channel_read(struct vm_channel *channel, struct error *error);

/* Bytes of input that there is room for, if a task wants any. */
size_t vm_channel_room(const struct vm_channel *channel);

/* Put input, not more than there is room for; SIZE 0 is its end. */
void
vm_channel_input(struct vm_channel *channel, const char *data, size_t size);

/* Ask the script to end. */
void vm_channel_stop(struct vm_channel *channel);

void vm_channel_close(struct vm_channel *channel);

#endif /* VM_CHANNEL_H */
