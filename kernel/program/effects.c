/* Which registers an instruction reads and sets. */

#include "kernel/program/helper.h"
#include "kernel/program/instruction.h"

#define BIT(n)    (1u << (n))
#define R1_TO(n)  (BIT((n) + 1) - BIT(1)) /* r1 to rn */
#define CLOBBERED (BIT(0) | R1_TO(5))

static unsigned
helper_reads(int32_t number)
{
    const struct helper *helper = helper_find(number);
    unsigned count = 0;
    while (count < HELPER_ARGUMENTS &&
           helper->arguments[count] != ARGUMENT_NONE)
        count++;
    return R1_TO(count);
}

void
instruction_effects(const struct ebpf_insn *insn, unsigned *reads,
                    unsigned *sets)
{
    unsigned dst = BIT(insn->dst);
    unsigned operation = EBPF_OPERATION(insn->opcode);
    unsigned src = (insn->opcode & EBPF_X) ? BIT(insn->src) : 0;

    *reads = 0;
    *sets = 0;
    switch (EBPF_CLASS(insn->opcode)) {
    case EBPF_ALU:
    case EBPF_ALU64:
        *reads = operation == EBPF_MOV   ? src
                 : operation == EBPF_END ? dst
                                         : dst | src;
        *sets = dst;
        break;
    case EBPF_JMP:
    case EBPF_JMP32:
        if (operation == EBPF_CALL) {
            *reads = insn->src == EBPF_CALL_LOCAL ? R1_TO(5)
                                                  : helper_reads(insn->imm);
            *sets = CLOBBERED;
        } else if (operation == EBPF_EXIT) {
            *reads = BIT(0);
        } else if (operation != EBPF_JA) {
            *reads = dst | src;
        }
        break;
    case EBPF_LD:
        *sets = dst;
        break;
    case EBPF_LDX:
        *reads = BIT(insn->src);
        *sets = dst;
        break;
    case EBPF_ST:
        *reads = dst;
        break;
    case EBPF_STX:
        *reads = dst | BIT(insn->src);
        if (EBPF_MODE(insn->opcode) != EBPF_ATOMIC)
            break;
        if (insn->imm == EBPF_ATOMIC_CMPXCHG) {
            *reads |= BIT(0);
            *sets = BIT(0);
        } else if (insn->imm & EBPF_FETCH) {
            *sets = BIT(insn->src);
        }
        break;
    }
}
