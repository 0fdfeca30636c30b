/* Loading and running programs. */

#include "kernel/program/program.h"

#include "kernel/program/environment.h"
#include "kernel/program/interpreter.h"
#include "kernel/program/map.h"
#include "kernel/program/verifier.h"
#include "protocol/error.h"

static int
uses_hash_map(const struct program_source *source)
{
    for (uint32_t i = 0; i < source->count; i++) {
        const struct ebpf_insn *insn = &source->instructions[i];
        if (instruction_slots(insn) == 2 && insn->src == EBPF_IMM64_MAP &&
            map_attributes(source->maps[insn->imm])->type == PROBE_MAP_HASH)
            return 1;
    }
    return 0;
}

static int
goes_rounds(const struct program_source *source)
{
    for (uint32_t i = 0; i < source->count; i++)
        if (instruction_asks_again(&source->instructions[i]))
            return 1;
    return 0;
}

/* Verified instructions become a program. */
static int
make_program(const struct program_source *source, uint32_t saved,
             const uint32_t *costs, struct program **program)
{
    struct program *made =
        environment_allocate(sizeof(*made) + source->count * sizeof(struct op));

    if (made == NULL)
        return PROBE_ERROR_MEMORY;
    made->count = source->count;
    made->saved = saved;
    made->looks_up = uses_hash_map(source);
    made->prepares = made->looks_up || goes_rounds(source);
    made->rounds = PROBE_PROGRAM_WORK_MAX - costs[source->count];
    interpreter_translate(source, interpreter_codes(), costs, made->ops);
    *program = made;
    return 0;
}

int
program_load(const struct program_source *source, char *log_text,
             size_t log_size, struct program **program)
{
    const uint32_t saved = offsetof(struct probe_context, saved);
    uint32_t reach = 0;
    struct verifier_entry entry = {
        .size = sizeof(struct probe_context),
        .scratch = saved,
        .reach = &reach,
    };
    struct log log;
    int error;

    log_start(&log, log_text, log_size);
    error = instructions_validate(source, &log);
    if (error != 0)
        return error;
    size_t size = (source->count + 1) * sizeof(entry.costs[0]);
    entry.costs = environment_allocate(size);
    if (entry.costs == NULL)
        return PROBE_ERROR_MEMORY;
    error = program_verify(source, &entry, &log);
    if (error == 0)
        error = make_program(source, reach > saved ? reach - saved : 0,
                             entry.costs, program);
    environment_free(entry.costs, size);
    return error;
}

size_t
program_memory(const struct program *program)
{
    return sizeof(*program) + program->count * sizeof(struct op);
}

void
program_free(struct program *program)
{
    environment_free(program, program_memory(program));
}

uint64_t
program_run_prepared(const struct program *program, struct execution *execution,
                     struct probe_context *context)
{
    uint64_t result;

    execution->left = program->rounds;
    if (!program->looks_up)
        return interpreter_run(program->ops, execution, (uintptr_t)context);
    map_program_begin(execution->cpu);
    result = interpreter_run(program->ops, execution, (uintptr_t)context);
    map_program_end(execution->cpu);
    return result;
}
