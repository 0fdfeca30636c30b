/* From instructions to ops. */

#include "kernel/program/interpreter.h"

static unsigned
helper_code(int32_t number)
{
    switch (number) {
#define HELPER_CASE(n, name) \
    case n:                  \
        return INTERPRETER_HELPER_##name;
        PROBE_HELPERS(HELPER_CASE)
#undef HELPER_CASE
    }
    return 0; /* not reached: the number is validated */
}

static unsigned
code_of(const struct ebpf_insn *insn)
{
    enum operation operation = instruction_operation(insn, NULL);
    return operation == OPERATION_CALL_HELPER ? helper_code(insn->imm)
                                              : operation;
}

/* The code for both, or 0. */
static unsigned
pair_of(unsigned first, unsigned second)
{
#define PAIR_IF(a, b)                                      \
    if (first == OPERATION_##a && second == OPERATION_##b) \
        return INTERPRETER_##a##_##b;
    INTERPRETER_PAIRS(PAIR_IF)
#undef PAIR_IF
    return 0;
}

void
interpreter_translate(const struct program_source *source,
                      const void *const *codes, const uint32_t *costs,
                      struct op *ops)
{
    for (uint32_t i = 0; i < source->count; i++) {
        const struct ebpf_insn *insn = &source->instructions[i];
        unsigned code = code_of(insn);
        struct op *op = &ops[i];

        if (i + 1 < source->count) {
            unsigned pair = pair_of(code, code_of(insn + 1));
            code = pair != 0 ? pair : code;
        }
        op->code = codes[code];
        op->dst = insn->dst;
        op->src = insn->src;
        op->offset = insn->offset;
        op->imm = insn->imm;
        if (instruction_is_goto(insn))
            op->imm = instruction_distance(insn);
        if (instruction_asks_again(insn))
            op->imm = costs != NULL ? (int32_t)costs[i] : 1;
        if (instruction_slots(insn) == 2) {
            uint64_t value =
                (uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn->imm;
            if (insn->src == EBPF_IMM64_MAP)
                value = (uintptr_t)source->maps[insn->imm];
            ops[++i] = (struct op){.imm64 = value};
        }
    }
}
