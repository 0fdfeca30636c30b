#include "tests/kernel/kit.h"

#include <stdarg.h>

#include <mach/mig_support.h>

#include "mach/thread.h"
#include "mach/thread_state.h"

static unsigned checks, failures;

static bool
report(bool ok, const char *format, va_list arguments)
{
    checks++;
    if (!ok)
        failures++;
    printf("%sok %u - ", ok ? "" : "not ", checks);
    vprintf(format, arguments);
    printf("\n");
    return ok;
}

bool
check(bool ok, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    report(ok, format, arguments);
    va_end(arguments);
    return ok;
}

bool
check_is(uint64_t got, uint64_t expected, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    report(got == expected, format, arguments);
    va_end(arguments);
    if (got != expected)
        printf("#      got: %" PRIu64 " (%#" PRIx64 ")\n# expected: %" PRIu64
               " (%#" PRIx64 ")\n",
               got, got, expected, expected);
    return got == expected;
}

int
check_end(void)
{
    printf("1..%u\n", checks);
    return failures == 0 ? 0 : 1;
}

/* ---- sessions ---------------------------------------------------------- */

mach_port_t
session_open(void)
{
    mach_port_t session;
    kern_return_t kr =
        probe_session_open(task_ports.host, PROBE_PROTOCOL_VERSION, &session);

    if (kr != KERN_SUCCESS)
        task_fail("no session: %#x", kr);
    return session;
}

void
session_close(mach_port_t session)
{
    mach_port_deallocate(mach_task_self(), session);
}

uint64_t
symbol(mach_port_t session, const char *name)
{
    probe_name_t text = {0};
    uint64_t address, size;
    kern_return_t kr;

    strncpy(text, name, sizeof(text) - 1);
    kr = probe_symbol(session, text, &address, &size);
    if (kr != KERN_SUCCESS)
        task_fail("no symbol %s: %#x", name, kr);
    return address;
}

/* ---- programs ---------------------------------------------------------- */

kern_return_t
program_load(mach_port_t session, const struct ebpf_insn *insns, unsigned count,
             uint32_t *program, char *log)
{
    char message[PROBE_LOG_MAX];
    natural_t result;
    kern_return_t kr =
        probe_program_load(session, (char *)insns, count * sizeof(*insns),
                           &result, program, log != NULL ? log : message);

    return kr != KERN_SUCCESS ? kr : (kern_return_t)result;
}

uint32_t
program_of(mach_port_t session, const struct ebpf_insn *insns, unsigned count)
{
    char log[PROBE_LOG_MAX];
    uint32_t program;
    kern_return_t kr = program_load(session, insns, count, &program, log);

    if (kr != KERN_SUCCESS)
        task_fail("a program was refused: %#x: %s", kr, log);
    return program;
}

uint32_t
program_nothing(mach_port_t session)
{
    static const struct ebpf_insn insns[] = {MOV(0, 0), EXIT};

    return program_of(session, insns, sizeof(insns) / sizeof(insns[0]));
}

uint32_t
program_record(mach_port_t session, unsigned words)
{
    struct ebpf_insn insns[64] = {
        MOVR(6, 1),
        MOV(1, words * 8),
        MOV(2, 0),
        CALL(record_reserve),
    };
    unsigned n = 4;

    insns[n++] = (struct ebpf_insn)JEQ(0, 0, 2 * words + 2);
    for (unsigned i = 0; i < words; i++) {
        insns[n++] = (struct ebpf_insn)LOAD(3, 6, i * 8);
        insns[n++] = (struct ebpf_insn)STORE(0, 3, i * 8);
    }
    insns[n++] = (struct ebpf_insn)MOVR(1, 0);
    insns[n++] = (struct ebpf_insn)CALL(record_submit);
    insns[n++] = (struct ebpf_insn)MOV(0, 0);
    insns[n++] = (struct ebpf_insn)EXIT;
    return program_of(session, insns, n);
}

kern_return_t
attach_as(mach_port_t session, const struct probe_request *request,
          uint32_t *probe)
{
    natural_t result, failed, reason;
    kern_return_t kr = probe_attach(session, (char *)request, sizeof(*request),
                                    &result, probe, &failed, &reason);

    return kr != KERN_SUCCESS ? kr : (kern_return_t)result;
}

