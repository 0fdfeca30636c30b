/*
 * Function returns: values, what was saved at the entry, and the accounts of
 * functions that are left in every way that there is:
 * hits = returned + abandoned + active.
 */

#include "tests/kernel/text.h"

#define CALLS 500

#define CONTEXT(member) offsetof(struct probe_context, member)
#define RESULT          CONTEXT_REGISTER(0) /* rax, eax */

static struct child *child;

static struct probe_request
request_of(mach_port_t session, const char *function, uint32_t program)
{
    return (struct probe_request){
        .address = symbol(session, function),
        .kind = PROBE_RETURN,
        .program = program,
    };
}

static void
account(mach_port_t session, uint32_t probe, const char *what)
{
    struct probe_statistics s = statistics(session, probe);

    printf("# %s: %" PRIu64 " hits: %" PRIu64 " returned, %" PRIu64
           " abandoned, %" PRIu64 " active; "
           "%" PRIu64 " missed, %" PRIu64 " continuations\n",
           what, s.hits, s.returned, s.abandoned, s.active, s.missed,
           s.continuations);
    check_is(s.hits, s.returned + s.abandoned + s.active,
             "%s: hits = returned + abandoned + active", what);
    check_is(s.returned, s.submitted + s.lost + s.filtered,
             "%s: each return ran the program", what);
    check_is(s.missed, 0, "%s: none was missed", what);
}

/* ---- what a program is given ------------------------------------------- */

struct payload {
    uint64_t result, entry_time, saved, unsaved, pc, time;
};

static uint32_t
load_entry_program(mach_port_t session)
{
    static const struct ebpf_insn insns[] = {
        MOVR(6, 1),
        LOAD_THIRD_ARGUMENT,
        STORE(6, 2, CONTEXT(saved)),
        LOAD(2, 6, CONTEXT(saved) + 16), /* zeroes to begin with */
        STORE(6, 2, CONTEXT(saved) + 8),
        MOV(0, 0),
        EXIT,
    };

    return program_of(session, insns, sizeof(insns) / sizeof(insns[0]));
}

static uint32_t
load_return_program(mach_port_t session)
{
    static const struct ebpf_insn insns[] = {
        MOVR(6, 1),
        MOV(1, sizeof(struct payload)),
        MOV(2, 0),
        CALL(record_reserve),
        JEQ(0, 0, 15), /* r0 is 0 then */
        MOVR(7, 0),
        LOAD(3, 6, RESULT),
        STORE(7, 3, 0),
        LOAD(3, 6, CONTEXT(entry_time)),
        STORE(7, 3, 8),
        LOAD(3, 6, CONTEXT(saved)),
        STORE(7, 3, 16),
        LOAD(3, 6, CONTEXT(saved) + 8),
        STORE(7, 3, 24),
        LOAD(3, 6, CONTEXT(pc)),
        STORE(7, 3, 32),
        CALL(time_ns),
        STORE(7, 0, 40),
        MOVR(1, 7),
        CALL(record_submit),
        MOV(0, 0),
        EXIT,
    };

    return program_of(session, insns, sizeof(insns) / sizeof(insns[0]));
}

static void
values(uint32_t kind_at_entry, const char *what)
{
    mach_port_t session = session_open();
    struct probe_ring *ring = ring_map(session, 1 << 18);
    struct probe_request request =
        request_of(session, "vm_allocate", load_return_program(session));
    const struct probe_record *record;
    uint32_t probe, entry, wrong = 0, count = 0;
    uint64_t last = 0;

    attach(session, request.address, kind_at_entry, program_nothing(session), 0,
           &entry);
    request.flags = PROBE_FLAG_ENTRY_PROGRAM;
    request.entry_program = load_entry_program(session);
    check_is(attach_as(session, &request, &probe), KERN_SUCCESS, "%s: attach",
             what);
    check_is(statistics(session, probe).kind, kind_at_entry,
             "%s: the entry is armed so", what);
    child_work(child, CHILD_ALLOCATE, CALLS);
    while ((record = next_record(ring)) != NULL) {
        struct payload payload;

        memcpy(&payload, record->payload, sizeof(payload));
        wrong += payload.result != KERN_SUCCESS ||
                 payload.saved != vm_page_size || payload.unsaved != 0 ||
                 payload.entry_time <= last ||
                 payload.time < payload.entry_time ||
                 payload.pc - text_tables.text_base >= text_tables.text_size;
        last = payload.entry_time;
        count++;
        take_record(ring, record);
    }
    check_is(count, CALLS, "%s: a record for each return", what);
    check_is(wrong, 0,
             "%s: result, argument at entry, times, and caller are right",
             what);
    check_is(statistics(session, probe).returned, CALLS, "%s: returned", what);
    check_is(statistics(session, entry).hits, CALLS, "%s: entered", what);
    account(session, probe, what);
    session_close(session);
}

