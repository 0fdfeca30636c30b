/*
 * Running a kernel under QEMU, and what comes out of it.
 *
 * vm_run() boots an image with boot modules, hands over what the tasks in it
 * write to the channel (protocol/channel.h) as it comes, and returns when
 * the run is over: a task wrote the run's status, the kernel panicked, the
 * machine switched itself off, or the time is up.  It never takes longer
 * than the time limit and a second.  Nothing is left behind: the files it
 * needs are in a temporary folder that it removes, and QEMU dies with us.
 *
 * While it runs, the first SIGINT, SIGTERM or SIGHUP sets the channel's stop
 * flag, so that the script in the machine can end properly; the second ends
 * the machine at once.
 */

#ifndef VM_VM_H
#define VM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/channel.h"
#include "support/error.h"
#include "support/text.h"

#define VM_MEMORY_DEFAULT 64 /* MiB; enough for one processor */
#define VM_TIME_FOREVER   0

/*
 * What tasks wrote to a stream of protocol/channel.h, in order for each task.
 * Frames of one stream may come together, but never part of one.  What tasks
 * write to the debug port arrives as CHANNEL_STDOUT.  DATA is valid during
 * the call.  Returns false to end the run at once.
 */
typedef bool (*vm_output)(void *context, enum channel_stream stream,
                          const void *data, size_t size);

struct vm_settings {
    const char *kernel;         /* ELF image, 32-bit or 64-bit */
    const char *append;         /* kernel command line, or NULL */
    const char *const *modules; /* boot-script lines: "FILE WORDS…" */
    unsigned module_count;
    const char *const *disks; /* raw disk images (IDE), first hd0 */
    unsigned disk_count;
    unsigned memory;          /* MiB; 0: VM_MEMORY_DEFAULT, or what SMP needs */
    unsigned processors;      /* 0: 1 */
    bool icount;              /* count instructions: time by instructions */
    unsigned time_limit;      /* seconds, or VM_TIME_FOREVER */
    const char *memory_file;  /* keep guest memory in this file, or NULL */
    const char *console_file; /* keep the console's text there, or NULL */
    int input;                /* a file for tasks that want input, or -1 */
    vm_output output;         /* or NULL */
    void *output_context;
};

/* How a run ended. */
enum vm_end {
    VM_END_STATUS,  /* a task wrote the run's status */
    VM_END_OFF,     /* the machine switched off or rebooted, no status */
    VM_END_PANIC,   /* the kernel panicked or stopped in its debugger */
    VM_END_TIME,    /* the time limit came first */
    VM_END_STOPPED, /* killed: second signal, or OUTPUT returned false */
    VM_END_FAILED,  /* QEMU failed, or tasks garbled the channel */
};

/* Times are seconds since vm_run was called; 0 for what never came. */
struct vm_result {
    enum vm_end end;
    int status;            /* of VM_END_STATUS */
    bool stop_requested;   /* a signal asked the script to end */
    double qemu_started;   /* QEMU was executed */
    double kernel_started; /* the first byte on the console */
    double first_output;   /* the first frame */
    double ended;
    struct text console; /* all that the kernel's console printed */
};

/*
 * Run a machine.  Returns 0 for VM_END_STATUS and VM_END_STOPPED, else -1
 * with ERROR set: it says how the run ended and shows the end of the console,
 * or why there was no run (bad settings, no QEMU).  RESULT is filled in any
 * case, and the caller calls vm_result_free().
 */
int vm_run(const struct vm_settings *settings, struct vm_result *result,
           struct error *error);

void vm_result_free(struct vm_result *result);

#endif /* VM_VM_H */
