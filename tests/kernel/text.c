#include "tests/kernel/text.h"

struct image_header text_tables;
uint64_t text_functions[TEXT_FUNCTIONS_MAX];
unsigned text_function_count;

uint64_t text_tables_address;
static struct child *child;

/* ---- reading kernel memory, a page at a time --------------------------- */

static mach_port_t reader;
static natural_t reader_map;

static void
read_page(uint64_t address, uint8_t page[4096])
{
    static probe_small_t key;
    struct ebpf_insn insns[] = {
        ARRAY_VALUE(reader_map), JEQ(0, 0, 5),      MOVR(1, 0), MOV(2, 4096),
        IMM64(3, address),       CALL(read_kernel), MOV(0, 0),  EXIT,
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

void
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

/* One program reads all pages of the text into an array. */
static void
read_text(uint32_t pages)
{
    struct ebpf_insn insns[] = {
        MOV(6, 0),
        INSN(EBPF_STX | EBPF_MEM | EBPF_W, 10, 6, -4, 0),
        MOVR(2, 10),
        ADD(2, -4),
        INSN(EBPF_LD | EBPF_IMM | EBPF_DW, 1, EBPF_IMM64_MAP, 0, reader_map),
        INSN(0, 0, 0, 0, 0),
        CALL(map_lookup),
        JEQ(0, 0, 8),
        MOVR(1, 0),
        MOV(2, 4096),
        IMM64(3, text_tables.text_base),
        MOVR(4, 6),
        INSN(EBPF_ALU64 | EBPF_LSH | EBPF_K, 4, 0, 0, 12),
        INSN(EBPF_ALU64 | EBPF_ADD | EBPF_X, 3, 4, 0, 0),
        CALL(read_kernel),
        ADD(6, 1),
        INSN(EBPF_JMP | EBPF_JLT | EBPF_K, 6, 0, -17, pages),
        MOV(0, 0),
        EXIT,
    };
    uint32_t probe,
        program = program_of(reader, insns, sizeof(insns) / sizeof(insns[0]));

    if (attach(reader, symbol(reader, "mach_reply_port"), PROBE_ENTRY, program,
               0, &probe) != KERN_SUCCESS)
        task_fail("cannot read the text");
    child_work(child, CHILD_REPLY_PORTS, 1);
    probe_detach(reader, probe, 1);
}

/* FNV-1a. */
static uint64_t
hash_of(uint64_t hash, const char *bytes, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)bytes[i]) * 1099511628211u;
    return hash;
}

uint64_t
text_hash(void)
{
    uint32_t pages = (text_tables.text_size + 4095) / 4096;
    uint64_t hash = 14695981039346656037u, left = text_tables.text_size;
    natural_t cursor = 0;

    reader = session_open();
    if (probe_map_create(reader, PROBE_MAP_ARRAY, 4, 4096, pages,
                         &reader_map) != KERN_SUCCESS)
        task_fail("no map");
    read_text(pages);
    do {
        enum { ENTRY = 8 + 4096 }; /* key and value */
        mach_msg_type_number_t size;
        char *entries;

        if (probe_map_read(reader, reader_map, cursor, &cursor, &entries,
                           &size) != KERN_SUCCESS)
            task_fail("no map values");
        for (uint32_t at = 0; at + ENTRY <= size; at += ENTRY) {
            uint64_t part = left < 4096 ? left : 4096;

            hash = hash_of(hash, entries + at + 8, part);
            left -= part;
        }
        vm_deallocate(mach_task_self(), (vm_address_t)entries, size);
    } while (cursor != 0);
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
    for (unsigned i = 0; i < 600 && text_tables_address == 0;
         i++, address += 4096) {
        read_page(address, page);
        for (unsigned j = 0; j + sizeof(text_tables) <= sizeof(page); j += 8) {
            memcpy(&text_tables, page + j, sizeof(text_tables));
            if (text_tables.magic == IMAGE_MAGIC &&
                text_tables.version == IMAGE_VERSION &&
                strncmp(text_tables.identity, "GNU Mach ", 9) == 0)
                text_tables_address = address + j;
            if (text_tables_address != 0)
                break;
        }
    }
    session_close(reader);
    if (text_tables_address == 0)
        task_fail("the kernel's tables are not where they should be");
}

static void
find_functions(void)
{
    static struct image_function all[TEXT_FUNCTIONS_MAX];

    if (text_tables.functions > TEXT_FUNCTIONS_MAX)
        task_fail("%u functions are too many", text_tables.functions);
    read_kernel(text_tables_address + text_tables.functions_offset, all,
                text_tables.functions * sizeof(all[0]));
    for (unsigned i = 0; i < text_tables.functions; i++) {
        if ((all[i].flags & IMAGE_FUNCTION_FORBIDDEN) == 0)
            text_functions[text_function_count++] =
                text_tables.text_base + all[i].address;
    }
    printf("# %u functions may be probed, of %u\n", text_function_count,
           text_tables.functions);
}

void
text_read(struct child *other)
{
    child = other;
    find_tables();
    find_functions();
}

const uint8_t *
text_instructions(void)
{
    static uint8_t *bytes;

    if (bytes == NULL) {
        bytes = malloc(text_tables.text_size);
        if (bytes == NULL)
            task_fail("no memory for the table of instructions");
        read_kernel(text_tables_address + text_tables.instructions_offset,
                    bytes, text_tables.text_size);
    }
    return bytes;
}
