#include "client/machprobe.h"

#include <stddef.h>

#include <mach/mig_errors.h>
#include <mach/message.h>

/* Mach's codes that a routine of the port can come back with. */
static const struct {
    kern_return_t code;
    const char *text;
} mach_texts[] = {
    {KERN_SUCCESS, "success"},
    {KERN_INVALID_ARGUMENT, "that port is no session"},
    {KERN_NO_SPACE, "no room in the address space"},
    {KERN_RESOURCE_SHORTAGE, "no memory is left"},
    {MIG_BAD_ID, "this kernel has no probe subsystem"},
    {MIG_BAD_ARGUMENTS, "the message has another form than the kernel's"},
    {MIG_TYPE_ERROR, "the reply has another form than expected"},
    {MACH_SEND_INVALID_DEST, "that port is dead, or none"},
    {MACH_RCV_PORT_DIED, "the reply port died"},
};

static const char *const probe_texts[] = {
#define ERROR_TEXT(name, text) text,
    PROBE_ERRORS(ERROR_TEXT)
#undef ERROR_TEXT
};

const char *
machprobe_error_text(kern_return_t code)
{
    size_t i = (size_t)code - PROBE_ERROR_FIRST - 1;

    if (i < sizeof(probe_texts) / sizeof(*probe_texts))
        return probe_texts[i];

    for (i = 0; i < sizeof(mach_texts) / sizeof(*mach_texts); i++) {
        if (mach_texts[i].code == code)
            return mach_texts[i].text;
    }
    return "unknown error";
}
