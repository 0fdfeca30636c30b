/*
 * Probe points: places in the kernel's text, and how they are changed so
 * that control comes to us.
 *
 *   text of f                     slot of the point, in our segment
 *   +-----------------+           +----------------------------+
 *   | jmp slot        |---------->| call probe_jump_entry      |
 *   | rest of f       |<---+      | the instructions displaced |
 *   +-----------------+    +------| jmp to the rest of f       |
 *                                 +----------------------------+
 *
 * or, where no jump can go or none is wanted, a breakpoint instruction in
 * place of the first byte; its handler goes on in the slot behind the call.
 * Nothing is ever single-stepped: that would need the debug vector too, and
 * two exceptions a hit.
 *
 * Once made, a point and its slot stay for as long as the kernel runs, for a
 * thread may sleep in them: called from a displaced instruction, or faulted
 * in one.  A table of pointers to freed slots would have to ask each kernel
 * stack whether it still needs one.  The next session finds the same point
 * at the same address again, so the pool only fills up with different places.
 *
 * Several probes, of several sessions, may be at one point.  Text is patched
 * when the first comes and restored when the last goes.
 */

#ifndef KERNEL_POINT_H
#define KERNEL_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/probe.h"

#define POINTS_MAX 4096

/* The longest sequence of whole instructions that begins in 5 bytes. */
#define POINT_DISPLACED_MAX 20

struct probe;

struct point {
    uint64_t address;
    struct probe *probes; /* in the order in which they were attached */
    uint32_t armed;       /* PROBE_ENTRY_JUMP, _BREAKPOINT, or 0 */
    uint8_t jump;         /* bytes that a jump displaces; 0: none can go */
    uint8_t original[POINT_DISPLACED_MAX]; /* text as it was found */
};

/*
 * Find or make the point for a probe of KIND at ADDRESS.  0, and *FOUND;
 * or a PROBE_ERROR_ code (ADDRESS, FORBIDDEN, ENTRY_KIND, LIMIT), and *REASON
 * is its enum image_reason.  Thread context, under the lock.
 */
int point_get(uint64_t address, uint32_t kind, struct point **found,
              uint32_t *reason);

/*
 * Put PROBE at its point, and arm the point if that is the first one; take
 * it away, and restore the text if that was the last one.  Adding fails with
 * PROBE_ERROR_BUSY when the text is not what it was (someone else's
 * breakpoint), or when probes that are here already need the point armed the
 * other way.  Between text_unlock and text_lock.
 */
int point_add(struct point *point, struct probe *probe);
void point_remove(struct point *point, struct probe *probe);

/* The point at ADDRESS, or NULL.  Any context. */
struct point *point_find(uint64_t address);

/*
 * The point whose slot has RETURN_ADDRESS behind its call, and where a
 * breakpoint of a point goes on.  Probe context.
 */
struct point *point_of_call(uint64_t return_address);
uint64_t point_continue(const struct point *point);

#endif /* KERNEL_POINT_H */
