/*
 * The source of a task of GNU Mach: a session with the kernel, and a
 * workload that is let run once all probes are armed.
 */

#include "runtime/events/source.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "client/machprobe.h"
#include "mach/console.h"
#include "mach/task.h"
#include "mach/time.h"
#include "mig/mach_debug_user.h"
#include "mig/mach_host_user.h"
#include "protocol/image.h"
#include "protocol/known.h"
#include "protocol/limits.h"
#include "runtime/base/output.h"
#include "runtime/events/condition.h"
#include "runtime/events/guard.h"
#include "runtime/events/input.h"
#include "runtime/events/script.h"
#include "runtime/events/task_event.h"
#include "runtime/task/program.h"

/*
 * The longest wait, in ms: neither the stop flag nor the workload's end wakes
 * a wait for records, and records below the watermark are looked at then.
 */
#define WAIT_MAX 20

/* Part of a ring that wakes the wait. */
#define WATERMARK_PART 4

static struct {
    const struct rt_program *program;
    struct machprobe *probes;
    uint32_t *codes; /* numbers of the programs in the kernel */
    uint32_t first;  /* number of the first probe */
    uint32_t flags;  /* of the requests */
    uint32_t watermark;
    bool attached;
    bool watching; /* the workload */
    struct task_watch watch;
} session;

static bool
fail(const char *what, kern_return_t code)
{
    rt_message("ERROR: %s: %s\n", what, machprobe_error_text(code));
    return false;
}

/* ---- opening --------------------------------------------------------- */

static bool
check_identity(const struct rt_program *program)
{
    const char *running = machprobe_kernel(session.probes)->identity;

    if (program->identity[0] == '\0' ||
        strncmp(program->identity, running, PROBE_IDENTITY_MAX) == 0)
        return true;
    rt_message("ERROR: the script was compiled for another kernel:\n"
               "  compiled for %s\n"
               "  running is   %.*s\n",
               program->identity, PROBE_IDENTITY_MAX, running);
    return false;
}

/* A point that runs program CODE, to name in a message. */
static const char *
point_of(const struct rt_program *program, uint32_t code)
{
    uint32_t i;

    for (i = 0; i < program->kernel_points; i++) {
        if (program->points[i].program == code)
            return program->points[i].name;
    }
    return "none";
}

/*
 * The address that the kernel has a task at of which this is the port; 0 if
 * the kernel, without its IPC debugging, does not say.
 */
static uint64_t
address_of(mach_port_t task)
{
    unsigned type;
    vm_offset_t address;

    return mach_port_kernel_object(mach_task_self(), task, &type, &address) ==
                   KERN_SUCCESS
               ? address
               : 0;
}

static uint64_t
value_of(enum known known)
{
    switch (known) {
    case KNOWN_TARGET:
        return (uint64_t)(rt_script.target != 0 ? rt_script.target
                                                : rt_source_target());
    case KNOWN_HIDDEN:
        return session.flags & PROBE_FLAG_SELF ? 0
                                               : address_of(mach_task_self());
    default:
        return address_of(mach_task_self());
    }
}

/* What the program asks for is put into it. */
static void
complete(struct ebpf_insn *instructions, uint32_t count)
{
    uint32_t i;

    for (i = 0; i + 1 < count; i++) {
        uint64_t value;

        if (instructions[i].opcode != (EBPF_LD | EBPF_IMM | EBPF_DW))
            continue;
        if (instructions[i].src == EBPF_IMM64_KNOWN) {
            value = value_of((enum known)instructions[i].imm);
            instructions[i].src = EBPF_IMM64_VALUE;
            instructions[i].imm = (int32_t)(uint32_t)value;
            instructions[i + 1].imm = (int32_t)(uint32_t)(value >> 32);
        }
        i++; /* its second half is none */
    }
}

static kern_return_t
load_code(const struct rt_code *code, uint32_t *number, char *log)
{
    size_t size = code->count * sizeof(struct ebpf_insn);
    struct ebpf_insn *instructions = malloc(size);
    kern_return_t result;

    if (instructions == NULL)
        return KERN_RESOURCE_SHORTAGE;
    memcpy(instructions, code->instructions, size);
    complete(instructions, code->count);
    result =
        machprobe_load(session.probes, instructions, code->count, number, log);
    free(instructions);
    return result;
}

