/*
 * Rings: how records come from the kernel to the process.
 *
 * Each CPU has one, all of the same size, one after the other in a block of
 * wired memory that the kernel and the process both map:
 *
 *   ring 0                              ring 1
 *   +--------+-----------------------+  +--------+-------------- ...
 *   | header | records, SIZE bytes   |  | header |
 *   +--------+-----------------------+  +--------+-------------- ...
 *   <------------- stride ----------->
 *
 * HEAD and TAIL count bytes since the start and never wrap; the place of a
 * byte is its count modulo SIZE, which is a power of two.  The kernel alone
 * writes HEAD, the process alone writes TAIL.  The kernel keeps its own copy
 * of all it needs and believes nothing that it reads here: with a TAIL that
 * cannot be, the ring counts as full.
 *
 * A record never wraps: where it would not fit before the end, a record of
 * probe PROBE_RECORD_PAD fills the rest.  HEAD moves only past whole
 * records, with release ordering.
 */

#ifndef PROTOCOL_RING_H
#define PROTOCOL_RING_H

#include <stdint.h>

#define PROBE_RING_MAGIC 0x6d707231u /* "mpr1" */

/* A page, so that records start page-aligned. */
struct probe_ring {
    uint32_t magic;
    uint32_t cpu;
    uint64_t size;                              /* bytes of records */
    uint64_t head __attribute__((aligned(64))); /* written by the kernel */
    uint64_t lost;                              /* records, all probes */
    uint64_t tail __attribute__((aligned(64))); /* written by the process */
    uint8_t data[] __attribute__((aligned(4096)));
};

#define PROBE_RECORD_PAD 0xffffffffu

struct probe_record {
    uint32_t size;   /* bytes with this header, a multiple of 8 */
    uint32_t probe;  /* number that attach gave, or PROBE_RECORD_PAD */
    uint64_t time;   /* ns of the session's clock */
    uint64_t cookie; /* of the probe */
    uint8_t payload[];
};

#endif /* PROTOCOL_RING_H */
