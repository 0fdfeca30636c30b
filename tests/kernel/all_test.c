/*
 * Probes on every function of the kernel that may be probed, both ways, while
 * it works; and all of its text as it was afterwards.
 */

#include "tests/kernel/text.h"

static struct child *child;

/* ---- probing ----------------------------------------------------------- */

static uint32_t
attach_all(mach_port_t session, uint32_t kind, uint32_t program)
{
    static struct probe_request requests[TEXT_FUNCTIONS_MAX];
    natural_t result, first, failed, reason;

    for (unsigned i = 0; i < text_function_count; i++)
        requests[i] = (struct probe_request){
            .address = text_functions[i],
            .cookie = i,
            .kind = kind,
            .program = program,
        };
    if (probe_attach(session, (char *)requests,
                     text_function_count * sizeof(requests[0]), &result, &first,
                     &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("attaching to all functions: %#x at %#" PRIx64 ", reason %u",
                  result, text_functions[failed], reason);
    return first;
}

static void
work(void)
{
    child_work(child, CHILD_ALLOCATE, 1000);
    child_work(child, CHILD_REPLY_PORTS, 300);
}

/* What all probes counted; checks that each one's sums are right. */
static void
account(mach_port_t session, uint32_t first, const char *what)
{
    struct probe_statistics *all;
    mach_msg_type_number_t size;
    unsigned wrong = 0, hit = 0, jumps = 0;
    uint64_t hits = 0, missed = 0, lost = 0, submitted = 0, self = 0;

    if (probe_statistics(session, first, text_function_count, (char **)&all,
                         &size) != KERN_SUCCESS)
        task_fail("no statistics");
    for (unsigned i = 0; i < text_function_count; i++) {
        const struct probe_statistics *s = &all[i];

        wrong += s->hits != s->missed + s->submitted + s->lost + s->filtered;
        hit += s->hits != 0;
        jumps += s->kind == PROBE_ENTRY_JUMP;
        hits += s->hits;
        missed += s->missed;
        lost += s->lost;
        submitted += s->submitted;
        self += s->self;
    }
    printf("# %s: %u jumps, %u functions hit, %" PRIu64 " hits (%" PRIu64
           " submitted, "
           "%" PRIu64 " lost, %" PRIu64 " missed), %" PRIu64 " of our own\n",
           what, jumps, hit, hits, submitted, lost, missed, self);
    check(hit > 50, "%s: functions were hit", what);
    check_is(wrong, 0, "%s: every hit is accounted for", what);
    vm_deallocate(mach_task_self(), (vm_address_t)all, size);
}

static void
probe_all(uint32_t kind, bool records, const char *what)
{
    mach_port_t session = session_open();
    vm_address_t rings;
    vm_size_t stride;
    natural_t count;
    uint32_t first;

    if (probe_rings_map(session, 1 << 18, &rings, &stride, &count) !=
        KERN_SUCCESS)
        task_fail("no rings");
    first = attach_all(session, kind,
                       records ? program_record(session, 6)
                               : program_nothing(session));
    work();
    account(session, first, what);
    session_close(session);
}

static void
again_and_again(void)
{
    for (unsigned i = 0; i < 40; i++) {
        mach_port_t session = session_open();

        attach_all(session, i % 2 ? PROBE_ENTRY : PROBE_ENTRY_BREAKPOINT,
                   program_nothing(session));
        child_begin(child, CHILD_ALLOCATE, 200);
        for (unsigned j = 0; j < i; j++)
            swtch_pri(0);
        session_close(session);
        child_work(child, CHILD_REPLY_PORTS, 1);
    }
    check(true, "armed and disarmed 40 times under load");
}

/* On the other CPUs, if there are any, work is done all the time. */
static void
load_start(void)
{
    mach_port_t session = session_open();
    struct probe_kernel kernel;

    probe_describe(session, (char *)&kernel);
    session_close(session);
    for (unsigned i = 1; i < kernel.cpus; i++) {
        struct child *load = child_start();

        child_move(load);
        child_begin(load, CHILD_ALLOCATE, UINT64_MAX);
    }
}

int
main(void)
{
    uint64_t before;

    child = child_start();
    load_start();
    text_read(child);
    before = text_hash();
    probe_all(PROBE_ENTRY_BREAKPOINT, false, "breakpoints");
    check_is(text_hash(), before, "breakpoints: the text is as it was");
    probe_all(PROBE_ENTRY, false, "jumps");
    check_is(text_hash(), before, "jumps: the text is as it was");
    probe_all(PROBE_ENTRY, true, "records");
    again_and_again();
    check_is(text_hash(), before, "in the end the text is as it was");
    child_terminate(child);
    return check_end();
}
