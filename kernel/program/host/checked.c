/* The interpreter with a check of each access. */

#include "kernel/program/host/checked.h"

#include <setjmp.h>
#include <stdlib.h>

#include "kernel/program/atomic64.h"
#include "kernel/program/helper.h"
#include "kernel/program/host/environment.h"
#include "kernel/program/interpreter.h"
#include "kernel/program/log.h"
#include "kernel/program/map.h"
#include "protocol/error.h"

enum access { READ, WRITE, ATOMIC };

struct checker {
    struct checked_run *run;
    struct execution execution;
    const struct op *ops;
    jmp_buf failed;
};

static void fail(struct checker *checker, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

static void
fail(struct checker *checker, const char *format, ...)
{
    struct log log;
    va_list arguments;

    log_start(&log, checker->run->error, sizeof(checker->run->error));
    va_start(arguments, format);
    log_put_list(&log, format, arguments);
    va_end(arguments);
    longjmp(checker->failed, 1);
}

static int
is_within(uint64_t address, uint64_t size, const void *base, uint64_t length)
{
    uint64_t offset = address - (uintptr_t)base;
    return offset <= length && size <= length - offset;
}

static int
is_allowed(const struct checker *checker, uint64_t address, uint64_t size,
           int is_write)
{
    const struct checked_run *run = checker->run;
    if (is_within(address, size, checker->execution.stack,
                  sizeof(checker->execution.stack)))
        return 1;
    if (run->memory != NULL && (!is_write || run->memory_is_writable) &&
        is_within(address, size, run->memory, run->memory_size))
        return 1;
    if (run->memory_scratch != 0 && run->memory_scratch < run->memory_size &&
        is_within(address, size, (char *)run->memory + run->memory_scratch,
                  run->memory_size - run->memory_scratch))
        return 1;
    if (host_environment.record_size != 0 &&
        is_within(address, size, host_environment.record,
                  host_environment.record_size))
        return 1;
    for (uint32_t i = 0; i < run->source->map_count; i++)
        if (run->source->maps[i] != NULL &&
            map_contains(run->source->maps[i], (const void *)(uintptr_t)address,
                         size))
            return 1;
    return 0;
}

static void
check(struct checker *checker, const struct op *op, const void *at,
      uint64_t size, enum access access)
{
    uint64_t address = (uintptr_t)at;

    checker->run->at = op - checker->ops;
    if (!is_allowed(checker, address, size, access != READ))
        fail(checker, "%s of %llu bytes at 0x%llx, which is not the program's",
             access == READ ? "a read" : "a write", (unsigned long long)size,
             (unsigned long long)address);
    if (access == ATOMIC && address % size != 0)
        fail(checker, "an atomic operation on %llu bytes at 0x%llx",
             (unsigned long long)size, (unsigned long long)address);
}

static struct map *
check_map(struct checker *checker, uint64_t value)
{
    const struct program_source *source = checker->run->source;
    for (uint32_t i = 0; i < source->map_count; i++)
        if (source->maps[i] != NULL && (uintptr_t)source->maps[i] == value)
            return source->maps[i];
    fail(checker, "0x%llx is no map", (unsigned long long)value);
}

static void
check_call(struct checker *checker, const struct op *op, int32_t number,
           const uint64_t *r)
{
    const struct helper *helper = helper_find(number);
    struct map *map = NULL;

    for (unsigned i = 0; i < HELPER_ARGUMENTS; i++) {
        uint64_t value = r[i + 1];
        const void *at = (const void *)(uintptr_t)value;
        checker->run->at = op - checker->ops;
        switch ((enum argument)helper->arguments[i]) {
        case ARGUMENT_CONTEXT:
            check(checker, op, at, sizeof(struct probe_context), READ);
            break;
        case ARGUMENT_MAP:
            map = check_map(checker, value);
            break;
        case ARGUMENT_KEY:
            check(checker, op, at, map_attributes(map)->key_size, READ);
            break;
        case ARGUMENT_VALUE:
            check(checker, op, at, map_attributes(map)->value_size, READ);
            break;
        case ARGUMENT_BUFFER:
            if (r[i + 2] > INT32_MAX)
                fail(checker, "a buffer of 0x%llx bytes",
                     (unsigned long long)r[i + 2]);
            check(checker, op, at, r[i + 2], WRITE);
            break;
        case ARGUMENT_BYTES:
            if (r[i + 2] > INT32_MAX)
                fail(checker, "a buffer of 0x%llx bytes",
                     (unsigned long long)r[i + 2]);
            check(checker, op, at, r[i + 2], READ);
            break;
        case ARGUMENT_RECORD_SIZE:
            if (value == 0 || value > PROBE_RECORD_PAYLOAD_MAX)
                fail(checker, "a record of 0x%llx bytes",
                     (unsigned long long)value);
            if (host_environment.record_size != 0)
                fail(checker, "a record is open already");
            break;
        case ARGUMENT_FLAG:
            if (value > 1)
                fail(checker, "r%u must be 0 or 1", i + 1);
            break;
        case ARGUMENT_RECORD:
        case ARGUMENT_RECORD_END:
            if (host_environment.record_size == 0 ||
                at != host_environment.record)
                fail(checker, "0x%llx is no open record",
                     (unsigned long long)value);
            break;
        case ARGUMENT_NONE:
        case ARGUMENT_NUMBER:
        case ARGUMENT_STACK_FLAGS:
        case ARGUMENT_SIZE:
            break;
        }
    }
}

static void
count(struct checker *checker, const struct op *op)
{
    checker->run->at = op - checker->ops;
    if (checker->run->steps++ >= checker->run->steps_max)
        fail(checker, "still running after %llu instructions",
             (unsigned long long)checker->run->steps_max);
}

#define CHECK(address, size, access) check(checker, op, address, size, access)
#define CHECK_CALL(number)           check_call(checker, op, number, r)
#define CHECK_DEPTH()                                           \
    do {                                                        \
        if (depth == EBPF_CALL_DEPTH - 1)                       \
            fail(checker, "calls are nested more than %u deep", \
                 EBPF_CALL_DEPTH);                              \
    } while (0)
#define COUNT() count(checker, op)

/* As interpret() in interpreter.c. */
static uint64_t
interpret(const struct op *op, struct checker *checker)
{
    static const void *const codes[INTERPRETER_CODE_COUNT] = {
#include "kernel/program/interpreter_codes.h"
    };
    if (checker == NULL)
        return (uintptr_t)codes;

    struct execution *execution = &checker->execution;
    uint64_t r[EBPF_REGISTERS] = {0};
    unsigned depth = 0;
    r[1] = (uintptr_t)checker->run->memory;
    if (checker->run->memory_is_writable)
        r[2] = checker->run->memory_size;
    r[10] = (uintptr_t)execution->stack + EBPF_FRAME_SIZE;
    goto * op->code;

#include "kernel/program/interpreter_body.h"
}

int
checked_run(struct checked_run *run)
{
    struct op *ops = calloc(run->source->count, sizeof(*ops));
    struct checker *checker = calloc(1, sizeof(*checker));
    int result = -1;

    if (ops == NULL || checker == NULL)
        abort();
    interpreter_translate(run->source,
                          (const void *const *)(uintptr_t)interpret(NULL, NULL),
                          run->costs, ops);
    checker->run = run;
    checker->ops = ops;
    checker->execution.cpu = host_environment.cpu;
    checker->execution.left = run->left;
    run->steps = 1;
    run->at = 0;
    run->error[0] = '\0';
    if (setjmp(checker->failed) == 0) {
        run->result = interpret(ops, checker);
        result = 0;
    }
    free(ops);
    free(checker);
    return result;
}
