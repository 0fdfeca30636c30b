#include "kernel/machine/stop.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/clock.h"
#include "kernel/machine/current.h"
#include "kernel/machine/machine.h"
#include "kernel/points/slot.h"
#include "kernel/points/tables.h"
#include "kernel/watch/watch.h"

#if KERNEL_CPUS == 1

bool
stop_initialize(void)
{
    return true;
}

unsigned
stop_cpus(void)
{
    return 1;
}

bool
stop_begin(unsigned long *interrupts)
{
    *interrupts = machine_interrupts_disable();
    return true;
}

void
stop_end(unsigned long interrupts)
{
    watch_load();
    machine_interrupts_restore(interrupts);
}

#else

/* ---- the interrupt ----------------------------------------------------- */

/*
 * Vectors that may be ours: the kernel's own interrupts between CPUs are
 * above, those of devices from the low end on.
 */
#define VECTOR_HIGH    0xf9
#define VECTOR_LOW     0x60

/* Gates, Intel SDM volume 3, 6.11 and 6.14.1: sizes and places in bytes. */
#define GATE_SIZE      (2 * sizeof(void *))
#define GATE_ACCESS    5
#define GATE_PRESENT   0x80
#define GATE_INTERRUPT 0x8e /* present, for the kernel only */
#define GATE_MODEL     3    /* has the kernel's code segment */

/* Local APIC, volume 3, 10.6.1: a fixed interrupt to all but this CPU. */
#define ICR_PENDING    0x1000
#define ICR_OTHERS     0x000c4000

static unsigned cpus;
static unsigned vector;

/* In stop.S: what the others run, and what is to be called before they do. */
extern void probe_stop_entry(void);
extern void probe_stop_prepare(void);

static uint8_t *
gate_of(unsigned cpu, unsigned number)
{
    uint8_t *table =
        cpu == 0 ? (uint8_t *)idt : (uint8_t *)mp_desc_table[cpu]->idt;

    return table + number * GATE_SIZE;
}

static bool
vector_is_free(unsigned number)
{
    for (unsigned cpu = 0; cpu < cpus; cpu++) {
        if ((gate_of(cpu, number)[GATE_ACCESS] & GATE_PRESENT) != 0)
            return false;
    }
    return true;
}

static void
set_gate(uint8_t *gate, const uint8_t *model)
{
    uint64_t address = (uintptr_t)probe_stop_entry;

    for (unsigned i = 0; i < GATE_SIZE; i++)
        gate[i] = model[i];
    gate[0] = (uint8_t)address;
    gate[1] = (uint8_t)(address >> 8);
    gate[6] = (uint8_t)(address >> 16);
    gate[7] = (uint8_t)(address >> 24);
    gate[GATE_ACCESS] = GATE_INTERRUPT;
}

bool
stop_initialize(void)
{
    cpus = smp_get_numcpus();
    vector = VECTOR_HIGH;
    while (!vector_is_free(vector)) {
        if (vector-- == VECTOR_LOW)
            return false;
    }
    probe_stop_prepare();
    for (unsigned cpu = 0; cpu < cpus; cpu++)
        set_gate(gate_of(cpu, vector), gate_of(cpu, GATE_MODEL));
    return true;
}

unsigned
stop_cpus(void)
{
    return cpus;
}

/*
 * The kernel's own interrupts may be sent from an interrupt on this CPU.
 * False if one that was sent before is not accepted until DEADLINE.
 */
static bool
interrupt_others(uint64_t deadline)
{
    volatile uint32_t *command = (volatile uint32_t *)&lapic->icr_low;
    unsigned long interrupts = machine_interrupts_disable();
    bool accepted;

    while ((*command & ICR_PENDING) != 0 && clock_ns() < deadline)
        machine_pause();
    accepted = (*command & ICR_PENDING) == 0;
    if (accepted)
        *command = ICR_OTHERS | vector;
    machine_interrupts_restore(interrupts);
    return accepted;
}

/* ---- the others -------------------------------------------------------- */

