#include "kernel/watch/watch.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/hit.h"
#include "kernel/hit/probe.h"
#include "kernel/machine/current.h"
#include "kernel/machine/frame.h"
#include "kernel/machine/machine.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/points/tables.h"
#include "kernel/points/text.h"
#include "kernel/tasks/tasks.h"
#include "protocol/error.h"

/* DR7, Intel SDM volume 3, 18.2.4 (lengths and accesses: 2 bits each). */
#define DR7_GLOBAL(n)    (2ul << 2 * (n))
#define DR7_EXACT        0x300ul
#define DR7_ACCESS(n, a) ((unsigned long)(a) << (16 + 4 * (n)))
#define DR7_LENGTH(n, l) ((unsigned long)(l) << (18 + 4 * (n)))
#define DR7_WRITES       1
#define DR7_ACCESSES     3

/* DR6, 18.2.3, and the flag that makes single steps. */
#define DR6_WATCHES 0xful
#define DR6_STEP    0x4000ul
#define FLAGS_STEP  0x100ul

#define SEGMENT_USER 3 /* privilege level */

/* One debug register. */
struct watch {
    uint64_t address;
    uint32_t length;
    uint32_t kind;
    struct probe *probes; /* NULL: it is free */
};

static struct watch watches[PROBE_WATCHES_MAX];

/* Each change of the above has a number, and each CPU the last it has seen. */
static uint32_t version, loaded[KERNEL_CPUS];

static bool
any(void)
{
    for (unsigned i = 0; i < PROBE_WATCHES_MAX; i++) {
        if (watches[i].probes != NULL)
            return true;
    }
    return false;
}

/* ---- what may be watched ----------------------------------------------- */

static bool
is_length(uint32_t length)
{
    return length == 1 || length == 2 || length == 4 ||
           (length == 8 && sizeof(long) == 8);
}

static bool
is_ours(uint64_t address)
{
    return address >= (uintptr_t)probe_image_start &&
           address < (uintptr_t)probe_image_end;
}

/* Without reading it, which others may watch.  Aligned, it is in one page. */
static bool
is_memory(uint64_t address)
{
    unsigned long interrupts = machine_interrupts_disable();
    bool exists = memory_exists(address);

    machine_interrupts_restore(interrupts);
    return exists;
}

/* Whether a thread of TASK has debug registers; *DATA becomes true. */
static void
look_for_registers(struct task *task, void *data)
{
    bool *found = data;
    unsigned long interrupts = tasks_lock(task);
    struct queue_entry *end = &task->thread_list, *next = end->next;

    while (next != end) {
        struct thread *thread = (struct thread *)next;
        const uint32_t *dr;

        next = thread->thread_list.next;
        if (thread->pcb == NULL)
            continue;
        dr = thread->pcb->ims.ids.dr;
        *found = *found || (dr[0] | dr[1] | dr[2] | dr[3] | dr[7]) != 0;
    }
    tasks_unlock(task, interrupts);
}

int
watch_prepare(struct probe *probe, uint64_t address, uint32_t length)
{
    bool in_use = false;

    if (!is_length(length) || address % length != 0)
        return PROBE_ERROR_LENGTH;
    if (address != (uintptr_t)address || is_ours(address) ||
        !is_memory(address))
        return PROBE_ERROR_DATA;
    if (!tasks_each(look_for_registers, &in_use))
        return PROBE_ERROR_MEMORY;
    if (in_use)
        return PROBE_ERROR_BUSY;
    probe->watched = address;
    probe->length = length;
    return 0;
}

/* ---- who else has debug registers -------------------------------------- */

/* Not before our first watchpoint, but maybe since then. */
static bool
debugger_has_them(void)
{
#if KERNEL_HAS_kernel_dr
    return kernel_dr != 0;
#else
    return false;
#endif
}

static const uint8_t return_instruction = 0xc3;
static uint8_t load_context; /* the first byte of db_load_context */

/* Between text_unlock and text_lock, as the rest. */
static int
take_registers(void)
{
    uint64_t function = (uintptr_t)db_load_context;

    if (debugger_has_them())
        return PROBE_ERROR_BUSY;
    load_context = *(const volatile uint8_t *)(uintptr_t)function;
    text_write(function, &return_instruction, 1);
    return 0;
}

/* No thread's registers are loaded now, whatever the kernel thinks: it looks
 * again at the next switch. */
static void
give_registers_back(void)
{
    text_write((uintptr_t)db_load_context, &load_context, 1);
#if KERNEL_HAS_zero_dr
    zero_dr = 0;
#endif
}

/* ---- in force or not --------------------------------------------------- */

