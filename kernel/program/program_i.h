/*
 * The insides of a program, for what each hit does with it: on that way a
 * call between two files costs more than the work.
 */

#ifndef KERNEL_PROGRAM_PROGRAM_I_H
#define KERNEL_PROGRAM_PROGRAM_I_H

/* An instruction as the interpreter runs it (interpreter.h). */
struct op {
    union {
        const void *code;
        uint64_t imm64; /* second op of a 64-bit load */
    };
    uint8_t dst;
    uint8_t src;
    int16_t offset;
    int32_t imm;
};

struct program {
    uint32_t count;
    uint32_t saved;  /* bytes of the context's saved[] that it may access */
    int looks_up;    /* in hash maps: what it finds has to stay */
    int prepares;    /* it does, or its rounds are to be counted */
    uint32_t rounds; /* steps that these may take */
    struct op ops[];
};

static inline uint32_t
program_saved(const struct program *program)
{
    return program->saved;
}

/* Run OPS from the first on, r1 given (interpreter.c). */
uint64_t
interpreter_run(const struct op *ops, struct execution *execution, uint64_t r1);

/* The same, its rounds counted, while what it finds in hash maps stays. */
uint64_t program_run_prepared(const struct program *program,
                              struct execution *execution,
                              struct probe_context *context);

static inline uint64_t
program_run(const struct program *program, struct execution *execution,
            struct probe_context *context)
{
    if (program->prepares)
        return program_run_prepared(program, execution, context);
    return interpreter_run(program->ops, execution, (uintptr_t)context);
}

#endif /* KERNEL_PROGRAM_PROGRAM_I_H */
