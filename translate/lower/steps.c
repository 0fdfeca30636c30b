/*
 * How registers and the stack of a program are used: see steps.h.
 */

#include "translate/lower/steps.h"

#include <stddef.h>

#include "protocol/context.h"

#define FRAME 10

/* Below the words of the stack. */
#define BUFFER STEPS_FRAME

#if BUFFER > EBPF_FRAME_SIZE
#error "the stack of a location does not fit into a program's frame"
#endif

int16_t
steps_saved_offset(unsigned word)
{
    return (int16_t)(offsetof(struct probe_context, saved) + 8 * (size_t)word);
}

/* ---- single steps ----------------------------------------------------- */

/* How a step that joins two words is done, by its kind. */
static const struct {
    bool known;
    uint8_t operation;
    bool is_signed;
} operations[] = {
    [STEP_ADD] = {true, EBPF_ADD, false},
    [STEP_SUBTRACT] = {true, EBPF_SUB, false},
    [STEP_MULTIPLY] = {true, EBPF_MUL, false},
    [STEP_DIVIDE] = {true, EBPF_DIV, true},
    [STEP_MODULO] = {true, EBPF_MOD, false},
    [STEP_MODULO_SIGNED] = {true, EBPF_MOD, true},
    [STEP_AND] = {true, EBPF_AND, false},
    [STEP_OR] = {true, EBPF_OR, false},
    [STEP_XOR] = {true, EBPF_XOR, false},
    [STEP_SHIFT_LEFT] = {true, EBPF_LSH, false},
    [STEP_SHIFT_RIGHT] = {true, EBPF_RSH, false},
    [STEP_SHIFT_RIGHT_SIGNED] = {true, EBPF_ARSH, false},
};

static const struct {
    bool known;
    uint8_t jump;
} comparisons[] = {
    [STEP_EQ] = {true, EBPF_JEQ},  [STEP_NE] = {true, EBPF_JNE},
    [STEP_LT] = {true, EBPF_JSLT}, [STEP_LE] = {true, EBPF_JSLE},
    [STEP_GT] = {true, EBPF_JSGT}, [STEP_GE] = {true, EBPF_JSGE},
};

#define KNOWN(table, kind) \
    ((size_t)(kind) < sizeof(table) / sizeof((table)[0]) && (table)[kind].known)

/* Place of the word NUMBER, the lowest being 0. */
static int16_t
slot(unsigned number)
{
    return (int16_t)(-8 * (int)(number + 1));
}

/* Make room for a new top. */
static void
spill(struct steps_writer *writer)
{
    if (writer->depth > 0)
        assemble_store(&writer->assembler, EBPF_DW, FRAME,
                       slot(writer->depth - 1), STEPS_TOP);
    if (++writer->depth > writer->deepest)
        writer->deepest = writer->depth;
}

/* The word BELOW the top into a register. */
static void
fetch(struct steps_writer *writer, unsigned reg, unsigned below)
{
    assemble_load(&writer->assembler, EBPF_DW, reg, FRAME,
                  slot(writer->depth - 1 - below));
}

static uint8_t
width_of(unsigned size)
{
    return size == 1   ? EBPF_B
           : size == 2 ? EBPF_H
           : size == 4 ? EBPF_W
                       : EBPF_DW;
}

static void
write_load(struct steps_writer *writer, int64_t size, enum probe_helper helper)
{
    struct assembler *assembler = &writer->assembler;
    uint8_t width = width_of((unsigned)size);

    assemble_move(assembler, 1, FRAME);
    assemble_immediate(assembler, EBPF_ADD, 1, -BUFFER);
    assemble_constant(assembler, 2, size);
    assemble_move(assembler, 3, STEPS_TOP);
    assemble_call(assembler, helper);
    assemble_jump_immediate(assembler, EBPF_JNE, 0, 0, writer->fault);
    assemble_load(assembler, width, STEPS_TOP, FRAME, -BUFFER);
}

static void
write_store(struct steps_writer *writer, unsigned size)
{
    struct assembler *assembler = &writer->assembler;

    assemble_move(assembler, 3, STEPS_TOP);
    fetch(writer, STEPS_TOP, 1);
    writer->depth--;
    assemble_store(assembler, width_of(size), FRAME, -BUFFER, STEPS_TOP);
    assemble_move(assembler, 1, FRAME);
    assemble_immediate(assembler, EBPF_ADD, 1, -BUFFER);
    assemble_constant(assembler, 2, size);
    assemble_call(assembler, PROBE_HELPER_write_kernel);
    assemble_jump_immediate(assembler, EBPF_JNE, 0, 0, writer->fault);
}

