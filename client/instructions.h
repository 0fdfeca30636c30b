/*
 * Instructions as C initializers, to write a program out in a table:
 *
 *     static const struct ebpf_insn program[] = {
 *         MOVE(6, 1),
 *         CALL(task),
 *         EXIT,
 *     };
 */

#ifndef CLIENT_INSTRUCTIONS_H
#define CLIENT_INSTRUCTIONS_H

#include "protocol/ebpf.h"
#include "protocol/helper.h"

/* clang-format off */
#define INSTRUCTION(OPCODE, DST, SRC, OFFSET, IMM) \
    {.opcode = (OPCODE), .dst = (DST), .src = (SRC), .offset = (OFFSET), \
     .imm = (IMM)}

/* dst = src; dst = imm; dst += imm */
#define MOVE(DST, SRC) \
    INSTRUCTION(EBPF_ALU64 | EBPF_MOV | EBPF_X, DST, SRC, 0, 0)
#define MOVE_IMM(DST, IMM) \
    INSTRUCTION(EBPF_ALU64 | EBPF_MOV | EBPF_K, DST, 0, 0, IMM)
#define ADD_IMM(DST, IMM) \
    INSTRUCTION(EBPF_ALU64 | EBPF_ADD | EBPF_K, DST, 0, 0, IMM)

/* WIDTH is B, H, W or DW: dst = *(src + offset), *(dst + offset) = src,
 * *(dst + offset) = imm, atomically *(dst + offset) += src. */
#define LOAD(WIDTH, DST, SRC, OFFSET) \
    INSTRUCTION(EBPF_LDX | EBPF_MEM | EBPF_##WIDTH, DST, SRC, OFFSET, 0)
#define STORE(WIDTH, DST, OFFSET, SRC) \
    INSTRUCTION(EBPF_STX | EBPF_MEM | EBPF_##WIDTH, DST, SRC, OFFSET, 0)
#define STORE_IMM(WIDTH, DST, OFFSET, IMM) \
    INSTRUCTION(EBPF_ST | EBPF_MEM | EBPF_##WIDTH, DST, 0, OFFSET, IMM)
#define ATOMIC_ADD(WIDTH, DST, OFFSET, SRC) \
    INSTRUCTION(EBPF_STX | EBPF_ATOMIC | EBPF_##WIDTH, DST, SRC, OFFSET, \
                EBPF_ADD)

/* dst = map: two instructions. */
#define LOAD_MAP(DST, MAP) \
    INSTRUCTION(EBPF_LD | EBPF_IMM | EBPF_DW, DST, EBPF_IMM64_MAP, 0, MAP), \
    INSTRUCTION(0, 0, 0, 0, 0)

/* if (dst OPERATION imm) skip OFFSET instructions; OPERATION is JEQ, ... */
#define JUMP_IMM(OPERATION, DST, IMM, OFFSET) \
    INSTRUCTION(EBPF_JMP | EBPF_##OPERATION | EBPF_K, DST, 0, OFFSET, IMM)

#define CALL(HELPER) \
    INSTRUCTION(EBPF_JMP | EBPF_CALL, 0, EBPF_CALL_HELPER, 0, \
                PROBE_HELPER_##HELPER)
#define EXIT INSTRUCTION(EBPF_JMP | EBPF_EXIT, 0, 0, 0, 0)
/* clang-format on */

#endif /* CLIENT_INSTRUCTIONS_H */
