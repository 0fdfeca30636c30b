/* Loads, stores, atomic operations, and memory that helpers touch. */

#include "kernel/program/verifier_i.h"

/* Offsets beyond this are in no object; keeps sums of them exact. */
#define OFFSET_MAX ((int64_t)1 << 40)

/* Bytes that an access may touch, as offsets in the object: [first, end). */
struct extent {
    int64_t first;
    int64_t end;
};

static unsigned
slot_of(int64_t offset)
{
    return (unsigned)(-offset - 1) / 8;
}

static unsigned
byte_of(int64_t offset)
{
    return offset & 7;
}

static struct slot *
stack_slot(struct frame *frame, unsigned index)
{
    while (frame->depth <= index)
        frame->slots[frame->depth++] = (struct slot){0};
    return &frame->slots[index];
}

/* What a pointer points into, and its bytes' offsets: [low, high). */
struct object {
    const char *name;
    int64_t low;
    int64_t high;
};

static int
find_object(struct verifier *v, unsigned n, enum access access,
            struct object *object)
{
    const struct known *pointer = &current_frame(v)->registers[n];

    switch (pointer->kind) {
    case KIND_CONTEXT:
        object->name = v->entry->writable ? "the memory" : "the context";
        object->low = 0;
        if ((access & ACCESS_WRITE) && !v->entry->writable &&
            v->entry->scratch == 0)
            return refuse(v, "the context cannot be written");
        object->high = v->entry->size;
        return 1;
    case KIND_STACK:
        object->name = "the stack";
        object->low = -EBPF_FRAME_SIZE;
        object->high = 0;
        return 1;
    case KIND_VALUE:
    case KIND_RECORD:
        object->name =
            pointer->kind == KIND_VALUE ? "the map's value" : "the record";
        object->low = 0;
        object->high = pointer->size;
        return 1;
    case KIND_VALUE_OR_NULL:
    case KIND_RECORD_OR_NULL:
        return refuse(v, "r%u is %s; compare it with 0 first", n,
                      kind_text(pointer));
    case KIND_MAP:
        return refuse(v, "r%u is a map; map_lookup gives its values", n);
    default:
        return refuse(v,
                      "r%u is a number, not a pointer to memory; "
                      "read_kernel reads at any address",
                      n);
    }
}

static int
check_bounds(struct verifier *v, const struct extent *extent,
             const struct object *object)
{
    if (extent->first >= object->low && extent->end <= object->high)
        return 1;
    if (extent->first < -OFFSET_MAX || extent->end > OFFSET_MAX)
        return refuse(v,
                      "this may be anywhere beyond %s: the offset has "
                      "no bounds; compare it with its limits first",
                      object->name);
    return refuse(v,
                  "bytes %lld to %lld of %s may be accessed, which has "
                  "bytes %lld to %lld",
                  (long long)extent->first, (long long)extent->end - 1,
                  object->name, (long long)object->low,
                  (long long)object->high - 1);
}

/* All bytes of the extent must have been written. */
static int
read_stack(struct verifier *v, const struct known *pointer,
           const struct extent *extent)
{
    struct frame *frame = &v->state.frames[pointer->frame];
    for (int64_t at = extent->first; at < extent->end; at++) {
        unsigned index = slot_of(at);
        if (index >= frame->depth ||
            (frame->slots[index].set & (1u << byte_of(at))) == 0)
            return refuse(v, "the stack's byte at %d was not written before",
                          (int)at);
    }
    return 1;
}

/*
 * The bytes hold something new, of which nothing is known; those before
 * CERTAIN_END are written for certain.
 */
static void
write_stack(struct verifier *v, const struct known *pointer,
            const struct extent *extent, int64_t certain_end)
{
    struct frame *frame = &v->state.frames[pointer->frame];
    for (int64_t at = extent->first; at < extent->end; at++) {
        unsigned index = slot_of(at);
        int certain = at < certain_end;
        if (index >= frame->depth && !certain)
            continue;
        struct slot *slot = stack_slot(frame, index);
        slot->spilled = 0;
        if (certain)
            slot->set |= 1u << byte_of(at);
    }
}

