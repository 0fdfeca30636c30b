/*
 * A CPU that answers no interrupt: nothing is armed, and the error says so.
 * Afterwards all is as before.  Each wait takes as long as the kernel has
 * patience.  Someone else (silent.t) makes the other CPU stand still when this
 * calls swtch(), and go on when it does so again.
 */

#include "tests/kernel/text.h"

static uint32_t probe;

static kern_return_t
attach_one(mach_port_t session, uint32_t program)
{
    struct probe_request request = {
        .address = symbol(session, "mach_reply_port"),
        .kind = PROBE_ENTRY,
        .flags = PROBE_FLAG_SELF,
        .program = program,
    };

    return attach_as(session, &request, &probe);
}

int
main(void)
{
    mach_port_t session = session_open(), reader = session_open();
    uint32_t program = program_nothing(session), first;
    vm_address_t address;
    vm_size_t stride;
    natural_t rings;
    uint64_t text;

    text_read(child_start());
    text = text_hash();
    check_is(attach_one(session, program), KERN_SUCCESS, "a probe is attached");
    first = probe;

    swtch();
    check_is(attach_one(session, program), PROBE_ERROR_CPU,
             "a CPU is silent: no other one is");
    check_is(probe_detach(session, first, 1), PROBE_ERROR_CPU,
             "nor is the one detached");
    check_is(probe_rings_map(reader, 4096, &address, &stride, &rings),
             PROBE_ERROR_CPU, "and there are no rings");
    swtch();

    mach_reply_port();
    check_is(statistics(session, first).hits, 1, "the probe still fires");
    check_is(attach_one(session, program), KERN_SUCCESS,
             "when the CPU answers again, others can be attached");
    mach_reply_port();
    check_is(statistics(session, probe).hits, 1, "and fire");
    check_is(probe_rings_map(reader, 4096, &address, &stride, &rings),
             KERN_SUCCESS, "and rings mapped");
    session_close(session);
    session_close(reader);
    check_is(text_hash(), text, "in the end the text is as it was");
    return check_end();
}
