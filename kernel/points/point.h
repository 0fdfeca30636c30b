/*
 * Probe points: places in the kernel's text, and how they are changed so
 * that control comes to us.
 *
 *   text of f                     jump slot of the point
 *   +-----------------+           +----------------------------+
 *   | jmp slot        |---------->| call probe_jump_entry      |
 *   | rest of f       |<---+      | the instructions displaced |
 *   +-----------------+    +------| jmp to the rest of f       |
 *                                 +----------------------------+
 *
 * or, where no jump can go or none is wanted, and anywhere but at a
 * function's entry, a breakpoint instruction in place of the first byte:
 *
 *   | int3            |           | the instruction displaced  |
 *   | rest of f       |<----------| jmp to the rest of f       |
 *                                 +----------------------------+  step slot
 *
 * Its handler goes on in the step slot.  Nothing is ever single-stepped: that
 * would need the debug vector too, and two exceptions a hit.
 *
 * Once made, a point and its slots stay for as long as the kernel runs, for a
 * thread may sleep in them: called from a displaced instruction, or faulted
 * in one.  A table of pointers to freed slots would have to ask each kernel
 * stack whether it still needs one.  The next session finds the same point
 * at the same address again, so memory is taken for different places only.
 *
 * Several probes, of several sessions, may be at one point.  Text is patched
 * when the first comes and restored when the last goes.
 *
 * A jump displaces instructions behind the entry.  While one of these has a
 * probe the entry is armed by a breakpoint, or the jump would pass it by.
 */

#ifndef KERNEL_POINTS_POINT_H
#define KERNEL_POINTS_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/points/slot.h"
#include "protocol/probe.h"

/* Places that can be probed while the kernel runs; memory comes as needed. */
#define POINTS_MAX 524288

struct probe;
struct jump_slot;

struct point {
    uint64_t address;
    struct point *next;   /* in the index */
    struct probe *probes; /* in the order in which they were attached */
    struct jump_slot *jump_slot;
    uint8_t armed; /* PROBE_ENTRY_JUMP, _BREAKPOINT, or 0 */
    uint8_t jump;  /* bytes that a jump displaces; 0: none can go */
    uint8_t original[SLOT_DISPLACED_MAX]; /* text without probes */
    uint8_t step[SLOT_STEP_SIZE];
};

/*
 * Find or make the point for a probe of KIND at ADDRESS.  0, and *FOUND;
 * or a PROBE_ERROR_ code (ADDRESS, FORBIDDEN, ENTRY_KIND, LIMIT, MEMORY), and
 * *REASON is its enum image_reason.  Thread context, under the lock.
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
static inline struct point *point_find(uint64_t address);

/*
 * The point whose jump slot has RETURN_ADDRESS behind its call, and where a
 * breakpoint of a point goes on.  Probe context.
 */
static inline struct point *point_of_call(uint64_t return_address);
static inline uint64_t point_continue(const struct point *point);

/*
 * What ADDRESS, in a slot, stands for in the text: that of the next instruction
 * if a call that was displaced RETURNS there, else the place of the point,
 * whose instructions are under way.  0 if it is in no slot.  Any context, but
 * slow.
 */
uint64_t point_text_address(uint64_t address, bool returns);

#include "kernel/points/point_i.h"

#endif /* KERNEL_POINTS_POINT_H */
