/*
 * libmachprobe: probes of the kernel for programs in C.
 *
 * A task that holds the host privileged port opens a session, loads programs
 * (protocol/ebpf.h, protocol/helper.h), attaches them to functions of the
 * kernel and reads the records that they submit.  All of it goes with the
 * session, however the task ends.
 *
 *     struct machprobe *session;
 *
 *     machprobe_open(host_privileged, &session);
 *     probe_on_entry(session, "vm_map_enter", my_function, my_data);
 *     machprobe_run(session, MACHPROBE_FOREVER);
 *     machprobe_close(session);
 *
 * Functions return KERN_SUCCESS, a code of protocol/error.h, or one of
 * Mach's; machprobe_error_text() has words for them all.  A session is used
 * by one thread at a time.
 */

#ifndef CLIENT_MACHPROBE_H
#define CLIENT_MACHPROBE_H

#include <stdbool.h>
#include <stdint.h>

#include <mach/kern_return.h>
#include <mach/port.h>

#include "protocol/ebpf.h"
#include "protocol/error.h"
#include "protocol/helper.h"
#include "protocol/probe.h"
#include "protocol/ring.h"

struct machprobe;

/* Words for a code; never NULL. */
const char *machprobe_error_text(kern_return_t code);

/* ---- the session ------------------------------------------------------- */

/*
 * Open a session with the kernel.  PROBE_ERROR_PRIVILEGE: HOST is not the
 * host privileged port.  MIG_BAD_ID: the kernel has no probe subsystem.
 */
kern_return_t machprobe_open(mach_port_t host, struct machprobe **session);

/* End it: its probes are gone when this returns.  NULL is ignored. */
void machprobe_close(struct machprobe *session);

/* The kernel that the session is with; valid until it is closed. */
const struct probe_kernel *machprobe_kernel(const struct machprobe *session);

/* The session's port, for its routines (protocol/machprobe.defs). */
mach_port_t machprobe_port(const struct machprobe *session);

/* Now, in nanoseconds of the session's clock, which records use too. */
uint64_t machprobe_time(const struct machprobe *session);

/* Address and size (bytes) of a symbol: PROBE_ERROR_NO_SYMBOL. */
kern_return_t machprobe_symbol(struct machprobe *session, const char *name,
                               uint64_t *address, uint64_t *size);

/*
 * The symbol that ADDRESS is in: NAME, of PROBE_NAME_MAX bytes, where it
 * begins and its size.  PROBE_ERROR_NO_SYMBOL.
 */
kern_return_t machprobe_symbol_at(struct machprobe *session, uint64_t address,
                                  char *name, uint64_t *start, uint64_t *size);

/*
 * Let programs that are loaded from now on write to the kernel's memory and to
 * registers (protocol/helper.h: write_kernel, write_register).
 */
kern_return_t machprobe_allow_writes(struct machprobe *session);

/* ---- maps -------------------------------------------------------------- */

/* Sizes in bytes; PROBE_ERROR_ARGUMENT, _LIMIT, _MEMORY. */
kern_return_t machprobe_map_create(struct machprobe *session,
                                   enum probe_map_type type, uint32_t key_size,
                                   uint32_t value_size, uint32_t entries,
                                   uint32_t *map);

/*
 * One entry.  VALUE has room for VALUE_SIZE bytes, which must be the size of
 * the map's values (of a per-CPU array: of all CPUs' values, each rounded up
 * to 8 bytes).  PROBE_ERROR_NO_KEY, _KEY_EXISTS, _FULL, _ARGUMENT.
 */
kern_return_t machprobe_map_lookup(struct machprobe *session, uint32_t map,
                                   const void *key, uint32_t key_size,
                                   void *value, uint32_t value_size);
kern_return_t machprobe_map_update(struct machprobe *session, uint32_t map,
                                   const void *key, uint32_t key_size,
                                   const void *value, uint32_t value_size,
                                   uint32_t flags);
kern_return_t machprobe_map_delete(struct machprobe *session, uint32_t map,
                                   const void *key, uint32_t key_size);

/*
 * Call EACH with every entry; what changes meanwhile is seen or not.  When
 * EACH returns other than 0 the walk ends.
 */
typedef int (*machprobe_entry)(void *data, const void *key, const void *value);
kern_return_t machprobe_map_read(struct machprobe *session, uint32_t map,
                                 uint32_t key_size, uint32_t value_size,
                                 machprobe_entry each, void *data);

/* ---- programs and probes ----------------------------------------------- */

/*
 * Load a program of COUNT instructions.  PROBE_ERROR_PROGRAM: the verifier
 * rejected it, and LOG, of PROBE_LOG_MAX bytes, names the instruction and
 * the reason; LOG may be NULL.
 */
kern_return_t machprobe_load(struct machprobe *session,
                             const struct ebpf_insn *instructions,
                             uint32_t count, uint32_t *program, char *log);

/* Where and why an attach failed. */
struct machprobe_failure {
    uint32_t index;  /* of the request */
    uint32_t reason; /* enum image_reason */
    const char *text;
};

