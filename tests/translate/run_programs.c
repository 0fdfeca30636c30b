/*
 * Reads programs, a line of hex digits each, and puts each through the
 * kernel's verifier; says how many there were.
 *
 * With "run", each is run too, and what it submitted printed as words in hex.
 * Byte M of register N then is 0xNM.  Memory is a table of 64 words, of which
 * word NN is 0xfedcba98765432NN; the stack pointer (register 7) points to it,
 * and register 5 to its middle.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/program/host/environment.h"
#include "kernel/program/program.h"

static uint64_t memory[64];

static unsigned
read_program(const char *line, struct ebpf_insn *instructions)
{
    unsigned char *bytes = (unsigned char *)instructions;
    unsigned count = 0, value;

    while (count < PROBE_PROGRAM_INSNS_MAX * sizeof(*instructions) &&
           sscanf(line + 2 * (size_t)count, "%2x", &value) == 1)
        bytes[count++] = (unsigned char)value;
    return count / (unsigned)sizeof(*instructions);
}

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
    program_run(program, &execution, &context, NULL);
    for (unsigned i = 0; i < host_environment.submitted_size / 8; i++)
        printf("%s%" PRIx64, i > 0 ? " " : "", host_environment.record[i]);
    printf("\n");
}

int
main(int argc, char **argv)
{
    static struct ebpf_insn instructions[PROBE_PROGRAM_INSNS_MAX];
    bool runs = argc > 1 && strcmp(argv[1], "run") == 0;
    unsigned programs = 0, refused = 0;
    char *line = NULL;
    size_t space = 0;

    while (getline(&line, &space, stdin) > 0) {
        struct program_source source = {
            .instructions = instructions,
            .count = read_program(line, instructions),
        };
        char log[PROBE_LOG_MAX];
        struct program *program;

        programs++;
        if (program_load(&source, log, sizeof(log), &program) == 0) {
            if (runs)
                run(program);
            program_free(program);
            continue;
        }
        refused++;
        printf("program %u refused: %s\n", programs, log);
    }
    free(line);
    if (!runs)
        printf("%u programs, %u refused\n", programs, refused);
    return refused == 0 ? 0 : 1;
}
