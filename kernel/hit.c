#include "kernel/hit.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/cpu.h"
#include "kernel/current.h"
#include "kernel/point.h"
#include "kernel/probe.h"
#include "kernel/program/program.h"
#include "kernel/session.h"
#include "kernel/slot.h"
#include "kernel/tables.h"

struct cpu probe_cpus[KERNEL_CPUS];

void
hit_initialize(void)
{
    for (unsigned i = 0; i < KERNEL_CPUS; i++)
        probe_cpus[i].execution.cpu = i;
}

/*
 * The programs of all probes at a point run one after the other in one hit.
 * The list changes only with interrupts off (point_add), so not under us.
 */
static void
run_programs(const struct point *point, struct probe_context *context)
{
    unsigned number = current_cpu();
    struct cpu *cpu = &probe_cpus[number];
    const void *task = current_task();

    context->pc = point->address;
    for (struct probe *probe = point->probes; probe != NULL;
         probe = probe->next) {
        struct probe_counts *counts = &probe->counts[number];
        struct hit *hit = &cpu->hit;

        if (task == probe->own_task) {
            counts->self++;
            continue;
        }
        counts->runs++;
        context->cookie = probe->cookie;
        hit->probe = probe;
        hit->ring = &probe->session->rings[number];
        hit->ended = false;
        program_run(probe->program, &cpu->execution, context, hit);
        if (!hit->ended)
            counts->filtered++;
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
