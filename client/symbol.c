#include "client/machprobe.h"

#include "client/session_i.h"
#include "mig/machprobe_user.h"

kern_return_t
machprobe_symbol_at(struct machprobe *session, uint64_t address, char *name,
                    uint64_t *start, uint64_t *size)
{
    return probe_symbol_at(session->port, address, name, start, size);
}
