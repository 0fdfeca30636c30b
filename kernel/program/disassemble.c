/*
 * Instructions as text, in the notation that LLVM's assembler for this
 * instruction set reads: r0 += r1, w0 = 5, if r1 > 3 goto +2,
 * r0 = *(u32 *)(r1 + 8).  Jumps also say where they lead.
 */

#include "kernel/program/instruction.h"

/* By EBPF_OPERATION >> 4. */
static const char *const alu_signs[16] = {
    "+=",  "-=", "*=", "/=", "|=", "&=",  "<<=",
    ">>=", NULL, "%=", "^=", "=",  "s>>="};
static const char *const jump_signs[16] = {NULL, "==", ">",   ">=", "&",
                                           "!=", "s>", "s>=", NULL, NULL,
                                           "<",  "<=", "s<",  "s<="};

static void
put_alu(const struct ebpf_insn *insn, struct log *log)
{
    unsigned operation = EBPF_OPERATION(insn->opcode);
    int wide = EBPF_CLASS(insn->opcode) == EBPF_ALU64;
    int with_register = (insn->opcode & EBPF_X) != 0;
    char letter = wide ? 'r' : 'w';

    if (operation == EBPF_END) {
        const char *order = wide ? "bswap" : with_register ? "be" : "le";
        log_put(log, "r%u = %s%d r%u", insn->dst, order, insn->imm, insn->dst);
    } else if (operation == EBPF_NEG) {
        log_put(log, "%c%u = -%c%u", letter, insn->dst, letter, insn->dst);
    } else {
        int is_signed = insn->offset == 1 &&
                        (operation == EBPF_DIV || operation == EBPF_MOD);
        log_put(log, "%c%u %s%s ", letter, insn->dst, is_signed ? "s" : "",
                alu_signs[operation >> 4]);
        if (operation == EBPF_MOV && insn->offset != 0)
            log_put(log, "(s%d)", insn->offset);
        if (with_register)
            log_put(log, "%c%u", letter, insn->src);
        else
            log_put(log, "%d", insn->imm);
    }
}

static void
put_target(const struct ebpf_insn *insn, uint32_t index, struct log *log)
{
    int32_t distance = instruction_distance(insn);
    log_put(log, "%s%d <%lld>", distance < 0 ? "" : "+", distance,
            (long long)index + 1 + distance);
}

static void
put_jump(const struct ebpf_insn *insn, uint32_t index, struct log *log)
{
    int wide = EBPF_CLASS(insn->opcode) == EBPF_JMP;
    char letter = wide ? 'r' : 'w';

    switch (EBPF_OPERATION(insn->opcode)) {
    case EBPF_JA:
        log_put(log, wide ? "goto " : "gotol ");
        put_target(insn, index, log);
        return;
    case EBPF_CALL:
        if (insn->src == EBPF_CALL_LOCAL) {
            log_put(log, "call ");
            put_target(insn, index, log);
        } else if (helper_name(insn->imm) != NULL) {
            log_put(log, "call %s", helper_name(insn->imm));
        } else {
            log_put(log, "call %d", insn->imm);
        }
        return;
    case EBPF_EXIT:
        log_put(log, "exit");
        return;
    }
    log_put(log, "if %c%u %s ", letter, insn->dst,
            jump_signs[EBPF_OPERATION(insn->opcode) >> 4]);
    if (insn->opcode & EBPF_X)
        log_put(log, "%c%u", letter, insn->src);
    else
        log_put(log, "%d", insn->imm);
    log_put(log, " goto ");
    put_target(insn, index, log);
}

static void
put_place(char kind, uint32_t bits, unsigned base, int offset, struct log *log)
{
    log_put(log, "*(%c%u *)(r%u %c %d)", kind, bits, base,
            offset < 0 ? '-' : '+', offset < 0 ? -offset : offset);
}

static const char *
atomic_name(int32_t imm)
{
    switch (imm) {
    case EBPF_ADD:
        return "+=";
    case EBPF_OR:
        return "|=";
    case EBPF_AND:
        return "&=";
    case EBPF_XOR:
        return "^=";
    case EBPF_ADD | EBPF_FETCH:
        return "fetch +=";
    case EBPF_OR | EBPF_FETCH:
        return "fetch |=";
    case EBPF_AND | EBPF_FETCH:
        return "fetch &=";
    case EBPF_XOR | EBPF_FETCH:
        return "fetch ^=";
    case EBPF_ATOMIC_XCHG:
        return "xchg";
    default:
        return "cmpxchg r0,";
    }
}

static void
put_memory(const struct ebpf_insn *insn, struct log *log)
{
    uint32_t bits = instruction_width(insn) * 8;
    switch (EBPF_CLASS(insn->opcode)) {
    case EBPF_LDX:
        log_put(log, "r%u = ", insn->dst);
        put_place(EBPF_MODE(insn->opcode) == EBPF_MEMSX ? 's' : 'u', bits,
                  insn->src, insn->offset, log);
        break;
    case EBPF_ST:
        put_place('u', bits, insn->dst, insn->offset, log);
        log_put(log, " = %d", insn->imm);
        break;
    default:
        if (EBPF_MODE(insn->opcode) == EBPF_ATOMIC)
            log_put(log, "lock ");
        put_place('u', bits, insn->dst, insn->offset, log);
        log_put(log, " %s r%u",
                EBPF_MODE(insn->opcode) == EBPF_ATOMIC ? atomic_name(insn->imm)
                                                       : "=",
                insn->src);
    }
}

static void
put_load_imm(const struct ebpf_insn *insn, struct log *log)
{
    if (insn->src == EBPF_IMM64_MAP)
        log_put(log, "r%u = map %d", insn->dst, insn->imm);
    else
        log_put(log, "r%u = 0x%llx ll", insn->dst,
                (unsigned long long)insn[1].imm << 32 | (uint32_t)insn->imm);
}

void
instruction_disassemble(const struct ebpf_insn *instructions, uint32_t count,
                        uint32_t index, struct log *log)
{
    const struct ebpf_insn *insn = &instructions[index];

    log_put(log, "%u: ", index);
    if (instruction_operation(insn, NULL) == OPERATION_NONE ||
        index + instruction_slots(insn) > count) {
        log_put(log, "opcode 0x%x, dst %u, src %u, offset %d, imm %d",
                insn->opcode, insn->dst, insn->src, insn->offset, insn->imm);
        return;
    }
    switch (EBPF_CLASS(insn->opcode)) {
    case EBPF_ALU:
    case EBPF_ALU64:
        put_alu(insn, log);
        break;
    case EBPF_JMP:
    case EBPF_JMP32:
        put_jump(insn, index, log);
        break;
    case EBPF_LD:
        put_load_imm(insn, log);
        break;
    default:
        put_memory(insn, log);
    }
}