static void
write_comparison(struct steps_writer *writer, uint8_t jump)
{
    struct assembler *assembler = &writer->assembler;
    struct label holds = {0};

    fetch(writer, 1, 1);
    assemble_constant(assembler, 0, 1);
    assemble_jump_register(assembler, jump, 1, STEPS_TOP, &holds);
    assemble_constant(assembler, 0, 0);
    assemble_label(assembler, &holds);
    assemble_move(assembler, STEPS_TOP, 0);
    writer->depth--;
}

/* |x| is (x ^ s) - s, where s is the sign in all bits. */
static void
write_absolute(struct steps_writer *writer)
{
    struct assembler *assembler = &writer->assembler;

    assemble_move(assembler, 1, STEPS_TOP);
    assemble_immediate(assembler, EBPF_ARSH, 1, 63);
    assemble_operation(assembler, EBPF_XOR, STEPS_TOP, 1, false);
    assemble_operation(assembler, EBPF_SUB, STEPS_TOP, 1, false);
}

/* Copies of words change places by way of r1 and r2. */
static void
write_exchange(struct steps_writer *writer, enum step_kind kind)
{
    struct assembler *assembler = &writer->assembler;

    fetch(writer, 1, 1);
    if (kind == STEP_SWAP) {
        assemble_store(assembler, EBPF_DW, FRAME, slot(writer->depth - 2),
                       STEPS_TOP);
    } else {
        fetch(writer, 2, 2);
        assemble_store(assembler, EBPF_DW, FRAME, slot(writer->depth - 2), 2);
        assemble_store(assembler, EBPF_DW, FRAME, slot(writer->depth - 3),
                       STEPS_TOP);
    }
    assemble_move(assembler, STEPS_TOP, 1);
}

static void
write_context(struct steps_writer *writer, size_t offset)
{
    spill(writer);
    assemble_load(&writer->assembler, EBPF_DW, STEPS_TOP, STEPS_CONTEXT,
                  (int16_t)offset);
}

static void
write_saved(struct steps_writer *writer, int64_t value)
{
    struct assembler *assembler = &writer->assembler;
    unsigned word = (unsigned)value & ~(unsigned)STEP_SAVED_FAULTS;

    if (value & STEP_SAVED_FAULTS) {
        assemble_load(assembler, EBPF_DW, 1, STEPS_CONTEXT,
                      steps_saved_offset(STEPS_SAVED_FAULTS));
        assemble_jump_immediate(assembler, EBPF_JSET, 1, (int32_t)(1u << word),
                                writer->fault);
    }
    write_context(writer, (size_t)steps_saved_offset(word));
}

static int16_t
variable_offset(const struct steps_writer *writer, int64_t variable)
{
    return steps_saved_offset(writer->variables + (unsigned)variable);
}

static void
write_step(struct steps_writer *writer, const struct step *step)
{
    struct assembler *assembler = &writer->assembler;

    if (KNOWN(operations, step->kind)) {
        fetch(writer, 1, 1);
        assemble_operation(assembler, operations[step->kind].operation, 1,
                           STEPS_TOP, operations[step->kind].is_signed);
        assemble_move(assembler, STEPS_TOP, 1);
        writer->depth--;
        return;
    }
    if (KNOWN(comparisons, step->kind)) {
        write_comparison(writer, comparisons[step->kind].jump);
        return;
    }
    switch (step->kind) {
    case STEP_REGISTER:
        write_context(writer, offsetof(struct probe_context, registers) +
                                  8 * (size_t)step->value);
        break;
    case STEP_CONSTANT:
        spill(writer);
        assemble_constant(assembler, STEPS_TOP, step->value);
        break;
    case STEP_LOAD:
    case STEP_LOAD_USER:
        write_load(writer, step->value,
                   step->kind == STEP_LOAD ? PROBE_HELPER_read_kernel
                                           : PROBE_HELPER_read_user);
        break;
    case STEP_TASK:
    case STEP_THREAD:
    case STEP_CPU:
        spill(writer);
        assemble_call(assembler, step->kind == STEP_TASK ? PROBE_HELPER_task
                                 : step->kind == STEP_THREAD
                                     ? PROBE_HELPER_thread
                                     : PROBE_HELPER_cpu);
        assemble_move(assembler, STEPS_TOP, 0);
        break;
    case STEP_KNOWN:
        spill(writer);
        assemble_known(assembler, STEPS_TOP, (enum known)step->value);
        break;
    case STEP_PC:
        write_context(writer, offsetof(struct probe_context, pc));
        break;
    case STEP_FLAGS:
        write_context(writer, offsetof(struct probe_context, flags));
        break;
    case STEP_ENTRY_TIME:
        write_context(writer, offsetof(struct probe_context, entry_time));
        break;
    case STEP_SAVED:
        write_saved(writer, step->value);
        break;
    case STEP_VARIABLE:
        write_context(writer, (size_t)variable_offset(writer, step->value));
        break;
    case STEP_ASSIGN:
        assemble_store(assembler, EBPF_DW, STEPS_CONTEXT,
                       variable_offset(writer, step->value), STEPS_TOP);
        break;
    case STEP_STORE:
        write_store(writer, (unsigned)step->value);
        break;
    case STEP_STORE_REGISTER:
        assemble_move(assembler, 1, STEPS_CONTEXT);
        assemble_constant(assembler, 2, step->value);
        assemble_move(assembler, 3, STEPS_TOP);
        assemble_call(assembler, PROBE_HELPER_write_register);
        assemble_jump_immediate(assembler, EBPF_JNE, 0, 0, writer->fault);
        break;
    case STEP_TARGET:
    case STEP_RECORD:
        writer->target(writer, (unsigned)step->value,
                       step->kind == STEP_RECORD);
        break;
    case STEP_PICK:
        spill(writer);
        if (step->value > 0) /* a copy of the top is there already */
            fetch(writer, STEPS_TOP, (unsigned)step->value + 1);
        break;
    case STEP_DROP:
        if (writer->depth > 1)
            fetch(writer, STEPS_TOP, 1);
        writer->depth--;
        break;
    case STEP_SWAP:
    case STEP_ROTATE:
        write_exchange(writer, step->kind);
        break;
    case STEP_ZERO_EXTEND:
    case STEP_SIGN_EXTEND:
        assemble_extend(assembler, STEPS_TOP, (unsigned)step->value,
                        step->kind == STEP_SIGN_EXTEND);
        break;
    case STEP_NEGATE:
        assemble_immediate(assembler, EBPF_NEG, STEPS_TOP, 0);
        break;
    case STEP_NOT:
        assemble_immediate(assembler, EBPF_XOR, STEPS_TOP, -1);
        break;
    case STEP_ABSOLUTE:
        write_absolute(writer);
        break;
    default:
        break;
    }
}

