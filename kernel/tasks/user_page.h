/*
 * Out-of-line pages: where the instructions run that breakpoints in a task's
 * code displace.
 *
 *   task's map                     the kernel's map
 *   | text       |                 |                 |
 *   | int3 ------+- - +            |                 |
 *   |            |    :            |                 |
 *   | page, r-x  |<- -+            | the same page,  |
 *   | slot slot  |=================| wired, writable |
 *   +------------+   one object    +-----------------+
 *
 * The page is shared on purpose, with the kernel, which fills it, and by
 * inheritance with the tasks that the task forks.  Those inherit the
 * breakpoints with the text; with the page they have what it takes to go on
 * from them, and slots that are filled later, too.
 *
 * Whether an address space has the page is how a breakpoint is known to be
 * ours: a task that lost its memory by exec, or that was never traced and has a
 * debugger's breakpoint at the same address, does not have it.  No reference to
 * a task is kept, which would keep all of its memory: when nobody but the
 * kernel has the page, it is taken down.
 */

#ifndef KERNEL_TASKS_USER_PAGE_H
#define KERNEL_TASKS_USER_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct task;
struct vm_map;
struct vm_object;

/* Pages that there are at a time. */
#define USER_PAGES_MAX 4096

struct user_page {
    struct user_page *next;
    const void *task; /* for which it was made; it may be no more */
    struct vm_object *object;
    uint64_t kernel;   /* where the kernel has it */
    uint64_t user;     /* and the tasks */
    uint64_t physical; /* it is wired */
    uint32_t used;     /* slots taken */
    uint32_t armed;    /* points with a breakpoint */
    uint32_t unwanted; /* those that have no probe, while they are disarmed */
};

/* All of them.  Changed under the lock, in thread context. */
extern struct user_page *user_pages;

/*
 * Make a page for TASK, within reach of ADDRESS.  0, PROBE_ERROR_LIMIT,
 * PROBE_ERROR_MEMORY or PROBE_ERROR_REACH.  Thread context.
 */
int
user_page_make(struct task *task, uint64_t address, struct user_page **made);

/* Whether a slot of PAGE can be jumped to from ADDRESS, and back. */
bool user_page_reaches(const struct user_page *page, uint64_t address);

/* Whether MAP has the page.  Thread context; takes the map's lock. */
bool user_page_is_in(const struct user_page *page, struct vm_map *map);

/* Whether no task has it any more.  Thread context. */
bool user_page_is_alone(const struct user_page *page);

/* Take down a page that no task has, and that is in no list. */
void user_page_free(struct user_page *page);

/*
 * Whether tasks that a task with MAP forks get the page too.  They shall while
 * something is armed by it.  Thread context.
 */
void
user_page_inherit(const struct user_page *page, struct vm_map *map, bool on);

/* Whether the current task has the page, in probe context. */
enum user_presence {
    USER_ABSENT,
    USER_PRESENT,
    USER_UNKNOWN, /* its map is being changed: ask again later */
};
enum user_presence user_page_here(const struct user_page *page);

/* The same by the map only, and whether the task's children will have it. */
enum user_presence user_page_inherited(const struct user_page *page);

#endif /* KERNEL_TASKS_USER_PAGE_H */
