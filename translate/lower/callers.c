#include "translate/lower/callers.h"

#include "protocol/helper.h"
#include "translate/lower/stack.h"

#define FRAME 10
#define WORD  ((int32_t)sizeof(uint64_t))

static unsigned
deepest(const caller_list *callers)
{
    unsigned depth = 0;

    LIST_EACH (chain, callers)
        if (chain->count > depth)
            depth = chain->count;
    return depth;
}

void
record_callers(struct assembler *assembler, unsigned context,
               const struct plan_handler *handler, struct label *out)
{
    const caller_list *callers = handler->callers;
    int32_t stack = -WORD * (int32_t)deepest(callers);
    struct label found = {0};

    assemble_move(assembler, 1, context);
    assemble_move(assembler, 2, FRAME);
    assemble_immediate(assembler, EBPF_ADD, 2, stack);
    assemble_constant(assembler, 3, -stack);
    assemble_constant(assembler, 4,
                      (handler->at_return ? 0 : 1) |
                          (handler->user ? record_user_stack(handler) : 0));
    assemble_call(assembler, PROBE_HELPER_stack);
    LIST_EACH (chain, callers) {
        struct label other = {0};

        for (unsigned i = 0; i < chain->count; i++) {
            assemble_load(assembler, EBPF_DW, 1, FRAME,
                          (int16_t)(stack + WORD * (int32_t)i));
            assemble_constant(assembler, 2, (int64_t)chain->returns[i]);
            assemble_jump_register(assembler, EBPF_JNE, 1, 2, &other);
        }
        assemble_goto(assembler, &found);
        assemble_label(assembler, &other);
    }
    assemble_goto(assembler, out);
    assemble_label(assembler, &found);
}