/* Whether two steps are "push a constant, then join it", for which there is
 * one instruction. */
static bool
joins_constant(const step_list *steps, unsigned i)
{
    if (i + 1 >= steps->count)
        return false;
    const struct step *step = &steps->items[i];
    if (step->kind != STEP_CONSTANT || step->value != (int32_t)step->value)
        return false;
    switch (step[1].kind) {
    case STEP_ADD:
    case STEP_SUBTRACT:
    case STEP_MULTIPLY:
    case STEP_AND:
    case STEP_OR:
    case STEP_XOR:
        return true;
    case STEP_SHIFT_LEFT:
    case STEP_SHIFT_RIGHT:
    case STEP_SHIFT_RIGHT_SIGNED:
        return step->value >= 0 && step->value < 64;
    default:
        return false;
    }
}

/* By how much a step makes the stack deeper. */
static int
growth(enum step_kind kind)
{
    switch (kind) {
    case STEP_REGISTER:
    case STEP_CONSTANT:
    case STEP_PICK:
    case STEP_TASK:
    case STEP_THREAD:
    case STEP_CPU:
    case STEP_KNOWN:
    case STEP_PC:
    case STEP_FLAGS:
    case STEP_ENTRY_TIME:
    case STEP_SAVED:
    case STEP_VARIABLE:
        return 1;
    case STEP_DROP:
    case STEP_BRANCH:
    case STEP_STORE:
        return -1;
    default:
        return KNOWN(operations, kind) || KNOWN(comparisons, kind) ? -1 : 0;
    }
}

unsigned
steps_depth(const step_list *steps)
{
    int depth = 0, deepest = 0;

    /* What is jumped over only makes it more. */
    LIST_EACH (step, steps) {
        depth += growth(step->kind);
        if (depth > deepest)
            deepest = depth;
    }
    return deepest < LOCATION_DEPTH_MAX ? (unsigned)deepest
                                        : LOCATION_DEPTH_MAX;
}

/*
 * Where branches lead: for each step, and for the end, the depth that the
 * stack has there, or NONE.
 */
#define NONE (-1)

struct flow {
    int *depths;
    struct label *labels;
};

/* Step I is a branch, behind which the stack is DEPTH deep. */
static int
note_branch(const step_list *steps, unsigned i, int depth, struct flow *flow)
{
    const struct step *step = &steps->items[i];
    int64_t to = (int64_t)i + 1 + step->value;

    if (step->kind != STEP_SKIP && step->kind != STEP_BRANCH)
        return 0;
    if (step->value < 0 || to > (int64_t)steps->count ||
        (flow->depths[to] != NONE && flow->depths[to] != depth))
        return -1;
    flow->depths[to] = depth;
    return 0;
}

