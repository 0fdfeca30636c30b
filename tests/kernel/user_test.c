/*
 * Probes in the code of a task: counted exactly, whatever the instruction; the
 * task, and those that it forks, go on whatever becomes of the probes.
 */

#include "tests/kernel/kit.h"

#include "mach/thread.h"
#include "mig/gnumach_user.h"
#include "protocol/image.h"

static struct probe_task *tasks;
static uint32_t task_count;

static void
list_tasks(mach_port_t session)
{
    mach_msg_type_number_t size = 0;
    char *bytes = NULL;

    kern_return_t kr = probe_tasks(session, &bytes, &size);

    if (kr != KERN_SUCCESS)
        task_fail("no list of tasks: %#x", kr);
    tasks = (struct probe_task *)(void *)bytes;
    task_count = size / sizeof(*tasks);
}

static void
free_tasks(void)
{
    vm_deallocate(mach_task_self(), (vm_address_t)tasks,
                  task_count * sizeof(*tasks));
}

/* How many tasks have that name; *ADDRESS is the last one's. */
static uint32_t
find_task(mach_port_t session, const char *name, uint64_t *address)
{
    uint32_t count = 0;

    list_tasks(session);
    for (uint32_t i = 0; i < task_count; i++) {
        if (strncmp(tasks[i].name, name, sizeof(tasks[i].name)) == 0) {
            *address = tasks[i].address;
            count++;
        }
    }
    free_tasks();
    return count;
}

static void
listing(void)
{
    mach_port_t session = session_open();
    uint64_t address = 0;

    check_is(find_task(session, "watched", &address), 1, "a task by its name");
    check(address >= KERNEL_START, "its address is the kernel's: %#" PRIx64,
          address);
    check_is(find_task(session, "gnumach", &address), 0,
             "the kernel is no task to be probed");
    session_close(session);
}

/* ---- what is probed ----------------------------------------------------- */

/*
 * forms(value): each kind of instruction that is moved.  Each is an entry of
 * the table: where it is, its length, how it is moved, and how often it runs
 * in a call.
 */
struct place {
    uintptr_t address;
    uint8_t length, move, often;
} __attribute__((packed));

extern const struct place forms_places[], forms_places_end[];
extern const uint8_t forms[], forms_gate[], forms_gate_end[];

#ifdef __x86_64__
#define WORD_AND_PLACE ".quad 771b; "
#define ARGUMENT       "mov %rdi, %rbx"
#define FORMS_ADD      "lea 3(%rax,%rdi), %rax"
#define GATE           "syscall"
#define A              "%rax"
#define B              "%rbx"
#define C              "%rcx"
#define SP             "%rsp"
#define RELATIVE                                    \
    "AT 1, 1, lea forms_word(%rip), %rdx\n"         \
    "AT 1, 1, mov %rbx, forms_word(%rip)\n"         \
    "AT 2, 1, addl $5, forms_word(%rip)\n"          \
    "AT 3, 1, addw $0x1234, forms_word(%rip)\n"     \
    "AT 4, 1, addl $0x12345678, forms_word(%rip)\n" \
    "AT 0, 1, add (%rdx), %rax\n"                   \
    "AT 12, 1, call *forms_pointer(%rip)\n"
#define CALLEE        "forms_add(%rip)"
#define LOAD_CALLEE   "AT 1, 1, lea " CALLEE ", %r12\n"
#define CALL_REGISTER "AT 11, 1, call *%r12\n"
#define SAVE          "AT 0, 1, push %r12\n"
#define RESTORE       "AT 0, 1, pop %r12\n"
#else
#define WORD_AND_PLACE ".long 771b; "
#define ARGUMENT       "mov 12(%esp), %ebx"
#define FORMS_ADD      "lea 3(%eax,%ebx), %eax"
#define GATE           "lcall $7, $0"
#define A              "%eax"
#define B              "%ebx"
#define C              "%ecx"
#define SP             "%esp"
#define RELATIVE                              \
    "AT 0, 1, mov $forms_word, %edx\n"        \
    "AT 0, 1, mov %ebx, forms_word\n"         \
    "AT 0, 1, addl $0x12345678, forms_word\n" \
    "AT 0, 1, add (%edx), %eax\n"             \
    "AT 11, 1, call *forms_pointer\n"
