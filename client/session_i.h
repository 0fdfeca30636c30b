/*
 * The insides of a session, for the files of this library.
 */

#ifndef CLIENT_SESSION_I_H
#define CLIENT_SESSION_I_H

#include "client/machprobe.h"
#include "client/reader.h"

/* A function that is called at each hit of a place, or access to data. */
struct entry {
    machprobe_function function;
    void *data;
    uint32_t probe;
};

/* What they are called by: programs of the kernel's places, and of tasks'. */
enum { ENTRY_OF_KERNEL, ENTRY_OF_TASKS, ENTRY_PROGRAMS };

struct machprobe {
    mach_port_t port;
    struct probe_kernel kernel;
    struct machprobe_rings rings;
    struct reader reader;
    bool taken;      /* machprobe_next() gave a record out */
    uint32_t probes; /* attached so far; their numbers are below it */

    /* probe_on_entry() and its kin. */
    struct entry *entries;
    uint32_t entry_count;
    /* Loaded when entry_count is not 0. */
    uint32_t entry_programs[ENTRY_PROGRAMS];
    bool stopped;
};

/* Free what an out-of-line reply carried. */
void reply_free(void *data, uint64_t size);

#endif /* CLIENT_SESSION_I_H */
