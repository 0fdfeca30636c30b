/*
 * The functions that programs call: what each takes and gives, for the
 * verifier, and each as a function, for the interpreter.
 */

#ifndef KERNEL_PROGRAM_HELPER_H
#define KERNEL_PROGRAM_HELPER_H

#include <stdint.h>

#include "kernel/program/program.h"
#include "protocol/helper.h"

enum argument {
    ARGUMENT_NONE,
    ARGUMENT_NUMBER,      /* anything that is set */
    ARGUMENT_STACK_FLAGS, /* the same; some say how far to go */
    ARGUMENT_CONTEXT,     /* what r1 points to when the program starts */
    ARGUMENT_MAP,         /* a map */
    ARGUMENT_KEY,         /* memory to read, of the map's key size */
    ARGUMENT_VALUE,       /* memory to read, of the map's value size */
    ARGUMENT_BUFFER,      /* memory to write, of the size that comes next */
    ARGUMENT_BYTES,       /* the same, memory to read */
    ARGUMENT_SIZE,        /* bytes of the buffer before */
    ARGUMENT_RECORD_SIZE, /* constant, 1 to PROBE_RECORD_PAYLOAD_MAX */
    ARGUMENT_FLAG,        /* constant 0 or 1 */
    ARGUMENT_RECORD,      /* start of the open record */
    ARGUMENT_RECORD_END,  /* the same, which it ends */
};

enum result {
    RESULT_NONE,   /* r0 is not set */
    RESULT_NUMBER, /* any */
    RESULT_CPU,    /* below PROBE_CPUS_MAX */
    RESULT_ERROR,  /* 0 or -enum probe_error */
    RESULT_LENGTH, /* 0 to the buffer's size, or -enum probe_error */
    RESULT_VALUE,  /* pointer to the map's value, or 0 */
    RESULT_RECORD, /* pointer to a record of that size, or 0 */
    RESULT_AGAIN,  /* 1, or 0 at last, however often it is called */
};

#define HELPER_ARGUMENTS 5

/*
 * What a call costs, at most: STEPS, and EACH for every 8 bytes of the buffer,
 * record, key or value that it is given.  An instruction of a program is
 * one step, some 8 instructions of the processor.
 */
struct helper_work {
    uint16_t steps;
    uint16_t each;
};

struct helper {
    const char *name;
    int32_t number;
    uint8_t result;                      /* enum result */
    uint8_t arguments[HELPER_ARGUMENTS]; /* enum argument */
    struct helper_work work;
};

/* The helper of this number, or NULL. */
const struct helper *helper_find(int32_t number);

/* Whether it changes what is not the program's: for few sessions only. */
int helper_writes(int32_t number);

/* r1 to r5 in, r0 out.  Probe context. */
#define HELPER_FUNCTION(number, name)                                \
    uint64_t helper_##name(struct execution *execution, uint64_t r1, \
                           uint64_t r2, uint64_t r3, uint64_t r4,    \
                           uint64_t r5);
PROBE_HELPERS(HELPER_FUNCTION)
#undef HELPER_FUNCTION

#endif /* KERNEL_PROGRAM_HELPER_H */
