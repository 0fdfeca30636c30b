#include "kernel/hit.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/cpu.h"
#include "kernel/current.h"
#include "kernel/point.h"
#include "kernel/probe.h"
#include "kernel/program/program.h"
#include "kernel/returns.h"
#include "kernel/session.h"
#include "kernel/slot.h"
#include "kernel/string.h"
#include "kernel/tables.h"

struct cpu probe_cpus[KERNEL_CPUS];

void
hit_initialize(void)
{
    for (unsigned i = 0; i < KERNEL_CPUS; i++)
        probe_cpus[i].execution.cpu = i;
}

/* Programs find zeroes in what they may write; most of them do not look. */
void
hit_prepare(const struct program *program, struct probe_context *context)
{
    uint32_t size = program_saved(program);

    if (size != 0)
        memset(context->saved, 0, size);
}

bool
hit_run_prepared(struct probe *probe, const struct program *program,
                 struct cpu *cpu, struct probe_context *context)
{
    struct hit *hit = &cpu->hit;

    context->cookie = probe->cookie;
    hit->probe = probe;
    hit->ring = &probe->session->rings[cpu->execution.cpu];
    hit->ended = false;
    program_run(program, &cpu->execution, context, hit);
    return hit->ended;
}

bool
hit_run(struct probe *probe, const struct program *program, struct cpu *cpu,
        struct probe_context *context)
{
    hit_prepare(program, context);
    return hit_run_prepared(probe, program, cpu, context);
}

/*
 * The programs of all probes at a point run one after the other in one hit.
 * The list changes only with interrupts off and the other CPUs stopped
 * (point_add), so not under us.
 */
static void
run_programs(const struct point *point, struct probe_context *context)
{
    unsigned number = current_cpu();
    struct cpu *cpu = &probe_cpus[number];
    const void *task = current_task();

    context->pc = point->address;
    context->entry_time = 0;
    for (struct probe *probe = point->probes; probe != NULL;
         probe = probe->next) {
        struct probe_counts *counts = &probe->counts[number];

        if (task == probe->own_task) {
            counts->self++;
        } else if (probe->kind == PROBE_RETURN) {
            returns_enter(probe, cpu, context);
        } else {
            counts->runs++;
            if (!hit_run(probe, probe->program, cpu, context))
                counts->filtered++;
        }
    }
}

static void
count_missed(const struct point *point)
{
    unsigned number = current_cpu();
    const void *task = current_task();

    for (struct probe *probe = point->probes; probe != NULL;
         probe = probe->next) {
        if (task == probe->own_task)
            probe->counts[number].self++;
        else
            probe->counts[number].missed++;
    }
}

void
hit_jump(struct probe_context *context, uint64_t return_address)
{
    run_programs(point_of_call(return_address), context);
}

void
hit_jump_nested(uint64_t return_address)
{
    count_missed(point_of_call(return_address));
}

/*
 * Whose breakpoint is it?  Returns the point if it is armed there, else NULL
 * and *GO_ON: a breakpoint that was taken away between its exception and now
 * is run again, as what it is by now.
 */
static struct point *
point_of_breakpoint(uint64_t address, uint64_t *go_on)
{
    struct point *point;

    *go_on = 0;
    if (!tables_in_text(address, 1))
        return NULL;
    point = point_find(address);
    if (point != NULL && point->armed == PROBE_ENTRY_BREAKPOINT) {
        *go_on = point_continue(point);
        return point;
    }
    if (*(const volatile uint8_t *)address != slot_breakpoint)
        *go_on = address;
    return NULL;
}

uint64_t
hit_breakpoint(struct probe_context *context, uint64_t after)
{
    uint64_t go_on;
    struct point *point = point_of_breakpoint(after - 1, &go_on);

    if (point != NULL)
        run_programs(point, context);
    return go_on;
}

uint64_t
hit_breakpoint_nested(uint64_t after)
{
    uint64_t go_on;
    struct point *point = point_of_breakpoint(after - 1, &go_on);

    if (point != NULL)
        count_missed(point);
    return go_on;
}
