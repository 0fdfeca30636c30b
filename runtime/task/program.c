#include "runtime/task/program.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/image.h"
#include "runtime/base/output.h"
#include "runtime/symbols/task_name.h"

/* A task that runs one of the programs. */
struct running {
    uint64_t task;
    const struct rt_tasks *tasks;
    char name[PROBE_TASK_NAME_MAX];
    bool listed;   /* when the tasks were last looked at */
    bool attached; /* its probes are FIRST and on */
    uint32_t first;
    kern_return_t refused; /* else: why not */
    struct running *next;
};

static struct {
    const struct rt_program *program;
    struct machprobe *probes;
    programs_request *request;
    struct running *running;
    uint64_t next_look; /* ns */
} programs;

void
programs_begin(const struct rt_program *program, struct machprobe *probes,
               programs_request *request)
{
    programs.program = program;
    programs.probes = probes;
    programs.request = request;
    programs.running = NULL;
    programs.next_look = 0;
}

/* ---- attaching ------------------------------------------------------- */

/*
 * A task that has its name before its program is loaded, or no longer runs it,
 * will be tried again; so will one whose memory is shared with the task that
 * forked it, until it has called exec.
 */
static bool
may_change(kern_return_t code)
{
    return code == PROBE_ERROR_TEXT || code == PROBE_ERROR_SHARED;
}

/* Others are about the task or the session. */
static bool
is_about_point(kern_return_t code)
{
    return code == PROBE_ERROR_ADDRESS || code == PROBE_ERROR_FORBIDDEN ||
           code == PROBE_ERROR_SHARED || code == PROBE_ERROR_REACH;
}

static void
say(const char *lead, const struct running *running,
    const struct machprobe_failure *failure)
{
    uint32_t point = running->tasks->first + failure->index;

    rt_message("%s: task '%s' of %s cannot be probed: %s", lead, running->name,
               running->tasks->path, machprobe_error_text(running->refused));
    if (is_about_point(running->refused) &&
        failure->index < running->tasks->count)
        rt_message(" at %s%s%s", programs.program->points[point].name,
                   failure->reason != IMAGE_REASON_NONE ? ": " : "",
                   failure->reason != IMAGE_REASON_NONE ? failure->text : "");
    rt_message("\n");
}

static kern_return_t
attach(struct running *running, struct machprobe_failure *failure)
{
    const struct rt_tasks *tasks = running->tasks;
    struct probe_request *requests = calloc(tasks->count, sizeof(*requests));
    kern_return_t result;
    uint32_t i;

    if (requests == NULL)
        return KERN_RESOURCE_SHORTAGE;
    for (i = 0; i < tasks->count; i++) {
        const struct rt_point *point =
            &programs.program->points[tasks->first + i];

        programs.request(tasks->first + i, &requests[i]);
        requests[i].task = running->task;
        requests[i].instruction = point->instruction;
        memcpy(requests[i].text, point->text, sizeof(point->text));
    }
    result = machprobe_attach(programs.probes, requests, tasks->count,
                              &running->first, failure);
    free(requests);
    return result;
}

/* False after saying that it cannot be probed, and that will not change. */
static bool
try_attach(struct running *running, const char *lead)
{
    struct machprobe_failure failure = {.index = UINT32_MAX};

    running->refused = attach(running, &failure);
    running->attached = running->refused == KERN_SUCCESS;
    if (running->attached || may_change(running->refused) ||
        running->refused == PROBE_ERROR_NO_TASK)
        return true;
    say(lead, running, &failure);
    return false;
}

/* ---- looking --------------------------------------------------------- */

static bool
runs(const struct probe_task *task, const struct rt_tasks *tasks)
{
    const struct rt_string name = {task->name,
                                   strnlen(task->name, sizeof(task->name))};

    for (const char *const *at = tasks->names; *at != NULL; at++)
        if (rt_task_runs(name, sizeof(task->name), *at))
            return true;
    return false;
}

static struct running *
find(uint64_t task, const struct rt_tasks *tasks)
{
    struct running *running = programs.running;

    while (running != NULL &&
           (running->task != task || running->tasks != tasks))
        running = running->next;
    return running;
}

static bool
meet(const struct probe_task *task, const struct rt_tasks *tasks,
     const char *lead)
{
    struct running *running = find(task->address, tasks);

    if (running == NULL) {
        running = calloc(1, sizeof(*running));
        if (running == NULL) {
            rt_message("%s: task '%s' cannot be probed: no memory\n", lead,
                       task->name);
            return false;
        }
        running->task = task->address;
        running->tasks = tasks;
        memcpy(running->name, task->name, sizeof(running->name) - 1);
        running->next = programs.running;
        programs.running = running;
        running->listed = true;
        return try_attach(running, lead);
    }
    running->listed = true;
    return running->attached || !may_change(running->refused) ||
           try_attach(running, lead);
}

