/*
 * Beside the registers of steps.h:
 *
 *   r9    bytes of the payload that are used; the next round begins there
 *
 * and below the frame of the steps a word for each loop: where in the payload
 * the round at hand begins, which is also where the word is that leads to the
 * next one.
 *
 * For a verifier that follows all ways what is known should be the same
 * wherever two of them meet, or it has to follow both on.  So what it might
 * know and has no use for is kept from it: before a loop r9 and the loop's word
 * go through memory that it does not remember (hide()), and are compared with
 * their bounds when they are used; behind it that word is forgotten, and all
 * words are set before any is used.
 *
 * Variables are in saved[] of the context, where 0 is what they begin with and
 * where the verifier does not care for their values.
 */

#include "translate/lower/followed.h"

#include "protocol/limits.h"
#include "translate/lower/record.h"
#include "translate/points/place.h"

#define USED  9
#define FRAME 10

struct follow_writer {
    struct steps_writer *steps;
    const struct plan_handler *handler;
    const struct target_value *const *values;
    struct error *error;
    struct label *scope; /* where what fails goes on */
    struct label *end_loop;
    struct label *next_round;
    struct label *end;
    struct label *end_function;
    struct label *faults; /* of the captures */
};

/* ---- places ---------------------------------------------------------- */

static int16_t
round_slot(const struct plan_loop *loop)
{
    return (int16_t)(-STEPS_FRAME - 8 * ((int)loop->number + 1));
}

/* Make REG a number of 32 bits of which nothing else is known. */
static void
hide(struct assembler *assembler, unsigned reg)
{
    assemble_store(assembler, EBPF_W, FRAME, -STEPS_FRAME, reg);
    assemble_load(assembler, EBPF_W, reg, FRAME, -STEPS_FRAME);
}

/* Set 8 bytes of the stack, r0 being 0, to what is not known. */
static void
set_word(struct assembler *assembler, int16_t place)
{
    assemble_store(assembler, EBPF_W, FRAME, place, 0);
    assemble_store(assembler, EBPF_W, FRAME, (int16_t)(place + 4), 0);
}

/* A register that what belongs to LOOP can be reached by; r1, if it has to be
 * computed. */
static unsigned
base_of(struct follow_writer *writer, const struct plan_loop *loop)
{
    struct assembler *assembler = &writer->steps->assembler;

    if (loop == NULL)
        return STEPS_RECORD;
    assemble_load(assembler, EBPF_DW, 1, FRAME, round_slot(loop));
    assemble_jump_immediate(assembler, EBPF_JGT, 1,
                            (int32_t)(PROBE_RECORD_PAYLOAD_MAX - loop->size),
                            writer->scope);
    assemble_operation(assembler, EBPF_ADD, 1, STEPS_RECORD, false);
    return 1;
}

/* Zero the fault words and the first rounds of what belongs to LOOP. */
static void
clear(struct assembler *assembler, const struct plan_handler *handler,
      const struct plan_loop *loop, unsigned base)
{
    int last = CAPTURE_NO_FAULT;
    uint32_t faults = loop != NULL ? loop->faults : handler->faults;

    LIST_EACH (capture, &handler->captures)
        if ((*capture)->loop == loop && (*capture)->fault > last)
            last = (*capture)->fault;
    assemble_constant(assembler, 0, 0);
    for (int i = 0; i <= last; i += RECORD_FAULT_BITS)
        assemble_store(assembler, EBPF_DW, base,
                       (int16_t)(faults + i / RECORD_FAULT_BITS * 8), 0);
    LIST_EACH (inner, &handler->loops)
        if ((*inner)->outer == loop)
            assemble_store(assembler, EBPF_DW, base, (int16_t)(*inner)->first,
                           0);
}

void
follow_begin(struct assembler *assembler, const struct plan_handler *handler)
{
    clear(assembler, handler, NULL, STEPS_RECORD);
    assemble_constant(assembler, USED, handler->fixed_size);
}

/* ---- captures -------------------------------------------------------- */

/* The top is the value of CAPTURE. */
static void
store_capture(struct follow_writer *writer, const struct capture *capture)
{
    unsigned base = base_of(writer, capture->loop);

    assemble_store(&writer->steps->assembler, EBPF_DW, base,
                   (int16_t)capture->offset, STEPS_TOP);
}

