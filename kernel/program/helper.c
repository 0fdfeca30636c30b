/* The table of helpers, and the helpers. */

#include "kernel/program/helper.h"

#include "kernel/program/environment.h"
#include "kernel/program/instruction.h"
#include "kernel/program/map.h"
#include "protocol/error.h"

#define HELPER(name, result, steps, each, ...)                      \
    {                                                               \
        #name, PROBE_HELPER_##name, RESULT_##result, {__VA_ARGS__}, \
        {                                                           \
            steps, each                                             \
        }                                                           \
    }

/*
 * Steps as measured, and something more.  A stack begins with the kernel's
 * part, of at most a page; a frame of user mode is three words that are looked
 * for in the page tables.  A string is looked at byte by byte.
 */
static const struct helper helpers[] = {
    HELPER(map_lookup, VALUE, 20, 2, ARGUMENT_MAP, ARGUMENT_KEY),
    HELPER(map_update, ERROR, 40, 2, ARGUMENT_MAP, ARGUMENT_KEY, ARGUMENT_VALUE,
           ARGUMENT_NUMBER),
    HELPER(map_delete, ERROR, 40, 2, ARGUMENT_MAP, ARGUMENT_KEY),
    HELPER(time_ns, NUMBER, 10, 0, ARGUMENT_NONE),
    HELPER(cpu, CPU, 2, 0, ARGUMENT_NONE),
    HELPER(task_name, LENGTH, 40, 1, ARGUMENT_BUFFER, ARGUMENT_SIZE),
    HELPER(stack, LENGTH, 3500, 70, ARGUMENT_CONTEXT, ARGUMENT_BUFFER,
           ARGUMENT_SIZE, ARGUMENT_STACK_FLAGS),
    HELPER(read_user, ERROR, 50, 1, ARGUMENT_BUFFER, ARGUMENT_SIZE,
           ARGUMENT_NUMBER),
    HELPER(read_kernel, ERROR, 50, 1, ARGUMENT_BUFFER, ARGUMENT_SIZE,
           ARGUMENT_NUMBER),
    HELPER(read_user_string, LENGTH, 50, 8, ARGUMENT_BUFFER, ARGUMENT_SIZE,
           ARGUMENT_NUMBER),
    HELPER(read_kernel_string, LENGTH, 50, 8, ARGUMENT_BUFFER, ARGUMENT_SIZE,
           ARGUMENT_NUMBER),
    HELPER(task, NUMBER, 2, 0, ARGUMENT_NONE),
    HELPER(thread, NUMBER, 2, 0, ARGUMENT_NONE),
    HELPER(record_reserve, RECORD, 40, 1, ARGUMENT_RECORD_SIZE, ARGUMENT_FLAG),
    HELPER(record_submit, NONE, 10, 0, ARGUMENT_RECORD_END),
    HELPER(record_discard, NONE, 10, 0, ARGUMENT_RECORD_END),
    HELPER(record_trim, NUMBER, 5, 0, ARGUMENT_RECORD, ARGUMENT_NUMBER),
    HELPER(again, AGAIN, 2, 0, ARGUMENT_NONE),
    HELPER(write_kernel, ERROR, 100, 1, ARGUMENT_BYTES, ARGUMENT_SIZE,
           ARGUMENT_NUMBER),
    HELPER(write_register, ERROR, 5, 0, ARGUMENT_CONTEXT, ARGUMENT_NUMBER,
           ARGUMENT_NUMBER),
};

const struct helper *
helper_find(int32_t number)
{
    for (unsigned i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
        if (helpers[i].number == number)
            return &helpers[i];
    return NULL;
}

int
helper_writes(int32_t number)
{
    return number == PROBE_HELPER_write_kernel ||
           number == PROBE_HELPER_write_register;
}

const char *
helper_name(int32_t number)
{
    const struct helper *helper = helper_find(number);
    return helper == NULL ? NULL : helper->name;
}

#define DEFINE(name)                                                 \
    uint64_t helper_##name(struct execution *execution, uint64_t r1, \
                           uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)

static void *
pointer(uint64_t value)
{
    return (void *)(uintptr_t)value;
}

DEFINE(map_lookup)
{
    return (uintptr_t)map_program_lookup(pointer(r1), execution->cpu,
                                         pointer(r2));
}

DEFINE(map_update)
{
    return map_program_update(pointer(r1), execution->cpu, pointer(r2),
                              pointer(r3), r4);
}

DEFINE(map_delete)
{
    return map_program_delete(pointer(r1), pointer(r2));
}

DEFINE(time_ns)
{
    return environment_time_ns();
}

DEFINE(cpu)
{
    return execution->cpu;
}

DEFINE(task_name)
{
    return environment_task_name(pointer(r1), r2);
}

DEFINE(stack)
{
    return environment_stack(pointer(r1), pointer(r2), r3, r4);
}

DEFINE(read_user)
{
    return environment_read_user(pointer(r1), r2, r3);
}

DEFINE(read_kernel)
{
    return environment_read_kernel(pointer(r1), r2, r3);
}

DEFINE(read_user_string)
{
    return environment_read_user_string(pointer(r1), r2, r3);
}

DEFINE(read_kernel_string)
{
    return environment_read_kernel_string(pointer(r1), r2, r3);
}

DEFINE(task)
{
    return environment_task();
}

DEFINE(thread)
{
    return environment_thread();
}

DEFINE(record_reserve)
{
    return (uintptr_t)environment_record_reserve(execution->hit, r1, r2);
}

DEFINE(record_submit)
{
    environment_record_submit(execution->hit, pointer(r1));
    return 0;
}

DEFINE(record_discard)
{
    environment_record_discard(execution->hit, pointer(r1));
    return 0;
}

DEFINE(record_trim)
{
    return environment_record_trim(execution->hit, r2);
}

DEFINE(again)
{
    if (execution->left < r1)
        return 0;
    execution->left -= (uint32_t)r1;
    return 1;
}

DEFINE(write_kernel)
{
    return environment_write_kernel(pointer(r1), r2, r3);
}

DEFINE(write_register)
{
    return environment_write_register(pointer(r1), r2, r3);
}