static bool
load_codes(const struct rt_program *program)
{
    uint32_t i;

    if (program->writes) {
        kern_return_t error = machprobe_allow_writes(session.probes);

        if (error != KERN_SUCCESS)
            return fail("the kernel must not be written to", error);
    }
    session.codes = calloc(program->code_count + 1, sizeof(*session.codes));
    if (session.codes == NULL)
        return fail("the programs cannot be loaded", KERN_RESOURCE_SHORTAGE);
    for (i = 0; i < program->code_count; i++) {
        char log[PROBE_LOG_MAX] = "";
        kern_return_t result =
            load_code(&program->codes[i], &session.codes[i], log);

        if (result != KERN_SUCCESS) {
            rt_message("ERROR: the program of probe %s cannot be loaded: %s%s"
                       "%s\n",
                       point_of(program, i), machprobe_error_text(result),
                       log[0] != '\0' ? ": " : "", log);
            return false;
        }
    }
    return true;
}

static bool
map_rings(const struct rt_arguments *arguments, struct rt_rings *rings)
{
    const struct machprobe_rings *memory;
    uint32_t size = PROBE_RING_SIZE_MIN;
    kern_return_t result;

    if (arguments->buffer > PROBE_RING_SIZE_MAX >> 20) {
        rt_message("ERROR: rings of %u MiB are too large, the kernel gives "
                   "%u at most\n",
                   arguments->buffer, PROBE_RING_SIZE_MAX >> 20);
        return false;
    }
    while (size < arguments->buffer << 20)
        size *= 2;
    result = machprobe_rings(session.probes, size);
    if (result != KERN_SUCCESS)
        return fail("no rings for records", result);

    memory = machprobe_rings_memory(session.probes);
    *rings = (struct rt_rings){
        .address = memory->address,
        .stride = memory->stride,
        .count = memory->count,
    };
    session.watermark = size / WATERMARK_PART;
    return true;
}

bool
rt_source_open(const struct rt_program *program,
               const struct rt_arguments *arguments, struct rt_rings *rings)
{
    kern_return_t result;

    session.program = program;
    session.flags = arguments->self ? PROBE_FLAG_SELF : 0;
    if (arguments->timing || rt_guard_measures(program))
        session.flags |= PROBE_FLAG_TIMED;
    if (arguments->command != NULL) {
        rt_message("ERROR: there is no shell here to run a command\n");
        return false;
    }
    if (rt_input_wanted(program))
        console_want_input();
    if (task_ports.host == MACH_PORT_NULL) {
        rt_message("ERROR: the script's process needs the host privileged "
                   "port; give it --host-port=${host-port}\n");
        return false;
    }
    result = machprobe_open(task_ports.host, &session.probes);
    if (result != KERN_SUCCESS)
        return fail("the kernel opens no probe session", result);

    *rings = (struct rt_rings){0};
    if (check_identity(program) && load_codes(program) &&
        (program->kernel_points == 0 || map_rings(arguments, rings)))
        return true;
    rt_source_close();
    return false;
}

/* ---- arming ---------------------------------------------------------- */

/* Whether a code is about one request; others are about all of them. */
static bool
is_about_request(kern_return_t code)
{
    return code == PROBE_ERROR_ADDRESS || code == PROBE_ERROR_FORBIDDEN ||
           code == PROBE_ERROR_ENTRY_KIND || code == PROBE_ERROR_NO_PROGRAM ||
           code == PROBE_ERROR_WATCHES || code == PROBE_ERROR_LENGTH ||
           code == PROBE_ERROR_DATA;
}

static bool
attach_failed(kern_return_t result, const struct machprobe_failure *failure)
{
    if (!is_about_request(result) ||
        failure->index >= session.program->kernel_points)
        return fail("the probes cannot be attached", result);
    rt_message("ERROR: probe %s cannot be attached: %s%s%s\n",
               session.program->points[failure->index].name,
               machprobe_error_text(result),
               failure->reason != IMAGE_REASON_NONE ? ": " : "",
               failure->reason != IMAGE_REASON_NONE ? failure->text : "");
    return false;
}

