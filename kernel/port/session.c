#include "kernel/port/session.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/current.h"
#include "kernel/port/attach.h"
#include "kernel/port/port.h"
#include "kernel/port/setup.h"
#include "kernel/program/environment.h"
#include "kernel/program/map.h"
#include "kernel/program/program.h"
#include "protocol/error.h"

static struct session *sessions[PROBE_SESSIONS_MAX];

struct session *
session_find(const struct ipc_port *port)
{
    for (uint32_t i = 0; i < PROBE_SESSIONS_MAX; i++) {
        if (sessions[i] != NULL && sessions[i]->port == port)
            return sessions[i];
    }
    return NULL;
}

int
session_open(struct ipc_port **port)
{
    struct session *session;
    uint32_t i = 0;

    while (i < PROBE_SESSIONS_MAX && sessions[i] != NULL)
        i++;
    if (i == PROBE_SESSIONS_MAX)
        return PROBE_ERROR_SESSIONS;
    if (!setup_once())
        return PROBE_ERROR_LIMIT;

    session = environment_allocate(sizeof(*session));
    if (session == NULL)
        return PROBE_ERROR_MEMORY;
    session->port = port_create();
    if (session->port == NULL) {
        environment_free(session, sizeof(*session));
        return PROBE_ERROR_MEMORY;
    }
    session->task = current_task();
    task_reference(session->task);
    sessions[i] = session;
    *port = session->port;
    return 0;
}

void
session_allow_writes(struct session *session)
{
    session->may_write = true;
    printf("machprobe: a session's programs may write to the kernel\n");
}

void
session_close(struct session *session)
{
    for (uint32_t i = 0; i < PROBE_SESSIONS_MAX; i++) {
        if (sessions[i] == session)
            sessions[i] = NULL;
    }

    /* Probes first: they use all the rest. */
    attach_remove_all(session);
    rings_unmap(&session->rings_memory, session->rings);
    for (uint32_t i = 0; i < session->program_count; i++)
        program_free(session->programs[i]);
    for (uint32_t i = 0; i < session->map_count; i++)
        map_free(session->maps[i]);
    port_destroy(session->port);
    task_deallocate(session->task);
    environment_free(session, sizeof(*session));
}

struct map *
session_map(const struct session *session, uint32_t number)
{
    return number < session->map_count ? session->maps[number] : NULL;
}
