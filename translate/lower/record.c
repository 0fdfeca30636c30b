#include "translate/lower/record.h"

#include "protocol/context.h"
#include "protocol/limits.h"
#include "translate/lower/callers.h"
#include "translate/lower/followed.h"
#include "translate/lower/stack.h"
#include "translate/lower/steps.h"

/* Of a fault word. */
#define FAULT_BITS RECORD_FAULT_BITS

/* A payload of nothing still has a word: a record is not empty. */
#define PAYLOAD_MIN 8

/* ---- layout ---------------------------------------------------------- */

struct layout {
    struct plan_handler *handler;
    const struct target_value *const *values;
    const struct plan_loop *loop; /* whose rounds, or NULL */
};

/* Whether capture NUMBER is laid out, and of GROUP. */
static bool
is_of_group(const struct layout *layout, unsigned number, const void *group)
{
    return layout->handler->captures.items[number]->loop == layout->loop &&
           layout->values[number] != NULL &&
           layout->values[number]->group == group;
}

/* Whether a value of the group may fail: then all of them are told to. */
static bool
group_may_fault(const struct layout *layout, const void *group)
{
    for (unsigned i = 0; i < layout->handler->captures.count; i++)
        if (is_of_group(layout, i, group) &&
            target_may_fault(layout->values[i]))
            return true;
    return false;
}

/* The bit of capture NUMBER, which may be that of an earlier one. */
static int
fault_bit(const struct layout *layout, unsigned number, int *bits)
{
    const struct target_value *value = layout->values[number];

    if (value == NULL ||
        (value->group == NULL ? !target_may_fault(value)
                              : !group_may_fault(layout, value->group)))
        return CAPTURE_NO_FAULT;
    for (unsigned i = 0; value->group != NULL && i < number; i++)
        if (is_of_group(layout, i, value->group))
            return layout->handler->captures.items[i]->fault;
    return (*bits)++;
}

/* Strings of a round are behind it, as long as they are. */
static uint32_t
space_of(const struct capture *capture)
{
    if (capture->loop != NULL)
        return sizeof(uint64_t);
    return (capture->size + 7) & ~7u;
}

/* From byte SIZE on: fault words, values, and first rounds of inner loops.
 * Returns where it ends. */
static uint32_t
lay_out(const struct layout *layout, uint32_t size, uint32_t *fault_words)
{
    struct plan_handler *handler = layout->handler;
    int faults = 0;

    for (unsigned i = 0; i < handler->captures.count; i++)
        if (handler->captures.items[i]->loop == layout->loop)
            handler->captures.items[i]->fault = fault_bit(layout, i, &faults);
    *fault_words = size;
    size += (uint32_t)((faults + FAULT_BITS - 1) / FAULT_BITS) *
            (uint32_t)sizeof(uint64_t);
    LIST_EACH (loop, &handler->loops) {
        if ((*loop)->outer != layout->loop)
            continue;
        (*loop)->first = size;
        size += sizeof(uint64_t);
    }
    LIST_EACH (at, &handler->captures) {
        struct capture *capture = *at;

        if (capture->loop != layout->loop)
            continue;
        capture->offset = size;
        size += space_of(capture);
    }
    return size;
}

int
record_lay_out(struct plan_handler *handler,
               const struct target_value *const *values, struct error *error)
{
    struct layout layout = {handler, values, NULL};
    uint32_t size = lay_out(&layout, 0, &handler->faults);

    handler->fixed_size = size > PAYLOAD_MIN ? size : PAYLOAD_MIN;
    handler->payload_size = handler->fixed_size;
    if (handler->loops.count > 0)
        handler->payload_size = PROBE_RECORD_PAYLOAD_MAX;
    LIST_EACH (loop, &handler->loops) {
        layout.loop = *loop;
        (*loop)->size = lay_out(&layout, sizeof(uint64_t), &(*loop)->faults);
        size += (*loop)->size;
    }
    if (size > PROBE_RECORD_PAYLOAD_MAX)
        return error_set(error,
                         "what a handler reads takes %u bytes; a record has "
                         "room for %u",
                         size, PROBE_RECORD_PAYLOAD_MAX);
    return 0;
}

/* ---- captures -------------------------------------------------------- */

