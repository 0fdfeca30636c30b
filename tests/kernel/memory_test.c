/*
 * Reading memory from a program: right where it is there, an error where it
 * is not, and the kernel runs on.
 */

#include "tests/kernel/kit.h"

static struct child *child;

#define READ_BYTES 16

/* What one read gave: the helper's result and the bytes. */
struct result {
    int64_t status;
    char bytes[READ_BYTES];
};

/*
 * Read at ADDRESS by HELPER in the child's next call; the result travels in a
 * map of one entry.
 */
static struct result
read_by(enum probe_helper helper, uint64_t address)
{
    static probe_small_t key;
    static natural_t map;
    static mach_port_t session;
    struct result result, *value;
    mach_msg_type_number_t size;
    char log[PROBE_LOG_MAX];
    uint32_t program, probe;

    session = session_open();
    if (probe_map_create(session, PROBE_MAP_ARRAY, 4, sizeof(result), 1,
                         &map) != KERN_SUCCESS)
        task_fail("no map");
    struct ebpf_insn insns[] = {
        ARRAY_VALUE(map),
        JEQ(0, 0, 8),
        MOVR(6, 0),
        MOVR(1, 0),
        ADD(1, 8),
        MOV(2, READ_BYTES),
        IMM64(3, address),
        INSN(EBPF_JMP | EBPF_CALL, 0, 0, 0, helper),
        STORE(6, 0, 0),
        MOV(0, 0),
        EXIT,
    };

    if (program_load(session, insns, sizeof(insns) / sizeof(insns[0]), &program,
                     log) != KERN_SUCCESS)
        task_fail("reader refused: %s", log);
    if (attach(session, symbol(session, "mach_reply_port"), PROBE_ENTRY,
               program, 0, &probe) != KERN_SUCCESS)
        task_fail("no probe");
    child_work(child, CHILD_REPLY_PORTS, 1);
    if (probe_map_lookup(session, map, key, 4, (char **)&value, &size) !=
        KERN_SUCCESS)
        task_fail("no map value");
    result = *value;
    vm_deallocate(mach_task_self(), (vm_address_t)value, size);
    session_close(session);
    return result;
}

static void
readable(uint64_t kernel_name)
{
    static const char text[64] = "a string of this task";
    struct result r;

    /* The child's copy of our memory comes page by page, as it is used. */
    check_is((uint64_t)read_by(PROBE_HELPER_read_user, (uintptr_t)text).status,
             -(uint64_t)PROBE_ERROR_FAULT,
             "user memory that is not there yet is not fetched");
    child_work(child, CHILD_TOUCH, (uintptr_t)text);
    r = read_by(PROBE_HELPER_read_user, (uintptr_t)text);
    check_is((uint64_t)r.status, 0, "user memory can be read");
    check(memcmp(r.bytes, text, READ_BYTES) == 0, "and is right");
    r = read_by(PROBE_HELPER_read_user_string, (uintptr_t)text + 12);
    check_is((uint64_t)r.status, sizeof("this task"), "a user string's length");
    check(strcmp(r.bytes, "this task") == 0, "and text");
    r = read_by(PROBE_HELPER_read_user_string, (uintptr_t)text);
    check_is((uint64_t)r.status, READ_BYTES, "a longer one is cut");
    check(memcmp(r.bytes, "a string of thi", READ_BYTES) == 0, "and ended");
    r = read_by(PROBE_HELPER_read_kernel_string, kernel_name);
    check(r.status > 0, "a kernel string: %s", r.bytes);
}

struct bad_address {
    enum probe_helper helper;
    uint64_t address;
    const char *what;
};

/* What cannot be read in any kernel. */
static const struct bad_address bad[] = {
    {PROBE_HELPER_read_kernel, 0, "kernel: 0"},
    {PROBE_HELPER_read_kernel, 8, "kernel: 8"},
    {PROBE_HELPER_read_kernel, UINT64_MAX, "kernel: -1"},
    {PROBE_HELPER_read_kernel, UINT64_MAX - 15, "kernel: -16"},
    {PROBE_HELPER_read_kernel, 0x8000000000000000u, "half of all"},
    {PROBE_HELPER_read_kernel, 0x400000, "a user address as a kernel's"},
    {PROBE_HELPER_read_kernel_string, 0, "string: 0"},
    {PROBE_HELPER_read_kernel_string, 0xdeadbeefdeadbeefu, "string: wild"},
    {PROBE_HELPER_read_user, 0, "user: 0"},
    {PROBE_HELPER_read_user, KERNEL_START + 0x1000000, "kernel text as user's"},
    {PROBE_HELPER_read_user, UINT64_MAX, "user: -1"},
    {PROBE_HELPER_read_user_string, 1, "user string: 1"},
    {PROBE_HELPER_read_user_string, 0x1234567890000000u, "user: wild"},
};

