/*
 * Probes everywhere while a workload runs, of whose results the caller makes
 * sure that they are what they are without probes.
 *
 *   soak nothing               only the workload
 *   soak functions             entry and return of every function at once
 *   soak instructions SEED N   of all instructions, in the order that SEED
 *                              shuffles them to, N batches; 0: all there are
 *
 * The workload is the suspended task of --workload-task.  Batches are armed
 * over and over until it has ended.
 */

#include "tests/kernel/text.h"

#define BATCH 4000 /* below what a session may have */

static struct child *child;
static struct task_watch watch;

static struct probe_request requests[PROBE_PROBES_MAX];

/* By the offset in the text: whether a probe there was ever hit. */
static uint8_t *seen;

/* Totals of probes. */
struct totals {
    uint64_t hits, returned, abandoned, active, missed, continuations;
    uint64_t places; /* that were hit, each once */
    uint64_t wrong;  /* probes whose sums are not right */
};

static uint32_t
arm(mach_port_t session, uint32_t count)
{
    natural_t result, first, failed, reason;

    if (probe_attach(session, (char *)requests, count * sizeof(requests[0]),
                     &result, &first, &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("attaching %u probes: %#x at %#" PRIx64 ", reason %u", count,
                  result, requests[failed].address, reason);
    return first;
}

static bool
is_wrong(const struct probe_statistics *s, bool is_return)
{
    uint64_t runs = s->submitted + s->lost + s->filtered;

    return is_return ? s->hits != s->returned + s->abandoned + s->active ||
                           s->returned != runs
                     : s->hits != s->missed + runs;
}

static void
add(struct totals *totals, mach_port_t session, uint32_t first, uint32_t count)
{
    struct probe_statistics *all;
    mach_msg_type_number_t size;

    if (probe_statistics(session, first, count, (char **)&all, &size) !=
        KERN_SUCCESS)
        task_fail("no statistics");
    for (uint32_t i = 0; i < count; i++) {
        const struct probe_statistics *s = &all[i];

        uint8_t *place = &seen[requests[i].address - text_tables.text_base];

        if (s->hits + s->self != 0 && !*place) {
            *place = 1;
            totals->places++;
        }
        totals->hits += s->hits;
        totals->returned += s->returned;
        totals->abandoned += s->abandoned;
        totals->active += s->active;
        totals->missed += s->missed;
        totals->continuations += s->continuations;
        totals->wrong += is_wrong(s, requests[i].kind == PROBE_RETURN);
    }
    vm_deallocate(mach_task_self(), (vm_address_t)all, size);
}

static void
work(void)
{
    child_work(child, CHILD_ALLOCATE, 100);
    child_work(child, CHILD_REPLY_PORTS, 50);
}

static void
nothing(void)
{
    task_resume(task_ports.workload);
    while (!task_watch_ended(&watch, 100))
        work();
}

static void
functions(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), count = 0, first;
    struct totals totals = {0};

    for (unsigned i = 0; i < text_function_count; i++) {
        static const uint32_t kinds[] = {PROBE_ENTRY, PROBE_RETURN};

        for (unsigned j = 0; j < 2; j++)
            requests[count++] = (struct probe_request){
                .address = text_functions[i],
                .kind = kinds[j],
                .program = program,
            };
    }
    first = arm(session, count);
    task_resume(task_ports.workload);
    while (!task_watch_ended(&watch, 100))
        work();
    add(&totals, session, first, count);
    printf("# %u probes, %" PRIu64 " hit, %" PRIu64 " hits: %" PRIu64
           " returned, %" PRIu64 " abandoned, "
           "%" PRIu64 " active; %" PRIu64 " continuations, %" PRIu64
           " missed\n",
           count, totals.places, totals.hits, totals.returned, totals.abandoned,
           totals.active, totals.continuations, totals.missed);
    check_is(totals.wrong, 0, "every hit of every function is accounted for");
    check(totals.returned > 1000 && totals.abandoned > 100 &&
              totals.continuations > 0,
          "functions returned, others were left, and some were continued");
    session_close(session);
}

/* All instructions that may be probed, shuffled. */
static uint32_t
find_instructions(uint32_t **found, uint64_t seed)
{
    const uint8_t *bytes = text_instructions();
    uint32_t *offsets = malloc(text_tables.text_size * sizeof(*offsets));
    uint32_t count = 0;

    if (offsets == NULL)
        task_fail("no memory for %u instructions", text_tables.text_size);
    for (uint32_t i = 0; i < text_tables.text_size; i++) {
        if (IMAGE_LENGTH(bytes[i]) != 0 &&
            IMAGE_MOVE(bytes[i]) != IMAGE_MOVE_NEVER)
            offsets[count++] = i;
    }
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j, swap = offsets[i - 1];

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        j = (uint32_t)(seed >> 33) % i;
        offsets[i - 1] = offsets[j];
        offsets[j] = swap;
    }
    *found = offsets;
    return count;
}

/* Probe a batch for a while; whether the workload has ended. */
static bool
probe_batch(const uint32_t *offsets, uint32_t count, struct totals *totals)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), first;
    bool ended;

    for (uint32_t i = 0; i < count; i++)
        requests[i] = (struct probe_request){
            .address = text_tables.text_base + offsets[i],
            .kind = PROBE_INSTRUCTION,
            .program = program,
        };
    first = arm(session, count);
    work();
    ended = task_watch_ended(&watch, 20);
    add(totals, session, first, count);
    session_close(session);
    return ended;
}

static void
instructions(uint64_t seed, uint32_t batches)
{
    uint32_t *offsets, count = find_instructions(&offsets, seed);
    uint32_t all = (count + BATCH - 1) / BATCH, done = 0, rounds = 0;
    struct totals totals = {0};
    bool ended = false;

    printf("# %u instructions may be probed\n", count);
    if (batches == 0 || batches > all)
        batches = all;
    task_resume(task_ports.workload);
    while (!ended || done < batches) {
        uint32_t from = rounds++ % batches * BATCH;
        uint32_t size = count - from < BATCH ? count - from : BATCH;

        ended = probe_batch(offsets + from, size, &totals) || ended;
        if (done < batches)
            done++;
    }
    printf("# %u batches of %u, armed %u times: %" PRIu64
           " instructions hit, %" PRIu64 " hits, %" PRIu64 " missed\n",
           batches, BATCH, rounds, totals.places, totals.hits, totals.missed);
    check_is(totals.wrong, 0, "every hit of an instruction is accounted for");
    check(totals.hits > 1000, "instructions were hit");
}

int
main(int argc, char **argv)
{
    uint64_t text;

    child = child_start();
    text_read(child);
    seen = calloc(text_tables.text_size, 1);
    if (seen == NULL)
        task_fail("no memory for %u bytes of text", text_tables.text_size);
    text = text_hash();
    if (task_watch_begin(&watch, task_ports.workload) != KERN_SUCCESS)
        task_fail("no workload to watch");
    if (argc == 4)
        instructions(strtoul(argv[2], NULL, 10),
                     (uint32_t)strtoul(argv[3], NULL, 10));
    else if (argc == 2 && strcmp(argv[1], "functions") == 0)
        functions();
    else
        nothing();
    check_is(text_hash(), text, "the text is as it was");
    child_terminate(child);
    return check_end();
}
