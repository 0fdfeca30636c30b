/*
 * The table of instructions, after RFC 9669.
 *
 * An opcode selects a row.  Where one opcode means several operations, told
 * apart by another field (offset, imm or src), the row says which field and
 * the operation is looked up by its value among the variants.
 */

#include "kernel/program/instruction.h"

#include "protocol/error.h"
#include "protocol/helper.h"

/* Fields that an instruction uses; the others must be zero. */
#define DST    1
#define SRC    2
#define OFFSET 4
#define IMM    8

/* The field that selects among variants; it counts as used. */
enum selector { BY_NOTHING, BY_OFFSET, BY_IMM, BY_SRC };

struct row {
    uint8_t fields;
    uint8_t selector;
    uint8_t operation; /* without variants */
};

struct variant {
    uint8_t opcode;
    uint8_t operation;
    int16_t value; /* of the selecting field */
};

#define ALU(code, name)                                                 \
    [EBPF_ALU64 | code |                                                \
        EBPF_K] = {DST | IMM, BY_NOTHING, OPERATION_##name##_64_K},     \
        [EBPF_ALU64 | code |                                            \
            EBPF_X] = {DST | SRC, BY_NOTHING, OPERATION_##name##_64_X}, \
        [EBPF_ALU | code |                                              \
            EBPF_K] = {DST | IMM, BY_NOTHING, OPERATION_##name##_32_K}, \
        [EBPF_ALU | code |                                              \
            EBPF_X] = {DST | SRC, BY_NOTHING, OPERATION_##name##_32_X}

#define ALU_BY_OFFSET(code)                                       \
    [EBPF_ALU64 | code |                                          \
        EBPF_K] = {DST | IMM, BY_OFFSET, 0},                      \
        [EBPF_ALU64 | code | EBPF_X] = {DST | SRC, BY_OFFSET, 0}, \
        [EBPF_ALU | code | EBPF_K] = {DST | IMM, BY_OFFSET, 0},   \
        [EBPF_ALU | code | EBPF_X] = {DST | SRC, BY_OFFSET, 0}

#define JUMP(code, name)                                                     \
    [EBPF_JMP | code |                                                       \
        EBPF_K] = {DST | IMM | OFFSET, BY_NOTHING, OPERATION_##name##_64_K}, \
        [EBPF_JMP | code | EBPF_X] = {DST | SRC | OFFSET, BY_NOTHING,        \
                                      OPERATION_##name##_64_X},              \
        [EBPF_JMP32 | code | EBPF_K] = {DST | IMM | OFFSET, BY_NOTHING,      \
                                        OPERATION_##name##_32_K},            \
        [EBPF_JMP32 | code | EBPF_X] = {DST | SRC | OFFSET, BY_NOTHING,      \
                                        OPERATION_##name##_32_X}

#define MEMORY(width, bits)                                              \
    [EBPF_LDX | EBPF_MEM |                                               \
        width] = {DST | SRC | OFFSET, BY_NOTHING, OPERATION_LOAD##bits}, \
        [EBPF_ST | EBPF_MEM | width] = {DST | OFFSET | IMM, BY_NOTHING,  \
                                        OPERATION_STORE##bits##_K},      \
        [EBPF_STX | EBPF_MEM | width] = {DST | SRC | OFFSET, BY_NOTHING, \
                                         OPERATION_STORE##bits##_X}

#define LOAD_SIGNED(width, bits) \
    [EBPF_LDX | EBPF_MEMSX |     \
        width] = {DST | SRC | OFFSET, BY_NOTHING, OPERATION_LOADSX##bits}

static const struct row rows[256] = {
    ALU(EBPF_ADD, ADD),
    ALU(EBPF_SUB, SUB),
    ALU(EBPF_MUL, MUL),
    ALU_BY_OFFSET(EBPF_DIV),
    ALU(EBPF_OR, OR),
    ALU(EBPF_AND, AND),
    ALU(EBPF_LSH, LSH),
    ALU(EBPF_RSH, RSH),
    [EBPF_ALU64 | EBPF_NEG] = {DST, BY_NOTHING, OPERATION_NEG_64},
    [EBPF_ALU | EBPF_NEG] = {DST, BY_NOTHING, OPERATION_NEG_32},
    ALU_BY_OFFSET(EBPF_MOD),
    ALU(EBPF_XOR, XOR),
    [EBPF_ALU64 | EBPF_MOV |
        EBPF_K] = {DST | IMM, BY_NOTHING, OPERATION_MOV_64_K},
    [EBPF_ALU64 | EBPF_MOV | EBPF_X] = {DST | SRC, BY_OFFSET, 0},
    [EBPF_ALU | EBPF_MOV |
        EBPF_K] = {DST | IMM, BY_NOTHING, OPERATION_MOV_32_K},
    [EBPF_ALU | EBPF_MOV | EBPF_X] = {DST | SRC, BY_OFFSET, 0},
    ALU(EBPF_ARSH, ARSH),
    [EBPF_ALU | EBPF_END | EBPF_K] = {DST, BY_IMM, 0},   /* to little */
    [EBPF_ALU | EBPF_END | EBPF_X] = {DST, BY_IMM, 0},   /* to big */
    [EBPF_ALU64 | EBPF_END | EBPF_K] = {DST, BY_IMM, 0}, /* always */

    [EBPF_JMP | EBPF_JA] = {OFFSET, BY_NOTHING, OPERATION_JA},
    [EBPF_JMP32 | EBPF_JA] = {IMM, BY_NOTHING, OPERATION_JA},
    JUMP(EBPF_JEQ, JEQ),
    JUMP(EBPF_JGT, JGT),
    JUMP(EBPF_JGE, JGE),
    JUMP(EBPF_JSET, JSET),
    JUMP(EBPF_JNE, JNE),
    JUMP(EBPF_JSGT, JSGT),
    JUMP(EBPF_JSGE, JSGE),
    JUMP(EBPF_JLT, JLT),
    JUMP(EBPF_JLE, JLE),
    JUMP(EBPF_JSLT, JSLT),
    JUMP(EBPF_JSLE, JSLE),
    [EBPF_JMP | EBPF_CALL] = {IMM, BY_SRC, 0},
    [EBPF_JMP | EBPF_EXIT] = {0, BY_NOTHING, OPERATION_EXIT},

    MEMORY(EBPF_B, 8),
    MEMORY(EBPF_H, 16),
    MEMORY(EBPF_W, 32),
    MEMORY(EBPF_DW, 64),
    LOAD_SIGNED(EBPF_B, 8),
    LOAD_SIGNED(EBPF_H, 16),
    LOAD_SIGNED(EBPF_W, 32),
    [EBPF_STX | EBPF_ATOMIC | EBPF_W] = {DST | SRC | OFFSET, BY_IMM, 0},
    [EBPF_STX | EBPF_ATOMIC | EBPF_DW] = {DST | SRC | OFFSET, BY_IMM, 0},
    [EBPF_LD | EBPF_IMM | EBPF_DW] = {DST | IMM, BY_SRC, 0},
};

/* Unsigned with offset 0, signed with offset 1. */
#define DIVISION(code, name)                                       \
    {EBPF_ALU64 | code | EBPF_K, OPERATION_##name##_64_K, 0},      \
        {EBPF_ALU64 | code | EBPF_X, OPERATION_##name##_64_X, 0},  \
        {EBPF_ALU | code | EBPF_K, OPERATION_##name##_32_K, 0},    \
        {EBPF_ALU | code | EBPF_X, OPERATION_##name##_32_X, 0},    \
        {EBPF_ALU64 | code | EBPF_K, OPERATION_S##name##_64_K, 1}, \
        {EBPF_ALU64 | code | EBPF_X, OPERATION_S##name##_64_X, 1}, \
        {EBPF_ALU | code | EBPF_K, OPERATION_S##name##_32_K, 1},   \
        {EBPF_ALU | code | EBPF_X, OPERATION_S##name##_32_X, 1}

#define ATOMIC(value, name)                                           \
    {EBPF_STX | EBPF_ATOMIC | EBPF_DW, OPERATION_##name##_64, value}, \
    {                                                                 \
        EBPF_STX | EBPF_ATOMIC | EBPF_W, OPERATION_##name##_32, value \
    }

#define MOVE_64   (EBPF_ALU64 | EBPF_MOV | EBPF_X)
#define MOVE_32   (EBPF_ALU | EBPF_MOV | EBPF_X)
#define TO_LITTLE (EBPF_ALU | EBPF_END | EBPF_K)
#define TO_BIG    (EBPF_ALU | EBPF_END | EBPF_X)
#define SWAP      (EBPF_ALU64 | EBPF_END | EBPF_K)
#define CALL      (EBPF_JMP | EBPF_CALL)
#define LOAD_IMM  (EBPF_LD | EBPF_IMM | EBPF_DW)

static const struct variant variants[] = {
    DIVISION(EBPF_DIV, DIV),
    DIVISION(EBPF_MOD, MOD),
    {MOVE_64, OPERATION_MOV_64_X, 0},
    {MOVE_64, OPERATION_MOVSX8_64, 8},
    {MOVE_64, OPERATION_MOVSX16_64, 16},
    {MOVE_64, OPERATION_MOVSX32_64, 32},
    {MOVE_32, OPERATION_MOV_32_X, 0},
    {MOVE_32, OPERATION_MOVSX8_32, 8},
    {MOVE_32, OPERATION_MOVSX16_32, 16},
    {TO_LITTLE, OPERATION_LOW16, 16},
    {TO_LITTLE, OPERATION_LOW32, 32},
    {TO_LITTLE, OPERATION_LOW64, 64},
    {TO_BIG, OPERATION_SWAP16, 16},
    {TO_BIG, OPERATION_SWAP32, 32},
    {TO_BIG, OPERATION_SWAP64, 64},
    {SWAP, OPERATION_SWAP16, 16},
    {SWAP, OPERATION_SWAP32, 32},
    {SWAP, OPERATION_SWAP64, 64},
    ATOMIC(EBPF_ADD, ATOMIC_ADD),
    ATOMIC(EBPF_OR, ATOMIC_OR),
    ATOMIC(EBPF_AND, ATOMIC_AND),
    ATOMIC(EBPF_XOR, ATOMIC_XOR),
    ATOMIC(EBPF_ADD | EBPF_FETCH, FETCH_ADD),
    ATOMIC(EBPF_OR | EBPF_FETCH, FETCH_OR),
    ATOMIC(EBPF_AND | EBPF_FETCH, FETCH_AND),
    ATOMIC(EBPF_XOR | EBPF_FETCH, FETCH_XOR),
    ATOMIC(EBPF_ATOMIC_XCHG, EXCHANGE),
    ATOMIC(EBPF_ATOMIC_CMPXCHG, COMPARE_EXCHANGE),
    {CALL, OPERATION_CALL_HELPER, EBPF_CALL_HELPER},
    {CALL, OPERATION_CALL_LOCAL, EBPF_CALL_LOCAL},
    {LOAD_IMM, OPERATION_IMM64, EBPF_IMM64_VALUE},
    {LOAD_IMM, OPERATION_IMM64_MAP, EBPF_IMM64_MAP},
};

static enum operation
find_variant(uint8_t opcode, int32_t value)
{
    for (unsigned i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
        if (variants[i].opcode == opcode && variants[i].value == value)
            return variants[i].operation;
    return OPERATION_NONE;
}

/* Unused fields must be zero, so that they can get a meaning later. */
static int
fields_fit(const struct ebpf_insn *insn, unsigned used, struct log *log)
{
    const struct {
        unsigned field;
        int32_t value;
        const char *name;
    } fields[] = {
        {DST, insn->dst, "dst"},
        {SRC, insn->src, "src"},
        {OFFSET, insn->offset, "offset"},
        {IMM, insn->imm, "imm"},
    };
    for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if ((used & fields[i].field) == 0 && fields[i].value != 0) {
            log_put(log, "%s is not used here and must be 0, not %d",
                    fields[i].name, fields[i].value);
            return 0;
        }
    }
    if ((used & DST) && insn->dst >= EBPF_REGISTERS) {
        log_put(log, "there is no register r%u", insn->dst);
        return 0;
    }
    if ((used & SRC) && insn->src >= EBPF_REGISTERS) {
        log_put(log, "there is no register r%u", insn->src);
        return 0;
    }
    return 1;
}

enum operation
instruction_operation(const struct ebpf_insn *insn, struct log *reason)
{
    struct log none;
    log_start(&none, NULL, 0);
    if (reason == NULL)
        reason = &none;

    const struct row *row = &rows[insn->opcode];
    const struct {
        unsigned field;
        int32_t value;
        const char *name;
    } selectors[] = {
        [BY_OFFSET] = {OFFSET, insn->offset, "offset"},
        [BY_IMM] = {IMM, insn->imm, "imm"},
        [BY_SRC] = {SRC, insn->src, "src"},
    };

    enum operation operation = row->operation;
    unsigned used = row->fields;
    unsigned chosen = 0;
    if (row->selector != BY_NOTHING) {
        operation = find_variant(insn->opcode, selectors[row->selector].value);
        chosen = selectors[row->selector].field;
        if (operation == OPERATION_NONE) {
            log_put(reason, "opcode 0x%x has no variant with %s %d",
                    insn->opcode, selectors[row->selector].name,
                    selectors[row->selector].value);
            return OPERATION_NONE;
        }
    }
    if (operation == OPERATION_NONE) {
        log_put(reason, "there is no opcode 0x%x", insn->opcode);
        return OPERATION_NONE;
    }
    /* As selector SRC is no register. */
    if (chosen == SRC) {
        struct ebpf_insn rest = *insn;
        rest.src = 0;
        return fields_fit(&rest, used, reason) ? operation : OPERATION_NONE;
    }
    return fields_fit(insn, used | chosen, reason) ? operation : OPERATION_NONE;
}

int
instruction_is_jump(const struct ebpf_insn *insn)
{
    unsigned class = EBPF_CLASS(insn->opcode);
    unsigned operation = EBPF_OPERATION(insn->opcode);
    return (class == EBPF_JMP || class == EBPF_JMP32) &&
           operation != EBPF_CALL && operation != EBPF_EXIT;
}

int
instruction_is_goto(const struct ebpf_insn *insn)
{
    return instruction_is_jump(insn) && EBPF_OPERATION(insn->opcode) == EBPF_JA;
}

int
instruction_asks_again(const struct ebpf_insn *insn)
{
    return insn->opcode == (EBPF_JMP | EBPF_CALL) &&
           insn->src == EBPF_CALL_HELPER && insn->imm == PROBE_HELPER_again;
}

int
instruction_is_exit(const struct ebpf_insn *insn)
{
    return insn->opcode == (EBPF_JMP | EBPF_EXIT);
}

int32_t
instruction_distance(const struct ebpf_insn *insn)
{
    if (insn->opcode == (EBPF_JMP32 | EBPF_JA) || insn->opcode == CALL)
        return insn->imm;
    return insn->offset;
}

uint32_t
instruction_width(const struct ebpf_insn *insn)
{
    switch (EBPF_WIDTH(insn->opcode)) {
    case EBPF_B:
        return 1;
    case EBPF_H:
        return 2;
    case EBPF_W:
        return 4;
    default:
        return 8;
    }
}
