#include "kernel/hit/returns.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/calls.h"
#include "kernel/hit/cpu.h"
#include "kernel/hit/hit.h"
#include "kernel/hit/probe.h"
#include "kernel/machine/clock.h"
#include "kernel/machine/current.h"
#include "kernel/machine/frame.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/points/point.h"
#include "kernel/points/tables.h"
#include "kernel/program/program.h"

int
returns_prepare(void)
{
    return calls_prepare();
}

void
returns_forget(void)
{
    calls_forget();
}

/*
 * Whether VALUE is where a caller goes on: in the text, in what is ours, our
 * trampoline included, or in a slot behind a call that was displaced.
 */
static bool
is_caller(uint64_t value)
{
    return tables_in_text(value, 1) ||
           (value >= (uintptr_t)probe_image_start &&
            value < (uintptr_t)probe_image_end) ||
           point_text_address(value, true) != 0;
}

static uint64_t
page_of_stack(const struct thread *thread)
{
    return thread != NULL ? thread->kernel_stack / MEMORY_PAGE_SIZE : 0;
}

/* A stack of the kernel's interrupts is none that calls are swept from. */
static bool
is_in_use(uint64_t page)
{
    for (unsigned i = 0; i < KERNEL_CPUS; i++) {
        if (page == page_of_stack(percpu_array[i].active_thread))
            return true;
    }
    return false;
}

static struct call *
take_call(void)
{
    struct call *call = calls_take();

    if (call == NULL) {
        calls_sweep(is_in_use);
        call = calls_take();
    }
    return call;
}

/* What the entry program leaves in the context goes with the call. */
static void
run_entry_program(struct probe *probe, struct call *call, struct cpu *cpu)
{
    struct probe_context *context = &cpu->context;
    uint32_t size = program_saved(probe->entry_program);

    context->entry_time = call->entry_time;
    hit_run(probe, probe->entry_program, cpu);
    context->entry_time = 0;
    memcpy(call->saved, context->saved, size);
    call->saved_size = size;
}

void
returns_enter(struct probe *probe, struct cpu *cpu)
{
    uint64_t slot = cpu->context.registers[FRAME_REGISTER_STACK];
    struct probe_counts *counts = &probe->counts[current_cpu()];
    struct call *call;

    if (!is_caller(*(const uintptr_t *)(uintptr_t)slot)) {
        counts->continuations++;
        return;
    }
    call = take_call();
    if (call == NULL) {
        counts->missed++;
        return;
    }
    call->probe = probe;
    call->entry_time = clock_ns();
    call->saved_size = 0;
    call->sweepable =
        slot / MEMORY_PAGE_SIZE == page_of_stack(current_thread());
    if (!calls_push(call, slot)) {
        calls_give(call);
        counts->continuations++;
        return;
    }
    counts->runs++;
    if (probe->entry_program != NULL)
        run_entry_program(probe, call, cpu);
}

/* The program of one call's probe.  A probe that is disabled is silent. */
static void
report(const struct call *call, struct probe_context *context)
{
    struct probe *probe = call->probe;
    unsigned number = current_cpu();
    struct probe_counts *counts = &probe->counts[number];
    struct cpu *cpu = &probe_cpus[number];

    counts->returned++;
    if (!probe->enabled) {
        counts->filtered++;
        return;
    }
    context->entry_time = call->entry_time;
    hit_prepare(probe->program, context);
    memcpy(context->saved, call->saved, call->saved_size);
    if (!hit_run_prepared(probe, probe->program, cpu))
        counts->filtered++;
}

uint64_t
hit_return(struct probe_context *context)
{
    uint64_t slot =
        context->registers[FRAME_REGISTER_STACK] - sizeof(uintptr_t);
    struct call *call = calls_pop(slot, &context->pc);

    if (call == NULL)
        __builtin_trap();
    while (call != NULL) {
        struct call *next = call->next;

        if (call->probe != NULL)
            report(call, context);
        calls_give(call);
        call = next;
    }
    return context->pc;
}

/* No call is waited for that comes while this CPU is busy; but in case. */
uint64_t
hit_return_nested(uint64_t slot)
{
    uint64_t caller;
    struct call *call = calls_pop(slot, &caller);

    if (call == NULL)
        __builtin_trap();
    while (call != NULL) {
        struct call *next = call->next;

        if (call->probe != NULL) {
            struct probe_counts *counts = &call->probe->counts[current_cpu()];

            counts->returned++;
            counts->missed++;
        }
        calls_give(call);
        call = next;
    }
    return caller;
}

uint64_t
returns_true_address(uint64_t address, uint64_t value)
{
    return calls_caller(address, value);
}
