/*
 * Watchpoints: every access to a variable of the kernel is counted, by what
 * its source says of a call that we make; and what is refused.
 *
 * host_adjust_time64(host, {0, 0}) writes timedelta once, and as long as that
 * is 0 reads tickadj once and never writes it (kern/mach_clock.c of GNU Mach).
 * The system call's assembler reads mach_trap_count once for each.
 */

#include "tests/kernel/text.h"

#define CALLS 200

static struct child *child;

/* Memory that nobody has touched. */
#define FAULTS 50
static vm_address_t pages;

static void
adjust_time(unsigned count)
{
    time_value64_t old;

    while (count-- > 0) {
        if (host_adjust_time64(task_ports.host, (time_value64_t){0, 0}, &old) !=
            KERN_SUCCESS)
            task_fail("the time cannot be adjusted");
    }
}

/* Also hits of this task. */
static kern_return_t
watch(mach_port_t session, uint64_t address, uint32_t length, uint32_t kind,
      uint32_t program, uint32_t *probe)
{
    const struct probe_request request = {
        .address = address,
        .kind = kind,
        .flags = PROBE_FLAG_SELF,
        .program = program,
        .length = length,
    };

    return attach_as(session, &request, probe);
}

static uint64_t
hits(mach_port_t session, uint32_t probe)
{
    return statistics(session, probe).hits;
}

static void
each_access(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), written, never, used;
    uint64_t delta = symbol(session, "timedelta");
    uint64_t step = symbol(session, "tickadj");

    check_is(watch(session, delta, 4, PROBE_WATCH_WRITE, program, &written),
             KERN_SUCCESS, "watch what is written");
    check_is(watch(session, step, 4, PROBE_WATCH_ACCESS, program, &used),
             KERN_SUCCESS, "and what is read");
    check_is(watch(session, step, 4, PROBE_WATCH_WRITE, program, &never),
             KERN_SUCCESS, "and its writes only");
    adjust_time(CALLS);
    check_is(hits(session, written), CALLS, "each write is a hit");
    check_is(hits(session, used), CALLS, "each read is one");
    check_is(hits(session, never), 0, "and no write");
    check_is(statistics(session, written).missed, 0, "none is missed");
    check_is(statistics(session, written).kind, PROBE_WATCH_WRITE,
             "the statistics say how");
    check_is(probe_detach(session, written, 1), KERN_SUCCESS, "detach one");
    adjust_time(CALLS);
    check_is(hits(session, written), CALLS, "it is hit no more");
    check_is(hits(session, used), 2 * CALLS, "the others are");
    session_close(session);

    session = session_open();
    program = program_nothing(session);
    check_is(watch(session, step + 3, 1, PROBE_WATCH_ACCESS, program, &used),
             KERN_SUCCESS, "watch its last byte only");
    adjust_time(CALLS);
    check_is(hits(session, used), CALLS, "a read of more is a hit");
    session_close(session);
}

/* The place behind the instruction that wrote, with the kernel's registers. */
static void
where(void)
{
    mach_port_t session = session_open();
    struct probe_ring *ring = ring_map(session, 1 << 18);
    uint64_t function = symbol(session, "host_adjust_time64");
    const struct probe_record *record;
    uint32_t probe, count = 0, wrong = 0;
    uint64_t words[17], pc = 0;

    watch(session, symbol(session, "timedelta"), 4, PROBE_WATCH_WRITE,
          program_record(session, 17), &probe);
    adjust_time(CALLS);
    while ((record = next_record(ring)) != NULL) {
        memcpy(words, record->payload, sizeof(words));
        pc = pc == 0 ? words[16] : pc;
        wrong += words[16] != pc || words[STACK_POINTER] < KERNEL_START / 2 ||
                 pc <= function || pc > function + 1024;
        count++;
        take_record(ring, record);
    }
    check_is(count, CALLS, "a record for each write");
    check_is(wrong, 0, "from the one place that writes it");
    session_close(session);
}