static int
check_steps(const step_list *steps, const char *name, struct flow *flow,
            struct error *error)
{
    int depth = 0;

    for (unsigned i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        bool passed = i == 0 || steps->items[i - 1].kind != STEP_SKIP;

        if (flow->depths[i] != NONE && passed && flow->depths[i] != depth)
            depth = LOCATION_DEPTH_MAX + 1;
        else if (!passed && flow->depths[i] != NONE)
            depth = flow->depths[i];
        depth += growth(step->kind);
        if (depth < 0 || depth > LOCATION_DEPTH_MAX ||
            note_branch(steps, i, depth, flow) != 0)
            return error_set(
                error, "'%s' is too complex to be computed at the hit", name);
        if (step->kind == STEP_REGISTER &&
            (step->value < 0 || step->value >= PROBE_CONTEXT_REGISTERS))
            return error_set(error,
                             "'%s' is in register %lld of DWARF, which is not "
                             "recorded",
                             name, (long long)step->value);
    }
    return 0;
}

/* What is popped goes into r1: the stack is as deep as behind the branch. */
static void
write_branch(struct steps_writer *writer, const struct step *step,
             struct label *label)
{
    struct assembler *assembler = &writer->assembler;

    if (step->kind == STEP_SKIP) {
        assemble_goto(assembler, label);
        return;
    }
    assemble_move(assembler, 1, STEPS_TOP);
    if (writer->depth > 1)
        fetch(writer, STEPS_TOP, 1);
    writer->depth--;
    assemble_jump_immediate(assembler, EBPF_JNE, 1, 0, label);
}

/* A branch leads here: the stack is as deep as there. */
static void
write_label(struct steps_writer *writer, const struct flow *flow, unsigned i)
{
    if (flow->depths[i] == NONE)
        return;
    assemble_label(&writer->assembler, &flow->labels[i]);
    writer->depth = (unsigned)flow->depths[i];
}

/* Write such a pair, and additions that follow an addition along with it.
 * How many steps that is. */
static unsigned
write_joined(struct steps_writer *writer, const step_list *steps, unsigned i,
             const struct flow *flow)
{
    enum step_kind kind = steps->items[i + 1].kind;
    int64_t value = steps->items[i].value;
    unsigned count = 2;

    while (kind == STEP_ADD && joins_constant(steps, i + count) &&
           flow->depths[i + count] == NONE &&
           flow->depths[i + count + 1] == NONE &&
           steps->items[i + count + 1].kind == STEP_ADD) {
        int64_t sum = value + steps->items[i + count].value;

        if (sum != (int32_t)sum)
            break;
        value = sum;
        count += 2;
    }
    assemble_immediate(&writer->assembler, operations[kind].operation,
                       STEPS_TOP, (int32_t)value);
    return count;
}

/* The steps that one instruction stands for, from I on. */
static unsigned
write_some(struct steps_writer *writer, const step_list *steps, unsigned i,
           const struct flow *flow)
{
    const struct step *step = &steps->items[i];

    if (step->kind == STEP_SKIP || step->kind == STEP_BRANCH)
        write_branch(writer, step, &flow->labels[i + 1 + step->value]);
    else if (writer->depth > 0 && flow->depths[i + 1] == NONE &&
             joins_constant(steps, i))
        return write_joined(writer, steps, i, flow);
    else
        write_step(writer, step);
    return 1;
}

int
steps_write(struct steps_writer *writer, const step_list *steps,
            const char *name, struct error *error)
{
    struct arena *arena = writer->assembler.arena;
    struct flow flow = {
        .depths = arena_alloc(arena, (steps->count + 1) * sizeof(int)),
        .labels = arena_alloc(arena, (steps->count + 1) * sizeof(struct label)),
    };

    for (unsigned i = 0; i <= steps->count; i++)
        flow.depths[i] = NONE;
    if (check_steps(steps, name, &flow, error) != 0)
        return -1;
    writer->depth = writer->deepest = 0;
    for (unsigned i = 0; i < steps->count;) {
        write_label(writer, &flow, i);
        i += write_some(writer, steps, i, &flow);
    }
    write_label(writer, &flow, steps->count);
    return 0;
}

/*
 * After a read that may fail two ways meet.  For a verifier that follows both
 * they must not differ, or each such read doubles the ways there are: so the
 * fault word is only in the record, and the stack's words are the same.
 */
void
steps_forget(struct steps_writer *writer)
{
    if (writer->deepest < 2)
        return;
    assemble_constant(&writer->assembler, 0, 0);
    for (unsigned i = 0; i < writer->deepest - 1; i++)
        assemble_store(&writer->assembler, EBPF_DW, FRAME, slot(i), 0);
}