#define LOAD_CALLEE   "AT 0, 1, mov $forms_add, %esi\n"
#define CALL_REGISTER "AT 11, 1, call *%esi\n"
#define SAVE          "AT 0, 1, push %esi\n"
#define RESTORE       "AT 0, 1, pop %esi\n"
#endif

/* clang-format off */
__asm__(
    ".macro AT move, often, instruction:vararg\n"
    "771: \\instruction\n"
    "772: .pushsection .rodata\n"
    WORD_AND_PLACE
    ".byte 772b - 771b, \\move, \\often\n"
    ".popsection\n"
    ".endm\n"
    ".section .rodata\n"
    ".globl forms_places, forms_places_end\n"
    "forms_places:\n"
    ".text\n"
    ".globl forms\n"
    "forms:\n"
    "AT 0, 1, push " B "\n"
    SAVE
    "AT 0, 1, " ARGUMENT "\n"
    "AT 0, 1, xor " A ", " A "\n"
    RELATIVE
    LOAD_CALLEE
    "AT 9, 1, call forms_add\n"
    CALL_REGISTER
    "AT 0, 1, push $forms_add\n"
    "AT 11, 1, call *(" SP ")\n"
    "AT 0, 1, pop " C "\n"
    "AT 0, 1, mov $5, %ecx\n"
    "1:\n"
    "AT 0, 5, add " C ", " A "\n"
    "AT 10, 5, loop 1b\n"
    "AT 0, 1, test $1, %bl\n"
    "AT 5, 1, jz 2f\n"
    "add $16, " A "\n"
    "2:\n"
    "AT 0, 1, cmp $3, %bl\n"
    "AT 6, 1, {disp32} jne 3f\n"
    "add $32, " A "\n"
    "3:\n"
    "AT 7, 1, jmp 4f\n"
    "ud2\n"
    "4:\n"
    "AT 8, 1, {disp32} jmp 5f\n"
    "ud2\n"
    "5:\n"
    "AT 0, 1, rorl $3, %eax\n"
    RESTORE
    "AT 0, 1, pop " B "\n"
    "AT 14, 1, ret\n"
    "forms_add: " FORMS_ADD "\n"
    "ret\n"
    ".globl forms_gate, forms_gate_end\n"
    "forms_gate: " GATE "\n"
    "forms_gate_end:\n"
    ".section .rodata\n"
    "forms_places_end:\n"
    ".data\n"
    ".balign 8\n"
    "forms_word: .quad 0\n"
#ifdef __x86_64__
    "forms_pointer: .quad forms_add\n"
#else
    "forms_pointer: .long forms_add\n"
#endif
    ".text\n");
/* clang-format on */

typedef uintptr_t (*forms_function)(uintptr_t value);

/* ---- a task that does it ------------------------------------------------ */

enum work {
    WORK_FORMS, /* call forms COUNT times: RESULT is made of what it says */
    WORK_FORK,  /* start a task, OTHER, that works as this one does */
    WORK_BREAKPOINT, /* run COUNT breakpoints of its own */
    WORK_END,        /* the task */
    WORK_THREADS,    /* call forms COUNT times in each of two threads */
};

struct worker {
    volatile uint32_t asked;
    volatile uint32_t done;
    volatile enum work work;
    volatile uint32_t count;
    volatile uint32_t result;
    struct worker *other; /* behind it in the same page */
    task_t task;
};

static uint32_t
call_forms(uint32_t count)
{
    /* Not known to the compiler: the text is as the linker laid it out. */
    forms_function volatile function = (forms_function)(uintptr_t)forms;
    uint32_t result = 1;

    for (uint32_t i = 0; i < count; i++)
        result = result * 31 + (uint32_t)function(i);
    return result;
}

static void
call_in_thread(void *argument)
{
    const struct worker *worker = argument;
    processor_set_t others = other_cpus();

    if (others != MACH_PORT_NULL &&
        thread_assign(mach_thread_self(), others) != KERN_SUCCESS)
        task_fail("the thread does not get to another CPU");
    call_forms(worker->count);
}

