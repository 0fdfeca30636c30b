/*
 * Sessions: what one client has in the kernel, and its end.
 *
 *   session port ◄── send rights of the client
 *     session ─┬─ probes ──► points
 *              ├─ programs
 *              ├─ maps
 *              └─ rings ──► memory in the client's task
 *
 * A session ends when the last send right to its port goes, however that
 * comes about.  A request that is being handled holds one: so a session stays
 * while one of its routines runs, even without the lock.
 *
 * All functions: thread context, under the lock (lock.h).
 */

#ifndef KERNEL_PORT_SESSION_H
#define KERNEL_PORT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/port/rings.h"
#include "protocol/limits.h"

struct ipc_port;
struct map;
struct probe;
struct program;
struct task;

/* Probes that were attached together. */
struct probe_block {
    struct probe_block *next; /* with higher numbers */
    uint32_t first;
    uint32_t count;
    struct probe *probes;
};

struct session {
    struct ipc_port *port; /* NULL: this entry of the table is free */
    struct task *task;     /* that opened it, referenced */

    struct probe_block *blocks;
    uint32_t probe_count;

    struct program *programs[PROBE_PROGRAMS_MAX];
    uint32_t program_count;

    struct map *maps[PROBE_MAPS_MAX];
    uint32_t map_count;
    uint64_t map_memory; /* bytes, of all maps */

    bool may_write; /* programs loaded from now on: probe_allow_writes */

    struct rings_memory rings_memory;
    struct ring rings[PROBE_CPUS_MAX];
};

/*
 * Open a session for the current task.  *PORT comes with a send right.
 * 0, PROBE_ERROR_SESSIONS or PROBE_ERROR_MEMORY.
 */
int session_open(struct ipc_port **port);

/* The session of PORT, or NULL. */
struct session *session_find(const struct ipc_port *port);

/* Programs that it loads from now on may write; the console is told. */
void session_allow_writes(struct session *session);

/* Remove all that it has: text is as it was when this returns. */
void session_close(struct session *session);

/* The map of that number, or NULL. */
struct map *session_map(const struct session *session, uint32_t number);

#endif /* KERNEL_PORT_SESSION_H */
