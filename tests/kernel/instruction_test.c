/*
 * Probes at any instruction: exact counts, with the registers of that moment;
 * beside a jump at the entry; refused where none may be; and on the fly,
 * enabled and disabled.
 */

#include "tests/kernel/text.h"

#define CALLS 300

static struct child *child;

/* The addresses of a function's first instructions. */
#define FIRST 24

static uint64_t
instruction(uint64_t function, unsigned number)
{
    const uint8_t *bytes = text_instructions();

    while (number-- > 0)
        function += IMAGE_LENGTH(bytes[function - text_tables.text_base]);
    return function;
}

static uint64_t
hits(mach_port_t session, uint32_t probe)
{
    return statistics(session, probe).hits;
}

/* What begins a function without a loop is run through once a call, or not. */
static void
each_once(void)
{
    mach_port_t session = session_open();
    uint64_t function = symbol(session, "vm_allocate");
    uint32_t program = program_nothing(session), probes[FIRST];
    uint32_t once = 0, more = 0;

    for (unsigned i = 0; i < FIRST; i++) {
        uint64_t address = instruction(function, i);

        check_is(
            attach(session, address, PROBE_INSTRUCTION, program, i, &probes[i]),
            KERN_SUCCESS, "instruction %u of vm_allocate", i);
    }
    child_work(child, CHILD_ALLOCATE, CALLS);
    for (unsigned i = 0; i < FIRST; i++) {
        once += hits(session, probes[i]) == CALLS;
        more += hits(session, probes[i]) > CALLS;
    }
    check(once > FIRST / 2, "%u of them were hit at each call", once);
    check_is(more, 0, "none more often");
    session_close(session);
}

/* The instruction of a function that is behind the one that pushes the frame
 * pointer: the text must not be armed. */
static uint64_t
behind_push(uint64_t function)
{
    for (unsigned i = 0; i < FIRST; i++) {
        uint8_t byte;

        read_kernel(instruction(function, i), &byte, 1);
        if (byte == 0x55)
            return instruction(function, i + 1);
    }
    task_fail("the function does not push its frame pointer");
}

/* Whether an argument is where it should be; on i386 none is in a register. */
static bool
has_size(const uint64_t *words)
{
#ifdef __x86_64__
    return words[1] == vm_page_size;
#else
    return words[STACK_POINTER] >= KERNEL_START;
#endif
}

/* Records from two instructions of one call, in their order. */
static void
registers_of_the_moment(void)
{
    mach_port_t session = session_open();
    struct probe_ring *ring = ring_map(session, 1 << 18);
    uint64_t function = symbol(session, "vm_allocate");
    uint64_t behind = behind_push(function);
    uint32_t program = program_record(session, 8), entry, second;
    const struct probe_record *record;
    uint64_t words[8], stack = 0;
    uint32_t count = 0, wrong = 0;

    attach(session, function, PROBE_ENTRY, program, 1, &entry);
    attach(session, behind, PROBE_INSTRUCTION, program, 2, &second);
    child_work(child, CHILD_ALLOCATE, CALLS);
    while ((record = next_record(ring)) != NULL) {
        memcpy(words, record->payload, sizeof(words));
        if (count % 2 == 0)
            stack = words[STACK_POINTER];
        wrong += record->cookie != 1 + count % 2 || !has_size(words) ||
                 words[STACK_POINTER] != stack - count % 2 * sizeof(long);
        count++;
        take_record(ring, record);
    }
    check_is(count, 2 * CALLS, "entry and another instruction: records");
    check_is(wrong, 0, "in their order, with the registers of each");
    session_close(session);
}

/*
 * What a jump displaces does not run in its place: with a probe there, the
 * entry gets a breakpoint.
 */
static void
beneath_a_jump(void)
{
    mach_port_t session = session_open(), other = session_open();
    uint64_t function = symbol(session, "vm_allocate");
    uint64_t second = instruction(function, 1);
    uint32_t program = program_nothing(session), entry, inner, again;

    attach(session, function, PROBE_ENTRY, program, 0, &entry);
    check_is(statistics(session, entry).kind, PROBE_ENTRY_JUMP, "a jump");
    check_is(attach(other, second, PROBE_INSTRUCTION, program_nothing(other), 0,
                    &inner),
             KERN_SUCCESS, "and a probe of what it displaces");
    check_is(statistics(session, entry).kind, PROBE_ENTRY_BREAKPOINT,
             "make it a breakpoint");
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(hits(session, entry), CALLS, "the entry is hit");
    check_is(hits(other, inner), CALLS, "and what follows");
    check_is(attach(session, function, PROBE_ENTRY_JUMP, program, 0, &again),
             PROBE_ERROR_BUSY, "no jump can come now");
    session_close(session);

    session = session_open();
    attach(session, function, PROBE_ENTRY, program_nothing(session), 0, &entry);
    check_is(statistics(session, entry).kind, PROBE_ENTRY_BREAKPOINT,
             "the other way round too");
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(hits(session, entry), CALLS, "the entry is hit");
    check_is(hits(other, inner), 2 * CALLS, "and what follows");
    session_close(other);
    probe_enable(session, entry, 1, 0);
    probe_enable(session, entry, 1, 1);
    check_is(statistics(session, entry).kind, PROBE_ENTRY_JUMP,
             "without it there is a jump again");
    session_close(session);

    session = session_open();
    attach(session, function, PROBE_ENTRY_JUMP, program_nothing(session), 0,
           &entry);
    check_is(attach(session, second, PROBE_INSTRUCTION, 0, 0, &inner),
             PROBE_ERROR_BUSY, "nothing beneath a jump that must be one");
    session_close(session);
}

