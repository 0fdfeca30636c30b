/*
 * What a hit costs, in ticks of the time stamp counter: under QEMU's -icount
 * a tick is a guest instruction, so the figures are exact and repeatable.
 *
 * The probed function is the kernel's swtch, which this task calls by trap in
 * a loop: nothing else wants to run, so it returns at once.  The loop without
 * a probe is the base; a row is how much longer a call takes with the probe.
 * Records are read away between rounds, outside of the time taken, so no ring
 * is ever full.
 *
 * Then the same function with records that this task reads as fast as it
 * can: events a second that reach the process, of the time that making and
 * reading them takes together.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "client/instructions.h"
#include "client/machprobe.h"
#include "mach/task.h"
#include "mach/time.h"
#include "protocol/context.h"

/* The kernel's function behind the trap. */
#define FUNCTION "swtch"

#define CALLS     2000 /* of a round */
#define ROUNDS    5
#define RING_SIZE (1u << 20)

static struct machprobe *session;

static void
must(kern_return_t error, const char *what)
{
    if (error != KERN_SUCCESS)
        task_fail("%s: %s", what, machprobe_error_text(error));
}

static const struct ebpf_insn nothing_program[] = {MOVE_IMM(0, 0), EXIT};

/* Adds 1 to element 0 of map 0, an array. */
static const struct ebpf_insn counting_program[] = {
    STORE_IMM(W, 10, -4, 0), MOVE(2, 10),
    ADD_IMM(2, -4),          LOAD_MAP(1, 0),
    CALL(map_lookup),        JUMP_IMM(JEQ, 0, 0, 2),
    MOVE_IMM(1, 1),          ATOMIC_ADD(DW, 0, 0, 1),
    MOVE_IMM(0, 0),          EXIT,
};

#define ARGUMENT(NUMBER) \
    (offsetof(struct probe_context, registers) + 8 * (NUMBER))

/* Four values: two arguments (rdi, rsi), the task and the thread. */
static const struct ebpf_insn record_program[] = {
    MOVE(6, 1),
    MOVE_IMM(1, 32),
    MOVE_IMM(2, 0),
    CALL(record_reserve),
    JUMP_IMM(JEQ, 0, 0, 11),
    MOVE(7, 0),
    LOAD(DW, 1, 6, ARGUMENT(5)),
    STORE(DW, 7, 0, 1),
    LOAD(DW, 1, 6, ARGUMENT(4)),
    STORE(DW, 7, 8, 1),
    CALL(task),
    STORE(DW, 7, 16, 0),
    CALL(thread),
    STORE(DW, 7, 24, 0),
    MOVE(1, 7),
    CALL(record_submit),
    MOVE_IMM(0, 0),
    EXIT,
};

static const struct row {
    const char *name;
    const struct ebpf_insn *program;
    uint32_t count;
} rows[] = {
    {"nothing", nothing_program,
     sizeof(nothing_program) / sizeof(struct ebpf_insn)},
    {"count", counting_program,
     sizeof(counting_program) / sizeof(struct ebpf_insn)},
    {"record", record_program,
     sizeof(record_program) / sizeof(struct ebpf_insn)},
};

#define ROWS (sizeof(rows) / sizeof(*rows))

static uint64_t
read_records(void)
{
    uint64_t count = 0;

    while (machprobe_next(session, NULL) != NULL)
        count++;
    return count;
}

/* The least of the rounds, in ticks for all calls of one. */
static uint64_t
measure(void)
{
    uint64_t least = UINT64_MAX;

    for (int round = 0; round < ROUNDS; round++) {
        uint64_t start = time_tsc(), ticks;

        for (int call = 0; call < CALLS; call++)
            swtch();
        ticks = time_tsc() - start;
        if (ticks < least)
            least = ticks;
        read_records();
    }
    return least;
}

static uint32_t
attach(uint32_t program, enum probe_kind kind)
{
    struct probe_request request = {
        .kind = kind, .program = program, .flags = PROBE_FLAG_SELF};
    struct machprobe_failure failure;
    uint32_t first;
    uint64_t size;
    kern_return_t error;

    must(machprobe_symbol(session, FUNCTION, &request.address, &size),
         FUNCTION);
    error = machprobe_attach(session, &request, 1, &first, &failure);
    if (error != KERN_SUCCESS)
        task_fail("probe: %s: %s", machprobe_error_text(error), failure.text);

    return first;
}

/* Every hit must have been seen, or the figures mean nothing. */
static void
verify(uint32_t probe, uint64_t hits)
{
    struct probe_statistics statistics;

    must(machprobe_statistics(session, probe, 1, &statistics), "statistics");
    if (statistics.hits != hits || statistics.missed != 0 ||
        statistics.lost != 0)
        task_fail("%llu hits, %llu missed, %llu lost where %llu were made",
                  (unsigned long long)statistics.hits,
                  (unsigned long long)statistics.missed,
                  (unsigned long long)statistics.lost,
                  (unsigned long long)hits);
}

static uint64_t
cost(uint32_t program, enum probe_kind kind, uint64_t base)
{
    uint32_t probe = attach(program, kind);
    uint64_t ticks = measure();

    verify(probe, CALLS * ROUNDS);
    must(machprobe_detach(session, probe, 1), "detach");
    return (ticks - base) / CALLS;
}

/* Events made and read, by second of the session's clock. */
static uint64_t
rate(uint32_t program)
{
    uint32_t probe = attach(program, PROBE_ENTRY);
    uint64_t start = machprobe_time(session), events = 0;

    for (int round = 0; round < 20; round++) {
        for (int call = 0; call < CALLS; call++)
            swtch();
        events += read_records();
    }
    start = machprobe_time(session) - start;
    verify(probe, events);
    must(machprobe_detach(session, probe, 1), "detach");
    return events * 1000000000 / start;
}

int
main(int argc, char **argv)
{
    uint32_t programs[ROWS], map;
    char log[PROBE_LOG_MAX];
    uint64_t base;

    must(machprobe_open(task_ports.host, &session), "session");
    must(machprobe_rings(session, RING_SIZE), "rings");
    must(machprobe_map_create(session, PROBE_MAP_ARRAY, 4, 8, 1, &map), "map");
    for (size_t i = 0; i < ROWS; i++) {
        kern_return_t error = machprobe_load(session, rows[i].program,
                                             rows[i].count, &programs[i], log);

        if (error != KERN_SUCCESS)
            task_fail("%s: %s: %s", rows[i].name, machprobe_error_text(error),
                      log);
    }

    base = measure();
    printf("base %llu\n", (unsigned long long)base / CALLS);
    for (size_t i = 0; i < ROWS; i++)
        printf("%s %llu %llu\n", rows[i].name,
               (unsigned long long)cost(programs[i], PROBE_ENTRY_JUMP, base),
               (unsigned long long)cost(programs[i], PROBE_ENTRY_BREAKPOINT,
                                        base));
    printf("rate %llu\n", (unsigned long long)rate(programs[ROWS - 1]));
    machprobe_close(session);
    return 0;
}
