/* What programs in C need of the kernel: helpers are numbers. */

#ifndef TESTS_PROGRAM_CLANG_PROGRAM_H
#define TESTS_PROGRAM_CLANG_PROGRAM_H

#include "protocol/context.h"
#include "protocol/helper.h"

#define HELPER(type, name, ...) \
    static type (*const name)(__VA_ARGS__) = (void *)PROBE_HELPER_##name

HELPER(uint64_t, time_ns, void);
HELPER(uint64_t, task, void);
HELPER(uint64_t, cpu, void);
HELPER(int64_t, task_name, char *buffer, uint32_t size);
HELPER(int64_t, read_kernel, void *buffer, uint32_t size, uint64_t address);
HELPER(int64_t, read_user_string, char *buffer, uint32_t size,
       uint64_t address);
HELPER(void *, record_reserve, uint64_t size, uint64_t flags);
HELPER(void, record_submit, void *record);

#endif /* TESTS_PROGRAM_CLANG_PROGRAM_H */
