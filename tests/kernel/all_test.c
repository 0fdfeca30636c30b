/*
 * Probes on every function of the kernel that may be probed, both ways, while
 * it works; and all of its text as it was afterwards.
 *
 * Which functions these are is read where the kernel has it: in its tables,
 * found by their first bytes behind the kernel's end.
 */

#include "tests/kernel/kit.h"

#include "protocol/image.h"

#define FUNCTIONS_MAX 4000

static struct child *child;
static struct image_header tables;
static uint64_t tables_address;
static uint64_t functions[FUNCTIONS_MAX];
static unsigned function_count;

/* ---- reading kernel memory, a page at a time --------------------------- */

static mach_port_t reader;
static natural_t reader_map;

static void
read_page(uint64_t address, uint8_t page[4096])
{
    static probe_small_t key;
    struct ebpf_insn insns[] = {
        MOV(1, 0),
        INSN(EBPF_STX | EBPF_MEM | EBPF_W, 10, 1, -4, 0),
        MOVR(2, 10),
        ADD(2, -4),
        INSN(EBPF_LD | EBPF_IMM | EBPF_DW, 1, EBPF_IMM64_MAP, 0, reader_map),
        INSN(0, 0, 0, 0, 0),
        CALL(map_lookup),
        JEQ(0, 0, 5),
        MOVR(1, 0),
        MOV(2, 4096),
        IMM64(3, address),
        CALL(read_kernel),
        MOV(0, 0),
        EXIT,
    };
    uint32_t program, probe;
    char *value;
    mach_msg_type_number_t size;

    if (program_load(reader, insns, sizeof(insns) / sizeof(insns[0]), &program,
                     NULL) != KERN_SUCCESS ||
        attach(reader, symbol(reader, "mach_reply_port"), PROBE_ENTRY, program,
               0, &probe) != KERN_SUCCESS)
        task_fail("cannot read the kernel");
    child_work(child, CHILD_REPLY_PORTS, 1);
    probe_detach(reader, probe, 1);
    if (probe_map_lookup(reader, reader_map, key, 4, &value, &size) !=
        KERN_SUCCESS)
        task_fail("no map value");
    memcpy(page, value, 4096);
    vm_deallocate(mach_task_self(), (vm_address_t)value, size);
}

static void
reader_open(void)
{
    reader = session_open();
    if (probe_map_create(reader, PROBE_MAP_ARRAY, 4, 4096, 1, &reader_map) !=
        KERN_SUCCESS)
        task_fail("no map");
}

static void
read_kernel(uint64_t address, void *to, size_t size)
{
    static uint8_t page[4096];
    uint8_t *bytes = to;

    reader_open();
    while (size > 0) {
        size_t part = size < sizeof(page) ? size : sizeof(page);

        read_page(address, page);
        memcpy(bytes, page, part);
        bytes += part, address += part, size -= part;
    }
    session_close(reader);
}

/* FNV-1a over the text. */
static uint64_t
text_hash(void)
{
    static uint8_t page[4096];
    uint64_t hash = 14695981039346656037u;

    reader_open();
    for (uint64_t at = 0; at < tables.text_size; at += sizeof(page)) {
        read_page(tables.text_base + at, page);
        for (unsigned i = 0; i < sizeof(page) && at + i < tables.text_size; i++)
            hash = (hash ^ page[i]) * 1099511628211u;
    }
    session_close(reader);
    return hash;
}

static void
find_tables(void)
{
    static uint8_t page[4096];
    uint64_t address;

    reader_open();
    address = symbol(reader, "_end") & ~(uint64_t)4095;
    for (unsigned i = 0; i < 600 && tables_address == 0; i++, address += 4096) {
        read_page(address, page);
        for (unsigned j = 0; j + sizeof(tables) <= sizeof(page); j += 8) {
            memcpy(&tables, page + j, sizeof(tables));
            if (tables.magic == IMAGE_MAGIC &&
                tables.version == IMAGE_VERSION &&
                strncmp(tables.identity, "GNU Mach ", 9) == 0)
                tables_address = address + j;
            if (tables_address != 0)
                break;
        }
    }
    session_close(reader);
    if (tables_address == 0)
        task_fail("the kernel's tables are not where they should be");
}

static void
find_functions(void)
{
    static struct image_function all[FUNCTIONS_MAX];

    if (tables.functions > FUNCTIONS_MAX)
        task_fail("%u functions are too many", tables.functions);
    read_kernel(tables_address + tables.functions_offset, all,
                tables.functions * sizeof(all[0]));
    for (unsigned i = 0; i < tables.functions; i++) {
        if ((all[i].flags & IMAGE_FUNCTION_FORBIDDEN) == 0)
            functions[function_count++] = tables.text_base + all[i].address;
    }
    printf("# %u functions may be probed, of %u\n", function_count,
           tables.functions);
}

/* ---- probing ----------------------------------------------------------- */

static uint32_t
attach_all(mach_port_t session, uint32_t kind, uint32_t program)
{
    static struct probe_request requests[FUNCTIONS_MAX];
    natural_t result, first, failed, reason;

    for (unsigned i = 0; i < function_count; i++)
        requests[i] = (struct probe_request){
            .address = functions[i],
            .cookie = i,
            .kind = kind,
            .program = program,
        };
    if (probe_attach(session, (char *)requests,
                     function_count * sizeof(requests[0]), &result, &first,
                     &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("attaching to all functions: %#x at %#lx, reason %u", result,
                  functions[failed], reason);
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

    if (probe_statistics(session, first, function_count, (char **)&all,
                         &size) != KERN_SUCCESS)
        task_fail("no statistics");
    for (unsigned i = 0; i < function_count; i++) {
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
    printf("# %s: %u jumps, %u functions hit, %lu hits (%lu submitted, "
           "%lu lost, %lu missed), %lu of our own\n",
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

int
main(void)
{
    uint64_t before;

    child = child_start();
    find_tables();
    find_functions();
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