static void
make_request(uint32_t number, struct probe_request *request)
{
    const struct rt_point *point = &session.program->points[number];

    *request = (struct probe_request){
        .address = point->address,
        .cookie = number,
        .kind = point->probe,
        .flags = session.flags,
        .program = session.codes[point->program],
        .length = point->length,
    };
    /* Only what this task does brings about those. */
    if (point->presence == RT_PRESENT)
        request->flags |= PROBE_FLAG_SELF;
    if (!rt_condition_enabled(number))
        request->flags |= PROBE_FLAG_DISABLED;
    if (point->has_entry_program) {
        request->flags |= PROBE_FLAG_ENTRY_PROGRAM;
        request->entry_program = session.codes[point->entry_program];
    }
}

/* Points in the kernel itself, which come first. */
static uint32_t
points_in_kernel(void)
{
    const struct rt_program *program = session.program;

    return program->task_count > 0 ? program->tasks[0].first
                                   : program->kernel_points;
}

static bool
attach_kernel(void)
{
    uint32_t count = points_in_kernel();
    struct machprobe_failure failure = {0};
    struct probe_request *requests;
    kern_return_t result;
    uint32_t i;

    if (count == 0)
        return true;
    requests = calloc(count, sizeof(*requests));
    if (requests == NULL)
        return fail("the probes cannot be attached", KERN_RESOURCE_SHORTAGE);
    for (i = 0; i < count; i++)
        make_request(i, &requests[i]);
    result = machprobe_attach(session.probes, requests, count, &session.first,
                              &failure);
    free(requests);
    return result == KERN_SUCCESS || attach_failed(result, &failure);
}

bool
rt_source_attach(void)
{
    const struct rt_program *program = session.program;

    if (program->kernel_points == 0)
        return true;
    programs_begin(program, session.probes, make_request);
    session.attached = attach_kernel() && programs_attach();
    return session.attached;
}

bool
rt_source_enable(uint32_t first, uint32_t count, bool on)
{
    uint32_t kernel = points_in_kernel();
    uint32_t end = first + count < kernel ? first + count : kernel;

    if (!session.attached)
        return false;
    if (first < end && machprobe_enable(session.probes, session.first + first,
                                        end - first, on) != KERN_SUCCESS)
        return false;
    return programs_enable(first, count, on);
}

/* ---- what is there --------------------------------------------------- */

static bool
has_present(void)
{
    uint32_t i;

    for (i = 0; i < session.program->kernel_points; i++)
        if (session.program->points[i].presence == RT_PRESENT)
            return true;
    return false;
}

/* Rights to PORTS, and the memory that they came in. */
static void
release(mach_port_t *ports, mach_msg_type_number_t count)
{
    mach_msg_type_number_t i;

    for (i = 0; i < count; i++)
        mach_port_deallocate(mach_task_self(), ports[i]);
    vm_deallocate(mach_task_self(), (vm_address_t)ports,
                  count * sizeof(*ports));
}

/* The kernel makes a port of each task and each thread of the set for us. */
static kern_return_t
ask_for_all(mach_port_t set)
{
    mach_port_t *ports;
    mach_msg_type_number_t count;
    kern_return_t result = processor_set_tasks(set, &ports, &count);

    if (result != KERN_SUCCESS)
        return result;
    release(ports, count);
    result = processor_set_threads(set, &ports, &count);
    if (result == KERN_SUCCESS)
        release(ports, count);
    return result;
}

static kern_return_t
ask_for_all_sets(void)
{
    mach_port_t *names;
    mach_msg_type_number_t count, i;
    kern_return_t result = host_processor_sets(task_ports.host, &names, &count);

    if (result != KERN_SUCCESS)
        return result;
    for (i = 0; i < count && result == KERN_SUCCESS; i++) {
        mach_port_t set;

        result = host_processor_set_priv(task_ports.host, names[i], &set);
        if (result != KERN_SUCCESS)
            break;
        result = ask_for_all(set);
        mach_port_deallocate(mach_task_self(), set);
    }
    release(names, count);
    return result;
}

