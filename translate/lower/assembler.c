#include "translate/lower/assembler.h"

static void
add(struct assembler *assembler, uint8_t opcode, unsigned dst, unsigned src,
    int16_t offset, int32_t imm)
{
    struct ebpf_insn insn = {
        .opcode = opcode,
        .dst = (uint8_t)(dst & 0xf),
        .src = (uint8_t)(src & 0xf),
        .offset = offset,
        .imm = imm,
    };

    LIST_ADD(assembler->arena, &assembler->code, insn);
}

void
assemble_move(struct assembler *assembler, unsigned dst, unsigned src)
{
    if (dst != src)
        add(assembler, EBPF_ALU64 | EBPF_MOV | EBPF_X, dst, src, 0, 0);
}

void
assemble_constant(struct assembler *assembler, unsigned dst, int64_t value)
{
    if (value == (int32_t)value) {
        add(assembler, EBPF_ALU64 | EBPF_MOV | EBPF_K, dst, 0, 0,
            (int32_t)value);
    } else if (value == (uint32_t)value) {
        add(assembler, EBPF_ALU | EBPF_MOV | EBPF_K, dst, 0, 0,
            (int32_t)(uint32_t)value);
    } else {
        add(assembler, EBPF_LD | EBPF_IMM | EBPF_DW, dst, EBPF_IMM64_VALUE, 0,
            (int32_t)(uint32_t)value);
        add(assembler, 0, 0, 0, 0, (int32_t)(value >> 32));
    }
}

void
assemble_known(struct assembler *assembler, unsigned dst, enum known known)
{
    add(assembler, EBPF_LD | EBPF_IMM | EBPF_DW, dst, EBPF_IMM64_KNOWN, 0,
        (int32_t)known);
    add(assembler, 0, 0, 0, 0, 0);
}

void
assemble_operation(struct assembler *assembler, uint8_t operation, unsigned dst,
                   unsigned src, bool is_signed)
{
    add(assembler, EBPF_ALU64 | operation | EBPF_X, dst, src, is_signed, 0);
}

void
assemble_immediate(struct assembler *assembler, uint8_t operation, unsigned dst,
                   int32_t imm)
{
    add(assembler, EBPF_ALU64 | operation | EBPF_K, dst, 0, 0, imm);
}

void
assemble_extend(struct assembler *assembler, unsigned dst, unsigned bits,
                bool is_signed)
{
    if (bits >= 64)
        return;
    if (is_signed && (bits == 8 || bits == 16 || bits == 32)) {
        add(assembler, EBPF_ALU64 | EBPF_MOV | EBPF_X, dst, dst, (int16_t)bits,
            0);
    } else if (!is_signed && bits == 32) {
        add(assembler, EBPF_ALU | EBPF_MOV | EBPF_X, dst, dst, 0, 0);
    } else if (!is_signed && bits < 32) {
        assemble_immediate(assembler, EBPF_AND, dst,
                           (int32_t)((1u << bits) - 1));
    } else {
        assemble_immediate(assembler, EBPF_LSH, dst, (int32_t)(64 - bits));
        assemble_immediate(assembler, is_signed ? EBPF_ARSH : EBPF_RSH, dst,
                           (int32_t)(64 - bits));
    }
}

void
assemble_load(struct assembler *assembler, uint8_t width, unsigned dst,
              unsigned src, int16_t offset)
{
    add(assembler, EBPF_LDX | EBPF_MEM | width, dst, src, offset, 0);
}

void
assemble_store(struct assembler *assembler, uint8_t width, unsigned dst,
               int16_t offset, unsigned src)
{
    add(assembler, EBPF_STX | EBPF_MEM | width, dst, src, offset, 0);
}

void
assemble_call(struct assembler *assembler, enum probe_helper helper)
{
    add(assembler, EBPF_JMP | EBPF_CALL, 0, EBPF_CALL_HELPER, 0,
        (int32_t)helper);
}

void
assemble_exit(struct assembler *assembler)
{
    add(assembler, EBPF_JMP | EBPF_EXIT, 0, 0, 0, 0);
}

static void
add_jump(struct assembler *assembler, uint8_t opcode, unsigned dst,
         unsigned src, int32_t imm, struct label *label)
{
    int16_t back = 0;

    if (label->put)
        back = (int16_t)((int)label->place - (int)assembler->code.count - 1);
    else
        LIST_ADD(assembler->arena, &label->jumps, assembler->code.count);
    add(assembler, EBPF_JMP | opcode, dst, src, back, imm);
}

void
assemble_jump_immediate(struct assembler *assembler, uint8_t operation,
                        unsigned dst, int32_t imm, struct label *label)
{
    add_jump(assembler, operation | EBPF_K, dst, 0, imm, label);
}

void
assemble_jump_register(struct assembler *assembler, uint8_t operation,
                       unsigned dst, unsigned src, struct label *label)
{
    add_jump(assembler, operation | EBPF_X, dst, src, 0, label);
}

void
assemble_goto(struct assembler *assembler, struct label *label)
{
    add_jump(assembler, EBPF_JA, 0, 0, 0, label);
}

void
assemble_label(struct assembler *assembler, struct label *label)
{
    label->put = true;
    label->place = assembler->code.count;
    LIST_EACH (jump, &label->jumps)
        assembler->code.items[*jump].offset =
            (int16_t)(assembler->code.count - *jump - 1);
}