static void
call_in_threads(struct worker *worker)
{
    static struct task_thread thread;

    if (task_thread_start(&thread, call_in_thread, worker) != KERN_SUCCESS)
        task_fail("no thread");
    call_forms(worker->count);
    task_thread_join(&thread);
}

static void
worker_main(void *argument)
{
    struct worker *worker = argument;

    for (uint32_t round = 1;; round++) {
        while (worker->asked < round)
            swtch_pri(0);
        switch (worker->work) {
        case WORK_FORMS:
            worker->result = call_forms(worker->count);
            break;
        case WORK_FORK:
            worker->other->task = task_fork(worker_main, worker->other);
            break;
        case WORK_BREAKPOINT:
            for (uint32_t i = 0; i < worker->count; i++)
                __asm__ volatile("int3");
            break;
        case WORK_THREADS:
            call_in_threads(worker);
            break;
        case WORK_END:
            task_terminate(mach_task_self());
            break;
        }
        worker->done = round;
    }
}

static void
work_begin(struct worker *worker, enum work work, uint32_t count)
{
    worker->work = work;
    worker->count = count;
    worker->asked++;
}

static uint32_t
work(struct worker *worker, enum work what, uint32_t count)
{
    work_begin(worker, what, count);
    while (worker->done != worker->asked)
        swtch_pri(0);
    return worker->result;
}

static struct worker *
worker_start(const char *name)
{
    struct worker *worker = shared_memory(vm_page_size);

    worker->other = worker + 1;
    worker->task = task_fork(worker_main, worker);
    if (task_set_name(worker->task, name) != KERN_SUCCESS)
        task_fail("no name");
    work(worker, WORK_FORMS, 1);
    return worker;
}

static void
worker_end(struct worker *worker)
{
    task_terminate(worker->task);
    mach_port_deallocate(mach_task_self(), worker->task);
    vm_deallocate(mach_task_self(), (vm_address_t)worker, vm_page_size);
}

/* ---- probes ------------------------------------------------------------- */

#define PLACES_MAX 64

static uint32_t
place_count(void)
{
    return (uint32_t)(forms_places_end - forms_places);
}

static struct probe_request
request_at(const struct place *place, uint64_t task, uint32_t program)
{
    struct probe_request request = {
        .address = place->address,
        .kind = PROBE_USER_INSTRUCTION,
        .program = program,
        .cookie = place->address,
        .task = task,
        .instruction = (uint8_t)(place->move << 4 | place->length),
    };

    memcpy(request.text, (const void *)place->address, place->length);
    return request;
}

static uint64_t
hits(mach_port_t session, uint32_t probe)
{
    return statistics(session, probe).hits;
}

static uint64_t
task_of(mach_port_t session, const char *name)
{
    uint64_t address;

    if (find_task(session, name, &address) != 1)
        task_fail("no task %s", name);
    return address;
}

/* Probe each instruction of forms. */
static uint32_t
attach_forms(mach_port_t session, uint64_t task, uint32_t program)
{
    struct probe_request requests[PLACES_MAX];
    natural_t result, first, failed, reason;

    for (uint32_t i = 0; i < place_count(); i++)
        requests[i] = request_at(&forms_places[i], task, program);
    if (probe_attach(session, (char *)requests,
                     place_count() * sizeof(requests[0]), &result, &first,
                     &failed, &reason) != KERN_SUCCESS ||
        result != KERN_SUCCESS)
        task_fail("place %u: %#x", failed, result);
    return first;
}

/* Whether a task has the bytes of FORMS as the linker laid them out. */
static bool
is_original(task_t task)
{
    vm_address_t page = (vm_address_t)forms & ~(vm_page_size - 1);
    mach_msg_type_number_t size;
    vm_offset_t data;
    bool same;

    if (vm_read(task, page, 2 * vm_page_size, &data, &size) != KERN_SUCCESS)
        task_fail("cannot read the task");
    same = memcmp((const void *)(data + ((vm_address_t)forms - page)), forms,
                  (size_t)(forms_gate_end - forms)) == 0;
    vm_deallocate(mach_task_self(), data, size);
    return same;
}

