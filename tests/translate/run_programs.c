#include "tests/translate/run_programs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kernel/program/host/environment.h"
#include "kernel/program/program.h"

#define MEMORY_WORDS 64

/* Where an address of 32 bits reaches it. */
static uint64_t *
make_memory(void)
{
    uint64_t *memory =
        mmap(NULL, MEMORY_WORDS * sizeof(*memory), PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    for (unsigned i = 0; i < MEMORY_WORDS; i++)
        memory[i] = 0xfedcba9876543200u | i;
    return memory;
}

static void
run(const struct program *program, uint64_t *memory, unsigned word_size)
{
    static struct execution execution;
    struct probe_context context = {.pc = 0};
    unsigned count = word_size == 8 ? PROBE_CONTEXT_REGISTERS : 8;

    for (unsigned i = 0; i < count; i++) {
        context.registers[i] = 0x1010101010101010u * i + 0x0706050403020100u;
        if (word_size == 4)
            context.registers[i] = (uint32_t)context.registers[i];
    }
    context.registers[word_size == 8 ? 7 : 4] = (uintptr_t)memory;
    context.registers[5] = (uintptr_t)&memory[MEMORY_WORDS / 2];
    host_environment_reset();
    host_environment.memory = memory;
    host_environment.memory_size = MEMORY_WORDS * sizeof(*memory);
    host_environment.task = 0x7a;
    host_environment.thread = 0x7b;
    program_run(program, &execution, &context);
    for (unsigned i = 0; i < host_environment.submitted_size / 8; i++)
        printf("%s%" PRIx64, i > 0 ? " " : "", host_environment.record[i]);
    printf("\n");
}

int
run_programs(const struct plan *plan, bool runs, unsigned word_size)
{
    uint64_t *memory = make_memory();
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
                run(program, memory, word_size);
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