static void
set_fault(struct follow_writer *writer, const struct capture *capture)
{
    struct assembler *assembler = &writer->steps->assembler;
    uint32_t faults =
        capture->loop != NULL ? capture->loop->faults : writer->handler->faults;
    unsigned base = base_of(writer, capture->loop);

    faults += (uint32_t)capture->fault / RECORD_FAULT_BITS * 8;
    assemble_constant(assembler, 2,
                      (int64_t)(1ull << capture->fault % RECORD_FAULT_BITS));
    assemble_load(assembler, EBPF_DW, 3, base, (int16_t)faults);
    assemble_operation(assembler, EBPF_OR, 2, 3, false);
    assemble_store(assembler, EBPF_DW, base, (int16_t)faults, 2);
}

/* steps.target: where a target in what is computed begins, and is done. */
static void
meet_target(struct steps_writer *steps, unsigned number, bool done)
{
    struct follow_writer *writer = steps->data;

    steps->fault = done ? writer->scope : &writer->faults[number];
    if (done)
        store_capture(writer, writer->handler->captures.items[number]);
}

/* Targets in STEPS that cannot be read: that is told, and nothing behind it
 * is done. */
static void
write_faults(struct follow_writer *writer, const step_list *steps)
{
    struct assembler *assembler = &writer->steps->assembler;
    struct label over = {0};
    bool any = false;

    LIST_EACH (step, steps) {
        struct label *label;

        if (step->kind != STEP_RECORD)
            continue;
        label = &writer->faults[step->value];
        if (label->jumps.count == 0)
            continue;
        if (!any)
            assemble_goto(assembler, &over);
        any = true;
        assemble_label(assembler, label);
        set_fault(writer, writer->handler->captures.items[step->value]);
        assemble_goto(assembler, writer->scope);
    }
    if (any)
        assemble_label(assembler, &over);
}

static int
write_steps(struct follow_writer *writer, const struct follow *follow)
{
    writer->steps->fault = writer->scope;
    if (steps_write(writer->steps, &follow->steps, follow->name,
                    writer->error) != 0)
        return -1;
    steps_forget(writer->steps);
    write_faults(writer, &follow->steps);
    return 0;
}

/* The string at the address on top goes behind what is used; the word at the
 * capture's place says where, or is 0 for lack of room. */
static void
write_string(struct follow_writer *writer, const struct capture *capture,
             const struct target_value *value, struct label *fault)
{
    enum probe_helper helper = (enum probe_helper)target_helper(value);
    bool is_string = value->read == TARGET_KERNEL_STRING ||
                     value->read == TARGET_USER_STRING;
    struct assembler *assembler = &writer->steps->assembler;
    struct label full = {0};
    unsigned base;

    if (capture->loop == NULL) {
        assemble_move(assembler, 1, STEPS_RECORD);
        assemble_immediate(assembler, EBPF_ADD, 1, (int32_t)capture->offset);
        assemble_constant(assembler, 2, capture->size);
        assemble_move(assembler, 3, STEPS_TOP);
        assemble_call(assembler, helper);
        assemble_jump_immediate(assembler, EBPF_JSLT, 0, 0, fault);
        return;
    }
    base = base_of(writer, capture->loop);
    assemble_constant(assembler, 0, 0);
    assemble_store(assembler, EBPF_DW, base, (int16_t)capture->offset, 0);
    assemble_jump_immediate(assembler, EBPF_JGT, USED,
                            (int32_t)(PROBE_RECORD_PAYLOAD_MAX - capture->size),
                            &full);
    assemble_move(assembler, 1, STEPS_RECORD);
    assemble_operation(assembler, EBPF_ADD, 1, USED, false);
    assemble_constant(assembler, 2, capture->size);
    assemble_move(assembler, 3, STEPS_TOP);
    assemble_call(assembler, helper);
    assemble_jump_immediate(assembler, EBPF_JSLT, 0, 0, fault);
    base = base_of(writer, capture->loop);
    assemble_store(assembler, EBPF_DW, base, (int16_t)capture->offset, USED);
    if (is_string)
        assemble_operation(assembler, EBPF_ADD, USED, 0, false);
    else
        assemble_immediate(assembler, EBPF_ADD, USED, (int32_t)capture->size);
    assemble_immediate(assembler, EBPF_ADD, USED, 7);
    assemble_immediate(assembler, EBPF_AND, USED, -8);
    assemble_label(assembler, &full);
}

/* A target that nothing else depends on.  If it is an error that it cannot be
 * read, nothing behind it may be written. */