/* How many of the probes from FIRST on were not hit as often as they should. */
static uint32_t
wrong_counts(mach_port_t session, uint32_t first, uint64_t calls)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < place_count(); i++) {
        uint64_t expected = calls * forms_places[i].often;
        uint64_t got = hits(session, first + i);

        if (got != expected)
            printf("# place %u (move %u): %" PRIu64 " hits, not %" PRIu64 "\n",
                   i, forms_places[i].move, got, expected);
        wrong += got != expected;
    }
    return wrong;
}

/* ---- the tests ---------------------------------------------------------- */

#define CALLS 300

static void
every_form(struct worker *worker)
{
    mach_port_t session = session_open();
    uint32_t expected = call_forms(CALLS);
    uint32_t program = program_nothing(session), first;

    check_is(work(worker, WORK_FORMS, CALLS), expected,
             "without probes both tasks compute the same");
    first = attach_forms(session, task_of(session, "watched"), program);
    check(!is_original(worker->task), "each instruction has a breakpoint");
    check_is(work(worker, WORK_FORMS, CALLS), expected,
             "with one at each instruction, too");
    check_is(wrong_counts(session, first, CALLS), 0,
             "and each of %u was hit as often as it ran", place_count());
    check_is(call_forms(CALLS), expected, "it is another task's");
    check_is(wrong_counts(session, first, CALLS), 0, "whose calls count not");
    probe_enable(session, first, place_count(), 0);
    check(is_original(worker->task), "disabled, the text is as it was");
    check_is(work(worker, WORK_FORMS, CALLS), expected, "and works");
    probe_enable(session, first, place_count(), 1);
    work(worker, WORK_FORMS, CALLS);
    check_is(wrong_counts(session, first, 2 * CALLS), 0, "enabled, they count");
    session_close(session);
    check(is_original(worker->task), "the session's end: text as it was");
    check_is(work(worker, WORK_FORMS, CALLS), expected, "and works");
}

/* What a program finds: registers, address, the user's stack. */
static void
context(struct worker *worker)
{
    enum { WORDS = 4 };
    const struct ebpf_insn insns[] = {
        MOVR(6, 1),
        MOV(1, 8 * WORDS),
        MOV(2, 0),
        CALL(record_reserve),
        JEQ(0, 0, 13),
        MOVR(7, 0),
        LOAD(1, 6, offsetof(struct probe_context, pc)),
        STORE(7, 1, 0),
        LOAD(1, 6, CONTEXT_REGISTER(STACK_POINTER)),
        STORE(7, 1, 8),
        MOVR(1, 6),
        MOVR(2, 7),
        ADD(2, 16),
        MOV(3, 16),
        MOV(4, PROBE_STACK_USER),
        CALL(stack),
        MOVR(1, 7),
        CALL(record_submit),
        MOV(0, 0),
        EXIT,
    };
    mach_port_t session = session_open();
    struct probe_ring *ring = ring_map(session, 1 << 16);
    struct probe_request request = request_at(
        &forms_places[0], task_of(session, "watched"),
        program_of(session, insns, sizeof(insns) / sizeof(insns[0])));
    const struct probe_record *record;
    uint64_t words[WORDS] = {0};
    uint32_t probe, count = 0;

    check_is(attach_as(session, &request, &probe), KERN_SUCCESS,
             "an entry, with a program");
    work(worker, WORK_FORMS, 10);
    while ((record = next_record(ring)) != NULL) {
        memcpy(words, record->payload, sizeof(words));
        count++;
        take_record(ring, record);
    }
    check_is(count, 10, "sends a record of each call");
    check_is(words[0], (uintptr_t)forms, "with its address");
    check(words[1] != 0 && words[1] < KERNEL_START,
          "the user's stack: %#" PRIx64, words[1]);
    check_is(words[2], (uintptr_t)forms, "a walk of it begins there");
    session_close(session);
}