/*
 * Attach COUNT probes, numbered from *first on, or none.  FAILURE may be
 * NULL.  PROBE_ERROR_ADDRESS, _FORBIDDEN, _ENTRY_KIND, _NO_PROGRAM, _LIMIT;
 * of data as probe_on_data.
 */
kern_return_t machprobe_attach(struct machprobe *session,
                               const struct probe_request *requests,
                               uint32_t count, uint32_t *first,
                               struct machprobe_failure *failure);

/* Detach COUNT probes from FIRST on; their statistics stay. */
kern_return_t
machprobe_detach(struct machprobe *session, uint32_t first, uint32_t count);

/*
 * Enable or disable COUNT probes from FIRST on, all or none, without losing
 * their statistics.  PROBE_ERROR_NO_PROBE, _BUSY.
 */
kern_return_t machprobe_enable(struct machprobe *session, uint32_t first,
                               uint32_t count, bool on);

/* Statistics of COUNT probes from FIRST on. */
kern_return_t machprobe_statistics(struct machprobe *session, uint32_t first,
                                   uint32_t count,
                                   struct probe_statistics *statistics);

/* ---- tasks ------------------------------------------------------------- */

/*
 * All tasks that have not ended, and the array's memory back.
 */
kern_return_t machprobe_tasks(struct machprobe *session,
                              struct probe_task **tasks, uint32_t *count);
void machprobe_tasks_free(struct probe_task *tasks, uint32_t count);

/* ---- records ----------------------------------------------------------- */

/* Map the rings, SIZE bytes (a power of two) for each CPU.  Once. */
kern_return_t machprobe_rings(struct machprobe *session, uint32_t size);

/* The memory of the rings, for those who read them on their own. */
struct machprobe_rings {
    char *address; /* of the first struct probe_ring; NULL before */
    uint64_t stride;
    uint32_t count;
};
const struct machprobe_rings *
machprobe_rings_memory(const struct machprobe *session);

/*
 * Wait until a ring holds WATERMARK bytes or TIMEOUT milliseconds have
 * passed; 0 does not wait.
 */
kern_return_t
machprobe_wait(struct machprobe *session, uint32_t watermark, uint32_t timeout);

/*
 * The next record of all rings in the order of time, or NULL.  It is there
 * until the next call.  *cpu may be NULL.
 */
const struct probe_record *
machprobe_next(struct machprobe *session, uint32_t *cpu);

/* ---- calling a function at each entry, or access ------------------------ */

#define MACHPROBE_ARGUMENTS 6

struct machprobe_event {
    uint64_t time;    /* ns of the session's clock */
    uint32_t cpu;     /* from 0 */
    uint64_t address; /* of the function; of data: behind the instruction */
    uint64_t task;    /* the kernel's address of the task that ran */
    uint64_t thread;  /* and of its thread */
    char task_name[32];
    /* Words, as they were passed; of data they have no meaning. */
    uint64_t arguments[MACHPROBE_ARGUMENTS];
};

typedef void (*machprobe_function)(const struct machprobe_event *event,
                                   void *data);

/*
 * From now on machprobe_run() calls FUNCTION, in this task, for each time
 * that another task enters the kernel's function NAME.  The rings are mapped
 * if they are not yet.
 */
kern_return_t probe_on_entry(struct machprobe *session, const char *name,
                             machprobe_function function, void *data);

/*
 * The same for each time that another task, in the kernel, has written to the
 * LENGTH bytes that the kernel's variable NAME begins with (PROBE_WATCH_WRITE
 * as ACCESS), or read or written them (PROBE_WATCH_ACCESS).  LENGTH is 1, 2, 4
 * or, with 64 bits, 8; 0: as many of the variable's as can be.  There are
 * PROBE_WATCHES_MAX places at a time, of all sessions.  PROBE_ERROR_WATCHES,
 * _LENGTH, _DATA; _BUSY: the kernel's debugger, or some thread, uses the debug
 * registers.
 */
kern_return_t probe_on_data(struct machprobe *session, const char *name,
                            uint32_t length, enum probe_kind access,
                            machprobe_function function, void *data);

/*
 * The same each time that a task comes to an instruction of its code: REQUEST
 * says which one, of which task (address, task, instruction, text), and its
 * flags.  At a function's entry its arguments are the event's.
 */
kern_return_t probe_on_user_instruction(struct machprobe *session,
                                        const struct probe_request *request,
                                        machprobe_function function,
                                        void *data);

#define MACHPROBE_FOREVER UINT32_MAX

/*
 * Wait for events and call functions for TIMEOUT milliseconds, or until one
 * of them calls machprobe_stop().
 */
kern_return_t machprobe_run(struct machprobe *session, uint32_t timeout);
void machprobe_stop(struct machprobe *session);

/* Events that were lost or missed since the session was opened. */
kern_return_t
machprobe_lost(struct machprobe *session, uint64_t *lost, uint64_t *missed);

#endif /* CLIENT_MACHPROBE_H */
