/*
 * The routines of machprobe.defs, as MIG's stub calls them.
 *
 * The stub has checked that a message has the shape of its routine.  It does
 * not look at the length of an inline array beyond that of the message, so
 * each length is checked here.
 *
 * A routine runs in the sender's thread and may wait, but not with the lock
 * held for a thing that somebody else must do.
 */

#include "mig/machprobe_server.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/machine/clock.h"
#include "kernel/machine/failure.h"
#include "kernel/machine/string.h"
#include "kernel/points/tables.h"
#include "kernel/port/attach.h"
#include "kernel/port/lock.h"
#include "kernel/port/message.h"
#include "kernel/port/port.h"
#include "kernel/port/session.h"
#include "kernel/port/setup.h"
#include "kernel/port/wait.h"
#include "kernel/program/environment.h"
#include "kernel/program/map.h"
#include "kernel/program/program.h"
#include "kernel/tasks/tasks.h"
#include "protocol/error.h"
#include "protocol/probe.h"

/* Entries that one map_read returns at most, in bytes; at least one fits. */
#define READ_BYTES (64u << 10)

/*
 * The session of PORT with the lock taken, or NULL and without: then the
 * routine returns KERN_INVALID_ARGUMENT.
 */
static struct session *
session_lock(const struct ipc_port *port)
{
    struct session *session;

    lock_take();
    session = session_find(port);
    if (session == NULL)
        lock_release();
    return session;
}

/* ---- the session and its kernel ---------------------------------------- */

kern_return_t
server_probe_session_open(ipc_port_t host, natural_t version,
                          ipc_port_t *session)
{
    int error;

    if (!port_is_privileged(host))
        return PROBE_ERROR_PRIVILEGE;
    if (version != PROBE_PROTOCOL_VERSION)
        return PROBE_ERROR_VERSION;
    lock_take();
    error = session_open(session);
    lock_release();
    return error;
}

kern_return_t
server_probe_describe(ipc_port_t port, probe_kernel_t bytes)
{
    struct probe_kernel kernel = {
        .version = PROBE_PROTOCOL_VERSION,
        .cpus = environment_cpus(),
        .word_size = sizeof(void *),
        .functions = tables_probeable(),
        .hz = setup_hz(),
        .tsc_base = clock.base,
        .tsc_multiplier = clock.multiplier,
    };

    _Static_assert(sizeof(struct probe_kernel) == sizeof(probe_kernel_t),
                   "machprobe.defs carries a struct probe_kernel");
    if (session_lock(port) == NULL)
        return KERN_INVALID_ARGUMENT;
    kernel.wall_base = setup_wall_base();
    lock_release();
    memcpy(kernel.identity, image_header.identity, sizeof(kernel.identity));
    memcpy(bytes, &kernel, sizeof(kernel));
    return KERN_SUCCESS;
}

kern_return_t
server_probe_symbol(ipc_port_t port, const_probe_name_t name, uint64_t *address,
                    uint64_t *size)
{
    const struct image_symbol *symbol;

    if (session_lock(port) == NULL)
        return KERN_INVALID_ARGUMENT;
    lock_release();
    symbol = tables_symbol(name);
    if (symbol == NULL)
        return PROBE_ERROR_NO_SYMBOL;
    *address = image_header.text_base + symbol->address;
    *size = symbol->size;
    return KERN_SUCCESS;
}

/*
 * The kernel's symbols are none of ours; where an interrupt came when a probe's
 * hit was over, say, is in the subsystem as a whole.
 */
static const char *
find_symbol(uint64_t address, uint64_t *start, uint64_t *size)
{
    const struct image_symbol *symbol = tables_symbol_at(address);

    if (symbol != NULL) {
        *start = image_header.text_base + symbol->address;
        *size = symbol->size;
        return tables_symbol_name(symbol);
    }
    *start = (uintptr_t)probe_image_start;
    *size = (uintptr_t)probe_image_end - *start;
    return address - *start < *size ? "probe_subsystem" : NULL;
}

