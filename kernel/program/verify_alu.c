/* Arithmetic: on numbers by range.h, on pointers only + and -. */

#include "kernel/program/verifier_i.h"

static int
same_object(const struct known *a, const struct known *b)
{
    return a->kind == b->kind && a->id == b->id && a->frame == b->frame &&
           a->kind != KIND_MAP;
}

static struct known
any_number(int wide)
{
    struct range range = range_unknown();
    return known_number(wide ? range : range_truncate(&range, 32));
}

/* At least one of A (the destination) and B is a pointer or a map. */
static int
pointer_arithmetic(struct verifier *v, const struct known *a,
                   const struct known *b, struct known *result)
{
    const struct ebpf_insn *insn = current_insn(v);
    unsigned operation = EBPF_OPERATION(insn->opcode);
    int wide = EBPF_CLASS(insn->opcode) == EBPF_ALU64;

    *result = any_number(wide);
    if (!wide || (operation != EBPF_ADD && operation != EBPF_SUB))
        return 1;
    if (is_maybe_null(a) || is_maybe_null(b))
        return refuse(v, "r%u is %s; compare it with 0 before arithmetic",
                      is_maybe_null(a) ? insn->dst : insn->src,
                      kind_text(is_maybe_null(a) ? a : b));
    if (a->kind == KIND_MAP || b->kind == KIND_MAP)
        return 1;
    if (a->kind != KIND_NUMBER && b->kind != KIND_NUMBER) {
        if (operation == EBPF_SUB && same_object(a, b))
            result->range = range_sub(&a->range, &b->range);
        return 1;
    }
    /* Number - pointer is a number. */
    if (operation == EBPF_SUB && a->kind == KIND_NUMBER)
        return 1;
    *result = a->kind == KIND_NUMBER ? *b : *a;
    result->range = operation == EBPF_ADD ? range_add(&a->range, &b->range)
                                          : range_sub(&a->range, &b->range);
    return 1;
}

static struct range
swap_bytes(const struct ebpf_insn *insn, const struct range *a)
{
    unsigned bits = insn->imm;
    struct range r = bits == 64 ? *a : range_truncate(a, bits);
    int to_little =
        EBPF_CLASS(insn->opcode) == EBPF_ALU && (insn->opcode & EBPF_X) == 0;
    if (to_little)
        return r;
    if (range_is_constant(&r))
        return range_constant(__builtin_bswap64(r.value) >> (64 - bits));
    r = range_unknown();
    return bits == 64 ? r : range_truncate(&r, bits);
}

static int
verify_move(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    int wide = EBPF_CLASS(insn->opcode) == EBPF_ALU64;

    if ((insn->opcode & EBPF_X) == 0) {
        uint64_t value =
            wide ? (uint64_t)(int64_t)insn->imm : (uint32_t)insn->imm;
        struct known constant = known_number(range_constant(value));
        return register_write(v, insn->dst, &constant);
    }
    struct known *src = register_read(v, insn->src);
    if (src == NULL)
        return 0;
    int whole =
        insn->offset == 0 &&
        (wide || (src->kind == KIND_NUMBER && src->range.umax <= UINT32_MAX));
    if (whole) {
        link_copies(v, src);
        return register_write(v, insn->dst, src);
    }
    struct range from = src->kind == KIND_NUMBER ? src->range : range_unknown();
    struct known part = known_number(range_alu(insn, &from, &from));
    return register_write(v, insn->dst, &part);
}

int
verify_alu(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    unsigned operation = EBPF_OPERATION(insn->opcode);
    struct known b = known_number(range_constant((int64_t)insn->imm));
    struct known result;

    if (operation == EBPF_MOV)
        return verify_move(v);

    const struct known *a = register_read(v, insn->dst);
    if (a == NULL)
        return 0;
    if (operation == EBPF_END) {
        struct range from = a->kind == KIND_NUMBER ? a->range : range_unknown();
        result = known_number(swap_bytes(insn, &from));
        return register_write(v, insn->dst, &result);
    }
    if (insn->opcode & EBPF_X) {
        const struct known *src = register_read(v, insn->src);
        if (src == NULL)
            return 0;
        b = *src;
    }
    if (a->kind == KIND_NUMBER && b.kind == KIND_NUMBER)
        result = known_number(range_alu(insn, &a->range, &b.range));
    else if (!pointer_arithmetic(v, a, &b, &result))
        return 0;
    return register_write(v, insn->dst, &result);
}

int
verify_load_imm(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    uint64_t value =
        (uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn->imm;
    struct known known = known_number(range_constant(value));

    if (insn->src == EBPF_IMM64_MAP)
        known = (struct known){.kind = KIND_MAP,
                               .map = v->source->maps[insn->imm],
                               .range = range_constant(0)};
    return register_write(v, insn->dst, &known);
}
