/*
 * The instructions one by one: which exist, which fields each uses, how they
 * are written as text.
 */

#ifndef KERNEL_PROGRAM_INSTRUCTION_H
#define KERNEL_PROGRAM_INSTRUCTION_H

#include <stdint.h>

#include "kernel/program/log.h"
#include "kernel/program/program.h"

/*
 * Operations: instructions as the interpreter tells them apart.  Those that
 * exist in 64 and 32 bits, and with an immediate (K) or a register (X) as
 * second operand, come in four.
 */
#define OPERATIONS_ALU(X) \
    X(ADD)                \
    X(SUB)                \
    X(MUL)                \
    X(DIV)                \
    X(SDIV)               \
    X(OR)                 \
    X(AND)                \
    X(LSH)                \
    X(RSH)                \
    X(MOD)                \
    X(SMOD)               \
    X(XOR)                \
    X(MOV)                \
    X(ARSH)

#define OPERATIONS_JUMP(X) \
    X(JEQ)                 \
    X(JGT)                 \
    X(JGE)                 \
    X(JSET)                \
    X(JNE)                 \
    X(JSGT)                \
    X(JSGE)                \
    X(JLT)                 \
    X(JLE)                 \
    X(JSLT)                \
    X(JSLE)

/* Atomic operations, in 32 and 64 bits. */
#define OPERATIONS_ATOMIC(X) \
    X(ATOMIC_ADD)            \
    X(ATOMIC_OR)             \
    X(ATOMIC_AND)            \
    X(ATOMIC_XOR)            \
    X(FETCH_ADD)             \
    X(FETCH_OR)              \
    X(FETCH_AND)             \
    X(FETCH_XOR)             \
    X(EXCHANGE)              \
    X(COMPARE_EXCHANGE)

#define OPERATIONS_OTHER(X)                               \
    X(NEG_64)                                             \
    X(NEG_32)                                             \
    X(MOVSX8_64)                                          \
    X(MOVSX16_64)                                         \
    X(MOVSX32_64)                                         \
    X(MOVSX8_32)                                          \
    X(MOVSX16_32)                                         \
    X(LOW16) /* little-endian order of 16, 32, 64 bits */ \
    X(LOW32)                                              \
    X(LOW64)                                              \
    X(SWAP16)                                             \
    X(SWAP32)                                             \
    X(SWAP64)                                             \
    X(JA)                                                 \
    X(LOAD8)                                              \
    X(LOAD16)                                             \
    X(LOAD32)                                             \
    X(LOAD64)                                             \
    X(LOADSX8)                                            \
    X(LOADSX16)                                           \
    X(LOADSX32)                                           \
    X(STORE8_K)                                           \
    X(STORE16_K)                                          \
    X(STORE32_K)                                          \
    X(STORE64_K)                                          \
    X(STORE8_X)                                           \
    X(STORE16_X)                                          \
    X(STORE32_X)                                          \
    X(STORE64_X)                                          \
    X(IMM64)                                              \
    X(IMM64_MAP)                                          \
    X(CALL_LOCAL)                                         \
    X(EXIT)

#define OPERATIONS_FOUR(X, name) \
    X(name##_64_K)               \
    X(name##_64_X)               \
    X(name##_32_K)               \
    X(name##_32_X)

enum operation {
    OPERATION_NONE,
/* clang-format off */
#define OPERATION_NUMBER(name)    OPERATION_##name,
#define OPERATION_NUMBERS_2(name) OPERATION_##name##_64, OPERATION_##name##_32,
#define OPERATION_NUMBERS_4(name) OPERATIONS_FOUR(OPERATION_NUMBER, name)
    OPERATIONS_ALU(OPERATION_NUMBERS_4)
    OPERATIONS_JUMP(OPERATION_NUMBERS_4)
    OPERATIONS_ATOMIC(OPERATION_NUMBERS_2)
    OPERATIONS_OTHER(OPERATION_NUMBER)
#undef OPERATION_NUMBER
#undef OPERATION_NUMBERS_2
#undef OPERATION_NUMBERS_4
    /* clang-format on */
    OPERATION_CALL_HELPER,
    OPERATION_COUNT
};

/*
 * What instruction this is; OPERATION_NONE when it is none or its unused
 * fields are not zero, and REASON, which may be NULL, says so.
 */
enum operation
instruction_operation(const struct ebpf_insn *instruction, struct log *reason);

/* Instructions that it takes in the program: 2 for IMM64, else 1. */
static inline uint32_t
instruction_slots(const struct ebpf_insn *instruction)
{
    return instruction->opcode == (EBPF_LD | EBPF_IMM | EBPF_DW) ? 2 : 1;
}

/* A jump that goes by an offset or imm, conditional or not. */
int instruction_is_jump(const struct ebpf_insn *instruction);

/* One of those that always jump. */
int instruction_is_goto(const struct ebpf_insn *instruction);

/* A call of again(). */
int instruction_asks_again(const struct ebpf_insn *instruction);

int instruction_is_exit(const struct ebpf_insn *instruction);

/* Distance of a jump or local call from the instruction after it. */
int32_t instruction_distance(const struct ebpf_insn *instruction);

/* Bytes that a load, store or atomic operation accesses. */
uint32_t instruction_width(const struct ebpf_insn *instruction);

/* Registers that it reads and that it sets: bit N is rN. */
void instruction_effects(const struct ebpf_insn *instruction, unsigned *reads,
                         unsigned *sets);

/*
 * Check each instruction alone, and that every jump and call leads to an
 * instruction and the last one cannot be passed.  0, PROBE_ERROR_LIMIT or
 * PROBE_ERROR_PROGRAM with the reason in LOG.
 */
int instructions_validate(const struct program_source *source, struct log *log);

/*
 * Write instruction INDEX of COUNT: "3: r0 += r1".  Takes any bytes.
 */
void instruction_disassemble(const struct ebpf_insn *instructions,
                             uint32_t count, uint32_t index, struct log *log);

/*
 * Begin a message about instruction INDEX, "insn 3: "; then the reason is
 * put; then end with the instruction as text on a line of its own.
 */
void instruction_error_begin(struct log *log, uint32_t index);
void instruction_error_end(struct log *log, const struct program_source *source,
                           uint32_t index);

/* Name of a helper, or NULL if there is none of that number. */
const char *helper_name(int32_t number);

#endif /* KERNEL_PROGRAM_INSTRUCTION_H */
