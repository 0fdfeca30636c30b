/*
 * The tracer dies: whatever it was doing, nothing of it stays behind.
 */

#include "tests/kernel/kit.h"

static struct child *child;

/* What the victim says about itself. */
struct victim {
    volatile uint32_t ready;
    volatile uint32_t calls;
    mach_port_t wait; /* whether it waits for records */
};

static uint32_t watched_kind;

/*
 * A tracer of its own: a session, rings, a probe on what the child does; then
 * it waits for records that never are enough, or runs.
 */
static void
trace(void *argument)
{
    struct victim *victim = argument;
    mach_port_t session = session_open();
    vm_address_t rings;
    vm_size_t stride;
    natural_t count, wake;
    uint32_t probe;

    if (probe_rings_map(session, 1 << 16, &rings, &stride, &count) !=
            KERN_SUCCESS ||
        attach(session, symbol(session, "vm_allocate"), watched_kind,
               program_record(session, 4), 0, &probe) != KERN_SUCCESS)
        task_fail("the victim cannot trace");
    victim->ready = 1;
    while (victim->wait)
        probe_wait(session, UINT32_MAX, 1000000, &wake);
    for (;;)
        victim->calls++;
}

/*
 * Whether the text of vm_allocate is free: a probe that wants it armed the
 * other way is refused while the victim's is there.
 */
static kern_return_t
attach_other_way(void)
{
    mach_port_t session = session_open();
    uint32_t probe;
    kern_return_t kr =
        attach(session, symbol(session, "vm_allocate"),
               watched_kind == PROBE_ENTRY_JUMP ? PROBE_ENTRY_BREAKPOINT
                                                : PROBE_ENTRY_JUMP,
               program_nothing(session), 0, &probe);

    session_close(session);
    return kr;
}

static void
killed(uint32_t kind, bool waiting, bool working, const char *what)
{
    struct victim *victim = shared_memory(vm_page_size);
    task_t task;

    watched_kind = kind;
    victim->wait = waiting;
    task = task_fork(trace, victim);
    while (!victim->ready)
        swtch_pri(0);
    check_is(attach_other_way(), PROBE_ERROR_BUSY, "%s: its probe is there",
             what);
    child_begin(child, CHILD_ALLOCATE, working ? 5000 : 100);
    for (unsigned i = 0; i < 20; i++)
        swtch_pri(0);
    check_is(task_terminate(task), KERN_SUCCESS, "%s: it is killed", what);
    check_is(attach_other_way(), KERN_SUCCESS, "%s: its probe is gone", what);
    child_work(child, CHILD_ALLOCATE, 100);
    mach_port_deallocate(mach_task_self(), task);
    vm_deallocate(mach_task_self(), (vm_address_t)victim, vm_page_size);
}

/* The right travels: the session lives as long as anybody has one. */
static void
right_passed_on(void)
{
    mach_port_t session = session_open();
    struct probe_kernel kernel;

    mach_port_insert_right(child_task(child), session, session,
                           MACH_MSG_TYPE_COPY_SEND);
    session_close(session);
    check_is(probe_describe(session, (char *)&kernel), MACH_SEND_INVALID_DEST,
             "a right given back is gone");
    check_is(mach_port_deallocate(child_task(child), session), KERN_SUCCESS,
             "another task held one");
}

static uint64_t
free_pages(void)
{
    struct vm_statistics vm;

    vm_statistics(mach_task_self(), &vm);
    return vm.free_count;
}

static void
killed_often(void)
{
    uint64_t before = 0, after;

    for (unsigned i = 0; i < 60; i++) {
        struct victim *victim = shared_memory(vm_page_size);
        task_t task;

        if (i == 10)
            before = free_pages();
        victim->wait = i % 2;
        task = task_fork(trace, victim);
        while (!victim->ready)
            swtch_pri(0);
        task_terminate(task);
        mach_port_deallocate(mach_task_self(), task);
        vm_deallocate(mach_task_self(), (vm_address_t)victim, vm_page_size);
    }
    for (unsigned i = 0; i < 100; i++)
        swtch_pri(0); /* the reaper frees what threads had */
    after = free_pages();
    printf("# free pages: %" PRIu64 ", then %" PRIu64 "\n", before, after);
    check(after + 50 >= before, "50 dead tracers leave no memory taken");
}

int
main(void)
{
    child = child_start();
    killed(PROBE_ENTRY_JUMP, true, false, "jump, waiting");
    killed(PROBE_ENTRY_BREAKPOINT, true, false, "breakpoint, waiting");
    killed(PROBE_ENTRY_JUMP, false, true, "jump, running");
    killed(PROBE_ENTRY_BREAKPOINT, false, true, "breakpoint, running");
    right_passed_on();
    killed_often();
    child_terminate(child);
    return check_end();
}
