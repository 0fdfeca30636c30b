#include "kernel/tasks/user.h"

#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/probe.h"
#include "kernel/machine/current.h"
#include "kernel/machine/stop.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/memory/paging.h"
#include "kernel/points/slot.h"
#include "kernel/program/environment.h"
#include "kernel/tasks/tasks.h"
#include "kernel/tasks/user_memory.h"
#include "kernel/tasks/user_page.h"
#include "protocol/error.h"
#include "protocol/image.h"

/* ---- the index ---------------------------------------------------------- */

/* By address: a program that runs in several tasks has several there. */
#define BUCKETS 1024

static struct user_point *by_address[BUCKETS];

uint32_t user_points;

static struct user_point **
bucket_of(uint64_t address)
{
    return &by_address[((uint32_t)address * 2654435761u) >> 22];
}

_Static_assert(BUCKETS == 1u << (32 - 22), "the upper bits are taken");

static struct user_point *
first_at(uint64_t address)
{
    return __atomic_load_n(bucket_of(address), __ATOMIC_ACQUIRE);
}

/* Only added to while others may look; the link to a point is written last. */
static void
index_add(struct user_point *point)
{
    struct user_point **bucket = bucket_of(point->address);

    point->next = *bucket;
    __atomic_store_n(bucket, point, __ATOMIC_RELEASE);
    user_points++;
}

#define EACH_POINT(point)                     \
    for (unsigned i_ = 0; i_ < BUCKETS; i_++) \
        for (point = by_address[i_]; point != NULL; point = point->next)

/* ---- making points ------------------------------------------------------ */

/* The breakpoint is there for probes, and not just until it can be taken away.
 */
static bool
is_wanted(const struct user_point *point)
{
    return point->armed && point->probes != NULL;
}

/*
 * The SIZE bytes at ADDRESS as they are without breakpoints of ours; MAP may
 * have those of the task that it was forked from.
 */
static int
read_original(struct vm_map *map, uint64_t address, uint8_t *text,
              uint32_t size)
{
    int error = user_memory_read(map, address, text, size);

    for (uint32_t i = 0; error == 0 && i < size; i++) {
        const struct user_point *point = first_at(address + i);

        for (; point != NULL; point = point->next) {
            if (text[i] == slot_breakpoint && point->armed &&
                point->address == address + i &&
                user_page_is_in(point->page, map))
                text[i] = point->text[0];
        }
    }
    return error;
}

static int
check_text(struct vm_map *map, uint64_t address, const uint8_t *expected,
           uint32_t length)
{
    uint8_t text[PROBE_USER_TEXT_MAX];
    int error = read_original(map, address, text, length);

    if (error != 0)
        return error;
    return memcmp(text, expected, length) == 0 ? 0 : PROBE_ERROR_TEXT;
}

#define SLOTS (MEMORY_PAGE_SIZE / SLOT_STEP_SIZE)

/* A page of the task's with a free slot near ADDRESS. */
static int
find_page(struct task *task, uint64_t address, struct user_page **found)
{
    int error;

    for (struct user_page *page = user_pages; page != NULL; page = page->next) {
        if (page->task == task && page->used < SLOTS &&
            user_page_reaches(page, address) &&
            user_page_is_in(page, task->map)) {
            *found = page;
            return 0;
        }
    }
    error = user_page_make(task, address, found);
    if (error == 0) {
        (*found)->next = user_pages;
        user_pages = *found;
    }
    return error;
}

static int
make(struct task *task, const struct probe_request *request,
     struct user_point **made)
{
    const struct slot_source source = {
        .address = request->address,
        .text = request->text,
    };
    struct user_point *point;
    struct user_page *page;
    int error = find_page(task, request->address, &page);

    if (error != 0)
        return error;
    point = environment_allocate(sizeof(*point));
    if (point == NULL)
        return PROBE_ERROR_MEMORY;
    *point = (struct user_point){
        .address = request->address,
        .page = page,
        .slot = page->user + page->used * SLOT_STEP_SIZE,
        .length = IMAGE_LENGTH(request->instruction),
    };
    memcpy(point->text, request->text, point->length);
    if (slot_fill_user((uint8_t *)(uintptr_t)page->kernel +
                           page->used * SLOT_STEP_SIZE,
                       point->slot, &source, request->instruction) != 0) {
        environment_free(point, sizeof(*point));
        return PROBE_ERROR_REACH;
    }
    page->used++;
    index_add(point);
    *made = point;
    return 0;
}