static void
refusals(struct worker *worker)
{
    mach_port_t session = session_open();
    uint64_t task = task_of(session, "watched");
    uint32_t program = program_nothing(session), probe;
    struct probe_request good = request_at(&forms_places[0], task, program);
    struct probe_request request = good;
    const struct place gate = {(uintptr_t)forms_gate,
                               (uint8_t)(forms_gate_end - forms_gate), 0, 0};

    request.text[0] ^= 1;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_TEXT,
             "other bytes than the task has");
    request = good;
    request.address = 16;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_FAULT,
             "no memory of the task's");
    request.address = KERNEL_START + 4096;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_ADDRESS,
             "the kernel's memory");
    request.address = UINT64_MAX;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_ADDRESS,
             "address -1");
    request = good;
    request.task = 0;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_NO_TASK,
             "no task");
    request.task = task + 1;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_NO_TASK,
             "an address that is no task's");
    request = good;
    request.instruction = 0;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_FORBIDDEN,
             "an instruction without length");
    request.instruction = IMAGE_MOVE_RIP_0 << 4 | 1;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_FORBIDDEN,
             "one that is too short to be moved so");
    request.instruction = IMAGE_MOVE_NEVER << 4 | 1;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_FORBIDDEN,
             "one that cannot be moved");
    request = request_at(&gate, task, program);
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_FORBIDDEN,
             "a system call");
    request = good;
    request.kind = PROBE_ENTRY;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_ARGUMENT,
             "a task for a place of the kernel's");
    request = good;
    request.kind = PROBE_USER_RETURN;
    request.flags = PROBE_FLAG_ENTRY_PROGRAM;
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_SUPPORT,
             "a return");
    check(is_original(worker->task), "nothing was written");
    session_close(session);
}

/*
 * A task that is forked inherits breakpoints and page: its calls count, and it
 * goes on when they are gone.
 */
static void
forked(struct worker *worker)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), first;
    uint32_t expected = call_forms(CALLS);

    first = attach_forms(session, task_of(session, "watched"), program);
    work(worker, WORK_FORK, 0);
    check_is(work(worker->other, WORK_FORMS, CALLS), expected,
             "a task that was forked while probed works");
    check_is(wrong_counts(session, first, CALLS), 0, "and its calls count");
    session_close(session);
    check_is(work(worker->other, WORK_FORMS, CALLS), expected,
             "when the probes are gone it works");
    check_is(work(worker, WORK_FORMS, CALLS), expected, "and the first one");

    session = session_open();
    first = attach_forms(session, task_of(session, "watched"),
                         program_nothing(session));
    work(worker->other, WORK_FORMS, CALLS);
    check_is(hits(session, first), 0, "it is no longer probed with its parent");
    session_close(session);
    work_begin(worker->other, WORK_END, 0);
}

/*
 * Two threads of one task, on two CPUs if there are so many: every hit counts,
 * and text changes under those who run it.
 */
static void
threads(struct worker *worker)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), first;
    uint64_t task = task_of(session, "watched");

    first = attach_forms(session, task, program);
    work(worker, WORK_THREADS, 5 * CALLS);
    check_is(wrong_counts(session, first, 10 * CALLS), 0,
             "two threads: each hit counts");
    work_begin(worker, WORK_THREADS, 20 * CALLS);
    for (unsigned i = 0; i < 20; i++) {
        probe_enable(session, first, place_count(), 0);
        probe_enable(session, first, place_count(), 1);
    }
    while (worker->done != worker->asked)
        swtch_pri(0);
    check(true, "they go on while breakpoints come and go");
    session_close(session);
    check(is_original(worker->task), "and the text is as it was");
}

