/*
 * Calls a function at each write of a variable: elapsed_ticks, which the clock
 * interrupt alone writes.  Prints where each of some was.
 */

#include <inttypes.h>
#include <stdio.h>

#include "client/machprobe.h"
#include "mach/task.h"

#define EVENTS 20

struct events {
    struct machprobe *session;
    unsigned count;
};

static void
written(const struct machprobe_event *event, void *data)
{
    struct events *events = data;
    char name[PROBE_NAME_MAX];
    uint64_t start, size;

    if (machprobe_symbol_at(events->session, event->address, name, &start,
                            &size) != KERN_SUCCESS)
        task_fail("%#" PRIx64 " is in no function", event->address);
    printf("written by %s\n", name);
    if (++events->count == EVENTS)
        machprobe_stop(events->session);
}

static void
say(const char *what, kern_return_t code)
{
    printf("%s: %s\n", what,
           code == KERN_SUCCESS ? "good" : machprobe_error_text(code));
}

int
main(void)
{
    struct events events = {0};
    uint64_t lost, missed;

    if (machprobe_open(task_ports.host, &events.session) != KERN_SUCCESS)
        task_fail("no session");
    say("another kind", probe_on_data(events.session, "elapsed_ticks", 0,
                                      PROBE_ENTRY, written, &events));
    say("three bytes", probe_on_data(events.session, "elapsed_ticks", 3,
                                     PROBE_WATCH_WRITE, written, &events));
    say("nothing of that name",
        probe_on_data(events.session, "elapsed_tickz", 0, PROBE_WATCH_WRITE,
                      written, &events));
    say("writes", probe_on_data(events.session, "elapsed_ticks", 0,
                                PROBE_WATCH_WRITE, written, &events));
    say("waiting", machprobe_run(events.session, MACHPROBE_FOREVER));
    machprobe_lost(events.session, &lost, &missed);
    printf("%u events, %" PRIu64 " lost, %" PRIu64 " missed\n", events.count,
           lost, missed);
    machprobe_close(events.session);
    return 0;
}