bool
rt_source_announce(void)
{
    kern_return_t result;
    uint32_t i;

    if (!session.attached || !has_present())
        return true;
    if (address_of(mach_task_self()) == 0) {
        rt_message("ERROR: the kernel, built without MACH_IPC_DEBUG, does not "
                   "say which of the tasks the script's process is\n");
        return false;
    }
    result = ask_for_all_sets();
    if (result != KERN_SUCCESS) {
        rt_message("ERROR: the kernel does not tell what tasks there are: %s\n",
                   task_error_text(result));
        return false;
    }
    rt_task_events_announced(rt_source_now());
    for (i = 0; i < session.program->kernel_points; i++)
        if (session.program->points[i].presence == RT_PRESENT)
            rt_source_enable(i, 1, false);
    return true;
}

void
rt_source_resume(void)
{
    kern_return_t result;

    if (task_ports.workload == MACH_PORT_NULL)
        return;
    session.watching =
        task_watch_begin(&session.watch, task_ports.workload) == KERN_SUCCESS;
    if (!session.watching)
        rt_message("WARNING: the workload cannot be watched; its end will not "
                   "end the script\n");
    if (task_watch_faults(task_ports.workload, "workload") != KERN_SUCCESS)
        rt_message("WARNING: nothing will be said if the workload faults\n");
    result = task_resume(task_ports.workload);
    if (result != KERN_SUCCESS)
        rt_message("WARNING: the workload cannot be resumed: %s\n",
                   task_error_text(result));
}

/* ---- running --------------------------------------------------------- */

uint64_t
rt_source_now(void)
{
    return machprobe_time(session.probes);
}

uint64_t
rt_source_wall(void)
{
    return machprobe_kernel(session.probes)->wall_base;
}

static unsigned
milliseconds_until(uint64_t until)
{
    uint64_t now = rt_source_now();
    uint64_t left;

    if (until <= now)
        return 0;
    left = (until - now - 1) / 1000000 + 1;
    return left < WAIT_MAX ? (unsigned)left : WAIT_MAX;
}

enum rt_wake
rt_source_wait(uint64_t until)
{
    unsigned timeout = milliseconds_until(until);
    kern_return_t result;

    if (session.attached) {
        programs_look(rt_source_now());
        result = machprobe_wait(session.probes, session.watermark, timeout);
        if (result != KERN_SUCCESS) {
            fail("the kernel no longer says when there are records", result);
            return RT_WAKE_STOP;
        }
    } else if (session.watching) {
        task_watch_ended(&session.watch, timeout);
    } else if (timeout > 0) {
        time_sleep(timeout);
    }

    if (console_stop_requested())
        return RT_WAKE_STOP;
    if (session.watching && task_watch_ended(&session.watch, 0))
        return task_watch_faulted() ? RT_WAKE_FAULTED : RT_WAKE_ENDED;
    return RT_WAKE_LOOK;
}

/* ---- the end --------------------------------------------------------- */

void
rt_source_detach(void)
{
    uint32_t count = points_in_kernel();
    kern_return_t result = KERN_SUCCESS;

    if (!session.attached)
        return;
    if (count > 0)
        result = machprobe_detach(session.probes, session.first, count);
    if (result != KERN_SUCCESS)
        fail("the probes cannot be removed", result);
    programs_detach();
}

bool
rt_source_statistics(struct probe_statistics *statistics)
{
    uint32_t count = points_in_kernel();

    return (count == 0 ||
            machprobe_statistics(session.probes, session.first, count,
                                 statistics) == KERN_SUCCESS) &&
           programs_statistics(statistics);
}

bool
rt_source_symbol(uint64_t address, char *name, uint64_t *start, uint64_t *size)
{
    return machprobe_symbol_at(session.probes, address, name, start, size) ==
           KERN_SUCCESS;
}

size_t
rt_source_input(char *bytes, size_t size, bool *ended)
{
    return console_input(bytes, size, ended);
}

int64_t
rt_source_target(void)
{
    static int64_t target;

    if (target == 0 && task_ports.workload != MACH_PORT_NULL)
        target = (int64_t)address_of(task_ports.workload);
    return target;
}

void
rt_source_close(void)
{
    machprobe_close(session.probes);
    session.probes = NULL;
    free(session.codes);
    session.codes = NULL;
}