static void
refusals(void)
{
    mach_port_t session = session_open();
    uint32_t nothing = program_nothing(session), probe;
    struct probe_request request = request_of(session, "vm_allocate", nothing);

    request.entry_program = nothing + 1;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_ARGUMENT,
             "an entry program without the flag");
    request.flags = PROBE_FLAG_ENTRY_PROGRAM;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_NO_PROGRAM,
             "an entry program that is not there");
    request.entry_program = nothing;
    request.kind = PROBE_ENTRY;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_ARGUMENT,
             "an entry program for another kind");
    request.kind = PROBE_RETURN;
    request.address++;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_ADDRESS,
             "a return from within a function");
    session_close(session);
}

static void
two_sessions(void)
{
    mach_port_t one = session_open(), two = session_open();
    struct probe_request request =
        request_of(one, "vm_allocate", program_nothing(one));
    uint32_t a, b, c;

    attach_as(one, &request, &a);
    attach_as(one, &request, &b);
    request.program = program_nothing(two);
    attach_as(two, &request, &c);
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(one, a).returned, CALLS, "first of three at one place");
    check_is(statistics(one, b).returned, CALLS, "second of three");
    check_is(statistics(two, c).returned, CALLS, "another session's");
    session_close(one);
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(two, c).returned, 2 * CALLS,
             "it goes on after the first session's end");
    check_is(probe_enable(two, c, 1, 0), KERN_SUCCESS, "disable it");
    child_work(child, CHILD_ALLOCATE, CALLS);
    check_is(statistics(two, c).returned, 2 * CALLS, "it is silent");
    check_is(probe_enable(two, c, 1, 1), KERN_SUCCESS, "enable it");
    child_work(child, CHILD_ALLOCATE, CALLS);
    account(two, c, "after all that");
    check_is(statistics(two, c).returned, 3 * CALLS, "it reports again");
    session_close(two);
}

/* ---- leaving functions ------------------------------------------------- */

/* What others do; each is a task of its own. */
struct other {
    void (*work)(struct other *other);
    volatile uint32_t ready, go, done;
    task_t task;
};

static void
other_main(void *argument)
{
    struct other *other = argument;

    other->work(other);
    for (;;)
        swtch_pri(0);
}

static struct other *
other_start(void (*work)(struct other *other))
{
    struct other *other = shared_memory(vm_page_size);

    other->work = work;
    other->task = task_fork(other_main, other);
    while (!other->ready)
        swtch_pri(0);
    return other;
}

static void
other_go(struct other *other)
{
    other->go = 1;
    while (!other->done)
        swtch_pri(0);
}

static void
other_end(struct other *other)
{
    task_terminate(other->task);
    mach_port_deallocate(mach_task_self(), other->task);
    vm_deallocate(mach_task_self(), (vm_address_t)other, vm_page_size);
}

static void
wait_for_go(struct other *other)
{
    other->ready = 1;
    while (!other->go)
        swtch_pri(0);
}

struct carrier {
    mach_msg_header_t header;
    mach_msg_type_t type;
    mach_port_name_inlined_t port;
};

#define DEPTH 4

/*
 * Ports whose only message carries the next one's receive right: the kernel
 * destroys one within the other.
 */
static void
destroy_nested(struct other *other)
{
    mach_port_t ports[DEPTH];

    for (unsigned i = 0; i < DEPTH; i++)
        mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                           &ports[i]);
    for (unsigned i = DEPTH - 1; i > 0; i--) {
        struct carrier message = {
            .header =
                {
                    .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0) |
                                 MACH_MSGH_BITS_COMPLEX,
                    .msgh_size = sizeof(message),
                    .msgh_remote_port = ports[i - 1],
                },
            .type =
                {
                    .msgt_name = MACH_MSG_TYPE_MOVE_RECEIVE,
                    .msgt_size = 8 * sizeof(mach_port_name_inlined_t),
                    .msgt_number = 1,
                    .msgt_inline = TRUE,
                },
            .port = {.name = ports[i]},
        };

        if (mach_msg(&message.header, MACH_SEND_MSG, sizeof(message), 0, 0, 0,
                     0) != KERN_SUCCESS)
            task_fail("cannot send a port");
    }
    wait_for_go(other);
    mach_port_mod_refs(mach_task_self(), ports[0], MACH_PORT_RIGHT_RECEIVE, -1);
    other->done = 1;
}

static void
recursion(void)
{
    mach_port_t session = session_open();
    struct other *other = other_start(destroy_nested);
    struct probe_ring *ring = ring_map(session, 1 << 16);
    struct probe_request request =
        request_of(session, "ipc_port_destroy", load_return_program(session));
    const struct probe_record *record;
    uint32_t probe, depth = 0, nested = 0;
    uint64_t last = UINT64_MAX;

    attach_as(session, &request, &probe);
    other_go(other);
    check_is(statistics(session, probe).returned, DEPTH,
             "a function within itself returns as often");
    while ((record = next_record(ring)) != NULL) {
        struct payload payload;

        memcpy(&payload, record->payload, sizeof(payload));
        nested += payload.entry_time < last;
        last = payload.entry_time;
        depth++;
        take_record(ring, record);
    }
    check(depth == DEPTH && nested > 1, "an inner one before the outer one");
    account(session, probe, "recursion");
    other_end(other);
    session_close(session);
}