/* Goes to FAULT if it cannot be read. */
static int
write_value(struct steps_writer *writer, const struct capture *capture,
            const struct target_value *value, struct label *fault,
            struct error *error)
{
    struct assembler *assembler = &writer->assembler;

    writer->fault = fault;
    if (steps_write(writer, &value->steps, value->name, error) != 0)
        return -1;
    if (value->read == TARGET_NUMBER) {
        assemble_store(assembler, EBPF_DW, STEPS_RECORD,
                       (int16_t)capture->offset, STEPS_TOP);
        return 0;
    }
    assemble_move(assembler, 1, STEPS_RECORD);
    assemble_immediate(assembler, EBPF_ADD, 1, (int32_t)capture->offset);
    assemble_constant(assembler, 2, capture->size);
    assemble_move(assembler, 3, STEPS_TOP);
    assemble_call(assembler, target_helper(value));
    assemble_jump_immediate(assembler, EBPF_JSLT, 0, 0, fault);
    return 0;
}

static int
write_target(struct steps_writer *writer, const struct capture *capture,
             const struct target_value *value, uint32_t faults,
             struct error *error)
{
    struct assembler *assembler = &writer->assembler;
    struct label fault = {0}, done = {0};

    if (write_value(writer, capture, value, &fault, error) != 0)
        return -1;
    if (capture->fault != CAPTURE_NO_FAULT) {
        assemble_goto(assembler, &done);
        assemble_label(assembler, &fault);
        faults +=
            (uint32_t)capture->fault / FAULT_BITS * (uint32_t)sizeof(uint64_t);
        assemble_constant(assembler, 1,
                          (int64_t)(1ull << capture->fault % FAULT_BITS));
        assemble_load(assembler, EBPF_DW, 2, STEPS_RECORD, (int16_t)faults);
        assemble_operation(assembler, EBPF_OR, 1, 2, false);
        assemble_store(assembler, EBPF_DW, STEPS_RECORD, (int16_t)faults, 1);
        assemble_label(assembler, &done);
        steps_forget(writer);
    }
    return 0;
}

/* What a place is about that is not what runs: 0 or "" if it cannot be read. */
static int
write_event(struct steps_writer *writer, const struct capture *capture,
            const struct place_event *event, struct error *error)
{
    const step_list *steps = capture->kind == CAPTURE_TASK     ? &event->task
                             : capture->kind == CAPTURE_THREAD ? &event->thread
                             : capture->kind == CAPTURE_TASK_NAME
                                 ? &event->name
                                 : &event->other_name;
    struct target_value value = {
        .name = capture->name,
        .steps = *steps,
        .read =
            capture->type == TYPE_STRING ? TARGET_KERNEL_STRING : TARGET_NUMBER,
    };

    struct label fault = {0};

    /* Records that are not zeroed have anything in them. */
    assemble_constant(&writer->assembler, 0, 0);
    assemble_store(&writer->assembler, EBPF_DW, STEPS_RECORD,
                   (int16_t)capture->offset, 0);
    if (steps->count == 0) /* no thread */
        return 0;
    if (write_value(writer, capture, &value, &fault, error) != 0)
        return -1;
    assemble_label(&writer->assembler, &fault);
    steps_forget(writer);
    return 0;
}

/* Whether CAPTURE is of what the place is about. */
static bool
is_of_event(const struct plan_handler *handler, const struct capture *capture)
{
    return handler->event != NULL && handler->event->task.count > 0 &&
           (capture->kind == CAPTURE_TASK || capture->kind == CAPTURE_THREAD ||
            capture->kind == CAPTURE_TASK_NAME ||
            capture->kind == CAPTURE_OTHER_NAME);
}

static int
write_capture(struct steps_writer *writer, const struct plan_handler *handler,
              const struct capture *capture, const struct target_value *value,
              struct error *error)
{
    struct assembler *assembler = &writer->assembler;

