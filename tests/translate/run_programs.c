#include "tests/translate/run_programs.h"

#include <inttypes.h>
#include <stdio.h>

#include "kernel/program/host/environment.h"
#include "kernel/program/program.h"

static uint64_t memory[64];

static void
run(const struct program *program)
{
    static struct execution execution;
    struct probe_context context = {.pc = 0};

    for (unsigned i = 0; i < 64; i++)
        memory[i] = 0xfedcba9876543200u | i;
    for (unsigned i = 0; i < PROBE_CONTEXT_REGISTERS; i++)
        context.registers[i] = 0x1010101010101010u * i + 0x0706050403020100u;
    context.registers[7] = (uintptr_t)memory;
    context.registers[5] = (uintptr_t)&memory[32];
    host_environment_reset();
    host_environment.memory = memory;
    host_environment.memory_size = sizeof(memory);
    host_environment.task = 0x7a;
    host_environment.thread = 0x7b;
    program_run(program, &execution, &context);
    for (unsigned i = 0; i < host_environment.submitted_size / 8; i++)
        printf("%s%" PRIx64, i > 0 ? " " : "", host_environment.record[i]);
    printf("\n");
}

int
run_programs(const struct plan *plan, bool runs)
{
    unsigned refused = 0;

    LIST_EACH (planned, &plan->programs) {
        struct program_source source = {
            .instructions = planned->instructions,
            .count = planned->count,
        };
        char log[PROBE_LOG_MAX];
        struct program *program;

        if (program_load(&source, log, sizeof(log), &program) == 0) {
            if (runs)
                run(program);
            program_free(program);
            continue;
        }
        refused++;
        printf("program %u refused: %s\n",
               (unsigned)(planned - plan->programs.items), log);
    }
    if (!runs)
        printf("%u programs, %u refused\n", plan->programs.count, refused);
    return refused == 0 ? 0 : 1;
}