static int
write_capture(struct follow_writer *writer, const struct follow *follow)
{
    unsigned number = follow->capture;
    struct assembler *assembler = &writer->steps->assembler;
    const struct capture *capture = writer->handler->captures.items[number];
    const struct target_value *value = writer->values[number];
    struct label fault = {0}, done = {0};

    writer->steps->fault = &fault;
    if (steps_write(writer->steps, &value->steps, value->name, writer->error) !=
        0)
        return -1;
    if (value->read == TARGET_NUMBER)
        store_capture(writer, capture);
    else
        write_string(writer, capture, value, &fault);
    if (fault.jumps.count > 0) {
        assemble_goto(assembler, &done);
        assemble_label(assembler, &fault);
        set_fault(writer, capture);
        if (writer->handler->writes && follow->certain)
            assemble_goto(assembler, writer->scope);
        assemble_label(assembler, &done);
    }
    steps_forget(writer->steps);
    return 0;
}

/* ---- control --------------------------------------------------------- */

static int write_list(struct follow_writer *writer, const follow_list *list);

static int
write_if(struct follow_writer *writer, const struct follow *follow)
{
    struct assembler *assembler = &writer->steps->assembler;
    struct label other = {0}, done = {0};

    if (write_steps(writer, follow) != 0)
        return -1;
    assemble_jump_immediate(assembler, EBPF_JEQ, STEPS_TOP, 0, &other);
    if (write_list(writer, &follow->body) != 0)
        return -1;
    if (follow->other.count > 0)
        assemble_goto(assembler, &done);
    assemble_label(assembler, &other);
    if (write_list(writer, &follow->other) != 0)
        return -1;
    assemble_label(assembler, &done);
    return 0;
}

static int
write_region(struct follow_writer *writer, const struct follow *follow)
{
    struct label *outer = writer->scope, done = {0};

    writer->scope = &done;
    if (write_list(writer, &follow->body) != 0)
        return -1;
    assemble_label(&writer->steps->assembler, &done);
    writer->scope = outer;
    return 0;
}

static int
write_function(struct follow_writer *writer, const struct follow *follow)
{
    struct label *outer = writer->end_function, end = {0};

    writer->end_function = &end;
    if (write_list(writer, &follow->body) != 0)
        return -1;
    assemble_label(&writer->steps->assembler, &end);
    writer->end_function = outer;
    return 0;
}

/* The word that leads to the next round becomes VALUE. */
static void
write_link(struct follow_writer *writer, const struct plan_loop *loop,
           unsigned value)
{
    struct assembler *assembler = &writer->steps->assembler;

    assemble_load(assembler, EBPF_DW, 1, FRAME, round_slot(loop));
    assemble_jump_immediate(assembler, EBPF_JGT, 1,
                            PROBE_RECORD_PAYLOAD_MAX - 8, writer->scope);
    assemble_operation(assembler, EBPF_ADD, 1, STEPS_RECORD, false);
    assemble_store(assembler, EBPF_DW, 1, 0, value);
}

/* Go on to a new round, or to the end if there is no more or no room. */
static void
begin_round(struct follow_writer *writer, const struct plan_loop *loop)
{
    struct assembler *assembler = &writer->steps->assembler;
    struct label more = {0};

    assemble_call(assembler, PROBE_HELPER_again);
    assemble_jump_immediate(assembler, EBPF_JNE, 0, 0, &more);
    assemble_constant(assembler, 0, PLAN_NO_MORE);
    write_link(writer, loop, 0);
    assemble_goto(assembler, writer->scope);
    assemble_label(assembler, &more);
    assemble_jump_immediate(assembler, EBPF_JGT, USED,
                            (int32_t)(PROBE_RECORD_PAYLOAD_MAX - loop->size),
                            writer->scope);
    write_link(writer, loop, USED);
    assemble_store(assembler, EBPF_DW, FRAME, round_slot(loop), USED);
    assemble_immediate(assembler, EBPF_ADD, USED, (int32_t)loop->size);
    unsigned base = base_of(writer, loop);
    clear(assembler, writer->handler, loop, base);
    assemble_store(assembler, EBPF_DW, base, 0, 0);
}

