/*
 * Probes: by jump and by breakpoint, counted to the last hit, several at one
 * place, refused where none may be, and the text as it was afterwards.
 */

#include "tests/kernel/kit.h"

#define CALLS 1000

static struct child *child;

static void
counts_are_exact(uint32_t kind, const char *name)
{
    mach_port_t session = session_open();
    uint32_t probe = 0;
    struct probe_statistics s;
    kern_return_t kr = attach(session, symbol(session, "ipc_kobject_server"),
                              kind, program_nothing(session), 0, &probe);

    check_is(kr, KERN_SUCCESS, "%s: attach", name);
    child_work(child, CHILD_ALLOCATE, CALLS);
    s = statistics(session, probe);
    check_is(s.kind, kind, "%s: it is one", name);
    check_is(s.hits, 2 * CALLS, "%s: hits", name);
    check_is(s.missed + s.submitted + s.lost, 0, "%s: nothing else", name);
    check_is(s.filtered, 2 * CALLS, "%s: no record was made", name);
    check(s.self > 0, "%s: our own calls are not counted", name);

    check_is(probe_detach(session, probe, 1), KERN_SUCCESS, "%s: detach", name);
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(session, probe).hits, 2 * CALLS,
             "%s: silent after that", name);
    check_is(probe_detach(session, probe, 1), KERN_SUCCESS,
             "%s: detached twice", name);
    check_is(probe_detach(session, probe, 2), PROBE_ERROR_NO_PROBE,
             "%s: one too many", name);
    session_close(session);
}

static void
own_task_on_demand(void)
{
    mach_port_t session = session_open();
    struct probe_request request = {
        .address = symbol(session, "ipc_kobject_server"),
        .kind = PROBE_ENTRY,
        .flags = PROBE_FLAG_SELF,
        .program = program_nothing(session),
    };
    natural_t result, probe, failed, reason;
    struct probe_statistics before, after;

    probe_attach(session, (char *)&request, sizeof(request), &result, &probe,
                 &failed, &reason);
    before = statistics(session, probe);
    after = statistics(session, probe);
    check_is(after.hits - before.hits, 2,
             "our own hits count if asked for: statistics, and the one "
             "that gives its memory back");
    check_is(after.self, 0, "and are not filtered then");
    session_close(session);
}

static void
several_at_one_place(void)
{
    mach_port_t one = session_open(), two = session_open();
    uint64_t address = symbol(one, "vm_allocate");
    uint32_t a, b, c;

    attach(one, address, PROBE_ENTRY, program_nothing(one), 1, &a);
    attach(one, address, PROBE_ENTRY, program_nothing(one), 2, &b);
    attach(two, address, PROBE_ENTRY, program_nothing(two), 3, &c);
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(one, a).hits, CALLS, "first of three probes");
    check_is(statistics(one, b).hits, CALLS, "second of three");
    check_is(statistics(two, c).hits, CALLS, "another session's");
    session_close(one);
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(two, c).hits, 2 * CALLS,
             "it goes on after the first session's end");
    session_close(two);
}

static void
all_or_none(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session);
    uint64_t address = symbol(session, "vm_allocate");
    struct probe_request requests[3] = {
        {.address = address, .kind = PROBE_ENTRY, .program = program},
        {.address = address, .kind = PROBE_ENTRY_JUMP, .program = program},
        {.address = address,
         .kind = PROBE_ENTRY_BREAKPOINT,
         .program = program},
    };
    natural_t result, probe, failed, reason;
    kern_return_t kr = probe_attach(session, (char *)requests, sizeof(requests),
                                    &result, &probe, &failed, &reason);

    check_is(kr, KERN_SUCCESS, "three probes, two ways at one place");
    check_is(result, PROBE_ERROR_BUSY, "is refused");
    check_is(failed, 2, "for the third");
    kr = attach(session, address, PROBE_ENTRY_BREAKPOINT, program, 0, &probe);
    check_is(kr, KERN_SUCCESS, "and none of the others was left");
    check_is(probe, 0, "nor numbered");
    session_close(session);
}

#ifdef __x86_64__
#define SYSTEM_CALL "syscall64"
#else
#define SYSTEM_CALL "syscall"
#endif

