/*
 * Instructions of programs, written in C.
 *
 * Each macro is one struct ebpf_insn, so that
 *
 *     const struct ebpf_insn program[] = {
 *         INSN_LDX(EBPF_DW, 0, 1, 0),
 *         INSN_ALU64_K(EBPF_ADD, 0, 5),
 *         INSN_EXIT(),
 *     };
 *
 * is r0 = context->registers[0] + 5.  Names of operations, widths and
 * helpers are those of protocol/ebpf.h and protocol/helper.h.  DISTANCE
 * counts instructions from the one after the jump.
 */

#ifndef TESTS_PROGRAM_INSN_H
#define TESTS_PROGRAM_INSN_H

#include "protocol/ebpf.h"
#include "protocol/helper.h"

#define INSN(code, dst_, src_, offset_, imm_) \
    ((struct ebpf_insn){.opcode = (code),     \
                        .dst = (dst_),        \
                        .src = (src_),        \
                        .offset = (offset_),  \
                        .imm = (imm_)})

/* dst = dst OPERATION imm, or src; in 64 or 32 bits */
#define INSN_ALU64_K(operation, dst, imm) \
    INSN(EBPF_ALU64 | EBPF_K | (operation), dst, 0, 0, imm)
#define INSN_ALU64_X(operation, dst, src) \
    INSN(EBPF_ALU64 | EBPF_X | (operation), dst, src, 0, 0)
#define INSN_ALU32_K(operation, dst, imm) \
    INSN(EBPF_ALU | EBPF_K | (operation), dst, 0, 0, imm)
#define INSN_ALU32_X(operation, dst, src) \
    INSN(EBPF_ALU | EBPF_X | (operation), dst, src, 0, 0)

#define INSN_MOV64_K(dst, imm) INSN_ALU64_K(EBPF_MOV, dst, imm)
#define INSN_MOV64_X(dst, src) INSN_ALU64_X(EBPF_MOV, dst, src)

/* A 64-bit number, or a map, takes two instructions: this and INSN_LD_2. */
#define INSN_LD_1(dst, low) \
    INSN(EBPF_LD | EBPF_IMM | EBPF_DW, dst, EBPF_IMM64_VALUE, 0, low)
#define INSN_LD_MAP_1(dst, map) \
    INSN(EBPF_LD | EBPF_IMM | EBPF_DW, dst, EBPF_IMM64_MAP, 0, map)
#define INSN_LD_2(high) INSN(0, 0, 0, 0, high)

/* dst = *(src + offset) */
#define INSN_LDX(width, dst, src, offset) \
    INSN(EBPF_LDX | EBPF_MEM | (width), dst, src, offset, 0)
/* *(dst + offset) = imm, or src */
#define INSN_ST(width, dst, offset, imm) \
    INSN(EBPF_ST | EBPF_MEM | (width), dst, 0, offset, imm)
#define INSN_STX(width, dst, offset, src) \
    INSN(EBPF_STX | EBPF_MEM | (width), dst, src, offset, 0)
/* *(dst + offset) OPERATION= src, at once; EBPF_FETCH: src = what was there */
#define INSN_ATOMIC(width, operation, dst, offset, src) \
    INSN(EBPF_STX | EBPF_ATOMIC | (width), dst, src, offset, operation)

/* if (dst JUMP imm, or src) skip DISTANCE instructions */
#define INSN_JMP_K(jump, dst, imm, distance) \
    INSN(EBPF_JMP | EBPF_K | (jump), dst, 0, distance, imm)
#define INSN_JMP_X(jump, dst, src, distance) \
    INSN(EBPF_JMP | EBPF_X | (jump), dst, src, distance, 0)
#define INSN_JA(distance) INSN(EBPF_JMP | EBPF_JA, 0, 0, distance, 0)

#define INSN_CALL(helper) \
    INSN(EBPF_JMP | EBPF_CALL, 0, EBPF_CALL_HELPER, 0, helper)
#define INSN_EXIT() INSN(EBPF_JMP | EBPF_EXIT, 0, 0, 0, 0)

#endif /* TESTS_PROGRAM_INSN_H */
