/*
 * Things that go wrong in the middle: no memory at each allocation, the
 * tracer's death at each step, ports that die while it waits.  After each the
 * text is as it was, and in the end no memory is missing.
 */

#include "tests/kernel/text.h"

#include <mach/mig_support.h>

static struct child *child;
static mach_port_t control;
static uint64_t text;

/* Attach entries, returns and instructions of all functions. */
static kern_return_t
attach_everything(mach_port_t session, uint32_t program, uint32_t *first)
{
    static struct probe_request requests[3 * TEXT_FUNCTIONS_MAX];
    natural_t result, failed, reason;
    uint32_t count = 0;
    kern_return_t kr;

    for (unsigned i = 0; i < text_function_count; i++) {
        static const uint32_t kinds[] = {PROBE_ENTRY, PROBE_RETURN,
                                         PROBE_INSTRUCTION};

        for (unsigned j = 0; j < 3; j++)
            requests[count++] = (struct probe_request){
                .address = text_functions[i],
                .kind = kinds[j],
                .program = program,
            };
    }
    kr = probe_attach(session, (char *)requests, count * sizeof(requests[0]),
                      &result, first, &failed, &reason);
    return kr != KERN_SUCCESS ? kr : (kern_return_t)result;
}

/* ---- no memory --------------------------------------------------------- */

static void
drop(char *data, mach_msg_type_number_t size)
{
    vm_deallocate(mach_task_self(), (vm_address_t)data, size);
}

/* Whatever a session can do, up to the first thing that fails. */
static kern_return_t
use_session(mach_port_t session)
{
    static const struct ebpf_insn nothing[] = {MOV(0, 0), EXIT};
    static probe_small_t key;
    uint64_t value = 7;
    natural_t map, count, next;
    vm_address_t rings;
    vm_size_t stride;
    uint32_t program, first;
    mach_msg_type_number_t size;
    char *data;
    kern_return_t kr;

    kr = probe_map_create(session, PROBE_MAP_HASH, 4, 8, 64, &map);
    if (kr == KERN_SUCCESS)
        kr = probe_map_update(session, map, key, 4, (char *)&value, 8, 0);
    if (kr == KERN_SUCCESS)
        kr = probe_map_lookup(session, map, key, 4, &data, &size);
    if (kr == KERN_SUCCESS) {
        drop(data, size);
        kr = probe_map_read(session, map, 0, &next, &data, &size);
    }
    if (kr == KERN_SUCCESS) {
        drop(data, size);
        kr = program_load(session, nothing, 2, &program, NULL);
    }
    if (kr == KERN_SUCCESS)
        kr = probe_rings_map(session, 1 << 16, &rings, &stride, &count);
    if (kr == KERN_SUCCESS)
        kr = attach_everything(session, program, &first);
    if (kr == KERN_SUCCESS)
        kr = probe_statistics(session, first, 100, &data, &size);
    if (kr == KERN_SUCCESS) {
        drop(data, size);
        kr = probe_detach(session, first, 100);
    }
    return kr;
}

/* The NUMBERth allocation fails: false if there are not as many. */
static bool
with_failure(uint32_t number, uint32_t *unexpected)
{
    natural_t left;
    mach_port_t session;
    kern_return_t kr;

    probe_fail_allocation(control, number, &left);
    kr = probe_session_open(task_ports.host, PROBE_PROTOCOL_VERSION, &session);
    if (kr == KERN_SUCCESS) {
        kr = use_session(session);
        session_close(session);
    }
    probe_fail_allocation(control, 0, &left);
    *unexpected += left == 0 ? kr != PROBE_ERROR_MEMORY : kr != KERN_SUCCESS;
    return left == 0;
}

static uint64_t
free_pages(void)
{
    vm_statistics_data_t all;

    if (vm_statistics(mach_task_self(), &all) != KERN_SUCCESS)
        task_fail("no statistics of memory");
    return all.free_count;
}

static uint32_t
fail_each(uint32_t *unexpected, uint32_t *changed)
{
    uint32_t number = 1;

    while (with_failure(number, unexpected)) {
        *changed += text_hash() != text;
        number++;
    }
    return number - 1;
}

/* Pages that the kernel's own caches may hold more of. */
#define PAGES_APART 16

