/*
 * How registers and the stack of a program are used:
 *
 *   r0 to r5   arguments and results of helpers, and scratch
 *   r6         the context of the hit
 *   r7         the record
 *   r8         top of the stack of words that steps work on
 *
 *   r10 -8, -16, ...   the words below the top, the lowest first
 *   r10 -BUFFER        where memory is read to
 */

#include "translate/record.h"

#include <stddef.h>

#include "protocol/context.h"
#include "protocol/limits.h"
#include "translate/assembler.h"
#include "translate/record_stack.h"

#define CONTEXT 6
#define RECORD  7
#define TOP     8
#define FRAME   10

/* Of a fault word. */
#define FAULT_BITS 64

/* Below the words of the stack. */
#define BUFFER (8 * (LOCATION_DEPTH_MAX + 1))

#if BUFFER > EBPF_FRAME_SIZE
#error "the stack of a location does not fit into a program's frame"
#endif

/* A payload of nothing still has a word: a record is not empty. */
#define PAYLOAD_MIN 8

/* The word that tells which of the others were not read. */
#define SAVED_FAULTS (PROBE_CONTEXT_SAVED - 1)

/* Whether a value of the group may fail: then all of them are told to. */
static bool
group_may_fault(const struct target_value *const *values, unsigned count,
                const void *group)
{
    for (unsigned i = 0; i < count; i++)
        if (values[i] != NULL && values[i]->group == group &&
            target_may_fault(values[i]))
            return true;
    return false;
}

/* The bit of capture NUMBER, which may be that of an earlier one. */
static int
fault_bit(const struct plan_handler *handler,
          const struct target_value *const *values, unsigned number, int *bits)
{
    const struct target_value *value = values[number];

    if (value == NULL ||
        (value->group == NULL
             ? !target_may_fault(value)
             : !group_may_fault(values, handler->captures.count, value->group)))
        return CAPTURE_NO_FAULT;
    for (unsigned i = 0; value->group != NULL && i < number; i++)
        if (values[i] != NULL && values[i]->group == value->group)
            return handler->captures.items[i]->fault;
    return (*bits)++;
}

int
record_lay_out(struct plan_handler *handler,
               const struct target_value *const *values, struct error *error)
{
    uint32_t size = 0;
    int faults = 0;

    for (unsigned i = 0; i < handler->captures.count; i++)
        handler->captures.items[i]->fault =
            fault_bit(handler, values, i, &faults);
    handler->faults = size;
    size += (uint32_t)((faults + FAULT_BITS - 1) / FAULT_BITS) *
            (uint32_t)sizeof(uint64_t);
    LIST_EACH (at, &handler->captures) {
        struct capture *capture = *at;

        capture->offset = size;
        size += (capture->size + 7) & ~7u;
    }
    handler->payload_size = size > PAYLOAD_MIN ? size : PAYLOAD_MIN;
    if (size > PROBE_RECORD_PAYLOAD_MAX)
        return error_set(error,
                         "what a handler reads takes %u bytes; a record has "
                         "room for %u",
                         size, PROBE_RECORD_PAYLOAD_MAX);
    return 0;
}

/* ---- steps ----------------------------------------------------------- */

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

struct writer {
    struct assembler assembler;
    unsigned depth;      /* of words, the one in TOP included */
    unsigned deepest;    /* it was for the value at hand */
    struct label *fault; /* where a read that fails goes */
};

/* Place of the word NUMBER, the lowest being 0. */
static int16_t
slot(unsigned number)
{
    return (int16_t)(-8 * (int)(number + 1));
}

/* Make room for a new top. */
static void
spill(struct writer *writer)
{
    if (writer->depth > 0)
        assemble_store(&writer->assembler, EBPF_DW, FRAME,
                       slot(writer->depth - 1), TOP);
    if (++writer->depth > writer->deepest)
        writer->deepest = writer->depth;
}

/* The word BELOW the top into a register. */
static void
fetch(struct writer *writer, unsigned reg, unsigned below)
{
    assemble_load(&writer->assembler, EBPF_DW, reg, FRAME,
                  slot(writer->depth - 1 - below));
}

