/*
 * What a session says about itself, how probes are asked for, and their
 * statistics.  These are the bytes that machprobe.defs carries.
 */

#ifndef PROTOCOL_PROBE_H
#define PROTOCOL_PROBE_H

#include <stdint.h>

#include "protocol/limits.h"

/* Goes up when a message, a record or a helper changes its meaning. */
#define PROBE_PROTOCOL_VERSION 1

/* The kernel that a session is with. */
struct probe_kernel {
    char identity[PROBE_IDENTITY_MAX]; /* as in struct image_header */
    uint32_t version;                  /* PROBE_PROTOCOL_VERSION */
    uint32_t cpus;                     /* CPUs that run */
    uint32_t word_size;                /* 8 or 4 bytes */
    uint32_t functions;                /* that may be probed */
    uint32_t hz;                       /* clock interrupts a second */
    uint32_t reserved;
    /*
     * The session's clock from the time stamp counter, for the process:
     * ns = ((tsc - tsc_base) * tsc_multiplier) >> 32, in 128 bits.
     * Nanoseconds since 1970 are wall_base + ns.
     */
    uint64_t tsc_base;
    uint64_t tsc_multiplier;
    uint64_t wall_base;
};

enum probe_kind {
    PROBE_ENTRY = 1,      /* function entry, the faster way that is possible */
    PROBE_ENTRY_JUMP = 2, /* function entry, by a jump only */
    PROBE_ENTRY_BREAKPOINT = 3, /* function entry, by a breakpoint only */
};

#define PROBE_FLAG_SELF 1 /* hits of the session's own task count too */

/* One probe of an attach request. */
struct probe_request {
    uint64_t address; /* of the instruction */
    uint64_t cookie;  /* passed to the program and into records */
    uint32_t kind;    /* enum probe_kind */
    uint32_t flags;   /* PROBE_FLAG_* */
    uint32_t program; /* number that load gave */
    uint32_t reserved;
};

/*
 * Counts of one probe since it was attached.  Every hit of another task than
 * the session's own (or of any, with PROBE_FLAG_SELF) is in HITS, and
 * HITS = runs of the program + MISSED.  SELF is not in HITS.
 */
struct probe_statistics {
    uint64_t hits;
    uint64_t missed;    /* came while another probe ran on this CPU */
    uint64_t submitted; /* records that reached the ring */
    uint64_t lost;      /* records that the full ring had no room for */
    uint64_t filtered;  /* runs that neither submitted nor lost a record */
    uint64_t self;      /* hits of the session's own task, not traced */
    uint32_t kind;      /* PROBE_ENTRY_JUMP or PROBE_ENTRY_BREAKPOINT */
    uint32_t reserved;
};

/* Why wait returned. */
enum probe_wake {
    PROBE_WAKE_RECORDS = 1, /* a ring is past the watermark */
    PROBE_WAKE_DEADLINE = 2,
};

#endif /* PROTOCOL_PROBE_H */
