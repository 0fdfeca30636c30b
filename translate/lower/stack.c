#include "translate/lower/stack.h"

#include <stddef.h>

#include "protocol/context.h"
#include "protocol/helper.h"

struct writer {
    struct assembler *assembler;
    unsigned context;
    unsigned record;
    const struct capture *capture;
    int32_t flags; /* for the kernel's stack */
};

/* Call stack() for SIZE bytes at the capture's place. */
static void
call_stack(const struct writer *writer, uint32_t size, int32_t flags)
{
    struct assembler *assembler = writer->assembler;

    assemble_move(assembler, 1, writer->context);
    assemble_move(assembler, 2, writer->record);
    assemble_immediate(assembler, EBPF_ADD, 2,
                       (int32_t)writer->capture->offset);
    assemble_constant(assembler, 3, size);
    assemble_constant(assembler, 4, flags);
    assemble_call(assembler, PROBE_HELPER_stack);
}

/* In the kernel, or else in user mode. */
static void
write_address(const struct writer *writer)
{
    struct label done = {0};

    call_stack(writer, sizeof(uint64_t), writer->flags);
    assemble_jump_immediate(writer->assembler, EBPF_JEQ, 0, sizeof(uint64_t),
                            &done);
    call_stack(writer, sizeof(uint64_t), writer->flags | PROBE_STACK_USER);
    assemble_label(writer->assembler, &done);
}

/* No address of the kernel, then it was user mode. */
static void
write_user_mode(const struct writer *writer)
{
    struct assembler *assembler = writer->assembler;
    struct label user = {0};

    call_stack(writer, sizeof(uint64_t), writer->flags);
    assemble_constant(assembler, 1, 1);
    assemble_jump_immediate(assembler, EBPF_JEQ, 0, 0, &user);
    assemble_constant(assembler, 1, 0);
    assemble_label(assembler, &user);
    assemble_store(assembler, EBPF_DW, writer->record,
                   (int16_t)writer->capture->offset, 1);
}

/* In a program's code there is no stack of the kernel yet. */
static void
write_of_program(const struct writer *writer)
{
    struct assembler *assembler = writer->assembler;

    if (writer->capture->kind == CAPTURE_ADDRESS)
        assemble_load(assembler, EBPF_DW, 1, writer->context,
                      offsetof(struct probe_context, pc));
    else
        assemble_constant(assembler, 1,
                          writer->capture->kind == CAPTURE_USER_MODE);
    assemble_store(assembler, EBPF_DW, writer->record,
                   (int16_t)writer->capture->offset, 1);
}

int32_t
record_user_stack(const struct plan_handler *handler)
{
    return PROBE_STACK_USER |
           (handler->user && handler->entered ? PROBE_STACK_ENTERED : 0);
}

void
record_stack(struct assembler *assembler, unsigned context, unsigned record,
             const struct plan_handler *handler, const struct capture *capture)
{
    const struct writer writer = {
        .assembler = assembler,
        .context = context,
        .record = record,
        .capture = capture,
        .flags = handler->interrupted ? PROBE_STACK_INTERRUPTED : 0,
    };

    if (handler->user && capture->kind != CAPTURE_USER_STACK) {
        write_of_program(&writer);
        return;
    }
    switch (capture->kind) {
    case CAPTURE_STACK:
        call_stack(&writer, capture->size, writer.flags);
        break;
    case CAPTURE_USER_STACK:
        call_stack(&writer, capture->size,
                   writer.flags | record_user_stack(handler));
        break;
    case CAPTURE_ADDRESS:
        write_address(&writer);
        break;
    case CAPTURE_USER_MODE:
        write_user_mode(&writer);
        break;
    default:
        break;
    }
}