static void
refusals(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probe;
    uint64_t function = symbol(session, "vm_allocate");
    const struct {
        uint64_t address;
        kern_return_t error;
        const char *what;
    } cases[] = {
        {0, PROBE_ERROR_ADDRESS, "address 0"},
        {UINT64_MAX, PROBE_ERROR_ADDRESS, "address -1"},
        {function + 2, PROBE_ERROR_ADDRESS, "the middle of an instruction"},
        {symbol(session, "kernel_map"), PROBE_ERROR_ADDRESS, "a variable"},
        {symbol(session, "copyin"), PROBE_ERROR_ADDRESS, "assembler"},
        {symbol(session, "ipc_kobject_notify"), PROBE_ERROR_FORBIDDEN,
         "the function that we replace"},
        {symbol(session, "Debugger"), PROBE_ERROR_FORBIDDEN,
         "a breakpoint of the kernel's own"},
    };

    /* Two instructions on there is one that no longer is whole. */
    if (IMAGE_LENGTH(
            text_instructions()[function + 2 - text_tables.text_base]) != 0)
        task_fail("vm_allocate has an instruction at its third byte");
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t address = cases[i].address;
        kern_return_t kr = KERN_SUCCESS;

        /* Debugger has its int3 somewhere. */
        for (unsigned j = 0; j < (i == 6 ? 32 : 1) && kr == KERN_SUCCESS; j++)
            kr = attach(session, i == 6 ? instruction(address, j) : address,
                        PROBE_INSTRUCTION, program, 0, &probe);
        check_is(kr, cases[i].error, "refused: %s", cases[i].what);
    }
    session_close(session);
}

/* The one that fails is named, and none is armed. */
static void
all_or_none(void)
{
    static struct probe_request requests[2000];
    enum { COUNT = sizeof(requests) / sizeof(requests[0]) };
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probe;
    uint64_t function = symbol(session, "vm_allocate");
    natural_t result, first, failed, reason;

    for (unsigned i = 0; i < COUNT; i++)
        requests[i] = (struct probe_request){
            .address = text_functions[i % text_function_count],
            .kind = PROBE_RETURN,
            .program = program,
        };
    requests[COUNT - 7].address = function + 2;
    requests[COUNT - 7].kind = PROBE_INSTRUCTION;
    check_is(probe_attach(session, (char *)requests, sizeof(requests), &result,
                          &first, &failed, &reason),
             KERN_SUCCESS, "2000 requests, one of them bad");
    check_is(result, PROBE_ERROR_ADDRESS, "are refused");
    check_is(failed, COUNT - 7, "for that one");
    check_is(attach(session, function, PROBE_ENTRY, program, 0, &probe),
             KERN_SUCCESS, "then one alone");
    check_is(probe, 0, "is the first");
    session_close(session);
}

static void
enabling(void)
{
    mach_port_t session = session_open();
    struct probe_request request = {
        .address = instruction(symbol(session, "vm_allocate"), 3),
        .kind = PROBE_INSTRUCTION,
        .flags = PROBE_FLAG_DISABLED,
        .program = program_nothing(session),
    };
    uint32_t probe, other;

    check_is(attach_as(session, &request, &probe), KERN_SUCCESS,
             "attached, to be enabled later");
    request.address = instruction(request.address, 1);
    attach_as(session, &request, &other);
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(hits(session, probe), 0, "it is silent");
    check_is(statistics(session, probe).enabled, 0, "and says so");
    for (unsigned i = 1; i <= 20; i++) {
        probe_enable(session, probe, 2, 1);
        child_work(child, CHILD_ALLOCATE, 10);
        probe_enable(session, probe, 2, 0);
        child_work(child, CHILD_ALLOCATE, 10);
    }
    check_is(hits(session, probe), 200, "enabled and disabled 20 times");
    check_is(hits(session, other), 200, "two at once");
    check_is(probe_enable(session, probe, 2, 1), KERN_SUCCESS, "enable");
    check_is(probe_enable(session, probe, 2, 1), KERN_SUCCESS, "enable again");
    check_is(statistics(session, other).enabled, 1, "it is");
    check_is(probe_enable(session, probe, 2, 2), PROBE_ERROR_ARGUMENT,
             "neither on nor off");
    check_is(probe_enable(session, probe, 3, 0), PROBE_ERROR_NO_PROBE,
             "one too many");
    check_is(probe_detach(session, other, 1), KERN_SUCCESS, "detach one");
    check_is(probe_enable(session, probe, 2, 0), PROBE_ERROR_NO_PROBE,
             "it cannot be disabled any more");
    child_work(child, CHILD_ALLOCATE, 10);
    check_is(hits(session, probe), 210, "and nothing was");
    session_close(session);
}

int
main(void)
{
    uint64_t text;

    child = child_start();
    text_read(child);
    text = text_hash();
    each_once();
    registers_of_the_moment();
    beneath_a_jump();
    refusals();
    all_or_none();
    enabling();
    check_is(text_hash(), text, "the text is as it was");
    child_terminate(child);
    return check_end();
}
