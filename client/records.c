#include "client/machprobe.h"

#include <stddef.h>

#include <mach.h>

#include "client/session_i.h"
#include "mig/machprobe_user.h"

kern_return_t
machprobe_rings(struct machprobe *session, uint32_t size)
{
    vm_address_t address = 0;
    vm_size_t stride = 0;
    natural_t count = 0;
    kern_return_t error =
        probe_rings_map(session->port, size, &address, &stride, &count);

    if (error != KERN_SUCCESS)
        return error;

    session->rings = (struct machprobe_rings){(char *)address, stride, count};
    if (!reader_open(&session->reader, (char *)address, stride, count))
        return PROBE_ERROR_RINGS;

    return KERN_SUCCESS;
}

const struct machprobe_rings *
machprobe_rings_memory(const struct machprobe *session)
{
    return &session->rings;
}

kern_return_t
machprobe_wait(struct machprobe *session, uint32_t watermark, uint32_t timeout)
{
    natural_t wake;

    return probe_wait(session->port, watermark, timeout, &wake);
}

/*
 * Looks for what is new only when all that was seen is taken, so that records
 * of several CPUs that are there at one look come out in order.
 */
const struct probe_record *
machprobe_next(struct machprobe *session, uint32_t *cpu)
{
    const struct probe_record *record;
    uint32_t place;

    if (session->taken)
        reader_take(&session->reader);
    record = reader_peek(&session->reader, &place);
    if (record == NULL) {
        reader_release(&session->reader);
        reader_look(&session->reader);
        record = reader_peek(&session->reader, &place);
    }
    session->taken = record != NULL;
    if (record != NULL && cpu != NULL)
        *cpu = place;
    return record;
}
