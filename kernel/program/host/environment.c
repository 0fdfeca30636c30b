/* The environment of programs on an ordinary system. */

#include "kernel/program/host/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/program/environment.h"
#include "protocol/error.h"
#include "protocol/helper.h"

struct host_environment host_environment = {.fail_allocation = -1};

void
host_environment_reset(void)
{
    host_environment = (struct host_environment){
        .fail_allocation = -1,
        .allocated = host_environment.allocated,
    };
}

void *
environment_allocate(size_t size)
{
    if (host_environment.fail_allocation >= 0 &&
        host_environment.fail_allocation-- == 0)
        return NULL;
    void *memory = calloc(1, size);
    if (memory != NULL)
        host_environment.allocated += size;
    return memory;
}

void
environment_free(void *memory, size_t size)
{
    host_environment.allocated -= size;
    free(memory);
}

unsigned
environment_cpus(void)
{
    return host_environment.cpus == 0 ? 1 : host_environment.cpus;
}

unsigned
environment_cpu(void)
{
    return host_environment.cpu;
}

unsigned long
environment_interrupts_disable(void)
{
    return 0;
}

void
environment_interrupts_restore(unsigned long state)
{
}

uint64_t
environment_time_ns(void)
{
    return ++host_environment.time;
}

uint64_t
environment_task(void)
{
    return host_environment.task;
}

uint64_t
environment_thread(void)
{
    return host_environment.thread;
}

static int64_t
copy_string(char *buffer, uint32_t size, const char *string, size_t length)
{
    if (size == 0)
        return -PROBE_ERROR_ARGUMENT;
    if (length > size - 1)
        length = size - 1;
    memcpy(buffer, string, length);
    buffer[length] = '\0';
    return (int64_t)length + 1;
}

int64_t
environment_task_name(char *buffer, uint32_t size)
{
    const char *name = host_environment.task_name;
    if (name == NULL)
        name = "host";
    return copy_string(buffer, size, name, strlen(name));
}

/* A stack of one address, or of none in user mode. */
int64_t
environment_stack(const struct probe_context *context, uint64_t *buffer,
                  uint32_t size, uint64_t flags)
{
    bool some = size >= 8 && (flags & PROBE_STACK_USER) == 0 &&
                (flags & PROBE_STACK_SKIP) == 0;

    if (size % 8 != 0)
        return -PROBE_ERROR_ARGUMENT;
    memset(buffer, 0, size);
    if (some)
        memcpy(buffer, &context->pc, 8);
    return some ? 8 : 0;
}

/* Bytes from ADDRESS to the end of the memory that can be read. */
static size_t
readable(uint64_t address)
{
    uint64_t offset = address - (uintptr_t)host_environment.memory;
    return offset < host_environment.memory_size
               ? host_environment.memory_size - offset
               : 0;
}

int64_t
environment_read_kernel(void *buffer, uint32_t size, uint64_t address)
{
    if (size > readable(address)) {
        memset(buffer, 0, size);
        return -PROBE_ERROR_FAULT;
    }
    if (size > 0)
        memmove(buffer, (const void *)(uintptr_t)address, size);
    return 0;
}

int64_t
environment_read_user(void *buffer, uint32_t size, uint64_t address)
{
    return environment_read_kernel(buffer, size, address);
}

int64_t
environment_read_kernel_string(char *buffer, uint32_t size, uint64_t address)
{
    size_t left = readable(address);
    const char *string = (const char *)(uintptr_t)address;
    size_t length = left == 0 ? 0 : strnlen(string, left);

    if (size == 0)
        return -PROBE_ERROR_ARGUMENT;
    /* Neither its end nor the buffer's comes before that of the memory. */
    if (length == left && length < size - 1) {
        buffer[0] = '\0';
        return -PROBE_ERROR_FAULT;
    }
    return copy_string(buffer, size, string, length);
}

int64_t
environment_read_user_string(char *buffer, uint32_t size, uint64_t address)
{
    return environment_read_kernel_string(buffer, size, address);
}

int64_t
environment_write_kernel(const void *buffer, uint32_t size, uint64_t address)
{
    if (!host_environment.memory_is_writable || size > readable(address))
        return -PROBE_ERROR_FAULT;
    memcpy((void *)(uintptr_t)address, buffer, size);
    return 0;
}

int64_t
environment_write_register(struct probe_context *context, uint64_t number,
                           uint64_t value)
{
    if (number >= PROBE_CONTEXT_REGISTERS)
        return -PROBE_ERROR_ARGUMENT;
    context->registers[number] = value;
    return 0;
}

void *
environment_record_reserve(void *hit, uint32_t size, uint64_t flags)
{
    if (host_environment.ring_is_full || host_environment.record_size != 0)
        return NULL;
    host_environment.record_size = size;
    host_environment.trimmed_size = size;
    return (flags & PROBE_RECORD_RAW) != 0
               ? host_environment.record
               : memset(host_environment.record, 0,
                        sizeof(host_environment.record));
}

uint64_t
environment_record_trim(void *hit, uint64_t size)
{
    if (size > 0 && size <= host_environment.record_size)
        host_environment.trimmed_size = (uint32_t)((size + 7) & ~7ull);
    return host_environment.trimmed_size;
}

void
environment_record_submit(void *hit, void *record)
{
    host_environment.submitted++;
    host_environment.submitted_size = host_environment.trimmed_size;
    host_environment.record_size = 0;
}

void
environment_record_discard(void *hit, void *record)
{
    host_environment.discarded++;
    host_environment.record_size = 0;
}
