/*
 * Probes in the code of a task.
 */

#include "tests/kernel/kit.h"

#include "mig/gnumach_user.h"

static struct child *child;

static struct probe_task *tasks;
static uint32_t task_count;

static void
list_tasks(mach_port_t session)
{
    mach_msg_type_number_t size = 0;
    char *bytes = NULL;

    kern_return_t kr = probe_tasks(session, &bytes, &size);

    if (kr != KERN_SUCCESS)
        task_fail("no list of tasks: %#x", kr);
    tasks = (struct probe_task *)(void *)bytes;
    task_count = size / sizeof(*tasks);
}

static void
free_tasks(void)
{
    vm_deallocate(mach_task_self(), (vm_address_t)tasks,
                  task_count * sizeof(*tasks));
}

/* How many tasks have that name; *ADDRESS is the last one's. */
static uint32_t
find_task(mach_port_t session, const char *name, uint64_t *address)
{
    uint32_t count = 0;

    list_tasks(session);
    for (uint32_t i = 0; i < task_count; i++) {
        if (strncmp(tasks[i].name, name, sizeof(tasks[i].name)) == 0) {
            *address = tasks[i].address;
            count++;
        }
    }
    free_tasks();
    return count;
}

static void
listing(void)
{
    mach_port_t session = session_open();
    uint64_t address = 0;

    check_is(find_task(session, "watched", &address), 1, "a task by its name");
    check(address >= KERNEL_START, "its address is the kernel's: %#" PRIx64,
          address);
    check_is(find_task(session, "gnumach", &address), 0,
             "the kernel is no task to be probed");
    session_close(session);
}

int
main(void)
{
    child = child_start();
    if (task_set_name(child_task(child), "watched") != KERN_SUCCESS)
        task_fail("no name");
    listing();
    child_terminate(child);
    return check_end();
}