static void
refusals(void)
{
    mach_port_t session = session_open(), other = session_open();
    uint32_t program = program_nothing(session), probe, first;
    uint64_t delta = symbol(session, "timedelta");
    const bool long_words = sizeof(long) == 8;
    const struct {
        uint64_t address;
        uint32_t length;
        kern_return_t error;
        const char *what;
    } cases[] = {
        {delta, 0, PROBE_ERROR_LENGTH, "no bytes"},
        {delta, 3, PROBE_ERROR_LENGTH, "three bytes"},
        {delta, 16, PROBE_ERROR_LENGTH, "sixteen bytes"},
        {delta + 1, 4, PROBE_ERROR_LENGTH, "four bytes that are not aligned"},
        {delta & ~7ull, 8, long_words ? KERN_SUCCESS : PROBE_ERROR_LENGTH,
         "eight bytes"},
        {0, 4, PROBE_ERROR_DATA, "address 0"},
        {(uintptr_t)&child, 4, PROBE_ERROR_DATA, "memory of a task"},
        {text_tables_address, 4, PROBE_ERROR_DATA,
         "memory of the probe subsystem"},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kern_return_t kr;

        kr = watch(session, cases[i].address, cases[i].length,
                   PROBE_WATCH_WRITE, program, &probe);
        check_is(kr, cases[i].error, "%s: %s",
                 cases[i].error ? "refused" : "possible", cases[i].what);
        if (kr == KERN_SUCCESS)
            probe_detach(session, probe, 1);
    }
    check_is(attach(session, delta, PROBE_WATCH_WRITE, program, 0, &probe),
             PROBE_ERROR_LENGTH, "refused: a request without a length");
    check_is(watch(session, symbol(session, "vm_allocate"), 4, PROBE_ENTRY,
                   program, &probe),
             PROBE_ERROR_ARGUMENT, "refused: an entry with one");

    /* The processor has four registers. */
    delta &= ~7ull;
    watch(session, delta, 1, PROBE_WATCH_WRITE, program, &first);
    watch(session, delta + 1, 1, PROBE_WATCH_WRITE, program, &probe);
    watch(session, delta + 2, 1, PROBE_WATCH_WRITE, program, &probe);
    check_is(watch(session, delta + 3, 1, PROBE_WATCH_WRITE, program, &probe),
             KERN_SUCCESS, "four at once");
    check_is(watch(session, delta + 4, 1, PROBE_WATCH_WRITE, program, &probe),
             PROBE_ERROR_WATCHES, "no fifth");
    program = program_nothing(other);
    check_is(watch(other, delta + 4, 1, PROBE_WATCH_WRITE, program, &probe),
             PROBE_ERROR_WATCHES, "nor in another session");
    check_is(watch(other, delta, 1, PROBE_WATCH_ACCESS, program, &probe),
             PROBE_ERROR_WATCHES, "nor for other accesses");
    check_is(watch(other, delta, 1, PROBE_WATCH_WRITE, program, &probe),
             KERN_SUCCESS, "the same again takes no other");
    probe_enable(session, first + 1, 1, 0);
    check_is(watch(other, delta + 4, 1, PROBE_WATCH_WRITE, program, &probe),
             KERN_SUCCESS, "one that is disabled takes none");
    check_is(probe_enable(session, first + 1, 1, 1), PROBE_ERROR_WATCHES,
             "and may not come back then");
    session_close(other);
    check_is(probe_enable(session, first + 1, 1, 1), KERN_SUCCESS,
             "but when the other has ended");
    session_close(session);
}

static void
enabling(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probe;

    watch(session, symbol(session, "timedelta"), 4, PROBE_WATCH_WRITE, program,
          &probe);
    for (unsigned i = 0; i < 10; i++) {
        probe_enable(session, probe, 1, 0);
        adjust_time(10);
        probe_enable(session, probe, 1, 1);
        adjust_time(10);
    }
    check_is(hits(session, probe), 100, "enabled and disabled 10 times");
    session_close(session);
}

