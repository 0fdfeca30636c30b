/*
 * An assembler for programs in tests, of the notation that
 * instruction_disassemble writes:
 *
 *   r0 = 0; w1 += r2; r1 s/= 3; r2 = (s8)r1; r3 = 0x123456789 ll
 *   r4 = map 0; r5 = *(u32 *)(r1 + 8); *(u8 *)(r10 - 1) = r5
 *   lock *(u64 *)(r10 - 8) fetch += r1; r1 = be16 r1; r2 = -r2
 *   if r1 s> -3 goto again; goto +2; call time_ns; call sub; exit
 *
 * Statements end at ; or a newline.  "name:" is a label; jumps and calls
 * lead to labels or by a distance, as +2 or -3.  # starts a comment.
 */

#ifndef TESTS_PROGRAM_ASSEMBLE_H
#define TESTS_PROGRAM_ASSEMBLE_H

#include "protocol/ebpf.h"

/*
 * Assemble TEXT into INSTRUCTIONS, room for SPACE.  Returns how many there
 * are.  A mistake ends the test program with a message.
 */
unsigned
assemble(const char *text, struct ebpf_insn *instructions, unsigned space);

#endif /* TESTS_PROGRAM_ASSEMBLE_H */
