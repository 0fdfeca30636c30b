#include "kernel/tasks/tasks.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/machine.h"
#include "kernel/machine/string.h"
#include "kernel/program/environment.h"
#include "protocol/probe.h"

/* ---- the kernel's locks ------------------------------------------------- */

/*
 * With one CPU the kernel has none: no thread is preempted in the kernel, and
 * no interrupt's handler changes these lists.
 *
 * With several they are taken in the kernel's order, the list of sets, a set,
 * a task, and with interrupts off, so that nobody interrupts who waits for
 * them.  A holder never waits for an interrupt of ours, because the lock of the
 * control path, which we have, is what stops the CPUs (stop.h).
 */
#if KERNEL_CPUS > 1
static void
spin_take(struct slock *lock)
{
    while (__atomic_exchange_n(&lock->lock_data, 1, __ATOMIC_ACQUIRE) != 0)
        machine_pause();
}

static void
spin_release(struct slock *lock)
{
    __atomic_store_n(&lock->lock_data, 0, __ATOMIC_RELEASE);
}
#define SPIN_TAKE(lock)    spin_take(&(lock))
#define SPIN_RELEASE(lock) spin_release(&(lock))
#else
#define SPIN_TAKE(lock)    ((void)0)
#define SPIN_RELEASE(lock) ((void)0)
#endif

/* ---- the lists ---------------------------------------------------------- */

/* A link of the kernel's queues leads to the next element itself. */

static bool
is_one(const struct task *task)
{
    return task->active && task != kernel_task;
}

/* Those that are found have a reference. */
struct search {
    const struct task *only; /* NULL: all of them */
    struct task **found;
    uint32_t room;
    uint32_t count; /* there are; the first ROOM of them are in FOUND */
};

static void
search_set(struct processor_set *set, struct search *search)
{
    struct queue_entry *end = &set->tasks, *next = end->next;

    while (next != end) {
        struct task *task = (struct task *)next;

        next = task->pset_tasks.next;
        if (!is_one(task) || (search->only != NULL && search->only != task))
            continue;
        if (search->count < search->room) {
            task_reference(task);
            search->found[search->count] = task;
        }
        search->count++;
    }
}

static void
search_all(struct search *search)
{
    unsigned long interrupts = machine_interrupts_disable();
    struct queue_entry *next;

    search->count = 0;
    SPIN_TAKE(all_psets_lock);
    next = all_psets.next;
    while (next != &all_psets) {
        struct processor_set *set = (struct processor_set *)next;

        SPIN_TAKE(set->lock);
        search_set(set, search);
        SPIN_RELEASE(set->lock);
        next = set->all_psets.next;
    }
    SPIN_RELEASE(all_psets_lock);
    machine_interrupts_restore(interrupts);
}

struct task *
tasks_find(uint64_t address)
{
    struct task *task = NULL;
    struct search search = {
        .only = (const struct task *)(uintptr_t)address,
        .found = &task,
        .room = 1,
    };

    if (address == 0 || address != (uintptr_t)address)
        return NULL;
    search_all(&search);
    return task;
}

static void
release(const struct search *search)
{
    for (uint32_t i = 0; i < search->count && i < search->room; i++)
        task_deallocate(search->found[i]);
}

/* Tasks that may begin between counting them and finding them. */
#define SLACK 16

bool
tasks_each(void (*each)(struct task *task, void *data), void *data)
{
    struct search search = {0};

    do {
        release(&search);
        if (search.found != NULL)
            environment_free(search.found, search.room * sizeof(struct task *));
        search.room = search.count + SLACK;
        search.found =
            environment_allocate(search.room * sizeof(struct task *));
        if (search.found == NULL)
            return false;
        search_all(&search);
    } while (search.count > search.room);
    for (uint32_t i = 0; i < search.count; i++)
        each(search.found[i], data);
    release(&search);
    environment_free(search.found, search.room * sizeof(struct task *));
    return true;
}

/*
 * With several CPUs a task's lock is taken on its own: the lists of tasks are
 * not held meanwhile.
 */
unsigned long
tasks_lock(struct task *task)
{
    unsigned long interrupts = machine_interrupts_disable();

    (void)task;
    SPIN_TAKE(task->lock);
    return interrupts;
}

void
tasks_unlock(struct task *task, unsigned long interrupts)
{
    (void)task;
    SPIN_RELEASE(task->lock);
    machine_interrupts_restore(interrupts);
}

void
tasks_describe(const struct task *task, struct probe_task *description)
{
    size_t length = strnlen(task->name, sizeof(task->name));

    *description = (struct probe_task){.address = (uintptr_t)task};
    if (length > sizeof(description->name) - 1)
        length = sizeof(description->name) - 1;
    memcpy(description->name, task->name, length);
}
