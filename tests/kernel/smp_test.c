/*
 * Tasks on all CPUs at once: each hit is counted once, records are in the
 * ring of their CPU in order, and text is changed under those who run it.
 * With one CPU the same holds.
 */

#include "tests/kernel/kit.h"

#define CHILDREN 6
#define CALLS    3000
#define ROUNDS   60

static struct child *children[CHILDREN];
static natural_t cpus;

static void
begin(enum child_work work, uint64_t count)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        child_begin(children[i], work, count);
}

static void
finish(void)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        child_finish(children[i]);
}

/* Count the records of a ring, and look at their order. */
static uint64_t
count_records(const struct probe_ring *ring, bool *ordered)
{
    uint64_t count = 0, last = 0;

    for (uint64_t at = ring->tail; at != ring->head;) {
        const struct probe_record *record =
            (const void *)&ring->data[at % ring->size];

        at += record->size;
        if (record->probe == PROBE_RECORD_PAD)
            continue;
        *ordered = *ordered && record->time >= last;
        last = record->time;
        count++;
    }
    return count;
}

static void
every_hit_counts(uint32_t kind, const char *what)
{
    mach_port_t session = session_open();
    struct probe_statistics counts;
    uint64_t records = 0;
    unsigned used = 0;
    bool ordered = true;
    vm_address_t rings;
    vm_size_t stride;
    natural_t count;
    uint32_t probe;

    if (probe_rings_map(session, 1 << 20, &rings, &stride, &count) !=
            KERN_SUCCESS ||
        attach(session, symbol(session, "mach_reply_port"), kind,
               program_record(session, 1), 0, &probe) != KERN_SUCCESS)
        task_fail("no probe");
    begin(CHILD_REPLY_PORTS, CALLS);
    finish();
    counts = statistics(session, probe);
    check_is(counts.hits, CHILDREN * CALLS, "%s: all calls are counted", what);
    check_is(counts.submitted, counts.hits, "%s: each sent a record", what);
    for (unsigned cpu = 0; cpu < cpus; cpu++) {
        const struct probe_ring *ring = (const void *)(rings + cpu * stride);
        uint64_t found = count_records(ring, &ordered);

        check_is(ring->cpu, cpu, "%s: ring %u", what, cpu);
        used += found != 0;
        records += found;
    }
    check_is(records, counts.submitted, "%s: all records are there", what);
    check(ordered, "%s: in the order of their time", what);
    check(used > 1 || cpus == 1, "%s: from %u CPUs", what, used);
    session_close(session);
}

/* One map, changed by the programs of all CPUs. */
static void
a_map_is_shared(void)
{
    mach_port_t session = session_open();
    probe_small_t key = {0};
    mach_msg_type_number_t size;
    uint32_t program, probe;
    natural_t map;
    char *value;

    if (probe_map_create(session, PROBE_MAP_ARRAY, 4, 8, 1, &map) !=
        KERN_SUCCESS)
        task_fail("no map");
    struct ebpf_insn insns[] = {
        ARRAY_VALUE(map),
        JEQ(0, 0, 2),
        MOV(1, 1),
        INSN(EBPF_STX | EBPF_ATOMIC | EBPF_DW, 0, 1, 0, EBPF_ADD),
        MOV(0, 0),
        EXIT,
    };
    if (program_load(session, insns, sizeof(insns) / sizeof(insns[0]), &program,
                     NULL) != KERN_SUCCESS ||
        attach(session, symbol(session, "mach_reply_port"), PROBE_ENTRY,
               program, 0, &probe) != KERN_SUCCESS)
        task_fail("no probe");
    begin(CHILD_REPLY_PORTS, CALLS);
    finish();
    if (probe_map_lookup(session, map, key, 4, &value, &size) != KERN_SUCCESS)
        task_fail("no value");
    check_is(*(const uint64_t *)value, CHILDREN * CALLS,
             "atomic additions of all CPUs");
    vm_deallocate(mach_task_self(), (vm_address_t)value, size);
    session_close(session);
}

/* Functions that the children are in all the time. */
static const char *const busy[] = {
    "vm_allocate",    "vm_deallocate", "vm_map_enter", "mach_msg_trap",
    "ipc_port_alloc", "thread_block",  "kalloc",       "vm_map_remove",
};

#define BUSY (sizeof(busy) / sizeof(busy[0]))

static uint32_t
attach_busy(mach_port_t session, uint32_t kind)
{
    uint32_t program = program_record(session, 4);
    struct probe_request requests[BUSY];
    natural_t result, first, failed, reason;

    for (unsigned i = 0; i < BUSY; i++)
        requests[i] = (struct probe_request){
            .address = symbol(session, busy[i]),
            .kind = kind,
            .program = program,
        };
    if (probe_attach(session, (char *)requests, sizeof(requests), &result,
                     &first, &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("no probe at %s", busy[failed]);
    return first;
}

static uint64_t
count_hits(mach_port_t session, uint32_t first)
{
    struct probe_statistics *all;
    mach_msg_type_number_t size;
    uint64_t hits = 0;

    if (probe_statistics(session, first, BUSY, (char **)&all, &size) !=
        KERN_SUCCESS)
        task_fail("no statistics");
    for (unsigned i = 0; i < BUSY; i++)
        hits += all[i].hits;
    vm_deallocate(mach_task_self(), (vm_address_t)all, size);
    return hits;
}

static void
armed_under_load(void)
{
    uint64_t hits = 0;

    begin(CHILD_ALLOCATE, 2 * CALLS);
    for (unsigned round = 0; round < ROUNDS; round++) {
        mach_port_t session = session_open();
        uint32_t first = attach_busy(
            session, round % 2 != 0 ? PROBE_ENTRY : PROBE_ENTRY_BREAKPOINT);

        swtch_pri(0);
        hits += count_hits(session, first);
        session_close(session);
    }
    finish();
    check(hits > 0, "changed %u times under load, with %" PRIu64 " hits",
          2 * ROUNDS * (unsigned)BUSY, hits);
}

static void
start(void)
{
    mach_port_t session = session_open();
    struct probe_kernel kernel;

    probe_describe(session, (char *)&kernel);
    session_close(session);
    cpus = kernel.cpus;
    for (unsigned i = 0; i < CHILDREN; i++) {
        children[i] = child_start();
        if (cpus > 1 && i % 2 != 0)
            child_move(children[i]);
    }
}

int
main(void)
{
    start();
    every_hit_counts(PROBE_ENTRY_JUMP, "jump");
    every_hit_counts(PROBE_ENTRY_BREAKPOINT, "breakpoint");
    a_map_is_shared();
    armed_under_load();
    for (unsigned i = 0; i < CHILDREN; i++)
        child_terminate(children[i]);
    return check_end();
}
