/*
 * The instruction set of probe programs: eBPF as RFC 9669 defines it.
 *
 * Names follow the RFC.  An instruction is 8 bytes, little-endian on every
 * machine that GNU Mach runs on; 64-bit immediate loads take two.
 */

#ifndef PROTOCOL_EBPF_H
#define PROTOCOL_EBPF_H

#include <stdint.h>

struct ebpf_insn {
    uint8_t opcode;
    uint8_t dst : 4; /* destination register, r0 to r10 */
    uint8_t src : 4; /* source register, or a variant of the operation */
    int16_t offset;
    int32_t imm;
};

#define EBPF_REGISTERS  11  /* r0 to r10; r10 is the read-only frame pointer */
#define EBPF_FRAME_SIZE 512 /* bytes of stack below r10, each call depth */
#define EBPF_CALL_DEPTH 8   /* program-local calls, the outermost included */

/* RFC 9669 section 3, table 1: instruction classes (opcode & 7). */
#define EBPF_CLASS(opcode) ((opcode) & 0x07)
#define EBPF_LD            0x00
#define EBPF_LDX           0x01
#define EBPF_ST            0x02
#define EBPF_STX           0x03
#define EBPF_ALU           0x04 /* 32 bits wide */
#define EBPF_JMP           0x05 /* compares 64 bits */
#define EBPF_JMP32         0x06 /* compares 32 bits */
#define EBPF_ALU64         0x07

/* Section 4: source of the second operand (opcode & 8). */
#define EBPF_K 0x00 /* imm */
#define EBPF_X 0x08 /* src register */

/* Section 4.1, table 4: arithmetic (opcode & 0xf0). */
#define EBPF_OPERATION(opcode) ((opcode) & 0xf0)
#define EBPF_ADD               0x00
#define EBPF_SUB               0x10
#define EBPF_MUL               0x20
#define EBPF_DIV               0x30 /* offset 1: signed */
#define EBPF_OR                0x40
#define EBPF_AND               0x50
#define EBPF_LSH               0x60
#define EBPF_RSH               0x70
#define EBPF_NEG               0x80
#define EBPF_MOD               0x90 /* offset 1: signed */
#define EBPF_XOR               0xa0
#define EBPF_MOV               0xb0 /* offset 8, 16, 32: sign-extending */
#define EBPF_ARSH              0xc0
#define EBPF_END               0xd0 /* byte swap; imm 16, 32 or 64 */

/* Section 4.3, table 7: jumps (opcode & 0xf0). */
#define EBPF_JA   0x00 /* JMP: by offset; JMP32: by imm */
#define EBPF_JEQ  0x10
#define EBPF_JGT  0x20
#define EBPF_JGE  0x30
#define EBPF_JSET 0x40
#define EBPF_JNE  0x50
#define EBPF_JSGT 0x60
#define EBPF_JSGE 0x70
#define EBPF_CALL 0x80 /* src: one of EBPF_CALL_* */
#define EBPF_EXIT 0x90
#define EBPF_JLT  0xa0
#define EBPF_JLE  0xb0
#define EBPF_JSLT 0xc0
#define EBPF_JSLE 0xd0

#define EBPF_CALL_HELPER 0 /* imm: helper's number, protocol/helper.h */
#define EBPF_CALL_LOCAL  1 /* imm: distance to the first instruction */

/* Section 5, tables 9 and 10: width (opcode & 0x18), mode (opcode & 0xe0). */
#define EBPF_WIDTH(opcode) ((opcode) & 0x18)
#define EBPF_W             0x00 /* 4 bytes */
#define EBPF_H             0x08 /* 2 bytes */
#define EBPF_B             0x10 /* 1 byte */
#define EBPF_DW            0x18 /* 8 bytes */

#define EBPF_MODE(opcode) ((opcode) & 0xe0)
#define EBPF_IMM          0x00 /* 64-bit immediate */
#define EBPF_MEM          0x60
#define EBPF_MEMSX        0x80 /* load with sign extension */
#define EBPF_ATOMIC       0xc0

/* Section 5.3: atomic operations, in imm; or with FETCH. */
#define EBPF_FETCH          0x01
#define EBPF_ATOMIC_XCHG    0xe1
#define EBPF_ATOMIC_CMPXCHG 0xf1

/*
 * Section 5.4: variants of the 64-bit immediate, in src.  Of the map
 * variants only the one that names a map by its number is taken.
 */
#define EBPF_IMM64_VALUE 0
#define EBPF_IMM64_MAP   1 /* imm: map number of the session */

#endif /* PROTOCOL_EBPF_H */
