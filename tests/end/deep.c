/*
 * A task whose stack is known: main calls outer, that middle, that inner,
 * which makes a system call and touches new memory.  It says where each goes
 * on afterwards.  It is compiled with frame pointers.
 */

#include <stdint.h>
#include <stdio.h>

#include <mach.h>

#include "mach/task.h"

#define KEPT __attribute__((noinline, noclone))

static volatile char *memory;

static KEPT int
inner(void)
{
    printf("deep: middle=0x%llx\n",
           (unsigned long long)(uintptr_t)__builtin_return_address(0));
    mach_reply_port();
    *memory = 1;
    return *memory;
}

static KEPT int
middle(void)
{
    printf("deep: outer=0x%llx\n",
           (unsigned long long)(uintptr_t)__builtin_return_address(0));
    return inner() + 1;
}

static KEPT int
outer(void)
{
    return middle() + 1;
}

int
main(int argc, char **argv)
{
    vm_address_t address = 0;

    if (vm_allocate(mach_task_self(), &address, vm_page_size, TRUE) !=
        KERN_SUCCESS)
        task_fail("no memory");
    memory = (volatile char *)address;
    printf("deep: memory=0x%llx\n", (unsigned long long)address);
    return outer() == 3 ? 0 : 1;
}
