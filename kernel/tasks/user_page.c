#include "kernel/tasks/user_page.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/machine/current.h"
#include "kernel/machine/failure.h"
#include "kernel/machine/machine.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/memory/paging.h"
#include "kernel/memory/room.h"
#include "kernel/points/slot.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

#define READ    1 /* VM_PROT_READ */
#define WRITE   2 /* VM_PROT_WRITE */
#define EXECUTE 4 /* VM_PROT_EXECUTE */

#define INHERIT_SHARE 0 /* VM_INHERIT_SHARE */
#define INHERIT_NONE  2 /* VM_INHERIT_NONE */

struct user_page *user_pages;

/* ---- making them -------------------------------------------------------- */

/*
 * An instruction may name what is up to 2 GB away from its place, so half of
 * that is left to it.  Near the text is where programs have their data and
 * where the next program is loaded: so the way begins far from it.
 */
#define REACH ((int64_t)1 << 30)
#define STEP  ((int64_t)1 << 24)

bool
user_page_reaches(const struct user_page *page, uint64_t address)
{
    int64_t distance = (int64_t)(page->user - address);

    return distance <= REACH && distance >= -REACH;
}

/* Takes over a reference to the object if it is entered. */
static int
enter_near(struct user_page *page, struct task *task, uint64_t address)
{
    for (int64_t distance = REACH - STEP; distance > -REACH; distance -= STEP) {
        uint64_t place =
            (address & ~(uint64_t)(MEMORY_PAGE_SIZE - 1)) + (uint64_t)distance;
        vm_offset_t user = (vm_offset_t)place;

        if (place >= PAGING_USER_END - MEMORY_PAGE_SIZE || place == 0)
            continue;
        if (vm_map_enter(task->map, &user, MEMORY_PAGE_SIZE, 0, 0, page->object,
                         0, 0, READ | EXECUTE, READ | EXECUTE,
                         INHERIT_SHARE) == 0) {
            page->user = user;
            return 0;
        }
    }
    return PROBE_ERROR_REACH;
}

/* The kernel's side, wired; it has the first reference to the object. */
static int
enter_kernel(struct user_page *page)
{
    vm_offset_t kernel = 0;

    if (failure_now() || !room_for(MEMORY_PAGE_SIZE))
        return PROBE_ERROR_MEMORY;
    page->object = vm_object_allocate(MEMORY_PAGE_SIZE);
    if (page->object == NULL)
        return PROBE_ERROR_MEMORY;
    if (vm_map_enter(kernel_map, &kernel, MEMORY_PAGE_SIZE, 0, 1, page->object,
                     0, 0, READ | WRITE, READ | WRITE, INHERIT_NONE) != 0) {
        vm_object_deallocate(page->object);
        return PROBE_ERROR_MEMORY;
    }
    page->kernel = kernel;
    if (vm_map_pageable(kernel_map, kernel, kernel + MEMORY_PAGE_SIZE,
                        READ | WRITE, 1, 1) != 0) {
        vm_map_remove(kernel_map, kernel, kernel + MEMORY_PAGE_SIZE);
        return PROBE_ERROR_MEMORY;
    }
    memset((void *)kernel, slot_breakpoint, MEMORY_PAGE_SIZE);
    page->physical = pmap_extract(kernel_pmap, kernel);
    return 0;
}

static uint32_t pages;

int
user_page_make(struct task *task, uint64_t address, struct user_page **made)
{
    struct user_page *page;
    int error;

    if (pages == USER_PAGES_MAX)
        return PROBE_ERROR_LIMIT;
    page = environment_allocate(sizeof(*page));
    if (page == NULL)
        return PROBE_ERROR_MEMORY;
    page->task = task;
    error = enter_kernel(page);
    if (error == 0) {
        vm_object_reference(page->object);
        error = enter_near(page, task, address);
        if (error != 0) {
            vm_object_deallocate(page->object);
            vm_map_remove(kernel_map, page->kernel,
                          page->kernel + MEMORY_PAGE_SIZE);
        }
    }
    if (error != 0) {
        environment_free(page, sizeof(*page));
        return error;
    }
    pages++;
    *made = page;
    return 0;
}

