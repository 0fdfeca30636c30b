/*
 * Goes into the kernel's debugger, with entries of all functions probed if it
 * is told so, or with its own data watched: the debugger's own breakpoint is
 * its own, and its functions are probed like any.  There is no way back.
 */

#include "tests/kernel/text.h"

#include "mig/mach_host_user.h"

#define RB_DEBUGGER 0x1000 /* sys/reboot.h */

static struct probe_request requests[TEXT_FUNCTIONS_MAX];

static void
probe_all(uint32_t kind)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session);
    natural_t result, first, failed, reason;

    for (unsigned i = 0; i < text_function_count; i++)
        requests[i] = (struct probe_request){
            .address = text_functions[i],
            .kind = kind,
            .flags = PROBE_FLAG_SELF,
            .program = program,
        };
    if (probe_attach(session, (char *)requests,
                     text_function_count * sizeof(requests[0]), &result, &first,
                     &failed, &reason) != KERN_SUCCESS ||
        result != 0)
        task_fail("cannot attach");
}

/* What the debugger reads for each number that it prints. */
static void
watch(uint32_t kind)
{
    mach_port_t session = session_open();
    const struct probe_request request = {
        .address = symbol(session, "db_radix"),
        .kind = kind,
        .flags = PROBE_FLAG_SELF,
        .program = program_nothing(session),
        .length = 4,
    };
    uint32_t probe;

    if (attach_as(session, &request, &probe) != KERN_SUCCESS)
        task_fail("cannot watch");
}

int
main(int argc, char **argv)
{
    uint32_t kind = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;

    text_read(child_start());
    if (kind >= PROBE_WATCH_WRITE)
        watch(kind);
    else if (kind != 0)
        probe_all(kind);
    host_reboot(task_ports.host, RB_DEBUGGER);
    task_fail("the debugger went on");
}
