/*
 * What the verifier knows of a program before it follows paths.
 *
 * Where paths meet, it forgets what can no longer matter, so that paths that
 * differ in nothing else go on as one:
 *
 *  - registers that are written before they are read (not LIVE);
 *  - the ranges of numbers that never decide anything (not EXACT): they go
 *    into no jump, no address, no size, no stack slot, only into results.
 *
 * Both are found backwards from where registers are read.
 */

#include "kernel/program/helper.h"
#include "kernel/program/verifier_i.h"

#define BIT(n) (1u << (n))

static unsigned
exact_arguments(int32_t number)
{
    const struct helper *helper = helper_find(number);
    unsigned exact = 0;
    for (unsigned i = 0; i < HELPER_ARGUMENTS; i++)
        if (helper->arguments[i] != ARGUMENT_NONE &&
            helper->arguments[i] != ARGUMENT_NUMBER)
            exact |= BIT(i + 1);
    return exact;
}

/*
 * Of the registers that an instruction READS, those whose ranges matter, if
 * those in AFTER matter after it.
 */
static unsigned
exact_reads(const struct ebpf_insn *insn, unsigned reads, unsigned after)
{
    switch (EBPF_CLASS(insn->opcode)) {
    case EBPF_ALU:
    case EBPF_ALU64:
        return (after & BIT(insn->dst)) ? reads : 0;
    case EBPF_JMP:
    case EBPF_JMP32:
        if (EBPF_OPERATION(insn->opcode) == EBPF_CALL &&
            insn->src == EBPF_CALL_HELPER)
            return exact_arguments(insn->imm);
        /* What a function returns may matter to its caller. */
        return reads;
    case EBPF_STX:
        /* Only whole registers are remembered in the stack. */
        if (EBPF_MODE(insn->opcode) == EBPF_MEM &&
            EBPF_WIDTH(insn->opcode) == EBPF_DW)
            return reads;
        return BIT(insn->dst);
    default:
        return reads;
    }
}

static int
has_local_calls(const struct program_source *source)
{
    for (uint32_t i = 0; i < source->count; i++)
        if (source->instructions[i].opcode == (EBPF_JMP | EBPF_CALL) &&
            source->instructions[i].src == EBPF_CALL_LOCAL)
            return 1;
    return 0;
}

/* Bring one instruction's masks up to date; 1 if they have changed. */
static int
update(struct verifier *v, uint32_t index, int calls)
{
    const struct ebpf_insn *insn = &v->source->instructions[index];
    struct place *place = &v->places[index];
    uint32_t next = index + instruction_slots(insn);
    unsigned live = 0, exact = 0, reads, sets;

    if (!instruction_is_exit(insn) && !instruction_is_goto(insn)) {
        live |= v->places[next].live;
        exact |= v->places[next].exact;
    }
    if (instruction_is_jump(insn)) {
        uint32_t target = next + instruction_distance(insn);
        live |= v->places[target].live;
        exact |= v->places[target].exact;
    }
    instruction_effects(insn, &reads, &sets);
    live = (live & ~sets) | reads;
    exact = (exact & ~sets) | (instruction_is_exit(insn) && !calls
                                   ? 0
                                   : exact_reads(insn, reads, exact));
    if (live == place->live && exact == place->exact)
        return 0;
    place->live = live;
    place->exact = exact;
    return 1;
}

void
flow_analyze(struct verifier *v)
{
    const struct program_source *source = v->source;
    int calls = has_local_calls(source);
    int changed;

    for (uint32_t i = 0; i < source->count;
         i += instruction_slots(&source->instructions[i])) {
        const struct ebpf_insn *insn = &source->instructions[i];
        if (instruction_is_jump(insn))
            v->places[i + 1 + instruction_distance(insn)].meeting = 1;
        if (instruction_asks_again(insn))
            v->places[i].meeting = v->places[i].again = 1;
    }
    do {
        changed = 0;
        for (uint32_t i = source->count; i-- > 0;)
            if (source->instructions[i].opcode != 0) /* half of a load */
                changed |= update(v, i, calls);
    } while (changed);
}
