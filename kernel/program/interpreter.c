/* Running verified programs. */

#include "kernel/program/interpreter.h"

#include "kernel/program/atomic64.h"
#include "kernel/program/helper.h"

#define CHECK(address, size, access)
#define CHECK_CALL(number)
#define CHECK_DEPTH()
#define COUNT()

/*
 * Without an execution: the addresses of the code, which have no names
 * outside of this function.
 */
uint64_t
interpreter_run(const struct op *op, struct execution *execution, uint64_t r1)
{
    static const void *const codes[INTERPRETER_CODE_COUNT] = {
#include "kernel/program/interpreter_codes.h"
    };
    if (execution == NULL)
        return (uintptr_t)codes;

    uint64_t r[EBPF_REGISTERS];
    unsigned depth = 0;
    r[1] = r1;
    r[10] = (uintptr_t)execution->stack + EBPF_FRAME_SIZE;
    goto * op->code;

#include "kernel/program/interpreter_body.h"
}

const void *const *
interpreter_codes(void)
{
    return (const void *const *)(uintptr_t)interpreter_run(NULL, NULL, 0);
}
