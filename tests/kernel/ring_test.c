/*
 * Records: they arrive whole and in order, what does not fit is counted,
 * and waiting ends for the right reason.
 */

#include "tests/kernel/kit.h"

#include "mach/time.h"
#include "protocol/clock.h"

static struct child *child;

/* A session with rings, and a probe that sends WORDS words a call. */
struct setup {
    mach_port_t session;
    struct probe_ring *ring;
    uint32_t probe;
    unsigned words;
};

static struct setup
set_up(uint32_t size, unsigned words, const char *function)
{
    struct setup setup = {.session = session_open(), .words = words};
    vm_address_t address;
    vm_size_t stride;
    natural_t count;

    if (probe_rings_map(setup.session, size, &address, &stride, &count) !=
        KERN_SUCCESS)
        task_fail("no rings");
    setup.ring = (struct probe_ring *)address;
    if (attach(setup.session, symbol(setup.session, function), PROBE_ENTRY,
               program_record(setup.session, words), 0x1234567890,
               &setup.probe) != KERN_SUCCESS)
        task_fail("no probe");
    return setup;
}

static void
ring_is_described(void)
{
    mach_port_t session = session_open();
    vm_address_t address;
    vm_size_t stride;
    natural_t count;
    const struct probe_ring *ring;
    struct probe_kernel kernel;

    check_is(probe_rings_map(session, 4095, &address, &stride, &count),
             PROBE_ERROR_ARGUMENT, "a ring too small");
    check_is(probe_rings_map(session, 12288, &address, &stride, &count),
             PROBE_ERROR_ARGUMENT, "not a power of two");
    check_is(probe_rings_map(session, 2 * PROBE_RING_SIZE_MAX, &address,
                             &stride, &count),
             PROBE_ERROR_ARGUMENT, "a ring too big");
    check_is(probe_rings_map(session, 8192, &address, &stride, &count),
             KERN_SUCCESS, "rings");
    ring = (const struct probe_ring *)address;
    check_is(ring->magic, PROBE_RING_MAGIC, "magic");
    check_is(ring->size, 8192, "size");
    check_is(stride, 8192 + sizeof(*ring), "stride");
    probe_describe(session, (char *)&kernel);
    check_is(count, kernel.cpus, "one for each CPU");
    check_is(probe_rings_map(session, 8192, &address, &stride, &count),
             PROBE_ERROR_RINGS, "once only");
    session_close(session);
}

/* Rings until there is no memory: an error, and the machine goes on. */
static void
memory_runs_out(void)
{
    mach_port_t sessions[PROBE_SESSIONS_MAX];
    kern_return_t kr = KERN_SUCCESS;
    vm_address_t address;
    vm_size_t stride;
    natural_t count, open = 0;

    while (kr == KERN_SUCCESS && open < PROBE_SESSIONS_MAX) {
        sessions[open] = session_open();
        kr = probe_rings_map(sessions[open++], PROBE_RING_SIZE_MAX, &address,
                             &stride, &count);
    }
    check_is(kr, PROBE_ERROR_MEMORY, "memory for %u of the biggest rings",
             open - 1);
    while (open > 0)
        session_close(sessions[--open]);
    sessions[0] = session_open();
    check_is(probe_rings_map(sessions[0], 1 << 20, &address, &stride, &count),
             KERN_SUCCESS, "and after that there is some again");
    session_close(sessions[0]);
}

static void
records_come_in_order(void)
{
    struct setup setup = set_up(1 << 16, 5, "vm_allocate");
    const struct probe_record *record;
    uint64_t last = 0, wrong = 0, got = 0;

    /* More than goes round the ring twice, taken in parts. */
    for (unsigned round = 0; round < 10; round++) {
        child_work(child, CHILD_ALLOCATE, 300);
        while ((record = next_record(setup.ring)) != NULL) {
            const uint64_t *words = (const void *)record->payload;

            wrong += record->size != 24 + 5 * 8 ||
                     record->probe != setup.probe ||
                     record->cookie != 0x1234567890 || record->time < last ||
                     words[4] == 0; /* rsi: where the address goes */
            last = record->time;
            got++;
            take_record(setup.ring, record);
        }
    }
    check_is(got, 3000, "each call is a record");
    check_is(wrong, 0, "and each record is right");
    check_is(statistics(setup.session, setup.probe).submitted, 3000,
             "as many were submitted");
    check_is(setup.ring->lost, 0, "none was lost");
    session_close(setup.session);
}

