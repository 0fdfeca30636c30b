/*
 * The channel between a task in a virtual machine and the command that runs
 * the machine: a block of memory that both map (an ivshmem device's BAR in
 * the guest, a file on the host).
 *
 *   +--------+------------------------------------------+
 *   | header | frames, SIZE bytes (a power of two)      |
 *   +--------+------------------------------------------+
 *
 * HEAD and TAIL count bytes since the start and never wrap.  The guest
 * writes frames and moves HEAD with release ordering; the host reads them
 * and moves TAIL.  A guest that finds no room waits (a task may), so nothing
 * is lost.  A frame is a header and its bytes, each frame starting at a
 * multiple of 8; bytes wrap at the end of the block.  Several tasks may write:
 * WRITER is a spin lock of the guest's tasks around each frame.
 *
 * The host fills in magic, version and size before the guest starts.
 */

#ifndef PROTOCOL_CHANNEL_H
#define PROTOCOL_CHANNEL_H

#include <stdint.h>

#define CHANNEL_MAGIC   0x6d706331u /* "mpc1" */
#define CHANNEL_VERSION 1

/* PCI identity of ivshmem-plain; the block is its BAR 2. */
#define CHANNEL_PCI_VENDOR 0x1af4
#define CHANNEL_PCI_DEVICE 0x1110

struct channel {
    uint32_t magic;
    uint32_t version;
    uint64_t size; /* bytes of frames */
    uint32_t stop; /* host: end the script */
    uint32_t reserved;
    uint64_t head __attribute__((aligned(64))); /* guest */
    uint32_t writer;                            /* guest: 1 while locked */
    uint64_t tail __attribute__((aligned(64))); /* host */
    uint8_t data[] __attribute__((aligned(4096)));
};

enum channel_stream {
    CHANNEL_STDOUT = 1,
    CHANNEL_STDERR = 2,
    CHANNEL_STATUS = 3, /* int32_t: exit status of the run; the last frame */
    CHANNEL_MARK = 4,   /* text: a phase was reached ("armed"), for -v */
};

struct channel_frame {
    uint32_t size; /* bytes that follow, without padding to 8 */
    uint32_t stream;
};

#endif /* PROTOCOL_CHANNEL_H */