/* Blocks without a continuation, deep in a function of the kernel. */
static void
wait_in_kernel(struct other *other)
{
    mach_port_t session = session_open();
    natural_t wake;

    ring_map(session, 4096);
    wait_for_go(other);
    probe_wait(session, 4096, 400, &wake);
    other->done = 1;
}

#define OTHERS 6

static void
start_waiting(struct other *others[OTHERS])
{
    for (unsigned i = 0; i < OTHERS; i++)
        others[i] = other_start(wait_in_kernel);
}

/* Until as many are in the function. */
static void
go_in(mach_port_t session, uint32_t probe, struct other *others[OTHERS])
{
    for (unsigned i = 0; i < OTHERS; i++)
        others[i]->go = 1;
    while (statistics(session, probe).active < OTHERS)
        swtch_pri(0);
}

static void
come_out(struct other *others[OTHERS])
{
    for (unsigned i = 0; i < OTHERS; i++) {
        while (!others[i]->done)
            swtch_pri(0);
        other_end(others[i]);
    }
}

static void
many_in_one_function(void)
{
    mach_port_t session = session_open();
    struct probe_request request =
        request_of(session, "ipc_kobject_server", program_nothing(session));
    struct other *others[OTHERS];
    uint32_t probe;

    start_waiting(others);
    attach_as(session, &request, &probe);
    go_in(session, probe, others);
    check_is(statistics(session, probe).active, OTHERS,
             "%u threads in one function", OTHERS);
    child_work(child, CHILD_ALLOCATE, CALLS);
    come_out(others);
    account(session, probe, "many threads");
    check_is(statistics(session, probe).active, 0, "all of them came back");
    session_close(session);
}

/* They are terminated there: whether they return or not, the sum is right. */
static void
terminated_within(void)
{
    mach_port_t session = session_open();
    struct probe_request request =
        request_of(session, "ipc_kobject_server", program_nothing(session));
    struct other *others[OTHERS];
    uint32_t probe;

    start_waiting(others);
    attach_as(session, &request, &probe);
    go_in(session, probe, others);
    for (unsigned i = 0; i < OTHERS; i++)
        other_end(others[i]);
    child_work(child, CHILD_ALLOCATE, CALLS);
    account(session, probe, "threads terminated while they wait");
    session_close(session);
}

/* The session ends while its functions are active: they go back all the same,
 * and the text is as it was. */
static void
session_ends_before(uint64_t text)
{
    mach_port_t session = session_open();
    struct probe_request request =
        request_of(session, "ipc_kobject_server", program_nothing(session));
    struct other *others[OTHERS];
    uint32_t probe;

    start_waiting(others);
    attach_as(session, &request, &probe);
    go_in(session, probe, others);
    session_close(session);
    check_is(text_hash(), text, "the text of a session that ended in between");
    come_out(others);
    check(true, "%u functions returned after their session's end", OTHERS);
}

/* Receives that block with a continuation, and one that nothing ever ends. */
static void
receive(struct other *other)
{
    mach_msg_header_t message;
    mach_port_t port;

    mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port);
    wait_for_go(other);
    for (unsigned i = 0; i < 20; i++)
        mach_msg(&message, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message),
                 port, 1, 0);
    other->done = 1;
    mach_msg(&message, MACH_RCV_MSG, 0, sizeof(message), port, 0, 0);
}

static void
functions_left_for_good(void)
{
    static const char *const names[] = {"thread_block", "mach_msg_trap",
                                        "ipc_mqueue_receive",
                                        "mach_msg_receive_continue"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probes[COUNT];
    struct other *other = other_start(receive);
    struct other *waiting = other_start(wait_in_kernel);
    uint64_t abandoned = 0, continuations = 0;

    for (unsigned i = 0; i < COUNT; i++) {
        struct probe_request request = request_of(session, names[i], program);

        check_is(attach_as(session, &request, &probes[i]), KERN_SUCCESS,
                 "return of %s", names[i]);
    }
    other_go(other);
    other_go(waiting);
    child_work(child, CHILD_ALLOCATE, CALLS);
    other_end(other);
    other_end(waiting);
    child_work(child, CHILD_ALLOCATE, CALLS);
    for (unsigned i = 0; i < COUNT; i++) {
        struct probe_statistics s = statistics(session, probes[i]);

        account(session, probes[i], names[i]);
        abandoned += s.abandoned;
        continuations += s.continuations;
    }
    check(statistics(session, probes[0]).returned > 0,
          "thread_block returns where it has no continuation");
    check(abandoned >= 20, "and does not where it has one");
    /* A message that is there before the thread blocks needs none. */
    check(continuations > 0, "continuations have no caller, and are counted");
    session_close(session);
}

int
main(void)
{
    uint64_t text;

    child = child_start();
    text_read(child);
    text = text_hash();
    values(PROBE_ENTRY_JUMP, "jump");
    values(PROBE_ENTRY_BREAKPOINT, "breakpoint");
    refusals();
    two_sessions();
    recursion();
    many_in_one_function();
    terminated_within();
    session_ends_before(text);
    functions_left_for_good();
    check_is(text_hash(), text, "the text is as it was");
    child_terminate(child);
    return check_end();
}