    if (is_of_event(handler, capture))
        return write_event(writer, capture, handler->event, error);
    switch (capture->kind) {
    case CAPTURE_TARGET:
        return write_target(writer, capture, value, handler->faults, error);
    case CAPTURE_TASK_NAME:
        assemble_move(assembler, 1, STEPS_RECORD);
        assemble_immediate(assembler, EBPF_ADD, 1, (int32_t)capture->offset);
        assemble_constant(assembler, 2, capture->size);
        assemble_call(assembler, PROBE_HELPER_task_name);
        return 0;
    case CAPTURE_TASK:
    case CAPTURE_THREAD:
        assemble_call(assembler, capture->kind == CAPTURE_TASK
                                     ? PROBE_HELPER_task
                                     : PROBE_HELPER_thread);
        assemble_store(assembler, EBPF_DW, STEPS_RECORD,
                       (int16_t)capture->offset, 0);
        return 0;
    default:
        record_stack(assembler, STEPS_CONTEXT, STEPS_RECORD, handler, capture);
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
write_when(struct steps_writer *writer, const struct target_value *when,
           struct label *out, struct error *error)
{
    writer->fault = out;
    if (steps_write(writer, &when->steps, when->name, error) != 0)
        return -1;
    assemble_jump_immediate(&writer->assembler, EBPF_JEQ, STEPS_TOP, 0, out);
    steps_forget(writer);
    return 0;
}

int
record_program(struct arena *arena, const struct plan_handler *handler,
               const struct target_value *const *values,
               struct plan_program *program, struct error *error)
{
    struct steps_writer writer = {.assembler.arena = arena};
    struct assembler *assembler = &writer.assembler;
    struct label out = {0};

    assemble_move(assembler, STEPS_CONTEXT, 1);
    if (handler->when != NULL &&
        write_when(&writer, handler->when, &out, error) != 0)
        return -1;
    if (handler->callers != NULL && handler->callers->count > 0)
        record_callers(assembler, STEPS_CONTEXT, handler, &out);
    assemble_constant(assembler, 1, handler->payload_size);
    assemble_constant(assembler, 2,
                      handler->loops.count > 0 ? PROBE_RECORD_RAW : 0);
    assemble_call(assembler, PROBE_HELPER_record_reserve);
    assemble_jump_immediate(assembler, EBPF_JEQ, 0, 0, &out);
    assemble_move(assembler, STEPS_RECORD, 0);
    if (handler->loops.count > 0)
        follow_begin(assembler, handler);
    for (unsigned i = 0; i < handler->captures.count; i++)
        if (!handler->captures.items[i]->followed &&
            write_capture(&writer, handler, handler->captures.items[i],
                          values[i], error) != 0)
            return -1;
    if (handler->followed != NULL &&
        follow_program(&writer, handler, values, error) != 0)
        return -1;
    assemble_move(assembler, 1, STEPS_RECORD);
    assemble_call(assembler, PROBE_HELPER_record_submit);
    assemble_label(assembler, &out);
    assemble_constant(assembler, 0, 0);
    assemble_exit(assembler);
    program->payload_size = handler->payload_size;
    return finish_program(assembler, program, error);
}

/* ---- at the entry ---------------------------------------------------- */

static int
write_saving(struct steps_writer *writer, const struct target_value *value,
             unsigned word, struct error *error)
{
    struct assembler *assembler = &writer->assembler;
    struct label fault = {0}, done = {0};

    writer->fault = &fault;
    if (steps_write(writer, &value->steps, value->name, error) != 0)
        return -1;
    assemble_store(assembler, EBPF_DW, STEPS_CONTEXT, steps_saved_offset(word),
                   STEPS_TOP);
    if (target_may_fault(value)) {
        assemble_goto(assembler, &done);
        assemble_label(assembler, &fault);
        assemble_load(assembler, EBPF_DW, 1, STEPS_CONTEXT,
                      steps_saved_offset(STEPS_SAVED_FAULTS));
        assemble_immediate(assembler, EBPF_OR, 1, (int32_t)(1u << word));
        assemble_store(assembler, EBPF_DW, STEPS_CONTEXT,
                       steps_saved_offset(STEPS_SAVED_FAULTS), 1);
        assemble_label(assembler, &done);
        steps_forget(writer);
    }
    return 0;
}

int
record_entry_program(struct arena *arena,
                     const struct target_value *const *values, unsigned count,
                     struct plan_program *program, struct error *error)
{
    struct steps_writer writer = {.assembler.arena = arena};
    struct assembler *assembler = &writer.assembler;

    assemble_move(assembler, STEPS_CONTEXT, 1);
    for (unsigned i = 0; i < count; i++)
        if (write_saving(&writer, values[i], i, error) != 0)
            return -1;
    assemble_constant(assembler, 0, 0);
    assemble_exit(assembler);
    return finish_program(assembler, program, error);
}