/* A program that reads what is watched makes a hit within its own. */
static void
by_a_probe(void)
{
    mach_port_t session = session_open();
    uint64_t step = symbol(session, "tickadj");
    const struct ebpf_insn insns[] = {
        MOVR(1, 10),       ADD(1, -8), MOV(2, 4), IMM64(3, step),
        CALL(read_kernel), MOV(0, 0),  EXIT,
    };
    uint32_t program =
        program_of(session, insns, sizeof(insns) / sizeof(insns[0]));
    struct probe_statistics of;
    uint32_t probe, entry;

    watch(session, step, 4, PROBE_WATCH_ACCESS, program, &probe);
    attach(session, symbol(session, "mach_reply_port"), PROBE_ENTRY, program, 0,
           &entry);
    child_work(child, CHILD_REPLY_PORTS, CALLS);
    of = statistics(session, probe);
    check_is(statistics(session, entry).hits, CALLS, "another probe reads it");
    check(of.missed >= CALLS, "that is missed (%u times)", (unsigned)of.missed);
    check_is(of.hits, of.missed, "and runs no program");
    adjust_time(CALLS);
    check_is(statistics(session, probe).hits, of.hits + CALLS,
             "its own program may read it");
    session_close(session);
}

/* The address of the thread that CHILD is, as the kernel has it. */
static uint64_t
child_thread(void)
{
    mach_port_t session = session_open();
    static probe_small_t key;
    natural_t map;
    mach_msg_type_number_t size;
    uint64_t thread;
    char *value;
    uint32_t probe;

    if (probe_map_create(session, PROBE_MAP_ARRAY, 4, 8, 1, &map) !=
        KERN_SUCCESS)
        task_fail("no map");
    const struct ebpf_insn insns[] = {
        ARRAY_VALUE(map), JEQ(0, 0, 3), MOVR(6, 0), CALL(thread),
        STORE(6, 0, 0),   MOV(0, 0),    EXIT,
    };
    attach(session, symbol(session, "mach_reply_port"), PROBE_ENTRY,
           program_of(session, insns, sizeof(insns) / sizeof(insns[0])), 0,
           &probe);
    child_work(child, CHILD_REPLY_PORTS, 1);
    if (probe_map_lookup(session, map, key, 4, &value, &size) != KERN_SUCCESS)
        task_fail("no map value");
    memcpy(&thread, value, sizeof(thread));
    vm_deallocate(mach_task_self(), (vm_address_t)value, size);
    session_close(session);
    return thread;
}

/*
 * The kernel's assembler looks up which thread it is before it has its own
 * stack (x86-64: syscall64), and again when it has the user's back.
 */
static void
on_the_users_stack(void)
{
    static unsigned long memory[512];
    uint64_t thread = child_thread(), place = 0;
    mach_port_t session = session_open();
    uint64_t cpus = symbol(session, "percpu_array");
    uint32_t probe, calls;

    read_kernel(cpus, memory, sizeof(memory));
    for (unsigned i = 0; i < 512 && place == 0; i++) {
        if (memory[i] == thread)
            place = cpus + i * sizeof(long);
    }
    check(place != 0, "where the kernel keeps which thread runs");
    check_is(watch(session, place, sizeof(long), PROBE_WATCH_ACCESS,
                   program_nothing(session), &probe),
             KERN_SUCCESS, "watch that");
    check_is(watch(session, symbol(session, "mach_trap_count"), 4,
                   PROBE_WATCH_ACCESS, program_nothing(session), &calls),
             KERN_SUCCESS, "and what each system call reads");
    child_work(child, CHILD_REPLY_PORTS, CALLS);
    check(hits(session, probe) >= 2 * CALLS, "%u times for %u system calls",
          (unsigned)hits(session, probe), CALLS);
    check(hits(session, calls) >= CALLS, "%u times for them",
          (unsigned)hits(session, calls));
    session_close(session);
}

