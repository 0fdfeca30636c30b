/*
 * The records of all rings in the order of their time.
 *
 * Each ring is in order already; this picks the oldest of their first ones.
 * Between a hit's time stamp and its record's appearance in the ring a moment
 * passes, so another CPU's older record may still be to come: whoever calls
 * says up to which time all of them are there.
 */

#ifndef CLIENT_READER_H
#define CLIENT_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/ring.h"

struct reader {
    uint32_t count;
    uint32_t at; /* ring of the record that peek gave */
    /* Times that a ring held no whole record where one had to be: the rest
     * of what it held was dropped. */
    uint64_t broken;
    struct {
        struct probe_ring *ring;
        uint64_t head; /* as last looked at */
        uint64_t tail; /* ours; that of the ring follows now and then */
        uint64_t size; /* bytes of records, as the ring began with */
    } rings[PROBE_CPUS_MAX];
};

/*
 * Read COUNT rings, STRIDE bytes apart, from ADDRESS on.  False if that is no
 * memory of rings.
 */
bool reader_open(struct reader *reader, char *address, uint64_t stride,
                 uint32_t count);

/* See what has come: what comes later is not seen until the next look. */
void reader_look(struct reader *reader);

/*
 * The oldest record not yet taken, or NULL.  It stays where it is until it
 * is taken, and the one before it is not there any more.  *cpu is where it
 * was made.
 */
const struct probe_record *reader_peek(struct reader *reader, uint32_t *cpu);
void reader_take(struct reader *reader);

/* Records that the kernel had no room for so far, in all rings. */
uint64_t reader_lost(const struct reader *reader);

/* Give the room of all that was taken back to the kernel. */
void reader_release(struct reader *reader);

#endif /* CLIENT_READER_H */