/* No memory, at each place where there may be none. */
static void
no_memory(struct worker *worker)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), probe, wrong = 0, failed = 0;
    uint32_t expected = call_forms(10);
    struct probe_request request =
        request_at(&forms_places[1], task_of(session, "watched"), program);

    for (uint32_t i = 1; i < 100; i++) {
        natural_t left;
        kern_return_t kr;

        probe_fail_allocation(session, i, &left);
        kr = attach_as(session, &request, &probe);
        probe_fail_allocation(session, 0, &left);
        wrong += work(worker, WORK_FORMS, 10) != expected;
        if (kr == KERN_SUCCESS && left != 0) {
            wrong += hits(session, probe) != 10;
            probe_detach(session, probe, 1);
            break;
        }
        failed += kr == PROBE_ERROR_MEMORY;
        wrong += kr != PROBE_ERROR_MEMORY;
        wrong += !is_original(worker->task);
    }
    check(failed > 3, "no memory, at %u places", failed);
    check_is(wrong, 0, "each is refused, and the task works");
    for (uint32_t i = 1; i < 100; i++) {
        natural_t left;

        if (attach_as(session, &request, &probe) != KERN_SUCCESS)
            task_fail("cannot attach");
        probe_fail_allocation(session, i, &left);
        wrong += probe_detach(session, probe, 1) != KERN_SUCCESS;
        probe_fail_allocation(session, 0, &left);
        wrong += work(worker, WORK_FORMS, 10) != expected;
        if (left != 0)
            break;
    }
    check_is(wrong, 0, "none to detach with: the task works");
    check(is_original(worker->task), "and is as it was after the next time");
    session_close(session);
}

/* The task ends: nothing of it stays, and its probes are detached as any. */
static void
ended(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), first, probe;
    struct worker *worker = worker_start("short");
    uint64_t task = task_of(session, "short"), address;
    struct probe_request request = request_at(&forms_places[0], task, program);

    first = attach_forms(session, task, program);
    work(worker, WORK_FORMS, CALLS);
    worker_end(worker);
    for (unsigned i = 0; i < 1000 && find_task(session, "short", &address) != 0;
         i++)
        swtch_pri(0);
    check_is(find_task(session, "short", &address), 0, "the task has ended");
    check_is(wrong_counts(session, first, CALLS), 0, "its probes have counts");
    check_is(probe_enable(session, first, 1, 0), KERN_SUCCESS,
             "one is disabled");
    check_is(probe_enable(session, first, 1, 1), PROBE_ERROR_NO_TASK,
             "and cannot be enabled");
    check_is(attach_as(session, &request, &probe), PROBE_ERROR_NO_TASK,
             "none can be attached");
    check_is(probe_detach(session, first, place_count()), KERN_SUCCESS,
             "all are detached");
    session_close(session);
}

/*
 * Another program in the same task, as exec does it: all of its memory goes,
 * and where a breakpoint was there is something else, here breakpoints of its
 * own.
 */
static void
other_program(void)
{
    mach_port_t session = session_open();
    struct worker *worker = worker_start("first");
    vm_address_t page = (vm_address_t)forms & ~(vm_page_size - 1);
    uint32_t program = program_nothing(session), first, wrong = 0;
    mach_msg_type_number_t size;
    vm_offset_t data;
    vm_address_t fill;

    first = attach_forms(session, task_of(session, "first"), program);
    task_suspend(worker->task);
    if (vm_deallocate(worker->task, VM_MIN_ADDRESS,
                      VM_MAX_ADDRESS - VM_MIN_ADDRESS) != KERN_SUCCESS ||
        vm_allocate(worker->task, &page, vm_page_size, FALSE) != KERN_SUCCESS ||
        vm_allocate(mach_task_self(), &fill, vm_page_size, TRUE) !=
            KERN_SUCCESS)
        task_fail("no other memory in the task");
    memset((void *)fill, 0xcc, vm_page_size);
    if (vm_write(worker->task, page, fill, vm_page_size) != KERN_SUCCESS)
        task_fail("cannot write to the task");
    check_is(probe_enable(session, first, 1, 0), KERN_SUCCESS,
             "another program in the task: a probe is disabled");
    check_is(probe_enable(session, first, 1, 1), PROBE_ERROR_NO_TASK,
             "and cannot be enabled");
    session_close(session);
    if (vm_read(worker->task, page, vm_page_size, &data, &size) != KERN_SUCCESS)
        task_fail("cannot read the task");
    for (uint32_t i = 0; i < vm_page_size; i++)
        wrong += ((const uint8_t *)data)[i] != 0xcc;
    check_is(wrong, 0, "nothing is written into it");
    vm_deallocate(mach_task_self(), data, size);
    vm_deallocate(mach_task_self(), fill, vm_page_size);
    worker_end(worker);
}