static int
write_loop(struct follow_writer *writer, const struct follow *follow)
{
    struct assembler *assembler = &writer->steps->assembler;
    struct label *end_loop = writer->end_loop;
    struct label *next_round = writer->next_round;
    struct label head = {0}, next = {0}, end = {0};
    const struct plan_loop *loop = follow->loop;

    /* The outer loop's round, and the word in it. */
    if (loop->outer != NULL)
        assemble_load(assembler, EBPF_DW, 0, FRAME, round_slot(loop->outer));
    else
        assemble_constant(assembler, 0, 0);
    assemble_immediate(assembler, EBPF_ADD, 0, (int32_t)loop->first);
    hide(assembler, 0);
    hide(assembler, USED);
    assemble_store(assembler, EBPF_DW, FRAME, round_slot(loop), 0);
    writer->end_loop = &end;
    writer->next_round = &next;
    assemble_label(assembler, &head);
    begin_round(writer, loop);
    if (write_list(writer, &follow->body) != 0)
        return -1;
    assemble_label(assembler, &next);
    if (write_list(writer, &follow->other) != 0)
        return -1;
    assemble_goto(assembler, &head);
    assemble_label(assembler, &end);
    assemble_constant(assembler, 0, 0);
    set_word(assembler, round_slot(loop));
    writer->end_loop = end_loop;
    writer->next_round = next_round;
    return 0;
}

static int
write_follow(struct follow_writer *writer, const struct follow *follow)
{
    struct assembler *assembler = &writer->steps->assembler;

    switch (follow->kind) {
    case FOLLOW_VALUE:
        return write_steps(writer, follow);
    case FOLLOW_CAPTURE:
        return write_capture(writer, follow);
    case FOLLOW_IF:
        return write_if(writer, follow);
    case FOLLOW_LOOP:
        return write_loop(writer, follow);
    case FOLLOW_REGION:
        return write_region(writer, follow);
    case FOLLOW_BREAK:
        assemble_goto(assembler, writer->end_loop);
        return 0;
    case FOLLOW_CONTINUE:
        assemble_goto(assembler, writer->next_round);
        return 0;
    case FOLLOW_END:
        assemble_goto(assembler, writer->end);
        return 0;
    case FOLLOW_FUNCTION:
        return write_function(writer, follow);
    case FOLLOW_RETURN:
        assemble_goto(assembler, writer->end_function);
        return 0;
    case FOLLOW_LEAVE:
        return 0; /* the program goes on */
    }
    return 0;
}

static int
write_list(struct follow_writer *writer, const follow_list *list)
{
    LIST_EACH (follow, list)
        if (write_follow(writer, *follow) != 0)
            return -1;
    return 0;
}

/* The deepest that the stack of words gets. */
static unsigned
depth_of(const follow_list *list)
{
    unsigned deepest = 0;

    LIST_EACH (at, list) {
        unsigned depths[] = {steps_depth(&(*at)->steps), depth_of(&(*at)->body),
                             depth_of(&(*at)->other)};

        for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++)
            if (depths[i] > deepest)
                deepest = depths[i];
    }
    return deepest;
}

static void
set_words(struct assembler *assembler, const struct plan_handler *handler)
{
    assemble_constant(assembler, 0, 0);
    for (unsigned i = 1; i < depth_of(handler->followed); i++)
        assemble_store(assembler, EBPF_DW, FRAME, (int16_t)(-8 * (int)i), 0);
    set_word(assembler, -STEPS_FRAME);
    LIST_EACH (loop, &handler->loops)
        set_word(assembler, round_slot(*loop));
}

/* Loops that there are words in the frame for. */
#define LOOPS_MAX ((EBPF_FRAME_SIZE - STEPS_FRAME) / 8)

int
follow_program(struct steps_writer *steps, const struct plan_handler *handler,
               const struct target_value *const *values, struct error *error)
{
    struct assembler *assembler = &steps->assembler;
    const struct place *place = handler->probe->place;
    struct label end = {0};
    struct follow_writer writer = {
        .steps = steps,
        .handler = handler,
        .values = values,
        .error = error,
        .scope = &end,
        .end = &end,
        .faults = arena_alloc(assembler->arena, (handler->captures.count + 1) *
                                                    sizeof(struct label)),
    };

    if (handler->loops.count > LOOPS_MAX)
        return error_set(error,
                         "it has %u loops over what is read at the hit; at "
                         "most %u are supported",
                         handler->loops.count, LOOPS_MAX);
    if (handler->variables + place->variables.count > STEPS_SAVED_FAULTS)
        return error_set(error,
                         "%u variables and values of the entry have to be "
                         "known at the hit; at most %u are supported",
                         handler->variables + place->variables.count,
                         STEPS_SAVED_FAULTS);
    steps->variables = handler->variables;
    steps->target = meet_target;
    steps->data = &writer;
    set_words(assembler, handler);
    if (write_list(&writer, handler->followed) != 0)
        return -1;
    assemble_label(assembler, &end);
    if (handler->loops.count > 0) {
        assemble_move(assembler, 1, STEPS_RECORD);
        assemble_move(assembler, 2, USED);
        assemble_call(assembler, PROBE_HELPER_record_trim);
    }
    return 0;
}