kern_return_t
attach(mach_port_t session, uint64_t address, uint32_t kind, uint32_t program,
       uint64_t cookie, uint32_t *probe)
{
    struct probe_request request = {
        .address = address,
        .cookie = cookie,
        .kind = kind,
        .program = program,
    };

    return attach_as(session, &request, probe);
}

struct probe_statistics
statistics(mach_port_t session, uint32_t probe)
{
    struct probe_statistics copy, *got;
    mach_msg_type_number_t size;
    kern_return_t kr =
        probe_statistics(session, probe, 1, (char **)&got, &size);

    if (kr != KERN_SUCCESS || size != sizeof(copy))
        task_fail("no statistics of probe %u: %#x", probe, kr);
    copy = *got;
    vm_deallocate(mach_task_self(), (vm_address_t)got, size);
    return copy;
}

/* ---- records ------------------------------------------------------------ */

struct probe_ring *
ring_map(mach_port_t session, uint32_t size)
{
    vm_address_t address;
    vm_size_t stride;
    natural_t count;

    if (probe_rings_map(session, size, &address, &stride, &count) !=
        KERN_SUCCESS)
        task_fail("no rings");
    return (struct probe_ring *)address;
}

const struct probe_record *
next_record(struct probe_ring *ring)
{
    for (;;) {
        uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
        const struct probe_record *record;

        if (ring->tail == head)
            return NULL;
        record = (const void *)&ring->data[ring->tail % ring->size];
        if (record->probe != PROBE_RECORD_PAD)
            return record;
        __atomic_store_n(&ring->tail, ring->tail + record->size,
                         __ATOMIC_RELEASE);
    }
}

void
take_record(struct probe_ring *ring, const struct probe_record *record)
{
    __atomic_store_n(&ring->tail, ring->tail + record->size, __ATOMIC_RELEASE);
}

/* ---- a second task ----------------------------------------------------- */

void *
shared_memory(size_t size)
{
    vm_address_t address;

    if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS ||
        vm_inherit(mach_task_self(), address, size, VM_INHERIT_SHARE) !=
            KERN_SUCCESS)
        task_fail("no shared memory");
    return (void *)address;
}

struct fork {
    void (*function)(void *);
    void *argument;
};

/*
 * The copy of the memory names ports of the parent: the new task asks for its
 * own before it does anything else.
 */
static void
fork_entry(void *argument)
{
    struct fork *fork = argument;

    task_thread_block()->reply = MACH_PORT_NULL;
    mach_task_self_ = mach_task_self_trap();
    fork->function(fork->argument);
    for (;;)
        swtch_pri(0);
}

task_t
task_fork(void (*function)(void *), void *argument)
{
    static struct fork fork;
    struct i386_thread_state state;
    mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
    vm_address_t block, stack;
    task_t task;
    thread_t thread;
    kern_return_t kr;

    fork.function = function;
    fork.argument = argument;
    kr = vm_allocate(mach_task_self(), &block, 2 * TASK_STACK_SIZE, TRUE);
    stack =
        (block + TASK_STACK_SIZE - 1) & ~(vm_address_t)(TASK_STACK_SIZE - 1);
    if (kr == KERN_SUCCESS)
        kr = task_create(mach_task_self(), TRUE, &task);
    if (kr == KERN_SUCCESS && task_ports.host != MACH_PORT_NULL)
        kr = mach_port_insert_right(task, task_ports.host, task_ports.host,
                                    MACH_MSG_TYPE_COPY_SEND);
    if (kr == KERN_SUCCESS)
        kr = thread_create(task, &thread);
    if (kr == KERN_SUCCESS)
        kr = thread_get_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                              &count);
    if (kr == KERN_SUCCESS) {
        thread_state_prepare(&state, stack + TASK_STACK_SIZE, fork_entry,
                             &fork);
        kr = thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                              i386_THREAD_STATE_COUNT);
    }
    if (kr == KERN_SUCCESS)
        kr = thread_resume(thread);
    if (kr != KERN_SUCCESS)
        task_fail("no second task: %#x", kr);
    mach_port_deallocate(mach_task_self(), thread);
    vm_deallocate(mach_task_self(), block, 2 * TASK_STACK_SIZE);
    return task;
}

