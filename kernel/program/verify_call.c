/* Calls of helpers and of the program's own functions, and exit. */

#include "kernel/program/helper.h"
#include "kernel/program/map.h"
#include "kernel/program/verifier_i.h"
#include "protocol/error.h"

/* What helpers return when they fail: -enum probe_error. */
#define ERROR_MIN (-(int64_t)(PROBE_ERROR_BASE + 0xffff))

/* What is known of a call when its arguments have been looked at. */
struct call {
    struct map *map;
    struct range size; /* of the buffer or record */
    uint32_t record;   /* id of the record that it ends, or 0 */
    uint32_t bytes;    /* that it may have to look at */
};

static int
expect_constant(struct verifier *v, unsigned n, uint64_t min, uint64_t max,
                struct range *value)
{
    const struct known *known = &current_frame(v)->registers[n];
    if (known->kind != KIND_NUMBER || !range_is_constant(&known->range) ||
        known->range.value < min || known->range.value > max)
        return refuse(v, "r%u must be a constant from %llu to %llu", n,
                      (unsigned long long)min, (unsigned long long)max);
    if (value != NULL)
        *value = known->range;
    return 1;
}

static int
verify_map(struct verifier *v, unsigned n, struct call *call)
{
    const struct known *known = &current_frame(v)->registers[n];
    if (known->kind != KIND_MAP)
        return refuse(v, "r%u must be a map, but is %s", n, kind_text(known));
    call->map = known->map;
    return 1;
}

static int
verify_context(struct verifier *v, unsigned n)
{
    const struct known *known = &current_frame(v)->registers[n];
    if (known->kind != KIND_CONTEXT || !range_is_constant(&known->range) ||
        known->range.value != 0)
        return refuse(v, "r%u must be the context, but is %s", n,
                      known->kind == KIND_CONTEXT ? "a place in it"
                                                  : kind_text(known));
    return 1;
}

static int
verify_buffer(struct verifier *v, unsigned n, enum access access,
              struct call *call)
{
    const struct known *size = register_read(v, n + 1);
    if (size == NULL)
        return 0;
    if (size->kind != KIND_NUMBER)
        return refuse(v, "r%u must be the buffer's size, but is %s", n + 1,
                      kind_text(size));
    /* Helpers take 32 bits of it. */
    if (size->range.umax > INT32_MAX)
        return refuse(v,
                      "r%u, the buffer's size, has no bounds; compare it "
                      "with its limits first",
                      n + 1);
    call->size = size->range;
    call->bytes = (uint32_t)size->range.umax;
    return memory_access(v, n, 0, &call->size, access);
}

static int
verify_record(struct verifier *v, unsigned n)
{
    const struct known *known = &current_frame(v)->registers[n];
    if (known->kind == KIND_RECORD_OR_NULL)
        return refuse(v, "r%u is %s; compare it with 0 first", n,
                      kind_text(known));
    if (known->kind != KIND_RECORD)
        return refuse(v, "r%u must be a record, but is %s", n,
                      kind_text(known));
    if (!range_is_constant(&known->range) || known->range.value != 0)
        return refuse(v, "r%u must point to the start of the record", n);
    return 1;
}

/* A stack is followed through what is left out, too. */
static uint32_t
skipped_addresses(const struct known *flags)
{
    if (flags->kind == KIND_NUMBER && range_is_constant(&flags->range))
        return flags->range.value & PROBE_STACK_SKIP;
    return PROBE_STACK_SKIP;
}

static int
verify_argument(struct verifier *v, unsigned n, enum argument argument,
                struct call *call)
{
    if (register_read(v, n) == NULL)
        return 0;
    switch (argument) {
    case ARGUMENT_CONTEXT:
        return verify_context(v, n);
    case ARGUMENT_MAP:
        return verify_map(v, n, call);
    case ARGUMENT_KEY:
    case ARGUMENT_VALUE: {
        const struct map_attributes *attributes = map_attributes(call->map);
        struct range size =
            range_constant(argument == ARGUMENT_KEY ? attributes->key_size
                                                    : attributes->value_size);
        call->bytes += (uint32_t)size.umax;
        return memory_access(v, n, 0, &size, ACCESS_READ);
    }
    case ARGUMENT_BUFFER:
        return verify_buffer(v, n, ACCESS_WRITE, call);
    case ARGUMENT_BYTES:
        return verify_buffer(v, n, ACCESS_READ, call);
    case ARGUMENT_RECORD_SIZE:
        if (!expect_constant(v, n, 1, PROBE_RECORD_PAYLOAD_MAX, &call->size))
            return 0;
        call->bytes = (uint32_t)call->size.value;
        return 1;
    case ARGUMENT_STACK_FLAGS:
        call->bytes += 8 * skipped_addresses(register_read(v, n));
        return 1;
    case ARGUMENT_FLAG:
        return expect_constant(v, n, 0, 1, NULL);
    case ARGUMENT_RECORD_END:
        call->record = current_frame(v)->registers[n].id;
        return verify_record(v, n);
    case ARGUMENT_RECORD:
        return verify_record(v, n);
    default: /* NUMBER; SIZE was looked at with its buffer */
        return 1;
    }
}

