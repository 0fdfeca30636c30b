/*
 * What the verifier knows of a program before it follows paths: where paths
 * meet, and which registers may still be read.  Registers that are dead are
 * forgotten there, so that paths that differ in them only go on as one.
 */

#include "kernel/program/verifier_i.h"

void
flow_analyze(struct verifier *v)
{
    const struct program_source *source = v->source;

    for (uint32_t i = 0; i < source->count;
         i += instruction_slots(&source->instructions[i])) {
        const struct ebpf_insn *insn = &source->instructions[i];
        if (instruction_is_jump(insn))
            v->places[i + 1 + instruction_distance(insn)].meeting = 1;
    }

    int changed = 1;
    while (changed) {
        changed = 0;
        for (uint32_t i = source->count; i-- > 0;) {
            const struct ebpf_insn *insn = &source->instructions[i];
            if (insn->opcode == 0) /* half of a 64-bit load */
                continue;
            uint32_t next = i + instruction_slots(insn);
            unsigned live = 0, reads, sets;
            if (!instruction_is_exit(insn) && !instruction_is_goto(insn))
                live |= v->places[next].live;
            if (instruction_is_jump(insn))
                live |= v->places[next + instruction_distance(insn)].live;
            instruction_effects(insn, &reads, &sets);
            live = (live & ~sets) | reads;
            if (live != v->places[i].live) {
                v->places[i].live = live;
                changed = 1;
            }
        }
    }
}
