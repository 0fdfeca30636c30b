/*
 * Running programs that are not verified: each access is checked, and the
 * number of instructions is limited.
 */

#ifndef KERNEL_PROGRAM_HOST_CHECKED_H
#define KERNEL_PROGRAM_HOST_CHECKED_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/program/program.h"

struct checked_run {
    const struct program_source *source; /* validated */
    void *memory;                        /* r1; NULL: r1 is 0 */
    size_t memory_size;                  /* r2, if memory is writable */
    int memory_is_writable;
    size_t memory_scratch; /* else: what is from this byte on; 0: nothing */
    uint64_t steps_max;    /* instructions */
    uint32_t left;         /* of them, for rounds of loops */
    const uint32_t *costs; /* of rounds, by the verifier; NULL: 1 each */

    uint64_t result; /* r0 */
    uint64_t steps;  /* instructions that ran */
    uint32_t at;     /* instruction that failed */
    char error[128]; /* why, when the run failed */
};

/*
 * Run from the first instruction to the last exit.  0, or -1 and the run's
 * error and at say what would have gone wrong.
 */
int checked_run(struct checked_run *run);

#endif /* KERNEL_PROGRAM_HOST_CHECKED_H */
