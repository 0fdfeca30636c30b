#include "kernel/stop.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/current.h"
#include "kernel/machine.h"
#include "kernel/slot.h"
#include "kernel/tables.h"

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

unsigned long
stop_begin(void)
{
    return machine_interrupts_disable();
}

void
stop_end(unsigned long interrupts)
{
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

/* The kernel's own interrupts may be sent from an interrupt on this CPU. */
static void
interrupt_others(void)
{
    volatile uint32_t *command = (volatile uint32_t *)&lapic->icr_low;
    unsigned long interrupts = machine_interrupts_disable();

    while ((*command & ICR_PENDING) != 0)
        machine_pause();
    *command = ICR_OTHERS | vector;
    machine_interrupts_restore(interrupts);
}

/* ---- the others -------------------------------------------------------- */

enum phase { RUN, GATHER, HOLD };

static uint32_t phase;
static uint32_t gathered, held, left; /* how many CPUs have come so far */
static uint32_t elsewhere;            /* one must go on before it is held */

/* What the processor stored when it was interrupted. */
struct stop_frame {
    unsigned long pc;
    unsigned long segment;
    unsigned long flags;
};

#define SEGMENT_USER 3 /* privilege level */

static uint32_t
read(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void
count(uint32_t *word)
{
    __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
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
    *(volatile uint32_t *)&lapic->eoi = 0;
    if (nested ||
        ((frame->segment & SEGMENT_USER) == 0 && is_within_entry(frame->pc)))
        count(&elsewhere);
    count(&gathered);
    machine_interrupts_enable();
    while (read(&phase) == GATHER)
        machine_pause();
    machine_interrupts_disable();
    count(&held);
    while (read(&phase) == HOLD)
        machine_pause();
    machine_flush_translations();
    count(&left);
}

/* ---- the one ----------------------------------------------------------- */

static void
set_phase(enum phase next)
{
    __atomic_store_n(&phase, next, __ATOMIC_SEQ_CST);
}

static void
wait_for(const uint32_t *word)
{
    while (read(word) != cpus - 1)
        machine_pause();
}

unsigned long
stop_begin(void)
{
    unsigned long interrupts;

    for (;;) {
        gathered = held = left = elsewhere = 0;
        set_phase(GATHER);
        interrupt_others();
        wait_for(&gathered);
        interrupts = machine_interrupts_disable();
        set_phase(HOLD);
        wait_for(&held);
        if (elsewhere == 0)
            return interrupts;
        stop_end(interrupts);
    }
}

/* The others have left before they can be asked again. */
void
stop_end(unsigned long interrupts)
{
    set_phase(RUN);
    machine_interrupts_restore(interrupts);
    wait_for(&left);
}

#endif
