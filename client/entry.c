/*
 * Calling a function of the process at each entry of a function of the
 * kernel, access to its data, or hit of a place in a task's code: one program
 * for all, or one of two, records what struct machprobe_event holds; the cookie
 * says whose it is.
 */

#include "client/machprobe.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "client/instructions.h"
#include "client/session_i.h"
#include "protocol/context.h"

/* What the program puts into a record. */
struct payload {
    uint64_t address;
    uint64_t task;
    uint64_t thread;
    uintptr_t arguments[MACHPROBE_ARGUMENTS];
    char task_name[32];
};

#define REGISTER(NUMBER) \
    (offsetof(struct probe_context, registers) + 8 * (NUMBER))

/* Instructions that copy the arguments; r6: context, r7: record. */
/* clang-format off */
#ifdef __x86_64__

/* psABI 3.2.3: rdi, rsi, rdx, rcx, r8, r9, by DWARF's numbers. */
#define COPY_ARGUMENT(INDEX, NUMBER)     \
    LOAD(DW, 1, 6, REGISTER(NUMBER)),    \
    STORE(DW, 7, offsetof(struct payload, arguments) + 8 * (INDEX), 1)
#define COPY_ARGUMENTS(READ)                       \
    COPY_ARGUMENT(0, 5), COPY_ARGUMENT(1, 4),      \
    COPY_ARGUMENT(2, 1), COPY_ARGUMENT(3, 2),      \
    COPY_ARGUMENT(4, 8), COPY_ARGUMENT(5, 9)
#define COPY_LENGTH 12

#else

/* i386 psABI: on the stack, behind the return address; esp is number 4. */
#define COPY_ARGUMENTS(READ)                             \
    MOVE(1, 7),                                          \
    ADD_IMM(1, offsetof(struct payload, arguments)),     \
    MOVE_IMM(2, sizeof(((struct payload *)0)->arguments)), \
    LOAD(DW, 3, 6, REGISTER(4)),                         \
    ADD_IMM(3, sizeof(uintptr_t)),                       \
    CALL(READ)
#define COPY_LENGTH 6

#endif
/* clang-format on */

/* Arguments on the stack are read by READ. */
/* clang-format off */
#define PROGRAM(READ) {                                    \
    MOVE(6, 1),                                            \
    MOVE_IMM(1, sizeof(struct payload)),                   \
    MOVE_IMM(2, 0),                                        \
    CALL(record_reserve),                                  \
    JUMP_IMM(JEQ, 0, 0, 13 + COPY_LENGTH),                 \
    MOVE(7, 0),                                            \
    LOAD(DW, 1, 6, offsetof(struct probe_context, pc)),    \
    STORE(DW, 7, offsetof(struct payload, address), 1),    \
    CALL(task),                                            \
    STORE(DW, 7, offsetof(struct payload, task), 0),       \
    CALL(thread),                                          \
    STORE(DW, 7, offsetof(struct payload, thread), 0),     \
    MOVE(1, 7),                                            \
    ADD_IMM(1, offsetof(struct payload, task_name)),       \
    MOVE_IMM(2, sizeof(((struct payload *)0)->task_name)), \
    CALL(task_name),                                       \
    COPY_ARGUMENTS(READ),                                  \
    MOVE(1, 7),                                            \
    CALL(record_submit),                                   \
    MOVE_IMM(0, 0),                                        \
    EXIT,                                                  \
}
/* clang-format on */

#define PROGRAM_LENGTH (20 + COPY_LENGTH)

static const struct ebpf_insn programs[ENTRY_PROGRAMS][PROGRAM_LENGTH] = {
    [ENTRY_OF_KERNEL] = PROGRAM(read_kernel),
    [ENTRY_OF_TASKS] = PROGRAM(read_user),
};

#define ENTRY_RING_SIZE (1u << 20)

/* Milliseconds to gather events before they are handed on. */
#define GATHER_TIME 20

static kern_return_t
prepare(struct machprobe *session)
{
    kern_return_t error = KERN_SUCCESS;

    if (session->entry_count != 0)
        return KERN_SUCCESS;

    for (unsigned i = 0; i < ENTRY_PROGRAMS && error == KERN_SUCCESS; i++)
        error = machprobe_load(session, programs[i], PROGRAM_LENGTH,
                               &session->entry_programs[i], NULL);
    if (error == KERN_SUCCESS && session->rings.address == NULL)
        error = machprobe_rings(session, ENTRY_RING_SIZE);
    return error;
}