static struct known
result_of(struct verifier *v, const struct helper *helper,
          const struct call *call)
{
    switch ((enum result)helper->result) {
    case RESULT_NONE:
    case RESULT_AGAIN: /* see verify_again() */
        break;
    case RESULT_NUMBER:
        return known_number(range_unknown());
    case RESULT_CPU:
        return known_number(range_unsigned(0, PROBE_CPUS_MAX - 1));
    case RESULT_ERROR:
        return known_number(range_signed(ERROR_MIN, 0));
    case RESULT_LENGTH:
        return known_number(range_signed(ERROR_MIN, (int64_t)call->size.umax));
    case RESULT_VALUE:
        return (struct known){.kind = KIND_VALUE_OR_NULL,
                              .id = ++v->last_id,
                              .size = map_attributes(call->map)->value_size,
                              .map = call->map,
                              .range = range_constant(0)};
    case RESULT_RECORD:
        v->state.record = ++v->last_id;
        return (struct known){.kind = KIND_RECORD_OR_NULL,
                              .id = v->state.record,
                              .size = call->size.value,
                              .range = range_constant(0)};
    }
    return known_unset();
}

static void
clear_record(struct known *known, const void *argument)
{
    const uint32_t *id = argument;
    if (known->kind == KIND_RECORD && known->id == *id)
        *known = known_number(range_unknown());
}

/* The result is 0, or 1 for another round; the former is left for later: it
 * goes on behind the call as it is. */
static int
verify_again(struct verifier *v)
{
    struct known *result = &current_frame(v)->registers[0];
    uint32_t next = v->state.insn;

    *result = known_number(range_constant(0));
    if (v->no_round) {
        v->no_round = 0;
        return 1;
    }
    v->state.insn = v->at;
    if (!leave_branch(v))
        return 0;
    v->state.insn = next;
    *result = known_number(range_constant(1));
    end_work(v, 0);
    v->state.rounds++;
    v->state.work = 0;
    v->state.site = v->at;
    return 1;
}

static int
verify_helper(struct verifier *v)
{
    const struct helper *helper = helper_find(current_insn(v)->imm);
    struct call call = {.map = NULL};

    if (helper_writes(helper->number) && !v->source->may_write)
        return refuse(v, "a session must be allowed to write before its "
                         "programs call this");

    for (unsigned i = 0; i < HELPER_ARGUMENTS; i++)
        if (helper->arguments[i] != ARGUMENT_NONE &&
            !verify_argument(v, i + 1, helper->arguments[i], &call))
            return 0;
    v->state.work += helper->work.steps + helper->work.each * (call.bytes / 8);
    if (helper->result == RESULT_RECORD && v->state.record != 0)
        return refuse(v, "a record is open already; submit or discard it "
                         "first");
    if (call.record != 0) {
        v->state.record = 0;
        each_known(&v->state, clear_record, &call.record);
    }
    struct known result = result_of(v, helper, &call);
    for (unsigned i = 1; i <= HELPER_ARGUMENTS; i++)
        current_frame(v)->registers[i] = known_unset();
    if (helper->result == RESULT_AGAIN)
        return verify_again(v);
    return register_write(v, 0, &result);
}

static int
verify_local_call(struct verifier *v)
{
    struct frame *caller = current_frame(v);
    if (v->state.frame_count == EBPF_CALL_DEPTH)
        return refuse(v, "calls are nested more than %u deep", EBPF_CALL_DEPTH);

    struct frame *callee = caller + 1;
    unsigned frame = v->state.frame_count++;
    caller->return_to = v->at + 1;
    callee->depth = 0;
    for (unsigned i = 0; i < EBPF_REGISTERS; i++)
        callee->registers[i] = known_unset();
    for (unsigned i = 1; i <= 5; i++) {
        callee->registers[i] = caller->registers[i];
        caller->registers[i] = known_unset();
    }
    caller->registers[0] = known_unset();
    callee->registers[10] = (struct known){
        .kind = KIND_STACK, .frame = frame, .range = range_constant(0)};
    v->state.insn = v->at + 1 + instruction_distance(current_insn(v));
    return 1;
}

int
verify_call(struct verifier *v)
{
    return current_insn(v)->src == EBPF_CALL_LOCAL ? verify_local_call(v)
                                                   : verify_helper(v);
}

/* Pointers to a frame that is gone are numbers. */
static void
clear_stack_pointer(struct known *known, const void *argument)
{
    const unsigned *frame = argument;
    if (known->kind == KIND_STACK && known->frame == *frame)
        *known = known_number(range_unknown());
}

int
verify_exit(struct verifier *v, int *finished)
{
    struct known result = current_frame(v)->registers[0];

    if (v->state.frame_count == 1) {
        if (register_read(v, 0) == NULL)
            return 0;
        if (v->state.record != 0)
            return refuse(v, "a record is still open here; submit or discard "
                             "it on every path");
        *finished = 1;
        return 1;
    }
    unsigned frame = --v->state.frame_count;
    current_frame(v)->registers[0] = result;
    each_known(&v->state, clear_stack_pointer, &frame);
    v->state.insn = current_frame(v)->return_to;
    return 1;
}
