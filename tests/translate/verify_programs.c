/*
 * Reads programs, a line of hex digits each, puts each through the kernel's
 * verifier, and says how many there were.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/program/program.h"

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

int
main(void)
{
    static struct ebpf_insn instructions[PROBE_PROGRAM_INSNS_MAX];
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
            program_free(program);
            continue;
        }
        refused++;
        printf("program %u refused: %s\n", programs, log);
    }
    free(line);
    printf("%u programs, %u refused\n", programs, refused);
    return refused == 0 ? 0 : 1;
}