static bool
is_same(const struct watch *watch, const struct probe *probe)
{
    return watch->probes != NULL && watch->address == probe->watched &&
           watch->length == probe->length && watch->kind == probe->kind;
}

/* The register that has what PROBE watches, or a free one; or NULL. */
static struct watch *
find(const struct probe *probe)
{
    struct watch *found = NULL;

    for (unsigned i = 0; i < PROBE_WATCHES_MAX; i++) {
        if (is_same(&watches[i], probe))
            return &watches[i];
        if (watches[i].probes == NULL && found == NULL)
            found = &watches[i];
    }
    return found;
}

int
watch_add(struct probe *probe)
{
    struct watch *watch = find(probe);
    struct probe **end;
    int error;

    if (watch == NULL)
        return PROBE_ERROR_WATCHES;
    error = any() ? 0 : take_registers();
    if (error != 0)
        return error;
    watch->address = probe->watched;
    watch->length = probe->length;
    watch->kind = probe->kind;
    for (end = &watch->probes; *end != NULL; end = &(*end)->next)
        continue;
    probe->next = NULL;
    probe->way = probe->kind;
    *end = probe;
    version++;
    return 0;
}

void
watch_remove(struct probe *probe)
{
    struct probe **link = &find(probe)->probes;

    while (*link != probe)
        link = &(*link)->next;
    *link = probe->next;
    if (!any())
        give_registers_back();
    version++;
}

/* ---- this CPU's registers ---------------------------------------------- */

static unsigned long
length_bits(uint32_t length)
{
    return length == 8 ? 2 : length - 1;
}

static void
load_registers(void)
{
    unsigned long control = 0;

    if (debugger_has_them())
        return;
    machine_write_dr7(0);
    for (unsigned i = 0; i < PROBE_WATCHES_MAX; i++) {
        const struct watch *watch = &watches[i];

        if (watch->probes == NULL)
            continue;
        control |=
            DR7_EXACT | DR7_GLOBAL(i) |
            DR7_LENGTH(i, length_bits(watch->length)) |
            DR7_ACCESS(i, watch->kind == PROBE_WATCH_WRITE ? DR7_WRITES
                                                           : DR7_ACCESSES);
    }
    machine_write_dr0(watches[0].probes ? (uintptr_t)watches[0].address : 0);
    machine_write_dr1(watches[1].probes ? (uintptr_t)watches[1].address : 0);
    machine_write_dr2(watches[2].probes ? (uintptr_t)watches[2].address : 0);
    machine_write_dr3(watches[3].probes ? (uintptr_t)watches[3].address : 0);
    /* What they were last hit by; not whether a task was stepping. */
    machine_write_dr6(machine_read_dr6() & ~DR6_WATCHES);
    machine_write_dr7(control);
}

/* ---- this CPU's gate --------------------------------------------------- */

/* Gates, Intel SDM volume 3, 6.11 and 6.14.1: places in bytes. */
#define GATE_VECTOR    1
#define GATE_SIZE      (2 * sizeof(void *))
#define GATE_STACK     4 /* x86-64: which of the interrupt stack table */
#define GATE_ACCESS    5
#define GATE_TYPE      0x0f
#define GATE_INTERRUPT 0x0e

extern void probe_debug_entry(void);

static struct {
    bool ours;
    uint8_t before[GATE_SIZE];
} gates[KERNEL_CPUS];

#ifdef __x86_64__

/* The task state, volume 3, 8.7: places of stacks in bytes. */
#define TASK_STACK_KERNEL 4
#define TASK_STACK_OURS   0x54 /* the last one, which the kernel does not use */
#define OUR_STACK         7

static uint8_t stacks[KERNEL_CPUS][4096] __attribute__((aligned(16)));

/*
 * The descriptor has the lower half of the address.  The upper one is not
 * there any more: the kernel keeps a thread's own descriptors in the same
 * place, as the processor needs it but once.  It is that of all of the kernel's
 * image, and of the memory of other CPUs' tables (descriptors.c).
 */
static uint8_t *
task_state(void)
{
    const uint8_t *entry =
        (const uint8_t *)machine_segment_table().base + machine_task_selector();
    uint64_t base = (uint64_t)entry[2] | (uint64_t)entry[3] << 8 |
                    (uint64_t)entry[4] << 16 | (uint64_t)entry[7] << 24;

    return (uint8_t *)(uintptr_t)(((uintptr_t)stacks & ~0xffffffffull) | base);
}

static void
set_stack(uint8_t *gate)
{
    uint64_t top = (uintptr_t)(stacks[current_cpu()] + sizeof(stacks[0]));

    memcpy(task_state() + TASK_STACK_OURS, &top, sizeof(top));
    gate[GATE_STACK] = OUR_STACK;
}