int
memory_access(struct verifier *v, unsigned n, int64_t offset,
              const struct range *size, enum access access)
{
    const struct known *pointer = register_read(v, n);
    struct object object = {"", 0, 0};
    if (pointer == NULL || !find_object(v, n, access, &object))
        return 0;

    struct range constant = range_constant((uint64_t)offset);
    struct range at = range_add(&pointer->range, &constant);
    struct extent extent = {-OFFSET_MAX - 1, OFFSET_MAX + 1};
    if (at.smin >= -OFFSET_MAX && at.smax <= OFFSET_MAX &&
        size->umax <= (uint64_t)OFFSET_MAX) {
        extent.first = at.smin;
        extent.end = at.smax + (int64_t)size->umax;
    }
    if (!check_bounds(v, &extent, &object))
        return 0;
    if (pointer->kind == KIND_CONTEXT && (access & ACCESS_WRITE) &&
        !v->entry->writable && extent.first < v->entry->scratch)
        return refuse(v,
                      "the context cannot be written, but for its bytes "
                      "from %u on",
                      v->entry->scratch);
    if (pointer->kind == KIND_CONTEXT && extent.end > v->reach)
        v->reach = (uint32_t)extent.end;
    if (pointer->kind != KIND_STACK)
        return 1;
    if ((access & ACCESS_READ) && !read_stack(v, pointer, &extent))
        return 0;
    if (access & ACCESS_WRITE) {
        /* At a certain place, as many bytes as there are at least. */
        int64_t certain_end = extent.first;
        if (range_is_constant(&at))
            certain_end += (int64_t)size->umin;
        write_stack(v, pointer, &extent, certain_end);
    }
    return 1;
}

/* The slot that an access of a register at a fixed place is in, or NULL. */
static struct slot *
fixed_slot(struct verifier *v, const struct known *pointer, int64_t offset)
{
    if (pointer->kind != KIND_STACK || !range_is_constant(&pointer->range))
        return NULL;
    int64_t at = (int64_t)pointer->range.value + offset;
    if (at < -EBPF_FRAME_SIZE || at >= 0 || byte_of(at) != 0)
        return NULL;
    return stack_slot(&v->state.frames[pointer->frame], slot_of(at));
}

static int
verify_load(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    unsigned width = instruction_width(insn);
    struct range size = range_constant(width);
    int is_signed = EBPF_MODE(insn->opcode) == EBPF_MEMSX;

    if (!memory_access(v, insn->src, insn->offset, &size, ACCESS_READ))
        return 0;
    struct range value = range_unknown();
    struct slot *slot =
        fixed_slot(v, &current_frame(v)->registers[insn->src], insn->offset);
    if (slot != NULL && slot->spilled) {
        if (width == 8)
            return register_write(v, insn->dst, &slot->known);
        if (slot->known.kind == KIND_NUMBER)
            value = slot->known.range;
    }
    if (width < 8)
        value = is_signed ? range_sign_extend(&value, width * 8)
                          : range_truncate(&value, width * 8);
    struct known loaded = known_number(value);
    return register_write(v, insn->dst, &loaded);
}

static int
verify_store(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    unsigned width = instruction_width(insn);
    struct range size = range_constant(width);
    struct known constant = known_number(range_constant((int64_t)insn->imm));
    struct known *stored = &constant;

    if (EBPF_CLASS(insn->opcode) == EBPF_STX) {
        stored = register_read(v, insn->src);
        if (stored == NULL)
            return 0;
    }
    if (!memory_access(v, insn->dst, insn->offset, &size, ACCESS_WRITE))
        return 0;
    struct slot *slot =
        fixed_slot(v, &current_frame(v)->registers[insn->dst], insn->offset);
    if (slot != NULL && width == 8) {
        link_copies(v, stored);
        slot->spilled = 1;
        slot->known = *stored;
    }
    return 1;
}

static int
verify_atomic(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    unsigned width = instruction_width(insn);
    struct range size = range_constant(width);
    int compares = insn->imm == EBPF_ATOMIC_CMPXCHG;

    if (register_read(v, insn->src) == NULL ||
        (compares && register_read(v, 0) == NULL) ||
        !memory_access(v, insn->dst, insn->offset, &size,
                       ACCESS_READ | ACCESS_WRITE))
        return 0;
    struct range constant = range_constant((int64_t)insn->offset);
    struct range at =
        range_add(&current_frame(v)->registers[insn->dst].range, &constant);
    if ((at.value | at.mask) & (width - 1))
        return refuse(v,
                      "an atomic operation on %u bytes must be at a "
                      "multiple of %u",
                      width, width);
    if ((insn->imm & EBPF_FETCH) == 0)
        return 1;
    struct range value = range_unknown();
    struct known fetched =
        known_number(width == 8 ? value : range_truncate(&value, 32));
    return register_write(v, compares ? 0 : insn->src, &fetched);
}

int
verify_memory(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    if (EBPF_CLASS(insn->opcode) == EBPF_LDX)
        return verify_load(v);
    if (EBPF_MODE(insn->opcode) == EBPF_ATOMIC)
        return verify_atomic(v);
    return verify_store(v);
}
