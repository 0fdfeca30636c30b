/*
 * Slots: where instructions that a probe displaced are run instead.
 *
 * What must change so that an instruction does the same at another address
 * was found out by the image linker, which has a decoder (protocol/image.h,
 * enum image_move); here it is applied.
 */

#ifndef KERNEL_POINTS_SLOT_H
#define KERNEL_POINTS_SLOT_H

#include <stdint.h>

/* Bytes of a slot that a jump leads into, and of one for a breakpoint. */
#define SLOT_SIZE      64
#define SLOT_STEP_SIZE 32

#define SLOT_CALL 5 /* bytes of the call in front of the instructions */
#define SLOT_JUMP 5 /* bytes of a jump into a slot */

/* The longest sequence of whole instructions that begins in 5 bytes. */
#define SLOT_DISPLACED_MAX 20

/*
 * The instructions from ADDRESS on that begin in the first LENGTH bytes.
 * TEXT is what they are without any probe: SLOT_DISPLACED_MAX bytes.
 */
struct slot_source {
    uint64_t address;
    const uint8_t *text;
    uint32_t length;
};

/*
 * Fill a slot: a call of probe_jump_entry, the instructions, a jump behind
 * them.  0, or -1 if an instruction cannot be moved.
 */
int slot_fill(uint8_t slot[SLOT_SIZE], const struct slot_source *source);

/* The same of one instruction, and without the call. */
int
slot_fill_step(uint8_t slot[SLOT_STEP_SIZE], const struct slot_source *source);

/*
 * One instruction of a task's, whose BYTE is that of protocol/image.h, into a
 * slot that the task has at PLACE.  -1 too if it enters the kernel, which then
 * would find another address than the program's.
 */
int slot_fill_user(uint8_t slot[SLOT_STEP_SIZE], uint64_t place,
                   const struct slot_source *source, uint8_t byte);

/* The jump to put at ADDRESS. */
void slot_jump(const uint8_t *slot, uint64_t address, uint8_t jump[SLOT_JUMP]);

/* The instruction that raises a breakpoint, one byte. */
extern const uint8_t slot_breakpoint;

#endif /* KERNEL_POINTS_SLOT_H */