/*
 * Stops are numbered, and each CPU notes how far it has come in which.  So one
 * that is late, and comes when its stop was given up and maybe another has
 * begun, is told from one that is asked for.
 */
enum phase { RUN, GATHER, HOLD };

static uint32_t phase, stop;
static uint32_t gathered[KERNEL_CPUS], held[KERNEL_CPUS], left[KERNEL_CPUS];
static uint32_t elsewhere[KERNEL_CPUS]; /* it must go on before it is held */

/* What the processor stored when it was interrupted. */
struct stop_frame {
    unsigned long pc;
    unsigned long segment;
    unsigned long flags;
};

#define SEGMENT_USER  3 /* privilege level */

/*
 * How long a stop may take, in ns: long enough for virtual processors that
 * have to wait for the machine's.
 */
#define STOP_TIME_MAX 5000000000u

static uint32_t
read(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void
write(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

/* Whether a jump may come to lie over PC: shortly behind a function's entry. */
static bool
is_within_entry(uint64_t pc)
{
    for (unsigned distance = 1; distance < SLOT_JUMP; distance++) {
        if (tables_function(pc - distance) != NULL)
            return true;
    }
    return false;
}

/* From stop.S, on the interrupt stack; NESTED: an interrupt was handled. */
void stop_arrive(const struct stop_frame *frame, uint32_t nested);

void
stop_arrive(const struct stop_frame *frame, uint32_t nested)
{
    unsigned cpu = current_cpu();
    uint32_t number = read(&stop);

    *(volatile uint32_t *)&lapic->eoi = 0;

    /* It comes too late, or below us is what it is for. */
    if (read(&phase) != GATHER || gathered[cpu] == number)
        return;
    if (nested ||
        ((frame->segment & SEGMENT_USER) == 0 && is_within_entry(frame->pc)))
        write(&elsewhere[cpu], number);
    write(&gathered[cpu], number);
    machine_interrupts_enable();
    while (read(&stop) == number && read(&phase) == GATHER)
        machine_pause();
    machine_interrupts_disable();
    write(&held[cpu], number);
    while (read(&stop) == number && read(&phase) == HOLD)
        machine_pause();
    machine_flush_translations();
    watch_load();
    write(&left[cpu], number);
}

/* ---- the one ----------------------------------------------------------- */

/* Whether all others have come so far before DEADLINE. */
static bool
wait_for(const uint32_t *words, uint64_t deadline)
{
    unsigned own = current_cpu();

    for (unsigned cpu = 0; cpu < cpus; cpu++) {
        while (cpu != own && read(&words[cpu]) != stop) {
            if (clock_ns() >= deadline)
                return false;
            machine_pause();
        }
    }
    return true;
}

static bool
any_elsewhere(void)
{
    for (unsigned cpu = 0; cpu < cpus; cpu++) {
        if (read(&elsewhere[cpu]) == stop)
            return true;
    }
    return false;
}

/* All others stand still, unless it is false: then none does. */
static bool
stop_once(unsigned long *interrupts, uint64_t deadline)
{
    write(&stop, stop + 1);
    write(&phase, GATHER);
    if (!interrupt_others(deadline) || !wait_for(gathered, deadline)) {
        write(&phase, RUN);
        return false;
    }
    *interrupts = machine_interrupts_disable();
    write(&phase, HOLD);
    if (wait_for(held, deadline))
        return true;
    write(&phase, RUN);
    machine_interrupts_restore(*interrupts);
    return false;
}

bool
stop_begin(unsigned long *interrupts)
{
    uint64_t deadline = clock_ns() + STOP_TIME_MAX;

    while (stop_once(interrupts, deadline)) {
        if (!any_elsewhere())
            return true;
        stop_end(*interrupts);
    }
    return false;
}

/* The others have forgotten their translations when it returns. */
void
stop_end(unsigned long interrupts)
{
    watch_load();
    write(&phase, RUN);
    machine_interrupts_restore(interrupts);
    wait_for(left, UINT64_MAX);
}

#endif
