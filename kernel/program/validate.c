/* Checks that look at one instruction at a time. */

#include "kernel/program/instruction.h"

#include "protocol/error.h"

void
instruction_error_begin(struct log *log, uint32_t index)
{
    log_put(log, "insn %u: ", index);
}

void
instruction_error_end(struct log *log, const struct program_source *source,
                      uint32_t index)
{
    log_put(log, "\n");
    instruction_disassemble(source->instructions, source->count, index, log);
}

/* True if INDEX is the second half of a 64-bit immediate load. */
static int
is_second_half(const struct program_source *source, int64_t index)
{
    /* No second half looks like a 64-bit load: its opcode has to be 0. */
    return index > 0 &&
           instruction_slots(&source->instructions[index - 1]) == 2;
}

static int
reason_against(const struct program_source *source, uint32_t index,
               struct log *log)
{
    const struct ebpf_insn *insn = &source->instructions[index];
    enum operation operation = instruction_operation(insn, log);
    if (operation == OPERATION_NONE)
        return 1;

    uint32_t next = index + instruction_slots(insn);
    if (next > source->count) {
        log_put(log, "the second half of the 64-bit load is missing");
        return 1;
    }
    if (next == index + 2) {
        const struct ebpf_insn *half = insn + 1;
        if (half->opcode != 0 || half->dst != 0 || half->src != 0 ||
            half->offset != 0) {
            log_put(log, "the second half of the 64-bit load may only have "
                         "an imm");
            return 1;
        }
    }
    switch (operation) {
    case OPERATION_IMM64_MAP:
        if (insn[1].imm != 0) {
            log_put(log, "the second imm of a map reference must be 0");
            return 1;
        }
        if ((uint32_t)insn->imm >= source->map_count ||
            source->maps[insn->imm] == NULL) {
            log_put(log, "there is no map %d", insn->imm);
            return 1;
        }
        break;
    case OPERATION_CALL_HELPER:
        if (helper_name(insn->imm) == NULL) {
            log_put(log, "there is no helper %d", insn->imm);
            return 1;
        }
        break;
    default:
        break;
    }
    unsigned reads, sets;
    instruction_effects(insn, &reads, &sets);
    if (sets & (1u << (EBPF_REGISTERS - 1))) {
        log_put(log, "r10, the frame pointer, cannot be changed");
        return 1;
    }
    if (instruction_is_jump(insn) || operation == OPERATION_CALL_LOCAL) {
        int64_t target = (int64_t)next + instruction_distance(insn);
        if (target < 0 || target >= source->count) {
            log_put(log,
                    "leads to %lld, outside of the program's %u "
                    "instructions",
                    (long long)target, source->count);
            return 1;
        }
        if (is_second_half(source, target)) {
            log_put(log, "leads into the 64-bit load at %lld",
                    (long long)target - 1);
            return 1;
        }
    }
    if (next == source->count && !instruction_is_exit(insn) &&
        !instruction_is_goto(insn)) {
        log_put(log, "the program runs past its end; its last instruction "
                     "must be exit or goto");
        return 1;
    }
    return 0;
}

int
instructions_validate(const struct program_source *source, struct log *log)
{
    if (source->count == 0 || source->count > PROBE_PROGRAM_INSNS_MAX) {
        log_put(log, "a program has 1 to %u instructions, not %u",
                PROBE_PROGRAM_INSNS_MAX, source->count);
        return source->count == 0 ? PROBE_ERROR_PROGRAM : PROBE_ERROR_LIMIT;
    }
    for (uint32_t i = 0; i < source->count;
         i += instruction_slots(&source->instructions[i])) {
        size_t start = log->length;
        instruction_error_begin(log, i);
        if (reason_against(source, i, log)) {
            instruction_error_end(log, source, i);
            return PROBE_ERROR_PROGRAM;
        }
        log->length = start;
        if (log->size > 0)
            log->text[start] = '\0';
    }
    return 0;
}
