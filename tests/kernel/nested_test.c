/*
 * Hits that come while the CPU is busy with another one: no program runs, and
 * each is counted as missed.  In this kernel only a non-maskable interrupt
 * could make one, and it does not survive any; so someone else (nested.t)
 * stops the machine in the middle of a hit of mach_host_self() and has it call
 * memcmp() there, once each time, from the first swtch() on.
 */

#include "tests/kernel/text.h"

#define OUTER "mach_host_self"
#define INNER "memcmp"

int
main(void)
{
    static const struct {
        uint32_t kind;
        const char *name;
    } kinds[] = {
        {PROBE_ENTRY_JUMP, "jump"},
        {PROBE_ENTRY_BREAKPOINT, "breakpoint"},
        {PROBE_INSTRUCTION, "instruction"},
        {PROBE_RETURN, "return"},
    };
    enum { COUNT = sizeof(kinds) / sizeof(kinds[0]) };
    mach_port_t session = session_open();
    struct probe_request request = {.flags = PROBE_FLAG_SELF,
                                    .program = program_nothing(session)};
    struct probe_statistics inner, outer;
    uint32_t first, probe;
    uint64_t text;
    struct child *child = child_start();

    /* It asks for work all the time, and nobody else shall be hit. */
    text_read(child);
    text = text_hash();
    child_terminate(child);
    request.address = symbol(session, OUTER);
    request.kind = PROBE_ENTRY_JUMP;
    if (attach_as(session, &request, &first) != KERN_SUCCESS)
        task_fail("cannot attach to " OUTER);
    swtch();
    request.address = symbol(session, INNER);
    for (unsigned i = 0; i < COUNT; i++) {
        request.kind = kinds[i].kind;
        if (attach_as(session, &request, &probe) != KERN_SUCCESS)
            task_fail("cannot attach to " INNER " by %s", kinds[i].name);
        mach_host_self();
        inner = statistics(session, probe);
        check_is(inner.missed, 1, "%s: a hit within a hit is missed",
                 kinds[i].name);
        check_is(inner.filtered + inner.submitted + inner.lost +
                     inner.returned + inner.abandoned + inner.active,
                 0, "%s: and nothing else is made of it", kinds[i].name);
        check_is(inner.hits, kinds[i].kind == PROBE_RETURN ? 0 : inner.missed,
                 "%s: it counts as a hit, but of a return", kinds[i].name);
        probe_detach(session, probe, 1);
    }
    outer = statistics(session, first);
    check_is(outer.hits, COUNT, "the hits around them are as many");
    check_is(outer.missed, 0, "and none of them is missed");
    session_close(session);
    text_read(child_start());
    check_is(text_hash(), text, "the text is as it was");
    return check_end();
}
