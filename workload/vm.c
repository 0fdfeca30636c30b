/*
 * Virtual memory: allocated, touched, copied by the kernel, given back.
 *
 * The kernel copies lazily, so each copy is written to afterwards, which
 * makes the kernel copy a page, and both are compared with what they hold.
 */

#include "workload/workload.h"

#include "mach/task.h"

#define PAGES      4
#define WORDS      (PAGES * vm_page_size / sizeof(uint64_t))
#define PAGE_WORDS (vm_page_size / sizeof(uint64_t))

static uint64_t operations;

static uint64_t
pattern(uint64_t operation, size_t word)
{
    return (operation << 32 | word) * 0x9e3779b97f4a7c15u;
}

static void
fill(uint64_t *words, uint64_t operation)
{
    for (size_t i = 0; i < WORDS; i++)
        words[i] = pattern(operation, i);
}

/* Every word but the first of each page, which may be CHANGED by so much. */
static void
check(const uint64_t *words, uint64_t operation, uint64_t changed)
{
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t right =
            pattern(operation, i) + (i % PAGE_WORDS == 0 ? changed : 0);

        if (words[i] != right)
            workload_fail("vm: operation %llu: word %lu is %llx, not %llx",
                          (unsigned long long)operation, (unsigned long)i,
                          (unsigned long long)words[i],
                          (unsigned long long)right);
    }
}

static void
operate(uint64_t operation)
{
    vm_address_t original = 0, copy = 0;
    vm_size_t size = PAGES * vm_page_size;

    WORKLOAD_CALL(vm_allocate(mach_task_self(), &original, size, TRUE));
    WORKLOAD_CALL(vm_allocate(mach_task_self(), &copy, size, TRUE));
    fill((uint64_t *)original, operation);
    WORKLOAD_CALL(vm_copy(mach_task_self(), original, size, copy));
    for (size_t page = 0; page < PAGES; page++)
        ((uint64_t *)copy)[page * PAGE_WORDS] += 1;
    check((const uint64_t *)original, operation, 0);
    check((const uint64_t *)copy, operation, 1);
    WORKLOAD_CALL(vm_deallocate(mach_task_self(), original, size));
    WORKLOAD_CALL(vm_deallocate(mach_task_self(), copy, size));
}

static void
run(unsigned count)
{
    while (count-- > 0)
        operate(operations++);
}

static void
report(void)
{
    workload_say("vm operations=%llu pages=%llu",
                 (unsigned long long)operations,
                 (unsigned long long)operations * 2 * PAGES);
}

const struct workload_part workload_vm = {"vm", 200, run, report};