/* One that is gone keeps its counts, but its place may become another's. */
static void
forget_ended(void)
{
    for (struct running *at = programs.running; at != NULL; at = at->next) {
        if (!at->listed)
            at->task = 0;
        at->listed = false;
    }
}

static bool
look(const char *lead)
{
    struct probe_task *tasks = NULL;
    uint32_t count = 0, i, j;
    bool all = true;
    kern_return_t result = machprobe_tasks(programs.probes, &tasks, &count);

    if (result != KERN_SUCCESS) {
        rt_message("%s: the kernel does not list its tasks: %s\n", lead,
                   machprobe_error_text(result));
        return false;
    }
    for (i = 0; i < count; i++)
        for (j = 0; j < programs.program->task_count; j++)
            if (runs(&tasks[i], &programs.program->tasks[j]))
                all &= meet(&tasks[i], &programs.program->tasks[j], lead);
    machprobe_tasks_free(tasks, count);
    forget_ended();
    return all;
}

bool
programs_attach(void)
{
    return programs.program->task_count == 0 || look("ERROR");
}

void
programs_look(uint64_t now)
{
    if (programs.program->task_count == 0 || now < programs.next_look)
        return;
    programs.next_look = now + PROGRAMS_LOOK;
    look("WARNING");
}

/* ---- all probes of a point ------------------------------------------- */

bool
programs_enable(uint32_t first, uint32_t count, bool on)
{
    bool all = true;

    for (struct running *at = programs.running; at != NULL; at = at->next) {
        uint32_t begin = at->tasks->first, end = begin + at->tasks->count;
        uint32_t from = first > begin ? first : begin;
        uint32_t to = first + count < end ? first + count : end;

        /* Those of a task that ended are never hit again. */
        if (at->attached && at->task != 0 && from < to)
            all &= machprobe_enable(programs.probes, at->first + from - begin,
                                    to - from, on) == KERN_SUCCESS;
    }
    return all;
}

void
programs_detach(void)
{
    for (struct running *at = programs.running; at != NULL; at = at->next) {
        kern_return_t result;

        if (!at->attached) {
            if (may_change(at->refused))
                rt_message("WARNING: task '%s' was not probed: %s (is it of "
                           "another %s?)\n",
                           at->name, machprobe_error_text(at->refused),
                           at->tasks->path);
            continue;
        }
        result = machprobe_detach(programs.probes, at->first, at->tasks->count);
        if (result != KERN_SUCCESS && at->task != 0)
            rt_message("ERROR: the probes of task '%s' cannot be removed: %s\n",
                       at->name, machprobe_error_text(result));
    }
}

static void
add(struct probe_statistics *sum, const struct probe_statistics *more)
{
    sum->hits += more->hits;
    sum->missed += more->missed;
    sum->submitted += more->submitted;
    sum->lost += more->lost;
    sum->filtered += more->filtered;
    sum->self += more->self;
    sum->returned += more->returned;
    sum->abandoned += more->abandoned;
    sum->active += more->active;
    sum->continuations += more->continuations;
    sum->time += more->time;
    if (more->time_max > sum->time_max)
        sum->time_max = more->time_max;
    sum->kind = more->kind;
    sum->enabled |= more->enabled;
}

static bool
add_all(const struct running *running, struct probe_statistics *statistics)
{
    const struct rt_tasks *tasks = running->tasks;
    struct probe_statistics *own = calloc(tasks->count, sizeof(*own));
    bool known =
        own != NULL && machprobe_statistics(programs.probes, running->first,
                                            tasks->count, own) == KERN_SUCCESS;
    uint32_t i;

    for (i = 0; known && i < tasks->count; i++)
        add(&statistics[tasks->first + i], &own[i]);
    free(own);
    return known;
}

bool
programs_statistics(struct probe_statistics *statistics)
{
    const struct rt_program *program = programs.program;
    uint32_t i;

    for (i = 0; i < program->task_count; i++)
        memset(&statistics[program->tasks[i].first], 0,
               program->tasks[i].count * sizeof(*statistics));
    for (const struct running *at = programs.running; at != NULL; at = at->next)
        if (at->attached && !add_all(at, statistics))
            return false;
    return true;
}
