/*
 * Conditional jumps: which ways are possible, and what is learnt on each.
 *
 * Besides numbers with numbers, what can be decided is a pointer that may be
 * null with 0, and pointers into the same object, by their offsets.  Of any
 * other pair both ways are possible and nothing is learnt.
 */

#include "kernel/program/verifier_i.h"

/* Within this, the order of addresses is that of (signed) offsets. */
#define OFFSET_MAX ((int64_t)1 << 29)

/* Both operands of a jump, as they are if it is taken, or not. */
struct operands {
    struct known a, b;
};

static int
offset_is_small(const struct known *known)
{
    return known->range.smin >= -OFFSET_MAX && known->range.smax <= OFFSET_MAX;
}

static int
are_comparable(const struct known *a, const struct known *b)
{
    return a->kind == b->kind && a->id == b->id && a->frame == b->frame &&
           a->kind != KIND_MAP && !is_maybe_null(a) && offset_is_small(a) &&
           offset_is_small(b);
}

static unsigned
as_signed(unsigned jump)
{
    switch (jump) {
    case EBPF_JGT:
        return EBPF_JSGT;
    case EBPF_JGE:
        return EBPF_JSGE;
    case EBPF_JLT:
        return EBPF_JSLT;
    case EBPF_JLE:
        return EBPF_JSLE;
    }
    return jump;
}

/* A pointer that may be null is, or is not. */
static void
settle(struct known *known, int is_null)
{
    if (is_null)
        *known = known_number(range_constant(0));
    else
        known->kind =
            known->kind == KIND_VALUE_OR_NULL ? KIND_VALUE : KIND_RECORD;
}

/* What the operands are if the jump is taken or not; 0: it cannot be. */
static int
learn(const struct ebpf_insn *insn, int taken, struct operands *operands)
{
    struct known *a = &operands->a, *b = &operands->b;
    unsigned jump = EBPF_OPERATION(insn->opcode);
    int wide = EBPF_CLASS(insn->opcode) == EBPF_JMP;

    if (a->kind == KIND_NUMBER && b->kind == KIND_NUMBER)
        return range_refine(jump, wide, taken, &a->range, &b->range);
    if (!wide)
        return 1;
    if (jump == EBPF_JEQ || jump == EBPF_JNE) {
        int equal = (jump == EBPF_JEQ) == taken;
        struct known *pointer = is_zero(b) ? a : is_zero(a) ? b : NULL;
        if (pointer != NULL && is_maybe_null(pointer)) {
            settle(pointer, equal);
            return 1;
        }
        /* A typed pointer with a small offset is never 0. */
        if (pointer != NULL && offset_is_small(pointer))
            return !equal;
    }
    if (jump != EBPF_JSET && are_comparable(a, b))
        return range_refine(as_signed(jump), 1, taken, &a->range, &b->range);
    return 1;
}

static struct operands
operands_of(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    struct frame *frame = current_frame(v);
    struct operands operands = {
        .a = frame->registers[insn->dst],
        .b = known_number(range_constant((int64_t)insn->imm)),
    };
    if (insn->opcode & EBPF_X)
        operands.b = frame->registers[insn->src];
    return operands;
}

/* What was known, and what is known now. */
struct lesson {
    struct known before;
    struct known after;
};

static void
apply_lesson(struct known *known, const void *argument)
{
    const struct lesson *lesson = argument;
    if (known->kind == lesson->before.kind && known->id == lesson->before.id) {
        if (known->kind == KIND_NUMBER)
            known->range = lesson->after.range;
        else if (is_maybe_null(known))
            settle(known, lesson->after.kind == KIND_NUMBER);
    }
}

/* Put what was learnt of register N in force, for its copies too. */
static void
apply(struct verifier *v, unsigned n, const struct known *after)
{
    struct lesson lesson = {current_frame(v)->registers[n], *after};

    if (lesson.before.kind == KIND_RECORD_OR_NULL && after->kind == KIND_NUMBER)
        v->state.record = 0;
    if (lesson.before.id != 0)
        each_known(&v->state, apply_lesson, &lesson);
    current_frame(v)->registers[n] = *after;
}

static void
go(struct verifier *v, int taken)
{
    const struct ebpf_insn *insn = current_insn(v);
    struct operands operands = operands_of(v);

    learn(insn, taken, &operands);
    /* Comparing a register with itself teaches nothing of it. */
    if ((insn->opcode & EBPF_X) == 0 || insn->dst != insn->src) {
        apply(v, insn->dst, &operands.a);
        if (insn->opcode & EBPF_X)
            apply(v, insn->src, &operands.b);
    }
    v->state.insn = v->at + 1 + (taken ? instruction_distance(insn) : 0);
}

void
take_branch(struct verifier *v)
{
    if (instruction_is_jump(current_insn(v)))
        go(v, 1);
    else
        v->state.insn = v->at + 1; /* again() returned 0 */
}

int
verify_jump(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);

    if (instruction_is_goto(insn)) {
        v->state.insn = v->at + 1 + instruction_distance(insn);
        return 1;
    }
    if (register_read(v, insn->dst) == NULL ||
        ((insn->opcode & EBPF_X) && register_read(v, insn->src) == NULL))
        return 0;

    struct operands operands = operands_of(v);
    int can_take = learn(insn, 1, &operands);
    operands = operands_of(v);
    int can_pass = learn(insn, 0, &operands);
    if (can_take && can_pass) {
        v->state.insn = v->at;
        if (!leave_branch(v))
            return 0;
    }
    go(v, !can_pass);
    return 1;
}
