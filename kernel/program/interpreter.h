/*
 * The interpreter.
 *
 * An instruction is translated into an op (program_i.h): the address of the
 * code that carries it out, and its operands.  Each piece of code jumps
 * straight to that of the next op.  Op N belongs to instruction N (a 64-bit
 * load has its number in the second), so jumps keep their distances.
 *
 * Pairs that programs are full of, such as a load from the context and a
 * store into the record, have code for both at once.  The second of a pair
 * keeps its own op beside, for jumps to it.
 *
 * The same code (interpreter_body.h) is built twice: as it is for verified
 * programs, and with a check of each access for the tests (host/checked.h).
 */

#ifndef KERNEL_PROGRAM_INTERPRETER_H
#define KERNEL_PROGRAM_INTERPRETER_H

#include <stdint.h>

#include "kernel/program/instruction.h"
#include "protocol/helper.h"

/* Pairs of operations that have code of their own.  X(first, second) */
#define INTERPRETER_PAIRS(X) \
    X(LOAD64, STORE64_X)     \
    X(LOAD32, STORE32_X)     \
    X(MOV_64_X, ADD_64_K)    \
    X(MOV_64_X, MOV_64_X)    \
    X(MOV_64_K, MOV_64_K)    \
    X(MOV_64_K, EXIT)

/*
 * What op stands for: an operation, a helper, or a pair, in one numbering
 * for the table of code addresses.
 */
enum interpreter_code {
    INTERPRETER_HELPERS = OPERATION_COUNT,
#define INTERPRETER_HELPER(number, name) INTERPRETER_HELPER_##name,
    PROBE_HELPERS(INTERPRETER_HELPER)
#undef INTERPRETER_HELPER
#define INTERPRETER_PAIR(first, second) INTERPRETER_##first##_##second,
        INTERPRETER_PAIRS(INTERPRETER_PAIR)
#undef INTERPRETER_PAIR
            INTERPRETER_CODE_COUNT
};

/* Addresses of the code, by enum interpreter_code. */
const void *const *interpreter_codes(void);

/*
 * Translate validated instructions; OPS has room for as many.  COSTS are as
 * the verifier tells them, or NULL: a round is one step.
 */
void interpreter_translate(const struct program_source *source,
                           const void *const *codes, const uint32_t *costs,
                           struct op *ops);

#endif /* KERNEL_PROGRAM_INTERPRETER_H */
