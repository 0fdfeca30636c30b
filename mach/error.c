/*
 * Texts of Mach's error codes.
 */

#include <stddef.h>

#include <device/device_types.h>

#include "mach/task.h"

static const struct text {
    kern_return_t code;
    const char *text;
} texts[] = {
    {KERN_SUCCESS, "success"},
    {KERN_INVALID_ADDRESS, "invalid address"},
    {KERN_PROTECTION_FAILURE, "protection failure"},
    {KERN_NO_SPACE, "no space"},
    {KERN_INVALID_ARGUMENT, "invalid argument"},
    {KERN_FAILURE, "failure"},
    {KERN_RESOURCE_SHORTAGE, "resource shortage"},
    {KERN_NOT_RECEIVER, "not the receiver"},
    {KERN_NO_ACCESS, "no access"},
    {KERN_NAME_EXISTS, "the name exists"},
    {KERN_ABORTED, "aborted"},
    {KERN_INVALID_NAME, "not a right of this task"},
    {KERN_INVALID_TASK, "not a task"},
    {KERN_INVALID_RIGHT, "the wrong kind of right"},
    {KERN_INVALID_VALUE, "invalid value"},
    {KERN_INVALID_CAPABILITY, "invalid capability"},
    {KERN_RIGHT_EXISTS, "the right exists"},
    {KERN_INVALID_HOST, "not the host privileged port"},
    {KERN_TERMINATED, "terminated"},
    {KERN_TIMEDOUT, "timed out"},
    {MACH_SEND_INVALID_DEST, "the port is dead or there is no such right"},
    {MACH_SEND_TIMED_OUT, "timed out sending"},
    {MACH_RCV_INVALID_NAME, "not a port to receive from"},
    {MACH_RCV_TIMED_OUT, "timed out receiving"},
    {MACH_RCV_PORT_DIED, "the port died"},
    {MIG_TYPE_ERROR, "reply of the wrong type"},
    {MIG_REPLY_MISMATCH, "reply to another request"},
    {MIG_BAD_ID, "the receiver does not know this request"},
    {MIG_BAD_ARGUMENTS, "the receiver refuses the request's form"},
    {MIG_SERVER_DIED, "the receiver died"},
    {D_NO_SUCH_DEVICE, "no such device"},
    {D_ALREADY_OPEN, "the device is already open"},
    {D_INVALID_OPERATION, "not possible with this device"},
};

const char *
task_error_text(kern_return_t code)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].code == code)
            return texts[i].text;
    return "unknown error";
}
