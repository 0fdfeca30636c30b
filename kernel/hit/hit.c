#include "kernel/hit/hit.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/cpu.h"
#include "kernel/hit/probe.h"
#include "kernel/hit/returns.h"
#include "kernel/machine/clock.h"
#include "kernel/machine/current.h"
#include "kernel/machine/string.h"
#include "kernel/points/point.h"
#include "kernel/points/slot.h"
#include "kernel/points/tables.h"
#include "kernel/port/session.h"
#include "kernel/program/program.h"
#include "kernel/tasks/user.h"

struct cpu probe_cpus[KERNEL_CPUS];

void
hit_initialize(void)
{
    for (unsigned i = 0; i < KERNEL_CPUS; i++) {
        probe_cpus[i].execution.cpu = i;
        probe_cpus[i].execution.hit = &probe_cpus[i].hit;
    }
}

/* Programs find zeroes in what they may write; most of them do not look. */
void
hit_prepare(const struct program *program, struct probe_context *context)
{
    uint32_t size = program_saved(program);

    if (size != 0)
        memset(context->saved, 0, size);
}

static inline bool
run_untimed(struct probe *probe, const struct program *program, struct cpu *cpu)
{
    cpu->context.cookie = probe->cookie;
    cpu->hit.probe = probe;
    cpu->hit.ended = false;
    program_run(program, &cpu->execution, &cpu->context);
    return cpu->hit.ended;
}

/* Apart, so that what is not timed pays for no more than the question. */
static bool __attribute__((noinline, cold))
run_timed(struct probe *probe, const struct program *program, struct cpu *cpu)
{
    struct probe_counts *counts = &probe->counts[current_cpu()];
    uint64_t start = clock_ns();
    bool ended = run_untimed(probe, program, cpu);
    uint64_t time = clock_ns() - start;

    counts->time += time;
    if (time > counts->time_max)
        counts->time_max = time;
    return ended;
}

static inline bool
run(struct probe *probe, const struct program *program, struct cpu *cpu)
{
    if (__builtin_expect(probe->timed, false))
        return run_timed(probe, program, cpu);
    return run_untimed(probe, program, cpu);
}

bool
hit_run_prepared(struct probe *probe, const struct program *program,
                 struct cpu *cpu)
{
    return run(probe, program, cpu);
}

bool
hit_run(struct probe *probe, const struct program *program, struct cpu *cpu)
{
    hit_prepare(program, &cpu->context);
    return run(probe, program, cpu);
}

/*
 * The programs of all probes at a point run one after the other in one hit.
 * The list changes only with interrupts off and the other CPUs stopped
 * (point_add), so not under us.
 *
 * This is the way of each hit, so what must be kept while a program runs is
 * little: the probe, and the CPU where there are several.  The rest is read
 * again.
 */
static inline void
run_programs(struct probe *probe, uint64_t address)
{
    struct cpu *cpu = &probe_cpus[current_cpu()];

    cpu->context.pc = address;
    cpu->context.entry_time = 0;
    for (; probe != NULL; probe = probe->next) {
        struct probe_counts *counts = &probe->counts[current_cpu()];

        if (current_task() == probe->own_task) {
            counts->self++;
        } else if (probe->kind == PROBE_RETURN) {
            returns_enter(probe, cpu);
        } else {
            counts->runs++;
            if (program_saved(probe->program) != 0)
                hit_prepare(probe->program, &cpu->context);
            if (!run(probe, probe->program, cpu))
                probe->counts[current_cpu()].filtered++;
        }
    }
}

static void
count_missed(struct probe *probe)
{
    unsigned number = current_cpu();
    const void *task = current_task();

    for (; probe != NULL; probe = probe->next) {
        if (task == probe->own_task)
            probe->counts[number].self++;
        else
            probe->counts[number].missed++;
    }
}

void
hit_jump(struct probe_context *context, uint64_t return_address)
{
    const struct point *point = point_of_call(return_address);

    run_programs(point->probes, point->address);
}

void
hit_jump_nested(uint64_t return_address)
{
    count_missed(point_of_call(return_address)->probes);
}

void
hit_watch(struct probe *probes, uint64_t after)
{
    run_programs(probes, after);
}

void
hit_watch_missed(struct probe *probes)
{
    count_missed(probes);
}

/*
 * Whose breakpoint is it?  Returns the point if it is armed there, else NULL
 * and *GO_ON: a breakpoint that was taken away between its exception and now
 * is run again, as what it is by now.
 */
static struct point *
point_of_breakpoint(uint64_t address, uint64_t *go_on)
{
    struct point *point = point_find(address);

    if (point != NULL && point->armed == PROBE_ENTRY_BREAKPOINT) {
        *go_on = point_continue(point);
        return point;
    }
    *go_on = 0;
    if (tables_in_text(address, 1) &&
        *(const volatile uint8_t *)(uintptr_t)address != slot_breakpoint)
        *go_on = address;
    return NULL;
}

uint64_t
hit_breakpoint(struct probe_context *context, uint64_t after)
{
    uint64_t go_on;
    struct point *point = point_of_breakpoint(after - 1, &go_on);

    if (point != NULL)
        run_programs(point->probes, point->address);
    return go_on;
}

uint64_t
hit_user(struct probe_context *context, uint64_t after)
{
    uint64_t go_on;
    struct user_point *point = user_point_find(after - 1, &go_on);

    if (point != NULL)
        run_programs(point->probes, point->address);
    return go_on;
}

uint64_t
hit_breakpoint_nested(uint64_t after)
{
    uint64_t go_on;
    struct point *point = point_of_breakpoint(after - 1, &go_on);

    if (point != NULL)
        count_missed(point->probes);
    return go_on;
}
