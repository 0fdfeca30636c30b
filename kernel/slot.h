/*
 * Slots: where instructions that a probe displaced are run instead.
 *
 * What must change so that an instruction does the same at another address
 * was found out by the image linker, which has a decoder (protocol/image.h,
 * enum image_move); here it is applied.
 */

#ifndef KERNEL_SLOT_H
#define KERNEL_SLOT_H

#include <stdint.h>

/* A power of two, so that a slot's number is a shift away. */
#define SLOT_SIZE 64
#define SLOT_CALL 5 /* bytes of the call in front of the instructions */

#define SLOT_JUMP 5 /* bytes of a jump into a slot */

/*
 * Fill SLOT: a call of probe_jump_entry, the instructions from ADDRESS on
 * that begin in the first LENGTH bytes, a jump behind them.  0, or -1 if an
 * instruction cannot be moved; *USED bytes were displaced.
 */
int slot_fill(uint8_t slot[SLOT_SIZE], uint64_t address, uint32_t length,
              uint32_t *used);

/* The jump to put at ADDRESS. */
void slot_jump(const uint8_t *slot, uint64_t address, uint8_t jump[SLOT_JUMP]);

/* The instruction that raises a breakpoint, one byte. */
extern const uint8_t slot_breakpoint;

#endif /* KERNEL_SLOT_H */