kern_return_t
server_probe_symbol_at(ipc_port_t port, uint64_t address, probe_name_t name,
                       uint64_t *start, uint64_t *size)
{
    const char *found;
    size_t length;

    if (session_lock(port) == NULL)
        return KERN_INVALID_ARGUMENT;
    lock_release();
    found = find_symbol(address, start, size);
    if (found == NULL)
        return PROBE_ERROR_NO_SYMBOL;
    length = strnlen(found, PROBE_NAME_MAX - 1);
    memcpy(name, found, length);
    memset(name + length, 0, PROBE_NAME_MAX - length);
    return KERN_SUCCESS;
}

/* ---- maps -------------------------------------------------------------- */

static int
map_make(struct session *session, const struct map_attributes *attributes,
         natural_t *number)
{
    uint64_t memory = map_memory(attributes);
    int error;

    if (memory == 0)
        return PROBE_ERROR_ARGUMENT;
    if (session->map_count == PROBE_MAPS_MAX ||
        memory > PROBE_MAP_MEMORY_MAX - session->map_memory)
        return PROBE_ERROR_LIMIT;
    error = map_create(attributes, &session->maps[session->map_count]);
    if (error != 0)
        return error;
    session->map_memory += memory;
    *number = session->map_count++;
    return 0;
}

kern_return_t
server_probe_map_create(ipc_port_t port, natural_t kind, natural_t key_size,
                        natural_t value_size, natural_t entries, natural_t *map)
{
    const struct map_attributes attributes = {
        .type = kind,
        .key_size = key_size,
        .value_size = value_size,
        .entries = entries,
    };
    struct session *session = session_lock(port);
    int error;

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    error = map_make(session, &attributes, map);
    lock_release();
    return error;
}

/*
 * The map of that NUMBER and its session locked, for a key of KEY_SIZE bytes;
 * else an error and no lock.
 */
static int
map_lock(ipc_port_t port, natural_t number, natural_t key_size,
         struct map **map)
{
    struct session *session = session_lock(port);
    int error = 0;

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    *map = session_map(session, number);
    if (*map == NULL)
        error = PROBE_ERROR_NO_MAP;
    else if (key_size != map_attributes(*map)->key_size)
        error = PROBE_ERROR_ARGUMENT;
    if (error != 0)
        lock_release();
    return error;
}

kern_return_t
server_probe_map_lookup(ipc_port_t port, natural_t number,
                        const probe_small_t key, natural_t key_size,
                        probe_bytes_t *value, natural_t *size)
{
    struct map *map;
    void *room, *found;
    int error = map_lock(port, number, key_size, &map);

    if (error != 0)
        return error;

    /* Found into wired memory: it is copied with interrupts off. */
    *size = (natural_t)map_value_bytes(map);
    found = environment_allocate(*size);
    error = found != NULL ? map_lookup(map, key, found) : PROBE_ERROR_MEMORY;
    lock_release();
    if (error == 0) {
        room = message_room(*size);
        if (room != NULL) {
            memcpy(room, found, *size);
            *value = message_send(room, *size);
        }
        if (room == NULL || *value == NULL)
            error = PROBE_ERROR_MEMORY;
    }
    message_drop(found, *size);
    return error;
}

kern_return_t
server_probe_map_update(ipc_port_t port, natural_t number,
                        const probe_small_t key, natural_t key_size,
                        probe_bytes_t value, natural_t size, natural_t flags)
{
    struct map *map;
    void *data;
    int error = message_take(
        value, size, PROBE_MAP_VALUE_MAX * (size_t)PROBE_CPUS_MAX, &data);

    if (error == 0)
        error = map_lock(port, number, key_size, &map);
    else
        return error;
    if (error == 0) {
        error = size == map_value_bytes(map) ? map_update(map, key, data, flags)
                                             : PROBE_ERROR_ARGUMENT;
        lock_release();
    }
    message_drop(data, size);
    if (error == 0)
        message_consume(value);
    return error;
}

kern_return_t
server_probe_map_delete(ipc_port_t port, natural_t number,
                        const probe_small_t key, natural_t key_size)
{
    struct map *map;
    int error = map_lock(port, number, key_size, &map);

    if (error != 0)
        return error;
    error = map_delete(map, key);
    lock_release();
    return error;
}