struct child {
    volatile uint64_t asked; /* goes up with each piece of work */
    volatile uint64_t done;
    volatile uint64_t count;
    volatile enum child_work work;
    task_t task;
};

static void
do_work(enum child_work work, uint64_t count)
{
    vm_address_t address;

    for (uint64_t i = 0; i < (work == CHILD_TOUCH ? 1 : count); i++) {
        switch (work) {
        case CHILD_REPLY_PORTS:
            mach_port_mod_refs(mach_task_self(), mach_reply_port(),
                               MACH_PORT_RIGHT_RECEIVE, -1);
            break;
        case CHILD_ALLOCATE:
            vm_allocate(mach_task_self(), &address, vm_page_size, TRUE);
            vm_deallocate(mach_task_self(), address, vm_page_size);
            break;
        case CHILD_TOUCH:
            (void)*(const volatile char *)(uintptr_t)count;
            break;
        }
    }
}

static void
child_main(void *argument)
{
    struct child *child = argument;

    /* The reply port of its calls, before anything is counted. */
    do_work(CHILD_ALLOCATE, 1);
    for (uint64_t round = 1;; round++) {
        while (child->asked < round)
            swtch_pri(0);
        do_work(child->work, child->count);
        child->done = round;
    }
}

struct child *
child_start(void)
{
    struct child *child = shared_memory(vm_page_size);

    child->task = task_fork(child_main, child);
    child_work(child, CHILD_ALLOCATE, 0);
    return child;
}

void
child_begin(struct child *child, enum child_work work, uint64_t count)
{
    child->work = work;
    child->count = count;
    child->asked++;
}

void
child_finish(struct child *child)
{
    while (child->done != child->asked)
        swtch_pri(0);
}

void
child_work(struct child *child, enum child_work work, uint64_t count)
{
    child_begin(child, work, count);
    child_finish(child);
}

processor_set_t
other_cpus(void)
{
    processor_set_t standard, *sets, set = MACH_PORT_NULL;
    mach_msg_type_number_t count;

    if (processor_set_default(mach_host_self(), &standard) != KERN_SUCCESS ||
        host_processor_sets(task_ports.host, &sets, &count) != KERN_SUCCESS)
        task_fail("no processor sets");
    for (unsigned i = 0; i < count; i++) {
        if (sets[i] != standard)
            set = sets[i];
    }
    vm_deallocate(mach_task_self(), (vm_address_t)sets, count * sizeof(*sets));
    if (set != MACH_PORT_NULL &&
        host_processor_set_priv(task_ports.host, set, &set) != KERN_SUCCESS)
        task_fail("no control of the other CPUs");
    return set;
}

void
child_move(struct child *child)
{
    if (task_assign(child->task, other_cpus(), TRUE) != KERN_SUCCESS)
        task_fail("no other CPUs");
}

task_t
child_task(const struct child *child)
{
    return child->task;
}

void
child_terminate(struct child *child)
{
    task_terminate(child->task);
    mach_port_deallocate(mach_task_self(), child->task);
    vm_deallocate(mach_task_self(), (vm_address_t)child, vm_page_size);
}

void
exception_reply(const mach_msg_header_t *request)
{
    mig_reply_header_t message = {
        .Head =
            {
                .msgh_bits = MACH_MSGH_BITS(
                    MACH_MSGH_BITS_REMOTE(request->msgh_bits), 0),
                .msgh_size = sizeof(message),
                .msgh_remote_port = request->msgh_remote_port,
                .msgh_id = request->msgh_id + 100,
            },
        .RetCodeType =
            {
                .msgt_name = MACH_MSG_TYPE_INTEGER_32,
                .msgt_size = 32,
                .msgt_number = 1,
                .msgt_inline = TRUE,
            },
        .RetCode = KERN_SUCCESS,
    };

    mach_msg(&message.Head, MACH_SEND_MSG, sizeof(message), 0, 0, 0, 0);
}