/* Where the stack ends that traps of CHILD begin on, by the task state of the
 * processor that is its own: Intel SDM volume 3, 8.2.1 and 8.7. */
static uint64_t
child_stack(void)
{
    mach_port_t session = session_open();
    uint64_t state = symbol(session, "ktss"), stack = 0;

    session_close(session);
    read_kernel(state + 4, &stack, sizeof(long));
    return stack;
}

/*
 * Behind what the processor pushes for a page fault of a task (five words and
 * the error) the kernel's first instruction pushes the trap's number: with
 * the user's GS, and on i386 with all the user's segments.
 */
static void
with_the_users_segments(void)
{
    mach_port_t session = session_open();
    uint32_t probe;

    check_is(watch(session, child_stack() - 7 * sizeof(long), sizeof(long),
                   PROBE_WATCH_WRITE, program_nothing(session), &probe),
             KERN_SUCCESS, "watch what the first instruction of a trap writes");
    for (unsigned i = 0; i < FAULTS; i++)
        child_work(child, CHILD_TOUCH, pages + i * vm_page_size);
    check(hits(session, probe) >= FAULTS, "%u times for %u page faults",
          (unsigned)hits(session, probe), FAULTS);
    session_close(session);
}

/* Who has debug registers of his own keeps them. */
static void
registers_of_a_thread(void)
{
    mach_port_t session = session_open();
    uint64_t delta = symbol(session, "timedelta");
    uint32_t program = program_nothing(session), probe;
    struct i386_debug_state state = {.dr = {0x10000}};
    thread_t self = mach_thread_self();

    if (thread_set_state(self, i386_DEBUG_STATE, (thread_state_t)&state,
                         i386_DEBUG_STATE_COUNT) != KERN_SUCCESS)
        task_fail("no debug registers");
    check_is(watch(session, delta, 4, PROBE_WATCH_WRITE, program, &probe),
             PROBE_ERROR_BUSY, "refused: a thread has debug registers");
    state.dr[0] = 0;
    thread_set_state(self, i386_DEBUG_STATE, (thread_state_t)&state,
                     i386_DEBUG_STATE_COUNT);
    check_is(watch(session, delta, 4, PROBE_WATCH_WRITE, program, &probe),
             KERN_SUCCESS, "until it has none");
    adjust_time(CALLS);
    check_is(hits(session, probe), CALLS, "then each write is a hit");
    session_close(session);
}

static uint32_t
cpus(void)
{
    mach_port_t session = session_open();
    struct probe_kernel kernel;

    if (probe_describe(session, (char *)&kernel) != KERN_SUCCESS)
        task_fail("the kernel cannot be described");
    session_close(session);
    return kernel.cpus;
}

#define GATES 4 /* of the interrupt table, from the first */

int
main(void)
{
    uint8_t before[GATES * 2 * sizeof(long)], after[sizeof(before)];
    mach_port_t session = session_open();
    uint64_t table = symbol(session, "idt"), text;

    session_close(session);
    if (vm_allocate(mach_task_self(), &pages, FAULTS * vm_page_size, TRUE) !=
        KERN_SUCCESS)
        task_fail("no memory");
    child = child_start();
    text_read(child);
    text = text_hash();
    read_kernel(table, before, sizeof(before));
    each_access();
    where();
    refusals();
    enabling();
    by_a_probe();
    on_the_users_stack();
    with_the_users_segments();
    registers_of_a_thread();
    if (cpus() > 1) {
        child_move(child);
        on_the_users_stack();
    }
    read_kernel(table, after, sizeof(after));
    check(memcmp(before, after, sizeof(before)) == 0,
          "the interrupt table is as it was");
    check_is(text_hash(), text, "the text is as it was");
    /* The kernel's own gate stops the machine for what a register still had. */
    adjust_time(CALLS);
    check(true, "and nothing is watched any more");
    child_terminate(child);
    return check_end();
}