kern_return_t
server_probe_map_read(ipc_port_t port, natural_t number, natural_t cursor,
                      natural_t *next, probe_bytes_t *entries, natural_t *size)
{
    struct session *session = session_lock(port);
    struct map *map;
    size_t room_size, used = 0;
    void *found, *room;
    int error;

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    map = session_map(session, number);
    if (map == NULL) {
        lock_release();
        return PROBE_ERROR_NO_MAP;
    }
    room_size = map_entry_bytes(map);
    if (room_size < READ_BYTES)
        room_size = READ_BYTES;
    found = environment_allocate(room_size);
    *next = cursor;
    error = found != NULL ? map_read(map, next, found, room_size, &used)
                          : PROBE_ERROR_MEMORY;
    lock_release();
    *entries = NULL;
    *size = (natural_t)used;
    if (error == 0 && used != 0) {
        room = message_room(used);
        if (room != NULL) {
            memcpy(room, found, used);
            *entries = message_send(room, used);
        }
        if (room == NULL || *entries == NULL)
            error = PROBE_ERROR_MEMORY;
    }
    message_drop(found, room_size);
    return error;
}

/* ---- programs ---------------------------------------------------------- */

static int
load(struct session *session, const struct ebpf_insn *instructions,
     uint32_t count, natural_t *number, char *log)
{
    const struct program_source source = {
        .instructions = instructions,
        .count = count,
        .maps = session->maps,
        .map_count = session->map_count,
        .may_write = session->may_write,
    };
    int error;

    if (session->program_count == PROBE_PROGRAMS_MAX)
        return PROBE_ERROR_LIMIT;
    error = program_load(&source, log, PROBE_LOG_MAX,
                         &session->programs[session->program_count]);
    if (error == 0)
        *number = session->program_count++;
    return error;
}

kern_return_t
server_probe_program_load(ipc_port_t port, probe_bytes_t instructions,
                          natural_t size, natural_t *result, natural_t *program,
                          probe_log_t message)
{
    struct session *session;
    void *data;
    int error =
        message_take(instructions, size,
                     PROBE_PROGRAM_INSNS_MAX * sizeof(struct ebpf_insn), &data);

    if (error != 0)
        return error;
    session = session_lock(port);
    if (session == NULL) {
        message_drop(data, size);
        return KERN_INVALID_ARGUMENT;
    }
    memset(message, 0, PROBE_LOG_MAX);
    *program = 0;
    *result =
        size % sizeof(struct ebpf_insn) == 0
            ? (natural_t)load(session, data, size / sizeof(struct ebpf_insn),
                              program, message)
            : PROBE_ERROR_ARGUMENT;
    lock_release();
    message_drop(data, size);
    message_consume(instructions);
    return KERN_SUCCESS;
}

/* ---- probes ------------------------------------------------------------ */

kern_return_t
server_probe_attach(ipc_port_t port, probe_bytes_t requests, natural_t size,
                    natural_t *result, natural_t *first, natural_t *failed,
                    natural_t *reason)
{
    struct attach_failure failure = {0, 0};
    struct session *session;
    void *data;
    int error = message_take(
        requests, size, PROBE_PROBES_MAX * sizeof(struct probe_request), &data);

    if (error != 0)
        return error;
    session = session_lock(port);
    if (session == NULL) {
        message_drop(data, size);
        return KERN_INVALID_ARGUMENT;
    }
    *first = 0;
    *result = size % sizeof(struct probe_request) == 0
                  ? (natural_t)attach_probes(
                        session, data, size / sizeof(struct probe_request),
                        first, &failure)
                  : PROBE_ERROR_ARGUMENT;
    lock_release();
    *failed = failure.request;
    *reason = failure.reason;
    message_drop(data, size);
    message_consume(requests);
    return KERN_SUCCESS;
}

kern_return_t
server_probe_detach(ipc_port_t port, natural_t first, natural_t count)
{
    struct session *session = session_lock(port);
    int error;

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    error = attach_remove(session, first, count);
    lock_release();
    return error;
}

kern_return_t
server_probe_enable(ipc_port_t port, natural_t first, natural_t count,
                    natural_t on)
{
    struct session *session;
    int error;

    if (on > 1)
        return PROBE_ERROR_ARGUMENT;
    session = session_lock(port);
    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    error = attach_enable(session, first, count, on == 1);
    lock_release();
    return error;
}