static void
write_load(struct writer *writer, int64_t size, enum probe_helper helper)
{
    struct assembler *assembler = &writer->assembler;
    uint8_t width = size == 1   ? EBPF_B
                    : size == 2 ? EBPF_H
                    : size == 4 ? EBPF_W
                                : EBPF_DW;

    assemble_move(assembler, 1, FRAME);
    assemble_immediate(assembler, EBPF_ADD, 1, -BUFFER);
    assemble_constant(assembler, 2, size);
    assemble_move(assembler, 3, TOP);
    assemble_call(assembler, helper);
    assemble_jump_immediate(assembler, EBPF_JNE, 0, 0, writer->fault);
    assemble_load(assembler, width, TOP, FRAME, -BUFFER);
}

static void
write_comparison(struct writer *writer, uint8_t jump)
{
    struct assembler *assembler = &writer->assembler;
    struct label holds = {0};

    fetch(writer, 1, 1);
    assemble_constant(assembler, 0, 1);
    assemble_jump_register(assembler, jump, 1, TOP, &holds);
    assemble_constant(assembler, 0, 0);
    assemble_label(assembler, &holds);
    assemble_move(assembler, TOP, 0);
    writer->depth--;
}

/* |x| is (x ^ s) - s, where s is the sign in all bits. */
static void
write_absolute(struct writer *writer)
{
    struct assembler *assembler = &writer->assembler;

    assemble_move(assembler, 1, TOP);
    assemble_immediate(assembler, EBPF_ARSH, 1, 63);
    assemble_operation(assembler, EBPF_XOR, TOP, 1, false);
    assemble_operation(assembler, EBPF_SUB, TOP, 1, false);
}

/* Copies of words change places by way of r1 and r2. */
static void
write_exchange(struct writer *writer, enum step_kind kind)
{
    struct assembler *assembler = &writer->assembler;

    fetch(writer, 1, 1);
    if (kind == STEP_SWAP) {
        assemble_store(assembler, EBPF_DW, FRAME, slot(writer->depth - 2), TOP);
    } else {
        fetch(writer, 2, 2);
        assemble_store(assembler, EBPF_DW, FRAME, slot(writer->depth - 2), 2);
        assemble_store(assembler, EBPF_DW, FRAME, slot(writer->depth - 3), TOP);
    }
    assemble_move(assembler, TOP, 1);
}

static void
write_context(struct writer *writer, size_t offset)
{
    spill(writer);
    assemble_load(&writer->assembler, EBPF_DW, TOP, CONTEXT, (int16_t)offset);
}

static size_t
saved_offset(unsigned word)
{
    return offsetof(struct probe_context, saved) + 8 * (size_t)word;
}

static void
write_saved(struct writer *writer, int64_t value)
{
    struct assembler *assembler = &writer->assembler;
    unsigned word = (unsigned)value & ~(unsigned)STEP_SAVED_FAULTS;

    if (value & STEP_SAVED_FAULTS) {
        assemble_load(assembler, EBPF_DW, 1, CONTEXT,
                      (int16_t)saved_offset(SAVED_FAULTS));
        assemble_jump_immediate(assembler, EBPF_JSET, 1, (int32_t)(1u << word),
                                writer->fault);
    }
    write_context(writer, saved_offset(word));
}

