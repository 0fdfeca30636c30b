/*
 * The workload: tasks that make the kernel work, check what it did, and say
 * how much of it there was, so that a script's counts can be compared.
 *
 *   workload [PART=N]… [loops=N] [spread=N]
 *
 * PART is one of the parts below, N how often it is done; 0 leaves it out.
 * loops=N does all of them N times, loops=0 for ever.  With spread=1, which
 * needs the host privileged port, all processors take part.  At the end it writes
 * lines "workload: WHAT KEY=NUMBER…" to standard output:
 *
 *   workload: rpc round_trips=2000 messages=4000
 *   workload: vm operations=200 pages=1600
 *   workload: threads ended=40
 *   workload: waits timed_out=10
 *   workload: ports made=200 messages=200
 *   workload: parallel threads=4 rounds=200
 *   workload: spread processors=2
 *   workload: calls vm_allocate=441 vm_deallocate=493 …
 *   workload: kernel own=2562 peer=1 messages=2563
 *
 * The calls are written with calls=1 only: how often the task (not its peer)
 * has sent that message to the kernel, task_terminate at the end included;
 * there may be several lines of them.
 *
 * The last line is how often ipc_kobject_server runs for the task
 * `workload', for its peer `workload(42)', which ends before these lines are
 * written, and for both, from the first instruction to the last: all those
 * calls, and one notification that the kernel sends itself (mach/console.h).
 * It is exact with the debug port as console; so the workload takes that one
 * unless it is told otherwise.
 *
 * Whatever turns out wrong ends the workload with "workload: FAILED: …" and
 * status 1.
 */

#ifndef WORKLOAD_WORKLOAD_H
#define WORKLOAD_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mach.h>

/* One kind of work; each in a file of its own. */
struct workload_part {
    const char *name;
    unsigned count;              /* how often, unless the options say */
    void (*run)(unsigned count); /* does not return if something is wrong */
    void (*report)(void);        /* of all runs */
};

extern const struct workload_part workload_rpc;
extern const struct workload_part workload_vm;
extern const struct workload_part workload_threads;
extern const struct workload_part workload_waits;
extern const struct workload_part workload_ports;
extern const struct workload_part workload_parallel;

/* Let all processors run tasks; returns how many there are. */
unsigned workload_spread(void);

/* Write one line of the report by printf rules, "workload: " before it. */
void workload_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Write what was wrong and end with status 1. */
void workload_fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* End unless a call succeeded. */
#define WORKLOAD_CALL(call)                                               \
    do {                                                                  \
        kern_return_t code_ = (call);                                     \
        if (code_ != KERN_SUCCESS)                                        \
            workload_fail("%s: %s (0x%x)", #call, task_error_text(code_), \
                          code_);                                         \
    } while (0)

/* Messages to the kernel that peers have sent, theirs to end included. */
extern uint64_t workload_peer_messages;

/* Write the sums, and with EACH how often each call was made, all with the
 * last one included. */
void workload_report_calls(bool each);

/* A message that tasks send each other: some numbers. */
#define WORKLOAD_NUMBERS 64

struct workload_message {
    mach_msg_header_t header;
    mach_msg_type_t type;
    uint64_t numbers[WORKLOAD_NUMBERS];
};

/*
 * Prepare a message with COUNT numbers to PORT; returns its size.  DISPOSITION
 * is that of PORT's right, and of REPLY's unless that is MACH_PORT_NULL.
 */
mach_msg_size_t workload_message_make(struct workload_message *message,
                                      unsigned count, mach_port_t port,
                                      mach_msg_type_name_t disposition,
                                      mach_port_t reply,
                                      mach_msg_type_name_t reply_disposition);

#endif /* WORKLOAD_WORKLOAD_H */