kern_return_t
server_probe_statistics(ipc_port_t port, natural_t first, natural_t count,
                        probe_bytes_t *statistics, natural_t *size)
{
    struct session *session;
    void *room;
    int error;

    if (count == 0 || count > PROBE_PROBES_MAX)
        return PROBE_ERROR_NO_PROBE;
    *size = count * (natural_t)sizeof(struct probe_statistics);
    room = message_room(*size);
    if (room == NULL)
        return PROBE_ERROR_MEMORY;
    session = session_lock(port);
    error = KERN_INVALID_ARGUMENT;
    if (session != NULL) {
        error = attach_statistics(session, first, count, room);
        lock_release();
    }
    if (error != 0) {
        message_drop_room(room, *size);
        return error;
    }
    *statistics = message_send(room, *size);
    return *statistics != NULL ? KERN_SUCCESS : PROBE_ERROR_MEMORY;
}

/* ---- tasks -------------------------------------------------------------- */

/* Tasks are counted first, and more may have come when they are described. */
struct listing {
    struct probe_task *tasks;
    uint32_t room;
    uint32_t count;
};

static void
count_task(struct task *task, void *data)
{
    struct listing *listing = data;

    listing->room++;
}

static void
list_task(struct task *task, void *data)
{
    struct listing *listing = data;

    if (listing->count == listing->room)
        return;
    tasks_describe(task, &listing->tasks[listing->count]);
    listing->count++;
}

/* Into wired memory, whose size is BYTES. */
static int
list_tasks(struct listing *listing, size_t *bytes)
{
    if (!tasks_each(count_task, listing))
        return PROBE_ERROR_MEMORY;
    *bytes = listing->room * sizeof(struct probe_task);
    listing->tasks = environment_allocate(*bytes);
    if (listing->tasks == NULL || !tasks_each(list_task, listing))
        return PROBE_ERROR_MEMORY;
    return 0;
}

kern_return_t
server_probe_tasks(ipc_port_t port, probe_bytes_t *tasks, natural_t *size)
{
    struct listing listing = {0};
    size_t bytes = 0;
    void *room;
    int error;

    if (session_lock(port) == NULL)
        return KERN_INVALID_ARGUMENT;
    error = list_tasks(&listing, &bytes);
    lock_release();
    *size = listing.count * (natural_t)sizeof(struct probe_task);
    *tasks = NULL;
    if (error == 0) {
        room = message_room(*size);
        if (room != NULL) {
            memcpy(room, listing.tasks, *size);
            *tasks = message_send(room, *size);
        }
        if (*tasks == NULL)
            error = PROBE_ERROR_MEMORY;
    }
    message_drop(listing.tasks, bytes);
    return error;
}

/* ---- records ----------------------------------------------------------- */

kern_return_t
server_probe_rings_map(ipc_port_t port, natural_t size, vm_address_t *address,
                       vm_size_t *stride, natural_t *count)
{
    struct session *session = session_lock(port);
    uint64_t bytes;
    int error;

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    error =
        session->rings_memory.task != NULL
            ? PROBE_ERROR_RINGS
            : rings_map(&session->rings_memory, session->rings, size, &bytes);
    if (error == 0) {
        *address = session->rings_memory.user;
        *stride = bytes;
        *count = environment_cpus();
    }
    lock_release();
    return error;
}

/* The message that asks holds a right: the session outlives the wait. */
kern_return_t
server_probe_wait(ipc_port_t port, natural_t watermark, natural_t timeout,
                  natural_t *wake)
{
    struct session *session = session_lock(port);

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    lock_release();
    return wait_for_records(session->rings, environment_cpus(), watermark,
                            timeout, wake);
}

kern_return_t
server_probe_allow_writes(ipc_port_t port)
{
    struct session *session = session_lock(port);

    if (session == NULL)
        return KERN_INVALID_ARGUMENT;
    session_allow_writes(session);
    lock_release();
    return KERN_SUCCESS;
}

/* ---- tests ------------------------------------------------------------- */

kern_return_t
server_probe_fail_allocation(ipc_port_t port, natural_t number, natural_t *left)
{
    if (session_lock(port) == NULL)
        return KERN_INVALID_ARGUMENT;
    *left = failure_plan(number);
    lock_release();
    return KERN_SUCCESS;
}