static void
refusals(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probe;
    uint64_t address = symbol(session, "vm_allocate");
    const struct {
        uint64_t address;
        uint32_t kind, program;
        kern_return_t error;
        const char *what;
    } cases[] = {
        {0, PROBE_ENTRY, program, PROBE_ERROR_ADDRESS, "address 0"},
        {UINT64_MAX, PROBE_ENTRY, program, PROBE_ERROR_ADDRESS, "address -1"},
        {address + 1, PROBE_ENTRY, program, PROBE_ERROR_ADDRESS,
         "an address within a function"},
        {symbol(session, "kernel_map"), PROBE_ENTRY, program,
         PROBE_ERROR_ADDRESS, "a variable"},
        {symbol(session, SYSTEM_CALL), PROBE_ENTRY, program,
         PROBE_ERROR_ADDRESS, "an assembler entry"},
        {symbol(session, "copyin"), PROBE_ENTRY, program, PROBE_ERROR_ADDRESS,
         "a function in assembler"},
        {symbol(session, "ipc_kobject_notify"), PROBE_ENTRY, program,
         PROBE_ERROR_FORBIDDEN, "the function that we replace"},
        {address, 0, program, PROBE_ERROR_ARGUMENT, "no kind"},
        {address, 77, program, PROBE_ERROR_ARGUMENT, "an unknown kind"},
        {address, PROBE_ENTRY, program + 1, PROBE_ERROR_NO_PROGRAM,
         "no such program"},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_is(attach(session, cases[i].address, cases[i].kind,
                        cases[i].program, 0, &probe),
                 cases[i].error, "refused: %s", cases[i].what);
    session_close(session);
}

/* Of the message, the reason; the instruction is on its next line. */
static kern_return_t
refused(mach_port_t session, const struct ebpf_insn *insns, unsigned count,
        char *log)
{
    uint32_t program;
    kern_return_t kr = program_load(session, insns, count, &program, log);

    log[strcspn(log, "\n")] = '\0';
    return kr;
}

static void
bad_programs(void)
{
    static const struct ebpf_insn unset[] = {MOVR(0, 5), EXIT};
    static const struct ebpf_insn endless[] = {
        INSN(EBPF_JMP | EBPF_JA, 0, 0, -1, 0)};
    static const struct ebpf_insn wild[] = {IMM64(1, 0xffffffff81000000u),
                                            LOAD(0, 1, 0), EXIT};
    mach_port_t session = session_open();
    char log[PROBE_LOG_MAX] = "";

    check_is(refused(session, unset, 2, log), PROBE_ERROR_PROGRAM,
             "an unset register is refused: %s", log);
    check_is(refused(session, endless, 1, log), PROBE_ERROR_PROGRAM,
             "a program without an end: %s", log);
    check_is(refused(session, wild, 4, log), PROBE_ERROR_PROGRAM,
             "a pointer out of nowhere: %s", log);
    check_is(refused(session, wild, 0, log), PROBE_ERROR_ARGUMENT,
             "no instructions at all");
    session_close(session);
}

/*
 * The text, read through a program: all of it summed up, before, during and
 * after probes on every function of a list.
 */
#define SUM_WORDS 64

static probe_small_t key; /* index 0 */

static uint64_t
text_sum(const uint64_t *addresses, unsigned count)
{
    mach_port_t session = session_open();
    natural_t map;
    uint64_t sum = 0;

    probe_map_create(session, PROBE_MAP_ARRAY, 4, SUM_WORDS, 1, &map);
    for (unsigned i = 0; i < count; i++) {
        struct ebpf_insn insns[] = {
            /* Key 0 on the stack; its value; read the text into that. */
            ARRAY_VALUE(map),
            JEQ(0, 0, 5),
            MOVR(1, 0),
            MOV(2, SUM_WORDS),
            IMM64(3, addresses[i]),
            CALL(read_kernel),
            MOV(0, 0),
            EXIT,
        };
        char log[PROBE_LOG_MAX];
        uint32_t program, probe;
        uint64_t *value;
        mach_msg_type_number_t size;

        if (program_load(session, insns, sizeof(insns) / sizeof(insns[0]),
                         &program, log) != KERN_SUCCESS)
            task_fail("reader refused: %s", log);
        attach(session, symbol(session, "mach_reply_port"), PROBE_ENTRY,
               program, 0, &probe);
        child_work(child, CHILD_REPLY_PORTS, 1);
        probe_detach(session, probe, 1);
        if (probe_map_lookup(session, map, key, 4, (char **)&value, &size) !=
            KERN_SUCCESS)
            task_fail("no map value");
        for (unsigned j = 0; j < size / 8; j++)
            sum = sum * 31 + value[j];
        vm_deallocate(mach_task_self(), (vm_address_t)value, size);
    }
    session_close(session);
    return sum;
}

static void
text_is_restored(void)
{
    static const char *const names[] = {"vm_allocate",   "ipc_kobject_server",
                                        "mach_msg_trap", "thread_block",
                                        "vm_map_enter",  "ipc_port_destroy"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probe;
    uint64_t addresses[COUNT], before, during, after;

    for (unsigned i = 0; i < COUNT; i++)
        addresses[i] = symbol(session, names[i]);
    before = text_sum(addresses, COUNT);
    for (unsigned i = 0; i < COUNT; i++)
        attach(session, addresses[i],
               i % 2 ? PROBE_ENTRY_JUMP : PROBE_ENTRY_BREAKPOINT, program, i,
               &probe);
    during = text_sum(addresses, COUNT);
    session_close(session);
    after = text_sum(addresses, COUNT);
    check(before != during, "armed text differs");
    check_is(after, before, "a closed session leaves the text as it was");
}

/* ---- jumps and breakpoints --------------------------------------------- */

#define EVENTS_MAX  2048
#define EVENT_CALLS 100

struct event {
    uint64_t function; /* index of its name */
    uint64_t registers[PROBE_CONTEXT_REGISTERS];
};

/* Of what a call of vm_allocate and vm_deallocate passes. */
static const char *const passed[] = {"ipc_kobject_server", "vm_allocate",
                                     "vm_map_enter", "vm_deallocate",
                                     "vm_map_remove"};

#define PASSED (sizeof(passed) / sizeof(passed[0]))

/* What the child's work is seen as by probes of KIND; how many events. */
static unsigned
events_by(uint32_t kind, struct event *events)
{
    mach_port_t session = session_open();
    struct probe_ring *ring = ring_map(session, 1 << 20);
    uint32_t program = program_record(session, PROBE_CONTEXT_REGISTERS);
    const struct probe_record *record;
    unsigned count = 0;
    uint32_t probe;

    for (unsigned i = 0; i < PASSED; i++)
        if (attach(session, symbol(session, passed[i]), kind, program, i,
                   &probe) != KERN_SUCCESS)
            task_fail("cannot attach to %s", passed[i]);
    child_work(child, CHILD_ALLOCATE, EVENT_CALLS);
    while ((record = next_record(ring)) != NULL) {
        if (count == EVENTS_MAX)
            task_fail("more than %u events", EVENTS_MAX);
        events[count].function = record->cookie;
        memcpy(events[count].registers, record->payload,
               sizeof(events[0].registers));
        count++;
        take_record(ring, record);
    }
    session_close(session);
    return count;
}

/* Which page the thread has its stack in may change. */
static uint64_t
place_on_stack(const struct event *event)
{
    return event->registers[STACK_POINTER] % 4096;
}

/* The same functions in the same order, called in the same way. */
static void
both_see_the_same(void)
{
    static struct event jumps[EVENTS_MAX], breakpoints[EVENTS_MAX];
    unsigned count = events_by(PROBE_ENTRY_JUMP, jumps), order = 0, values = 0;

    check(count >= EVENT_CALLS * PASSED, "jumps: %u events", count);
    check_is(events_by(PROBE_ENTRY_BREAKPOINT, breakpoints), count,
             "breakpoints: as many");
    for (unsigned i = 0; i < count; i++) {
        order += jumps[i].function != breakpoints[i].function;
        values += place_on_stack(&jumps[i]) != place_on_stack(&breakpoints[i]);
    }
    check_is(order, 0, "of the same functions, in the same order");
    check_is(values, 0, "at the same places on the stack");
}

static void
run_breakpoint(void *argument)
{
    task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT,
                          MACH_PORT_NULL);
    __asm__ volatile("int3");
}

/*
 * A process that runs a breakpoint instruction of its own ends by that, if
 * there is nobody to handle its exceptions.
 */
static void
breakpoint_of_a_process(void)
{
    mach_port_t session = session_open();
    struct task_watch watch;
    uint32_t probe;
    task_t task;

    attach(session, symbol(session, "vm_allocate"), PROBE_ENTRY_BREAKPOINT,
           program_nothing(session), 0, &probe);
    task = task_fork(run_breakpoint, NULL);
    check_is(task_watch_begin(&watch, task), KERN_SUCCESS, "watch a task");
    check(task_watch_ended(&watch, 60000),
          "a process's own breakpoint is the kernel's business");
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(session, probe).hits, CALLS,
             "and ours go on after that");
    session_close(session);
}

int
main(void)
{
    child = child_start();
    breakpoint_of_a_process();
    counts_are_exact(PROBE_ENTRY_JUMP, "jump");
    counts_are_exact(PROBE_ENTRY_BREAKPOINT, "breakpoint");
    both_see_the_same();
    own_task_on_demand();
    several_at_one_place();
    all_or_none();
    refusals();
    bad_programs();
    text_is_restored();
    child_terminate(child);
    return check_end();
}