static void
write_step(struct writer *writer, const struct step *step)
{
    struct assembler *assembler = &writer->assembler;

    if (KNOWN(operations, step->kind)) {
        fetch(writer, 1, 1);
        assemble_operation(assembler, operations[step->kind].operation, 1, TOP,
                           operations[step->kind].is_signed);
        assemble_move(assembler, TOP, 1);
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
        assemble_constant(assembler, TOP, step->value);
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
        assemble_move(assembler, TOP, 0);
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
    case STEP_PICK:
        spill(writer);
        if (step->value > 0) /* a copy of the top is there already */
            fetch(writer, TOP, (unsigned)step->value + 1);
        break;
    case STEP_DROP:
        if (writer->depth > 1)
            fetch(writer, TOP, 1);
        writer->depth--;
        break;
    case STEP_SWAP:
    case STEP_ROTATE:
        write_exchange(writer, step->kind);
        break;
    case STEP_ZERO_EXTEND:
    case STEP_SIGN_EXTEND:
        assemble_extend(assembler, TOP, (unsigned)step->value,
                        step->kind == STEP_SIGN_EXTEND);
        break;
    case STEP_NEGATE:
        assemble_immediate(assembler, EBPF_NEG, TOP, 0);
        break;
    case STEP_NOT:
        assemble_immediate(assembler, EBPF_XOR, TOP, -1);
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

/* Write such a pair, and additions that follow an addition along with it.
 * How many steps that is. */
static unsigned
write_joined(struct writer *writer, const step_list *steps, unsigned i)
{
    enum step_kind kind = steps->items[i + 1].kind;
    int64_t value = steps->items[i].value;
    unsigned count = 2;

    while (kind == STEP_ADD && joins_constant(steps, i + count) &&
           steps->items[i + count + 1].kind == STEP_ADD) {
        int64_t sum = value + steps->items[i + count].value;

        if (sum != (int32_t)sum)
            break;
        value = sum;
        count += 2;
    }
    assemble_immediate(&writer->assembler, operations[kind].operation, TOP,
                       (int32_t)value);
    return count;
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
    case STEP_PC:
    case STEP_FLAGS:
    case STEP_ENTRY_TIME:
    case STEP_SAVED:
        return 1;
    case STEP_DROP:
        return -1;
    default:
        return KNOWN(operations, kind) || KNOWN(comparisons, kind) ? -1 : 0;
    }
}

static int
check_steps(const step_list *steps, const char *name, struct error *error)
{
    int depth = 0;

    LIST_EACH (step, steps) {
        depth += growth(step->kind);
        if (depth > LOCATION_DEPTH_MAX)
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

static int
write_value(struct writer *writer, const struct target_value *value,
            struct error *error)
{
    const step_list *steps = &value->steps;

    if (check_steps(steps, value->name, error) != 0)
        return -1;
    writer->depth = writer->deepest = 0;
    for (unsigned i = 0; i < steps->count; i++) {
        if (writer->depth > 0 && joins_constant(steps, i))
            i += write_joined(writer, steps, i) - 1;
        else
            write_step(writer, &steps->items[i]);
    }
    return 0;
}

/* ---- captures -------------------------------------------------------- */

/*
 * After a read that may fail two ways meet.  For a verifier that follows both
 * they must not differ, or each such read doubles the ways there are: so the
 * fault word is only in the record, and the stack's words are the same.
 */
static void
forget_slots(struct writer *writer)
{
    if (writer->deepest < 2)
        return;
    assemble_constant(&writer->assembler, 0, 0);
    for (unsigned i = 0; i < writer->deepest - 1; i++)
        assemble_store(&writer->assembler, EBPF_DW, FRAME, slot(i), 0);
}

static int
write_target(struct writer *writer, const struct capture *capture,
             const struct target_value *value, uint32_t faults,
             struct error *error)
{
    struct assembler *assembler = &writer->assembler;
    struct label fault = {0}, done = {0};

    writer->fault = &fault;
    if (write_value(writer, value, error) != 0)
        return -1;
    if (value->read == TARGET_NUMBER) {
        assemble_store(assembler, EBPF_DW, RECORD, (int16_t)capture->offset,
                       TOP);
    } else {
        assemble_move(assembler, 1, RECORD);
        assemble_immediate(assembler, EBPF_ADD, 1, (int32_t)capture->offset);
        assemble_constant(assembler, 2, capture->size);
        assemble_move(assembler, 3, TOP);
        assemble_call(assembler, target_helper(value));
        assemble_jump_immediate(assembler, EBPF_JSLT, 0, 0, &fault);
    }
    if (capture->fault != CAPTURE_NO_FAULT) {
        assemble_goto(assembler, &done);
        assemble_label(assembler, &fault);
        faults +=
            (uint32_t)capture->fault / FAULT_BITS * (uint32_t)sizeof(uint64_t);
        assemble_constant(assembler, 1,
                          (int64_t)(1ull << capture->fault % FAULT_BITS));
        assemble_load(assembler, EBPF_DW, 2, RECORD, (int16_t)faults);
        assemble_operation(assembler, EBPF_OR, 1, 2, false);
        assemble_store(assembler, EBPF_DW, RECORD, (int16_t)faults, 1);
        assemble_label(assembler, &done);
        forget_slots(writer);
    }
    return 0;
}

static int
write_capture(struct writer *writer, const struct plan_handler *handler,
              const struct capture *capture, const struct target_value *value,
              struct error *error)
{
    struct assembler *assembler = &writer->assembler;

    switch (capture->kind) {
    case CAPTURE_TARGET:
        return write_target(writer, capture, value, handler->faults, error);
    case CAPTURE_TASK_NAME:
        assemble_move(assembler, 1, RECORD);
        assemble_immediate(assembler, EBPF_ADD, 1, (int32_t)capture->offset);
        assemble_constant(assembler, 2, capture->size);
        assemble_call(assembler, PROBE_HELPER_task_name);
        return 0;
    case CAPTURE_TASK:
    case CAPTURE_THREAD:
        assemble_call(assembler, capture->kind == CAPTURE_TASK
                                     ? PROBE_HELPER_task
                                     : PROBE_HELPER_thread);
        assemble_store(assembler, EBPF_DW, RECORD, (int16_t)capture->offset, 0);
        return 0;
    default:
        record_stack(assembler, CONTEXT, RECORD, capture, handler->interrupted);
        return 0;
    }
}

static int
finish_program(const struct assembler *assembler, struct plan_program *program,
               struct error *error)
{
    if (assembler->code.count > PROBE_PROGRAM_INSNS_MAX)
        return error_set(error,
                         "what a handler reads takes a program of %u "
                         "instructions; at most %u are supported",
                         assembler->code.count, PROBE_PROGRAM_INSNS_MAX);
    program->instructions = assembler->code.items;
    program->count = assembler->code.count;
    return 0;
}

/* Go to OUT where the value is 0, or cannot be had. */
static int
write_when(struct writer *writer, const struct target_value *when,
           struct label *out, struct error *error)
{
    writer->fault = out;
    if (write_value(writer, when, error) != 0)
        return -1;
    assemble_jump_immediate(&writer->assembler, EBPF_JEQ, TOP, 0, out);
    forget_slots(writer);
    return 0;
}

int
record_program(struct arena *arena, const struct plan_handler *handler,
               const struct target_value *const *values,
               struct plan_program *program, struct error *error)
{
    struct writer writer = {.assembler.arena = arena};
    struct assembler *assembler = &writer.assembler;
    struct label out = {0};

    assemble_move(assembler, CONTEXT, 1);
    if (handler->when != NULL &&
        write_when(&writer, handler->when, &out, error) != 0)
        return -1;
    assemble_constant(assembler, 1, handler->payload_size);
    assemble_constant(assembler, 2, 0);
    assemble_call(assembler, PROBE_HELPER_record_reserve);
    assemble_jump_immediate(assembler, EBPF_JEQ, 0, 0, &out);
    assemble_move(assembler, RECORD, 0);
    for (unsigned i = 0; i < handler->captures.count; i++)
        if (write_capture(&writer, handler, handler->captures.items[i],
                          values[i], error) != 0)
            return -1;
    assemble_move(assembler, 1, RECORD);
    assemble_call(assembler, PROBE_HELPER_record_submit);
    assemble_label(assembler, &out);
    assemble_constant(assembler, 0, 0);
    assemble_exit(assembler);
    program->payload_size = handler->payload_size;
    return finish_program(assembler, program, error);
}

/* ---- at the entry ---------------------------------------------------- */

static int
write_saving(struct writer *writer, const struct target_value *value,
             unsigned word, struct error *error)
{
    struct assembler *assembler = &writer->assembler;
    struct label fault = {0}, done = {0};

    writer->fault = &fault;
    if (write_value(writer, value, error) != 0)
        return -1;
    assemble_store(assembler, EBPF_DW, CONTEXT, (int16_t)saved_offset(word),
                   TOP);
    if (target_may_fault(value)) {
        assemble_goto(assembler, &done);
        assemble_label(assembler, &fault);
        assemble_load(assembler, EBPF_DW, 1, CONTEXT,
                      (int16_t)saved_offset(SAVED_FAULTS));
        assemble_immediate(assembler, EBPF_OR, 1, (int32_t)(1u << word));
        assemble_store(assembler, EBPF_DW, CONTEXT,
                       (int16_t)saved_offset(SAVED_FAULTS), 1);
        assemble_label(assembler, &done);
        forget_slots(writer);
    }
    return 0;
}

int
record_entry_program(struct arena *arena,
                     const struct target_value *const *values, unsigned count,
                     struct plan_program *program, struct error *error)
{
    struct writer writer = {.assembler.arena = arena};
    struct assembler *assembler = &writer.assembler;

    assemble_move(assembler, CONTEXT, 1);
    for (unsigned i = 0; i < count; i++)
        if (write_saving(&writer, values[i], i, error) != 0)
            return -1;
    assemble_constant(assembler, 0, 0);
    assemble_exit(assembler);
    return finish_program(assembler, program, error);
}