static void
no_memory(void)
{
    uint32_t unexpected = 0, changed = 0, count;
    uint64_t before, after;

    /* The first time points are made, which stay; and caches fill. */
    count = fail_each(&unexpected, &changed);
    check(count > 20, "%u allocations, each of which failed once", count);
    fail_each(&unexpected, &changed);
    before = free_pages();
    count = fail_each(&unexpected, &changed);
    after = free_pages();
    check(count > 10, "%u of them when all points have been made", count);
    check_is(unexpected, 0, "the error was that there is no memory");
    check_is(changed, 0, "the text was as it was each time");
    check(after + PAGES_APART > before && before + PAGES_APART > after,
          "%" PRIu64 " pages were free before, %" PRIu64 " after", before,
          after);
}

/* ---- the tracer dies --------------------------------------------------- */

struct victim {
    volatile uint32_t rounds;
    volatile uint32_t session; /* name of its port */
    volatile uint32_t reply;   /* and of the one for replies */
    volatile uint32_t done;
};

static void
trace_for_ever(void *argument)
{
    struct victim *victim = argument;
    mach_port_t session;

    for (;; victim->rounds++) {
        session = session_open();
        if (use_session(session) != KERN_SUCCESS)
            task_fail("the victim cannot trace");
        session_close(session);
    }
}

static void
end_of_task(task_t task)
{
    task_terminate(task);
    mach_port_deallocate(mach_task_self(), task);
}

static bool
all_sessions_are_free(void)
{
    mach_port_t sessions[PROBE_SESSIONS_MAX - 1]; /* and CONTROL */
    unsigned open = 0;

    while (open < PROBE_SESSIONS_MAX - 1 &&
           probe_session_open(task_ports.host, PROBE_PROTOCOL_VERSION,
                              &sessions[open]) == KERN_SUCCESS)
        open++;
    for (unsigned i = 0; i < open; i++)
        session_close(sessions[i]);
    return open == PROBE_SESSIONS_MAX - 1;
}

#define DEATHS 12

/* Each time a little later. */
static void
tracer_dies(void)
{
    uint32_t changed = 0, held = 0, rounds = 0;

    for (unsigned i = 0; i < DEATHS; i++) {
        struct victim *victim = shared_memory(vm_page_size);
        task_t task = task_fork(trace_for_ever, victim);

        for (unsigned j = 0; j < i; j++)
            swtch_pri(0);
        end_of_task(task);
        rounds += victim->rounds;
        child_work(child, CHILD_ALLOCATE, 20);
        changed += text_hash() != text;
        held += !all_sessions_are_free();
        vm_deallocate(mach_task_self(), (vm_address_t)victim, vm_page_size);
    }
    printf("# %u times all was attached before\n", rounds);
    check_is(changed, 0, "%u deaths: the text was as it was", DEATHS);
    check_is(held, 0, "and all sessions were free");
}

/* ---- ports die while it waits ------------------------------------------ */

static void
wait_once(void *argument)
{
    struct victim *victim = argument;
    mach_port_t session = session_open();
    uint32_t first;
    natural_t wake;

    ring_map(session, 1 << 16);
    if (attach_everything(session, program_nothing(session), &first) !=
        KERN_SUCCESS)
        task_fail("the victim cannot trace");
    victim->session = session;
    victim->reply = mig_get_reply_port();
    probe_wait(session, 1 << 16, 300, &wake);
    victim->done = 1;
}

static bool
text_comes_back(void)
{
    for (unsigned i = 0; i < 100; i++) {
        if (text_hash() == text)
            return true;
        child_work(child, CHILD_ALLOCATE, 20);
    }
    return false;
}

static void
port_dies(bool reply, const char *what)
{
    struct victim *victim = shared_memory(vm_page_size);
    task_t task = task_fork(wait_once, victim);

    while (!victim->reply)
        swtch_pri(0);
    child_work(child, CHILD_ALLOCATE, 20);
    check(text_hash() != text, "%s: its probes are there", what);
    mach_port_destroy(task, reply ? victim->reply : victim->session);
    if (reply)
        end_of_task(task);
    check(text_comes_back(), "%s dies while it waits: the text is as it was",
          what);
    check(all_sessions_are_free(), "and its session has ended");
    if (!reply)
        end_of_task(task);
    vm_deallocate(mach_task_self(), (vm_address_t)victim, vm_page_size);
}

int
main(void)
{
    child = child_start();
    control = session_open();
    text_read(child);
    text = text_hash();
    no_memory();
    tracer_dies();
    port_dies(false, "the session's port");
    port_dies(true, "the port for the reply");
    child_terminate(child);
    return check_end();
}
