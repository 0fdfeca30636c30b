/*
 * What arming costs, and a hit, by how many probes there are.  On a machine
 * where the time stamp counter counts instructions (--icount).
 */

#include "tests/kernel/text.h"

#define TRAPS 2000

static struct child *child;
static struct probe_request requests[PROBE_PROBES_MAX];

static uint64_t
now(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static uint32_t
attach_all(mach_port_t session, uint32_t count)
{
    natural_t result, first, failed, reason;

    if (probe_attach(session, (char *)requests, count * sizeof(requests[0]),
                     &result, &first, &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("cannot attach: %#x at %u", result, failed);
    return first;
}

static void
ask(uint32_t count, uint32_t kind)
{
    for (uint32_t i = 0; i < count; i++)
        requests[i] = (struct probe_request){
            .address = text_functions[i * (text_function_count / count)],
            .kind = kind,
        };
}

struct cost {
    uint64_t attach, disable, enable, detach;
};

static struct cost
cost_of(uint32_t count, uint32_t kind)
{
    mach_port_t session = session_open();
    struct cost cost;
    uint32_t first;
    uint64_t start;

    program_nothing(session);
    ask(count, kind);
    start = now();
    first = attach_all(session, count);
    cost.attach = now() - start;
    start = now();
    probe_enable(session, first, count, 0);
    cost.disable = now() - start;
    start = now();
    probe_enable(session, first, count, 1);
    cost.enable = now() - start;
    start = now();
    probe_detach(session, first, count);
    cost.detach = now() - start;
    session_close(session);
    return cost;
}

static void
show(uint32_t count, const char *what, const struct cost *cost)
{
    printf("# %s of %u: attach %" PRIu64 ", disable %" PRIu64
           ", enable %" PRIu64 ", detach %" PRIu64 "; "
           "each %" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64 "\n",
           what, count, cost->attach, cost->disable, cost->enable, cost->detach,
           cost->attach / count, cost->disable / count, cost->enable / count,
           cost->detach / count);
}

/* No more for each of many than for each of few. */
static void
linear(uint32_t kind, const char *what)
{
    uint32_t few = text_function_count / 8, many = few * 8;
    struct cost first = cost_of(many, kind), some, all;

    show(many, what, &first); /* it makes those points that are new */
    some = cost_of(few, kind);
    all = cost_of(many, kind);
    show(few, what, &some);
    show(many, what, &all);
    check(all.attach < 10 * some.attach, "%s: attaching is linear", what);
    check(all.detach < 10 * some.detach, "%s: detaching is linear", what);
    check(all.enable < 10 * some.enable && all.disable < 10 * some.disable,
          "%s: enabling is linear", what);
}

/* ---- hits -------------------------------------------------------------- */

/* Instructions of one trap. */
static uint64_t
trap(void)
{
    uint64_t start = now();

    for (unsigned i = 0; i < TRAPS; i++)
        mach_host_self();
    return (now() - start) / TRAPS;
}

static uint64_t
trap_with(uint32_t kind)
{
    mach_port_t session = session_open();
    struct probe_request request = {
        .address = symbol(session, "mach_host_self"),
        .kind = kind,
        .flags = PROBE_FLAG_SELF,
        .program = program_nothing(session),
    };
    uint64_t cost;
    uint32_t probe;

    if (attach_as(session, &request, &probe) != KERN_SUCCESS)
        task_fail("cannot attach");
    cost = trap();
    session_close(session);
    return cost;
}

/* Functions that a trap does not come to. */
static uint32_t
arm_cold(mach_port_t session)
{
    struct probe_statistics *all;
    mach_msg_type_number_t size;
    uint32_t first, cold = 0;

    program_nothing(session);
    ask(text_function_count, PROBE_ENTRY);
    for (uint32_t i = 0; i < text_function_count; i++)
        requests[i].flags = PROBE_FLAG_SELF;
    first = attach_all(session, text_function_count);
    trap();
    probe_statistics(session, first, text_function_count, (char **)&all, &size);
    probe_detach(session, first, text_function_count);
    for (uint32_t i = 0; i < text_function_count; i++) {
        if (all[i].hits == 0)
            requests[cold++] = requests[i];
    }
    vm_deallocate(mach_task_self(), (vm_address_t)all, size);
    attach_all(session, cold);
    return cold;
}

static void
hits(void)
{
    /* Most, with 64 and 32 bits: what docs/engine.md says, and what compilers
     * differ by. */
    static const struct {
        uint32_t kind;
        uint32_t most[2];
        const char *name;
    } kinds[] = {
        {PROBE_ENTRY_JUMP, {140, 170}, "jump"},
        {PROBE_ENTRY_BREAKPOINT, {160, 220}, "breakpoint"},
        {PROBE_RETURN, {500, 650}, "entry and return"},
    };
    enum { COUNT = sizeof(kinds) / sizeof(kinds[0]) };
    uint64_t none = trap(), alone[COUNT], beside;
    mach_port_t session = session_open();
    uint32_t cold;

    for (unsigned i = 0; i < COUNT; i++)
        alone[i] = trap_with(kinds[i].kind);
    cold = arm_cold(session);
    for (unsigned i = 0; i < COUNT; i++) {
        beside = trap_with(kinds[i].kind);
        printf("# %s: %" PRIu64 " instructions a hit; %" PRIu64
               " beside %u other probes\n",
               kinds[i].name, alone[i] - none, beside - none, cold);
        check(alone[i] - none <= kinds[i].most[sizeof(void *) == 4],
              "%s: a hit costs no more than it did", kinds[i].name);
        check(beside - none < 2 * (alone[i] - none),
              "%s: a hit costs the same however many probes there are",
              kinds[i].name);
    }
    session_close(session);
}

int
main(void)
{
    child = child_start();
    text_read(child);
    child_terminate(child);
    linear(PROBE_ENTRY, "entries");
    linear(PROBE_ENTRY_BREAKPOINT, "breakpoints");
    linear(PROBE_RETURN, "returns");
    hits();
    return check_end();
}