/* And what in this one: its ends, devices, the other side's memory. */
static const struct bad_address bad_here[] = {
#ifdef __x86_64__
    {PROBE_HELPER_read_kernel, 0x0000800000000000u, "the hole's start"},
    {PROBE_HELPER_read_kernel, 0xffff7fffffffffffu, "the hole's end"},
    {PROBE_HELPER_read_kernel, 0xffff800000000000u, "the half's start"},
    {PROBE_HELPER_read_kernel, 0xfffffffffee00000u, "where a device is"},
    {PROBE_HELPER_read_kernel, 0xffffffff800a0000u, "video memory"},
    {PROBE_HELPER_read_kernel, 0xffffffff800b8000u, "text screen"},
    {PROBE_HELPER_read_user, 0x00007ffffffffff8u, "user: across the end"},
#else
    {PROBE_HELPER_read_kernel, 0xbffffff8u, "before the kernel's start"},
    {PROBE_HELPER_read_kernel, 0xfffffff8u, "across the end"},
    {PROBE_HELPER_read_kernel, 0xfee00000u, "where a device is"},
    {PROBE_HELPER_read_kernel, 0xc00a0000u, "video memory"},
    {PROBE_HELPER_read_kernel, 0xc00b8000u, "text screen"},
    {PROBE_HELPER_read_kernel, 0x1c1000000u, "kernel text and 2^32"},
    {PROBE_HELPER_read_kernel, 0xffffffffc1000000u, "sign-extended"},
    {PROBE_HELPER_read_user, 0xbffffff8u, "user: across the end"},
    {PROBE_HELPER_read_user, 0x108048000u, "user: beyond 2^32"},
#endif
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
unreadable(const struct bad_address *cases, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct result r = read_by(cases[i].helper, cases[i].address);
        bool zero = true;

        for (unsigned j = 0; j < READ_BYTES; j++)
            zero = zero && r.bytes[j] == 0;
        check(r.status == -(int64_t)PROBE_ERROR_FAULT && zero,
              "cannot be read: %s (%" PRId64 ")", cases[i].what, r.status);
    }
}

/* Across a page's end: the first is there, the second nobody has touched. */
static void
half_there(void)
{
    vm_address_t page;
    struct child *other = child;
    struct result r;

    vm_allocate(mach_task_self(), &page, 2 * vm_page_size, TRUE);
    memset((void *)page, 'x', vm_page_size);
    child = child_start();
    child_work(child, CHILD_TOUCH, page);
    r = read_by(PROBE_HELPER_read_user, page + vm_page_size - READ_BYTES);
    check_is((uint64_t)r.status, 0, "up to a page's end");
    r = read_by(PROBE_HELPER_read_user, page + vm_page_size - 8);
    check_is((uint64_t)r.status, -(uint64_t)PROBE_ERROR_FAULT,
             "half of it is not there");
    check(r.bytes[0] == 0, "then nothing is given");
    r = read_by(PROBE_HELPER_read_user_string, page + vm_page_size - 8);
    check_is((uint64_t)r.status, -(uint64_t)PROBE_ERROR_FAULT,
             "a string without an end");
    child_terminate(child);
    child = other;
    vm_deallocate(mach_task_self(), page, 2 * vm_page_size);
}

/* Any address at all: a spray over the whole address space. */
static void
spray(void)
{
    uint64_t address = 0x9e3779b97f4a7c15u;
    unsigned read = 0;

    for (unsigned i = 0; i < 200; i++) {
        address = address * 6364136223846793005u + 1442695040888963407u;
        read += read_by(i % 2 ? PROBE_HELPER_read_kernel
                              : PROBE_HELPER_read_kernel_string,
                        i % 4 < 2
                            ? address
                            : KERNEL_START + (uint32_t)address %
                                                 (0u - (uint32_t)KERNEL_START))
                    .status >= 0;
    }
    check(true, "200 random addresses, %u of them readable", read);
}

int
main(void)
{
    mach_port_t session = session_open();
    uint64_t version = symbol(session, "version");

    session_close(session);
    child = child_start();
    readable(version);
    unreadable(bad, COUNT(bad));
    unreadable(bad_here, COUNT(bad_here));
    half_there();
    spray();
    child_terminate(child);
    return check_end();
}
