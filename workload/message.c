#include "workload/workload.h"

#include <stddef.h>

mach_msg_size_t
workload_message_make(struct workload_message *message, unsigned count,
                      mach_port_t port, mach_msg_type_name_t disposition,
                      mach_port_t reply, mach_msg_type_name_t reply_disposition)
{
    mach_msg_size_t size = offsetof(struct workload_message, numbers) +
                           count * sizeof(message->numbers[0]);

    if (reply == MACH_PORT_NULL)
        reply_disposition = 0;
    message->header = (mach_msg_header_t){
        .msgh_bits = MACH_MSGH_BITS(disposition, reply_disposition),
        .msgh_size = size,
        .msgh_remote_port = port,
        .msgh_local_port = reply,
    };
    message->type = (mach_msg_type_t){
        .msgt_name = MACH_MSG_TYPE_INTEGER_64,
        .msgt_size = 64,
        .msgt_number = count,
        .msgt_inline = TRUE,
    };
    return size;
}
