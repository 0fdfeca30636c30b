#include "mach/time.h"

#include <mach.h>
#include <mach/mig_support.h>

/* Nothing ever comes to the thread's reply port between its calls. */
void
time_sleep(unsigned milliseconds)
{
    mach_msg_header_t message;

    mach_msg_trap(&message, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message),
                  mig_get_reply_port(), milliseconds, MACH_PORT_NULL);
}