/* 4096 bytes; records of 56: 73 fit. */
static void
overflow_is_counted(void)
{
    struct setup setup = set_up(4096, 4, "vm_allocate");
    struct probe_statistics s;
    unsigned got = 0;

    child_work(child, CHILD_ALLOCATE, 200);
    s = statistics(setup.session, setup.probe);
    check_is(s.hits, 200, "a full ring: all hits counted");
    check_is(s.submitted, 4096 / 56, "as many as fit");
    check_is(s.lost, 200 - 4096 / 56, "the rest is lost");
    check_is(s.filtered, 0, "none was filtered");
    check_is(setup.ring->lost, s.lost, "the ring says so too");
    for (const struct probe_record *record;
         (record = next_record(setup.ring)) != NULL; got++)
        take_record(setup.ring, record);
    check_is(got, s.submitted, "those submitted are there");
    child_work(child, CHILD_ALLOCATE, 1);
    check(next_record(setup.ring) != NULL, "and then there is room again");
    session_close(setup.session);
}

/* A process that writes nonsense hurts itself only. */
static void
lies_are_not_believed(void)
{
    struct setup setup = set_up(4096, 4, "vm_allocate");
    struct probe_statistics s;

    setup.ring->tail = UINT64_MAX / 2;
    child_work(child, CHILD_ALLOCATE, 10);
    s = statistics(setup.session, setup.probe);
    check_is(s.lost, 10, "a tail beyond the head: full");
    memset(setup.ring, 0xff, sizeof(*setup.ring));
    child_work(child, CHILD_ALLOCATE, 10);
    s = statistics(setup.session, setup.probe);
    check_is(s.hits, 20, "an overwritten header");
    check_is(s.submitted + s.lost, 20, "every record is accounted for");
    setup.ring->tail = 0;
    child_work(child, CHILD_ALLOCATE, 1);
    check_is(statistics(setup.session, setup.probe).submitted, s.submitted + 1,
             "a right tail makes it right again");
    session_close(setup.session);
}

/* Milliseconds of the session's clock that a wait takes. */
static uint64_t
wait_ms(mach_port_t session, natural_t watermark, natural_t timeout,
        natural_t *wake)
{
    struct probe_kernel kernel;
    uint64_t start = time_tsc();

    if (probe_wait(session, watermark, timeout, wake) != KERN_SUCCESS)
        task_fail("wait failed");
    start = time_tsc() - start;
    probe_describe(session, (char *)&kernel);
    return clock_scale(start, kernel.tsc_multiplier) / 1000000;
}

static void
waiting(void)
{
    struct setup setup = set_up(1 << 16, 4, "vm_allocate");
    natural_t wake;
    uint64_t ms;

    ms = wait_ms(setup.session, 1, 100, &wake);
    check_is(wake, PROBE_WAKE_DEADLINE, "nothing comes: the deadline");
    check(ms >= 100, "not before its time (%" PRIu64 " ms)", ms);
    wait_ms(setup.session, 1, 0, &wake);
    check_is(wake, PROBE_WAKE_DEADLINE, "a timeout of 0 does not wait");

    child_work(child, CHILD_ALLOCATE, 10);
    wait_ms(setup.session, 10 * 56, 60000, &wake);
    check_is(wake, PROBE_WAKE_RECORDS, "records that are there already");
    wait_ms(setup.session, 10 * 56 + 1, 10, &wake);
    check_is(wake, PROBE_WAKE_DEADLINE, "one byte more is not there");
    child_begin(child, CHILD_ALLOCATE, 1000);
    wait_ms(setup.session, 500 * 56, 60000, &wake);
    check_is(wake, PROBE_WAKE_RECORDS, "records that come meanwhile");
    child_work(child, CHILD_ALLOCATE, 0);
    session_close(setup.session);
}

int
main(void)
{
    child = child_start();
    ring_is_described();
    memory_runs_out();
    records_come_in_order();
    overflow_is_counted();
    lies_are_not_believed();
    waiting();
    child_terminate(child);
    return check_end();
}
