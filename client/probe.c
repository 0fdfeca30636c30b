#include "client/machprobe.h"

#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "client/session_i.h"
#include "mig/machprobe_user.h"
#include "protocol/image.h"

kern_return_t
machprobe_load(struct machprobe *session, const struct ebpf_insn *instructions,
               uint32_t count, uint32_t *program, char *log)
{
    natural_t result = KERN_SUCCESS;
    probe_log_t message;
    kern_return_t error;

    error = probe_program_load(session->port, (char *)instructions,
                               count * sizeof(*instructions), &result, program,
                               message);
    if (log != NULL && error == KERN_SUCCESS)
        memcpy(log, message, sizeof(message));
    else if (log != NULL)
        log[0] = '\0';
    return error != KERN_SUCCESS ? error : (kern_return_t)result;
}

static const char *
reason_text(uint32_t reason)
{
    static const char *const texts[] = {
#define REASON_TEXT(name, text) text,
        IMAGE_REASONS(REASON_TEXT)
#undef REASON_TEXT
    };

    return reason < sizeof(texts) / sizeof(*texts) ? texts[reason]
                                                   : "unknown reason";
}

kern_return_t
machprobe_attach(struct machprobe *session,
                 const struct probe_request *requests, uint32_t count,
                 uint32_t *first, struct machprobe_failure *failure)
{
    natural_t result = KERN_SUCCESS, failed = 0, reason = 0;
    kern_return_t error;

    error =
        probe_attach(session->port, (char *)requests, count * sizeof(*requests),
                     &result, first, &failed, &reason);
    if (error == KERN_SUCCESS)
        error = (kern_return_t)result;
    if (error == KERN_SUCCESS)
        session->probes = *first + count;
    else if (failure != NULL)
        *failure =
            (struct machprobe_failure){failed, reason, reason_text(reason)};
    return error;
}

kern_return_t
machprobe_detach(struct machprobe *session, uint32_t first, uint32_t count)
{
    return probe_detach(session->port, first, count);
}

kern_return_t
machprobe_enable(struct machprobe *session, uint32_t first, uint32_t count,
                 bool on)
{
    return probe_enable(session->port, first, count, on);
}

kern_return_t
machprobe_statistics(struct machprobe *session, uint32_t first, uint32_t count,
                     struct probe_statistics *statistics)
{
    mach_msg_type_number_t size = 0;
    char *bytes = NULL;
    kern_return_t error =
        probe_statistics(session->port, first, count, &bytes, &size);

    if (error != KERN_SUCCESS)
        return error;

    if (size == count * sizeof(*statistics))
        memcpy(statistics, bytes, size);
    else
        error = PROBE_ERROR_ARGUMENT;
    reply_free(bytes, size);
    return error;
}

kern_return_t
machprobe_lost(struct machprobe *session, uint64_t *lost, uint64_t *missed)
{
    struct probe_statistics *statistics =
        malloc((session->probes + 1) * sizeof(*statistics));
    kern_return_t error;
    uint32_t i;

    if (statistics == NULL)
        return KERN_RESOURCE_SHORTAGE;

    error = machprobe_statistics(session, 0, session->probes, statistics);
    *lost = *missed = 0;
    for (i = 0; error == KERN_SUCCESS && i < session->probes; i++) {
        *lost += statistics[i].lost;
        *missed += statistics[i].missed;
    }
    free(statistics);
    return error;
}