void
user_page_free(struct user_page *page)
{
    vm_map_remove(kernel_map, page->kernel, page->kernel + MEMORY_PAGE_SIZE);
    environment_free(page, sizeof(*page));
    pages--;
}

/* ---- who has them ------------------------------------------------------- */

/* A task that is about to be forked has a reference for itself. */
bool
user_page_is_alone(const struct user_page *page)
{
    return page->object->ref_count == 1;
}

static bool
is_of(const struct vm_map_entry *entry, const struct user_page *page)
{
    return !entry->is_sub_map && entry->object.vm_object == page->object;
}

bool
user_page_is_in(const struct user_page *page, struct vm_map *map)
{
    struct vm_map_entry *entry;
    bool found;

    vm_map_lock(map);
    found = vm_map_lookup_entry(map, (vm_offset_t)page->user, &entry) &&
            is_of(entry, page);
    vm_map_unlock(map);
    return found;
}

void
user_page_inherit(const struct user_page *page, struct vm_map *map, bool on)
{
    vm_offset_t user = (vm_offset_t)page->user;

    vm_map_inherit(map, user, user + MEMORY_PAGE_SIZE,
                   on ? INHERIT_SHARE : INHERIT_NONE);
}

/* ---- in probe context --------------------------------------------------- */

/*
 * The entry of MAP that ADDRESS is in, or NULL, as the kernel finds it, in its
 * tree: not by its function, which takes a lock.
 */
#define DEPTH_MAX 64

static const struct vm_map_entry *
look_up(const struct vm_map *map, uint64_t address)
{
    const struct rbtree_node *node = map->hdr.tree.root;

    for (unsigned i = 0; node != NULL && i < DEPTH_MAX; i++) {
        const struct vm_map_entry *entry =
            (const void *)((const char *)node -
                           offsetof(struct vm_map_entry, tree_node));

        if (address >= entry->links.start && address < entry->links.end)
            return entry;
        node = node->children[address >= entry->links.end];
    }
    return NULL;
}

/*
 * Nobody changes a map but with its lock held for writing, which is a sleeping
 * one.  With one CPU and interrupts off it is enough that nobody holds it so.
 * With several, the spin lock within it, for which we do not wait long, keeps
 * away who would; readers need not be kept away.
 */
#define SPINS 1000

static bool
map_hold(struct vm_map *map)
{
#if KERNEL_CPUS > 1
    unsigned spins = 0;

    while (__atomic_exchange_n(&map->lock.interlock.lock_data, 1,
                               __ATOMIC_ACQUIRE) != 0) {
        if (++spins == SPINS)
            return false;
        machine_pause();
    }
#endif
    return true;
}

static void
map_release(struct vm_map *map)
{
#if KERNEL_CPUS > 1
    __atomic_store_n(&map->lock.interlock.lock_data, 0, __ATOMIC_RELEASE);
#endif
}

/* By the map of the current task; INHERITANCE is that of the page. */
static enum user_presence
ask_map(const struct user_page *page, uint32_t *inheritance)
{
    struct vm_map *map = current_task()->map;
    enum user_presence presence = USER_UNKNOWN;

    if (!map_hold(map))
        return USER_UNKNOWN;
    if (!map->lock.want_write && !map->lock.want_upgrade) {
        const struct vm_map_entry *entry = look_up(map, page->user);

        presence =
            entry != NULL && is_of(entry, page) ? USER_PRESENT : USER_ABSENT;
        if (presence == USER_PRESENT)
            *inheritance = (uint32_t)entry->inheritance;
    }
    map_release(map);
    return presence;
}

/* Mostly the page tables know; a task that was just forked has none yet. */
enum user_presence
user_page_here(const struct user_page *page)
{
    uint32_t inheritance;
    uint64_t physical;

    if (memory_translate(MEMORY_USER, page->user, &physical))
        return physical == page->physical ? USER_PRESENT : USER_ABSENT;
    return ask_map(page, &inheritance);
}

enum user_presence
user_page_inherited(const struct user_page *page)
{
    uint32_t inheritance = INHERIT_NONE;
    enum user_presence presence = ask_map(page, &inheritance);

    if (presence == USER_PRESENT && inheritance != INHERIT_SHARE)
        return USER_ABSENT;
    return presence;
}
