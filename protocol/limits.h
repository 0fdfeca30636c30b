/*
 * Limits that the kernel checks; exceeding one is an error that names it.
 */

#ifndef PROTOCOL_LIMITS_H
#define PROTOCOL_LIMITS_H

#define PROBE_SESSIONS_MAX       16          /* sessions open at a time */
#define PROBE_PROBES_MAX         8192        /* probes of a session */
#define PROBE_PROGRAMS_MAX       2048        /* programs of a session */
#define PROBE_PROGRAM_INSNS_MAX  4096        /* instructions of a program */
#define PROBE_PROGRAM_WORK_MAX   250000      /* steps of a run, 8 native each */
#define PROBE_VERIFIER_STEPS_MAX 1000000     /* instructions it may look at */
#define PROBE_MAPS_MAX           64          /* maps of a session */
#define PROBE_MAP_KEY_MAX        512         /* bytes */
#define PROBE_MAP_VALUE_MAX      4096        /* bytes */
#define PROBE_MAP_ENTRIES_MAX    65536       /* entries of a map */
#define PROBE_MAP_MEMORY_MAX     (16u << 20) /* bytes, all of a session */
#define PROBE_RING_SIZE_MIN      4096        /* bytes of records, each CPU */
#define PROBE_RING_SIZE_MAX      (16u << 20) /* bytes of records, each CPU */
#define PROBE_RECORD_PAYLOAD_MAX 16384       /* bytes, without the header */
#define PROBE_NAME_MAX           256         /* symbol name, with the NUL */
#define PROBE_IDENTITY_MAX       128         /* build identity, with the NUL */
#define PROBE_LOG_MAX            1024        /* verifier's message, NUL too */
#define PROBE_CPUS_MAX           64          /* CPUs that rings are kept for */

#endif /* PROTOCOL_LIMITS_H */
