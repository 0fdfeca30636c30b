/*
 * Calls swtch(), where the kernel's debugger has a breakpoint (breaks.t); with
 * all functions probed if it is told how, but that one, which cannot be; or
 * with the kernel's data watched.
 */

#include "tests/kernel/text.h"

static struct probe_request requests[TEXT_FUNCTIONS_MAX];

static kern_return_t
attach_all(mach_port_t session, uint32_t count, natural_t *result)
{
    natural_t first, failed, reason;

    return probe_attach(session, (char *)requests, count * sizeof(requests[0]),
                        result, &first, &failed, &reason);
}

static void
probe_all(uint32_t kind)
{
    mach_port_t session = session_open();
    uint32_t program = program_nothing(session), count = 0;
    uint64_t taken = symbol(session, "swtch");
    natural_t result;

    for (unsigned i = 0; i < text_function_count; i++) {
        if (text_functions[i] == taken)
            continue;
        requests[count++] = (struct probe_request){
            .address = text_functions[i],
            .kind = kind,
            .flags = PROBE_FLAG_SELF,
            .program = program,
        };
    }
    requests[count] = requests[0];
    requests[count].address = taken;
    check(attach_all(session, count + 1, &result) == KERN_SUCCESS &&
              result == PROBE_ERROR_BUSY,
          "where the debugger has a breakpoint there can be no probe");
    check(attach_all(session, count, &result) == KERN_SUCCESS && result == 0,
          "but anywhere else");
}

/* What each system call reads. */
static void
watch(uint32_t kind)
{
    mach_port_t session = session_open();
    const struct probe_request request = {
        .address = symbol(session, "mach_trap_count"),
        .kind = kind,
        .flags = PROBE_FLAG_SELF,
        .program = program_nothing(session),
        .length = 4,
    };
    uint32_t probe;

    check_is(attach_as(session, &request, &probe), KERN_SUCCESS,
             "the kernel's data is watched");
    mach_reply_port();
    check(statistics(session, probe).hits > 0, "and that is hit");
}

int
main(int argc, char **argv)
{
    uint32_t kind = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;

    if (kind >= PROBE_WATCH_WRITE) {
        watch(kind);
    } else if (kind != 0) {
        text_read(child_start());
        probe_all(kind);
    }
    swtch();
    printf("went on\n");
    return 0;
}