/* The tracer is killed while the task works. */
static volatile uint32_t *tracer_ready;

static void
tracer_main(void *argument)
{
    mach_port_t session = session_open();

    attach_forms(session, task_of(session, "watched"),
                 program_nothing(session));
    *tracer_ready = 1;
    for (;;)
        swtch_pri(0);
}

static void
tracer_killed(struct worker *worker)
{
    uint32_t expected = call_forms(20 * CALLS);
    task_t tracer;

    tracer_ready = shared_memory(vm_page_size);
    tracer = task_fork(tracer_main, NULL);
    while (!*tracer_ready)
        swtch_pri(0);
    check(!is_original(worker->task), "another task probes it");
    work_begin(worker, WORK_FORMS, 20 * CALLS);
    task_terminate(tracer);
    while (worker->done != worker->asked)
        swtch_pri(0);
    check_is(worker->result, expected, "is killed, and the task goes on");
    check(is_original(worker->task), "with its text as it was");
}

/* ---- the task's own breakpoints ----------------------------------------- */

struct exception_request {
    mach_msg_header_t header;
    char room[512];
};

#define BREAKPOINTS 20

static void
own_breakpoints(struct worker *worker)
{
    mach_port_t session = session_open(), exceptions;
    uint32_t first, count = 0;

    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                           &exceptions) != KERN_SUCCESS ||
        mach_port_insert_right(mach_task_self(), exceptions, exceptions,
                               MACH_MSG_TYPE_MAKE_SEND) != KERN_SUCCESS ||
        task_set_special_port(worker->task, TASK_EXCEPTION_PORT, exceptions) !=
            KERN_SUCCESS)
        task_fail("no port for exceptions");
    first = attach_forms(session, task_of(session, "watched"),
                         program_nothing(session));
    work_begin(worker, WORK_BREAKPOINT, BREAKPOINTS);
    while (worker->done != worker->asked) {
        struct exception_request request;

        if (mach_msg(&request.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
                     sizeof(request), exceptions, 20, 0) != KERN_SUCCESS)
            continue;
        count++;
        exception_reply(&request.header);
    }
    check_is(count, BREAKPOINTS, "the task's own breakpoints are exceptions");
    check_is(hits(session, first), 0, "and no hits");
    session_close(session);
}

/* ---- memory ------------------------------------------------------------- */

static uint64_t
free_pages(void)
{
    struct vm_statistics vm;

    vm_statistics(mach_task_self(), &vm);
    return vm.free_count;
}

#define ROUNDS 1000
#define WARM   50

/* The place is attached and detached; every tenth time in a task of its own. */
static void
rounds(struct worker *worker)
{
    uint64_t before = 0, after;

    for (uint32_t i = 0; i < WARM + ROUNDS; i++) {
        mach_port_t session = session_open();
        struct worker *fresh = i % 10 == 0 ? worker_start("fresh") : NULL;
        uint64_t task = task_of(session, fresh != NULL ? "fresh" : "watched");
        struct probe_request request =
            request_at(&forms_places[0], task, program_nothing(session));
        uint32_t probe;

        if (i == WARM)
            before = free_pages();
        if (attach_as(session, &request, &probe) != KERN_SUCCESS)
            task_fail("round %u: cannot attach", i);
        work(fresh != NULL ? fresh : worker, WORK_FORMS, 1);
        if (hits(session, probe) != 1)
            task_fail("round %u: not hit", i);
        if (fresh != NULL)
            worker_end(fresh);
        session_close(session);
    }
    for (unsigned i = 0; i < 100; i++)
        swtch_pri(0); /* the reaper frees what threads had */
    after = free_pages();
    check(after + ROUNDS / 20 >= before,
          "%u rounds: %" PRIu64 " pages were free before, %" PRIu64 " after",
          ROUNDS, before, after);
}

int
main(void)
{
    struct worker *worker = worker_start("watched");

    listing();
    every_form(worker);
    context(worker);
    refusals(worker);
    forked(worker);
    threads(worker);
    no_memory(worker);
    ended();
    other_program();
    tracer_killed(worker);
    own_breakpoints(worker);
    rounds(worker);
    worker_end(worker);
    return check_end();
}