/*
 * The kernel's handler gets the frame where the processor would have put it:
 * on the kernel's stack if it came from user mode, else below what was in use.
 */
static unsigned long
pass_on(const struct watch_frame *frame)
{
    uint64_t stack = frame->stack;

    if ((frame->segment & SEGMENT_USER) != 0)
        memcpy(&stack, task_state() + TASK_STACK_KERNEL, sizeof(stack));
    stack = (stack & ~15ull) - sizeof(*frame);
    memcpy((void *)stack, frame, sizeof(*frame));
    return stack;
}

#else

static void
set_stack(uint8_t *gate)
{
    (void)gate;
}

/* It is where it belongs. */
static unsigned long
pass_on(const struct watch_frame *frame)
{
    return (uintptr_t)frame;
}

#endif

static void
load_gate(bool ours)
{
    uint8_t *gate =
        (uint8_t *)machine_interrupt_table().base + GATE_VECTOR * GATE_SIZE;
    uint8_t *before = gates[current_cpu()].before;
    uint32_t address = (uint32_t)(uintptr_t)probe_debug_entry;

    if (ours == gates[current_cpu()].ours)
        return;
    gates[current_cpu()].ours = ours;
    if (!ours) {
        memcpy(gate, before, GATE_SIZE);
        return;
    }
    memcpy(before, gate, GATE_SIZE);
    set_stack(gate);
    /* The upper half is the same for all of the kernel's image. */
    memcpy(gate, &address, 2);
    memcpy(gate + 6, (uint8_t *)&address + 2, 2);
    gate[GATE_ACCESS] =
        (uint8_t)((gate[GATE_ACCESS] & ~GATE_TYPE) | GATE_INTERRUPT);
}

void
watch_load(void)
{
    unsigned cpu = current_cpu();

    if (loaded[cpu] == version)
        return;
    loaded[cpu] = version;
    if (any())
        load_gate(true);
    load_registers();
    if (!any())
        load_gate(false);
}

/* ---- hits -------------------------------------------------------------- */

/*
 * Which of our registers it came for, a bit each.  Bits of registers that are
 * not in force may be set as well.
 */
static unsigned long
hit_registers(unsigned long status)
{
    unsigned long hit = 0;

    if (debugger_has_them())
        return 0;
    for (unsigned i = 0; i < PROBE_WATCHES_MAX; i++) {
        if ((status & 1ul << i) != 0 && watches[i].probes != NULL)
            hit |= 1ul << i;
    }
    return hit;
}

/*
 * The processor never clears a bit: those that are ours are cleared here, the
 * others by who deals with them, or not.  So a single step is one only if the
 * flags say that steps are made.
 */
static bool
is_ours_alone(unsigned long status, unsigned long hit,
              const struct watch_frame *frame)
{
    return hit != 0 &&
           !((status & DR6_STEP) != 0 && (frame->flags & FLAGS_STEP) != 0);
}

static void
count_all(unsigned long hit)
{
    for (unsigned i = 0; i < PROBE_WATCHES_MAX; i++) {
        if ((hit & 1ul << i) != 0)
            hit_watch_missed(watches[i].probes);
    }
}

static unsigned long
stack_of(const struct watch_frame *frame)
{
    if (FRAME_INTERRUPT_HAS_STACK || (frame->segment & SEGMENT_USER) != 0)
        return frame->stack;
    return (uintptr_t)&frame->stack;
}

static unsigned long
end(unsigned long status, unsigned long hit, const struct watch_frame *frame)
{
    if (hit != 0)
        machine_write_dr6(status & ~hit);
    return is_ours_alone(status, hit, frame) ? 0 : pass_on(frame);
}

unsigned long
watch_hit(struct probe_context *context, const struct watch_frame *frame)
{
    unsigned long status = machine_read_dr6();
    unsigned long hit = hit_registers(status);

    context->registers[FRAME_REGISTER_STACK] = stack_of(frame);
    context->flags = frame->flags;
    /* The access of the instruction that went back to user mode has left no
     * registers of the kernel's. */
    if ((frame->segment & SEGMENT_USER) != 0) {
        count_all(hit);
    } else {
        for (unsigned i = 0; i < PROBE_WATCHES_MAX; i++) {
            if ((hit & 1ul << i) != 0)
                hit_watch(watches[i].probes, frame->pc);
        }
    }
    return end(status, hit, frame);
}

unsigned long
watch_hit_nested(const struct watch_frame *frame)
{
    unsigned long status = machine_read_dr6();
    unsigned long hit = hit_registers(status);

    count_all(hit);
    return end(status, hit, frame);
}
