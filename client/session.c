#include "client/machprobe.h"

#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "client/session_i.h"
#include "mig/machprobe_user.h"
#include "protocol/clock.h"

kern_return_t
machprobe_open(mach_port_t host, struct machprobe **opened)
{
    struct machprobe *session = calloc(1, sizeof(*session));
    kern_return_t error;

    if (session == NULL)
        return KERN_RESOURCE_SHORTAGE;

    error = probe_session_open(host, PROBE_PROTOCOL_VERSION, &session->port);
    if (error != KERN_SUCCESS) {
        free(session);
        return error;
    }

    error = probe_describe(session->port, (char *)&session->kernel);
    if (error != KERN_SUCCESS) {
        machprobe_close(session);
        return error;
    }

    *opened = session;
    return KERN_SUCCESS;
}

/*
 * The kernel ends a session when its last send right goes, in the thread that
 * destroys the right: it has ended when the call returns.
 */
void
machprobe_close(struct machprobe *session)
{
    if (session == NULL)
        return;

    mach_port_deallocate(mach_task_self(), session->port);
    free(session->entries);
    free(session);
}

const struct probe_kernel *
machprobe_kernel(const struct machprobe *session)
{
    return &session->kernel;
}

kern_return_t
machprobe_allow_writes(struct machprobe *session)
{
    return probe_allow_writes(session->port);
}

mach_port_t
machprobe_port(const struct machprobe *session)
{
    return session->port;
}

static uint64_t
read_tsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

uint64_t
machprobe_time(const struct machprobe *session)
{
    return clock_scale(read_tsc() - session->kernel.tsc_base,
                       session->kernel.tsc_multiplier);
}

kern_return_t
machprobe_symbol(struct machprobe *session, const char *name, uint64_t *address,
                 uint64_t *size)
{
    probe_name_t copy;

    if (strlen(name) >= sizeof(copy))
        return PROBE_ERROR_NO_SYMBOL;

    memset(copy, 0, sizeof(copy));
    memcpy(copy, name, strlen(name));
    return probe_symbol(session->port, copy, address, size);
}

void
reply_free(void *data, uint64_t size)
{
    if (size != 0)
        vm_deallocate(mach_task_self(), (vm_address_t)data, size);
}