static int
find_or_make(struct task *task, const struct probe_request *request,
             struct user_point **found)
{
    uint32_t length = IMAGE_LENGTH(request->instruction);
    int error = check_text(task->map, request->address, request->text, length);
    struct user_point *point = first_at(request->address);

    if (error != 0)
        return error;
    while (point != NULL &&
           (point->address != request->address || point->page->task != task ||
            !user_page_is_in(point->page, task->map) ||
            memcmp(point->text, request->text, length) != 0))
        point = point->next;
    *found = point;
    return point != NULL ? 0 : make(task, request, found);
}

/* Whether it could be moved at all: to its own place, before anything is made.
 */
static bool
is_movable(const struct probe_request *request)
{
    const struct slot_source source = {
        .address = request->address,
        .text = request->text,
    };
    uint8_t slot[SLOT_STEP_SIZE];

    return slot_fill_user(slot, request->address, &source,
                          request->instruction) == 0;
}

int
user_point_get(const struct probe_request *request, struct user_point **found)
{
    struct task *task;
    int error;

    if (request->address >= PAGING_USER_END - PROBE_USER_TEXT_MAX)
        return PROBE_ERROR_ADDRESS;
    if (!is_movable(request))
        return PROBE_ERROR_FORBIDDEN;
    task = tasks_find(request->task);
    if (task == NULL)
        return PROBE_ERROR_NO_TASK;
    error = find_or_make(task, request, found);
    task_deallocate(task);
    if (error == 0)
        (*found)->uses++;
    return error;
}

void
user_point_put(struct user_point *point)
{
    point->uses--;
}

/* ---- breakpoints -------------------------------------------------------- */

static void
set_armed(struct user_point *point, bool armed)
{
    point->armed = armed;
    if (armed)
        point->page->armed++;
    else
        point->page->armed--;
}

static int
arm_in(struct task *task, struct user_point *point)
{
    int error;

    if (!user_page_is_in(point->page, task->map))
        return PROBE_ERROR_NO_TASK;
    error = check_text(task->map, point->address, point->text, point->length);
    if (error != 0)
        return error;

    /* First what a hit and a fork need. */
    if (point->page->armed == 0)
        user_page_inherit(point->page, task->map, true);
    set_armed(point, true);
    return user_memory_write(task->map, point->address, slot_breakpoint);
}

int
user_point_arm(struct user_point *point)
{
    struct task *task;
    int error;

    if (point->armed)
        return 0;
    task = tasks_find((uintptr_t)point->page->task);
    if (task == NULL)
        return PROBE_ERROR_NO_TASK;
    error = arm_in(task, point);
    task_deallocate(task);
    return error;
}

/* Whether the breakpoint at POINT is that of another one, too. */
static bool
is_wanted_otherwise(const struct user_point *point, struct vm_map *map)
{
    const struct user_point *other = first_at(point->address);

    for (; other != NULL; other = other->next) {
        if (other != point && other->address == point->address &&
            is_wanted(other) && user_page_is_in(other->page, map))
            return true;
    }
    return false;
}

/*
 * Nothing is written where something else is than the instruction with our
 * breakpoint: another program's code, a page that was unmapped.
 */
static int
put_back(const struct user_point *point, struct vm_map *map)
{
    uint8_t text[PROBE_USER_TEXT_MAX];
    int error;

    if (is_wanted_otherwise(point, map))
        return 0;
    error = user_memory_read(map, point->address, text, 1);
    if (error == 0 && text[0] == slot_breakpoint) {
        error = check_text(map, point->address, point->text, point->length);
        if (error == 0)
            error = user_memory_write(map, point->address, point->text[0]);
    }
    return error == PROBE_ERROR_MEMORY || error == PROBE_ERROR_BUSY ? error : 0;
}

static bool
is_unwanted(const struct user_point *point)
{
    return point->armed && point->probes == NULL;
}

/*
 * A task that is forked later gets neither breakpoints nor page; so one that
 * has both was forked before, and not seen yet (user_point_find).
 */
static void
disarm_in(struct task *task, void *data)
{
    for (struct user_page *page = user_pages; page != NULL; page = page->next) {
        struct user_point *point;

        if (page->unwanted == 0 || !user_page_is_in(page, task->map))
            continue;
        EACH_POINT(point)
        {
            if (point->page == page && is_unwanted(point) &&
                put_back(point, task->map) != 0)
                point->kept = true;
        }
        if (page->unwanted == page->armed)
            user_page_inherit(page, task->map, false);
    }
}