static kern_return_t
call_on(struct machprobe *session, struct probe_request *request,
        machprobe_function function, void *data)
{
    struct entry *entries;
    uint32_t number;
    kern_return_t error;

    entries = realloc(session->entries,
                      (session->entry_count + 1) * sizeof(*entries));
    if (entries == NULL)
        return KERN_RESOURCE_SHORTAGE;

    session->entries = entries;
    request->cookie = session->entry_count;
    request->program =
        session->entry_programs[request->kind == PROBE_USER_INSTRUCTION
                                    ? ENTRY_OF_TASKS
                                    : ENTRY_OF_KERNEL];
    error = machprobe_attach(session, request, 1, &number, NULL);
    if (error != KERN_SUCCESS)
        return error;

    entries[session->entry_count++] = (struct entry){function, data, number};
    return KERN_SUCCESS;
}

kern_return_t
probe_on_entry(struct machprobe *session, const char *name,
               machprobe_function function, void *data)
{
    struct probe_request request = {.kind = PROBE_ENTRY};
    uint64_t size;
    kern_return_t error = prepare(session);

    if (error == KERN_SUCCESS)
        error = machprobe_symbol(session, name, &request.address, &size);
    return error != KERN_SUCCESS ? error
                                 : call_on(session, &request, function, data);
}

/* The most of SIZE bytes from ADDRESS on that can be watched. */
static uint32_t
watched_length(const struct machprobe *session, uint64_t address, uint64_t size)
{
    uint32_t length = session->kernel.word_size;

    while (length > 1 && (length > size || address % length != 0))
        length /= 2;
    return length;
}

kern_return_t
probe_on_data(struct machprobe *session, const char *name, uint32_t length,
              enum probe_kind access, machprobe_function function, void *data)
{
    struct probe_request request = {.kind = access, .length = length};
    uint64_t size = 0;
    kern_return_t error;

    if (access != PROBE_WATCH_WRITE && access != PROBE_WATCH_ACCESS)
        return PROBE_ERROR_ARGUMENT;
    error = prepare(session);
    if (error == KERN_SUCCESS)
        error = machprobe_symbol(session, name, &request.address, &size);
    if (error != KERN_SUCCESS)
        return error;
    if (length == 0)
        request.length = watched_length(session, request.address, size);
    return call_on(session, &request, function, data);
}

kern_return_t
probe_on_user_instruction(struct machprobe *session,
                          const struct probe_request *request,
                          machprobe_function function, void *data)
{
    struct probe_request user = *request;
    kern_return_t error = prepare(session);

    user.kind = PROBE_USER_INSTRUCTION;
    return error != KERN_SUCCESS ? error
                                 : call_on(session, &user, function, data);
}

static void
dispatch(struct machprobe *session, const struct probe_record *record,
         uint32_t cpu)
{
    const struct payload *payload = (const void *)record->payload;
    const struct entry *entry = &session->entries[record->cookie];
    struct machprobe_event event = {
        .time = record->time,
        .cpu = cpu,
        .address = payload->address,
        .task = payload->task,
        .thread = payload->thread,
    };

    memcpy(event.task_name, payload->task_name, sizeof(event.task_name));
    for (unsigned i = 0; i < MACHPROBE_ARGUMENTS; i++)
        event.arguments[i] = payload->arguments[i];
    entry->function(&event, entry->data);
}

/* Whether RECORD is of a probe of probe_on_entry() or one of its kin. */
static bool
is_entry(const struct machprobe *session, const struct probe_record *record)
{
    return record->cookie < session->entry_count &&
           session->entries[record->cookie].probe == record->probe &&
           record->size >= sizeof(*record) + sizeof(struct payload);
}

kern_return_t
machprobe_run(struct machprobe *session, uint32_t timeout)
{
    uint64_t end = machprobe_time(session) + (uint64_t)timeout * 1000000;

    session->stopped = false;
    while (!session->stopped) {
        const struct probe_record *record;
        uint64_t now = machprobe_time(session);
        uint64_t wait = GATHER_TIME;
        kern_return_t error;
        uint32_t cpu;

        if (timeout != MACHPROBE_FOREVER && now >= end)
            wait = 0;
        error = machprobe_wait(session, ENTRY_RING_SIZE / 4, (uint32_t)wait);
        if (error != KERN_SUCCESS)
            return error;

        while (!session->stopped &&
               (record = machprobe_next(session, &cpu)) != NULL) {
            if (is_entry(session, record))
                dispatch(session, record, cpu);
        }
        if (wait == 0)
            break;
    }
    return KERN_SUCCESS;
}

void
machprobe_stop(struct machprobe *session)
{
    session->stopped = true;
}
