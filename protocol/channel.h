/*
 * The channel between tasks in a virtual machine and the command that runs
 * the machine: a block of memory that both map (an ivshmem device's BAR in
 * the guest, a file on the host).
 *
 *   +---------+--------+----------------+--------+----------------+---
 *   | channel | lane 0 | frames, SIZE   | lane 1 | frames, SIZE   | …
 *   +---------+--------+----------------+--------+----------------+---
 *   <- a page ><-------- stride --------><------- stride -------->
 *
 * A task that opens the channel takes the next lane for itself, by adding 1
 * to TAKEN, and keeps it: tasks share no lock, so one that is killed while it
 * writes leaves the others' lanes alone, and of its own frame nothing is seen.
 *
 * HEAD and TAIL count bytes since the start and never wrap.  The guest
 * writes frames and moves HEAD with release ordering; the host reads them
 * and moves TAIL.  A guest that finds no room waits (a task may), so nothing
 * is lost.  A frame is a header and its bytes, each frame starting at a
 * multiple of 8; bytes wrap at the end of the lane.  Frames of one lane come
 * in order; between lanes there is none.
 *
 * The host fills in the channel's header before the guest starts, and takes
 * nothing that it reads here on trust.
 */

#ifndef PROTOCOL_CHANNEL_H
#define PROTOCOL_CHANNEL_H

#include <stdint.h>

#define CHANNEL_MAGIC   0x6d706331u /* "mpc1" */
#define CHANNEL_VERSION 2

/* PCI identity of ivshmem-plain; the block is its BAR 2. */
#define CHANNEL_PCI_VENDOR 0x1af4
#define CHANNEL_PCI_DEVICE 0x1110

/* I/O port of the QEMU debug console: plain text, where no lane is to be had */
#define CHANNEL_DEBUG_PORT 0xe9

/* Bytes of input that may wait for the guest, a power of two. */
#define CHANNEL_INPUT_SIZE 1024

struct channel {
    uint32_t magic;
    uint32_t version;
    uint32_t lanes;     /* that there are */
    uint32_t lane_size; /* bytes of frames in each, a power of two */
    uint32_t taken;     /* guest: lanes asked for, may exceed LANES */
    uint32_t stop;      /* host: not 0 when the script shall end */
    uint64_t total;     /* bytes of the whole block */

    /*
     * Input, the other way: a task that wants it says so, and the host puts
     * bytes of its standard input here.  One task may want it.  The counts are
     * as those of a lane; at the end of input ENDED is set after the last
     * byte was put.
     */
    uint32_t input_wanted; /* guest: not 0 when bytes are to be put */
    uint32_t input_ended;  /* host */
    uint64_t input_head __attribute__((aligned(64))); /* host */
    uint64_t input_tail __attribute__((aligned(64))); /* guest */
    uint8_t input[CHANNEL_INPUT_SIZE] __attribute__((aligned(64)));
};

struct channel_lane {
    uint64_t head __attribute__((aligned(64))); /* guest */
    uint64_t tail __attribute__((aligned(64))); /* host */
    uint8_t data[] __attribute__((aligned(4096)));
};

#define CHANNEL_HEADER_SIZE 4096

/* Offset of lane NUMBER, whose frames take LANE_SIZE bytes. */
#define CHANNEL_LANE_STRIDE(lane_size) \
    ((uint64_t)(lane_size) + sizeof(struct channel_lane))
#define CHANNEL_LANE_OFFSET(lane_size, number) \
    (CHANNEL_HEADER_SIZE + (number) * CHANNEL_LANE_STRIDE(lane_size))

enum channel_stream {
    CHANNEL_STDOUT = 1,
    CHANNEL_STDERR = 2,
    CHANNEL_STATUS = 3, /* int32_t: exit status of the run; the last frame */
    CHANNEL_MARK = 4,   /* text: a phase was reached ("armed"), for -v */
};

/* Bytes that one frame may carry; more is written as several. */
#define CHANNEL_FRAME_MAX 65536

struct channel_frame {
    uint32_t size; /* bytes that follow, without padding to 8 */
    uint32_t stream;
};

#endif /* PROTOCOL_CHANNEL_H */