/* Count, for each page, the points that are to be disarmed: are there any? */
static bool
count_unwanted(void)
{
    struct user_point *point;
    bool any = false;

    for (struct user_page *page = user_pages; page != NULL; page = page->next)
        page->unwanted = 0;
    EACH_POINT(point)
    {
        point->kept = false;
        if (is_unwanted(point)) {
            point->page->unwanted++;
            any = true;
        }
    }
    return any;
}

void
user_points_disarm(void)
{
    struct user_point *point;

    if (user_points == 0 || !count_unwanted() || !tasks_each(disarm_in, NULL))
        return;
    EACH_POINT(point)
    {
        if (is_unwanted(point) && !point->kept)
            set_armed(point, false);
    }
}

/* ---- their end ---------------------------------------------------------- */

static bool
is_used(const struct user_page *page)
{
    const struct user_point *point;

    EACH_POINT(point)
    {
        if (point->page == page && point->uses != 0)
            return true;
    }
    return false;
}

/* Take the points of PAGE out of the index: a list of them. */
static struct user_point *
take_out(const struct user_page *page)
{
    struct user_point *list = NULL;

    for (unsigned i = 0; i < BUCKETS; i++) {
        struct user_point **link = &by_address[i];

        while (*link != NULL) {
            struct user_point *point = *link;

            if (point->page == page) {
                *link = point->next;
                point->next = list;
                list = point;
                user_points--;
            } else {
                link = &point->next;
            }
        }
    }
    return list;
}

void
user_points_sweep(void)
{
    struct user_page **link = &user_pages;

    while (*link != NULL) {
        struct user_page *page = *link;
        struct user_point *list;
        unsigned long interrupts;

        if (!user_page_is_alone(page) || is_used(page)) {
            link = &page->next;
            continue;
        }
        if (!stop_begin(&interrupts))
            return;
        list = take_out(page);
        stop_end(interrupts);
        *link = page->next;
        while (list != NULL) {
            struct user_point *next = list->next;

            environment_free(list, sizeof(*list));
            list = next;
        }
        user_page_free(page);
    }
}

/* ---- probes ------------------------------------------------------------- */

void
user_point_add(struct user_point *point, struct probe *probe)
{
    struct probe **end = &point->probes;

    while (*end != NULL)
        end = &(*end)->next;
    probe->way = PROBE_ENTRY_BREAKPOINT;
    probe->next = NULL;
    *end = probe;
}

void
user_point_remove(struct user_point *point, struct probe *probe)
{
    struct probe **link = &point->probes;

    while (*link != probe)
        link = &(*link)->next;
    *link = probe->next;
}

/* ---- hits --------------------------------------------------------------- */

/*
 * Nothing is armed at POINT, and yet the current task, which has its page, had
 * a breakpoint there.  It was taken away just now; or it still is there: in a
 * task whose fork was under way when it was taken away in all others, and so
 * has the page to hand on still.  Else it is a debugger's.
 */
static enum user_presence
is_late(const struct user_point *point)
{
    uint8_t byte;

    if (memory_read(MEMORY_USER, &byte, 1, point->address) == 0 &&
        byte != slot_breakpoint)
        return USER_PRESENT;
    return user_page_inherited(point->page);
}

static enum user_presence
is_ours(const struct user_point *point)
{
    enum user_presence presence = user_page_here(point->page);

    if (presence == USER_PRESENT && !point->armed)
        presence = is_late(point);
    return presence;
}

/*
 * Two passes: the task's own points are before those of the task that it was
 * forked from.
 */
struct user_point *
user_point_find(uint64_t address, uint64_t *go_on)
{
    const struct task *task = current_task();

    for (unsigned pass = 0; pass < 2; pass++) {
        struct user_point *point = first_at(address);

        for (; point != NULL; point = point->next) {
            if (point->address != address ||
                (point->page->task == task) != (pass == 0))
                continue;
            switch (is_ours(point)) {
            case USER_PRESENT:
                *go_on = point->slot;
                return point;
            case USER_UNKNOWN:
                *go_on = address;
                return NULL;
            case USER_ABSENT:
                break;
            }
        }
    }
    *go_on = 0;
    return NULL;
}
