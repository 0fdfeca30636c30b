/*
 * Breakpoints and single steps of tasks are theirs, whatever is probed: the
 * same number of exceptions comes, with probes on every function, the
 * breakpoint's and exception's own path included; and while the kernel's data
 * is watched, by the very exception that single steps come through.
 */

#include "tests/kernel/text.h"

static struct child *child;
static mach_port_t exceptions;

#if defined(__x86_64__)
#define STACK "rsp"
#else
#define STACK "esp"
#endif

#define BREAKPOINTS 50
#define STEPS       200 /* one exception for each, and a few around them */

struct stepper {
    volatile uint32_t done;
    void (*work)(void);
    task_t task;
};

static void
run_breakpoints(void)
{
    for (unsigned i = 0; i < BREAKPOINTS; i++)
        __asm__ volatile("int3");
}

/* With the trap flag, which is bit 8. */
static void
run_steps(void)
{
    __asm__ volatile("pushf\n\t"
                     "orl $0x100, (%%" STACK ")\n\t"
                     "popf\n\t"
                     ".rept %c0\n\t"
                     "nop\n\t"
                     ".endr\n\t"
                     "pushf\n\t"
                     "andl $~0x100, (%%" STACK ")\n\t"
                     "popf"
                     :
                     : "i"(STEPS)
                     : "memory", "cc");
}

static void
stepper_main(void *argument)
{
    struct stepper *stepper = argument;

    stepper->work();
    stepper->done = 1;
    for (;;)
        swtch_pri(0);
}

/* How many exceptions a task raises that does WORK. */
static uint32_t
exceptions_of(void (*work)(void))
{
    struct stepper *stepper = shared_memory(vm_page_size);
    uint32_t count = 0;

    stepper->work = work;
    stepper->task = task_fork(stepper_main, stepper);
    while (!stepper->done) {
        union {
            mach_msg_header_t header;
            char room[512];
        } request;

        if (mach_msg(&request.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
                     sizeof(request), exceptions, 20, 0) != KERN_SUCCESS)
            continue;
        count++;
        exception_reply(&request.header);
    }
    task_terminate(stepper->task);
    mach_port_deallocate(mach_task_self(), stepper->task);
    vm_deallocate(mach_task_self(), (vm_address_t)stepper, vm_page_size);
    return count;
}

static void
probe_everything(mach_port_t session, uint32_t kind)
{
    static struct probe_request requests[2 * TEXT_FUNCTIONS_MAX];
    uint32_t program = program_nothing(session), count = 0;
    natural_t result, first, failed, reason;

    for (unsigned i = 0; i < text_function_count; i++) {
        const uint32_t kinds[] = {kind, PROBE_RETURN};

        for (unsigned j = 0; j < 2; j++)
            requests[count++] = (struct probe_request){
                .address = text_functions[i],
                .kind = kinds[j],
                .flags = PROBE_FLAG_SELF,
                .program = program,
            };
    }
    if (probe_attach(session, (char *)requests, count * sizeof(requests[0]),
                     &result, &first, &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("cannot probe everything: %#x", result);
}

static void
with_probes(uint32_t kind, uint32_t steps, const char *what)
{
    mach_port_t session = session_open();

    probe_everything(session, kind);
    check_is(exceptions_of(run_breakpoints), BREAKPOINTS,
             "%s: breakpoints of a task", what);
    check_is(exceptions_of(run_steps), steps, "%s: single steps of a task",
             what);
    session_close(session);
}

/* Watch what each exception's messages use. */
static void
with_watchpoints(uint32_t steps)
{
    mach_port_t session = session_open();
    const struct probe_request request = {
        .address = symbol(session, "mach_trap_count"),
        .kind = PROBE_WATCH_ACCESS,
        .flags = PROBE_FLAG_SELF,
        .program = program_nothing(session),
        .length = 4,
    };
    uint32_t probe;

    if (attach_as(session, &request, &probe) != KERN_SUCCESS)
        task_fail("no watchpoint");
    check_is(exceptions_of(run_breakpoints), BREAKPOINTS,
             "watchpoints: breakpoints of a task");
    check_is(exceptions_of(run_steps), steps,
             "watchpoints: single steps of a task");
    /* Each is a message that is received and one that is sent. */
    check(statistics(session, probe).hits >= 2 * (BREAKPOINTS + steps),
          "watchpoints: they are hit meanwhile");
    session_close(session);
}

int
main(void)
{
    uint64_t text;
    uint32_t steps;

    child = child_start();
    text_read(child);
    text = text_hash();

    /* Tasks that are started from now on inherit it. */
    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE,
                           &exceptions) != KERN_SUCCESS ||
        mach_port_insert_right(mach_task_self(), exceptions, exceptions,
                               MACH_MSG_TYPE_MAKE_SEND) != KERN_SUCCESS ||
        task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT,
                              exceptions) != KERN_SUCCESS)
        task_fail("no port for exceptions");

    check_is(exceptions_of(run_breakpoints), BREAKPOINTS,
             "breakpoints of a task");
    steps = exceptions_of(run_steps);
    check(steps >= STEPS, "%u single steps of a task", steps);
    with_probes(PROBE_ENTRY, steps, "jumps and returns");
    with_probes(PROBE_ENTRY_BREAKPOINT, steps, "breakpoints and returns");
    with_watchpoints(steps);
    check_is(text_hash(), text, "the text is as it was");
    child_terminate(child);
    return check_end();
}
