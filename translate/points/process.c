/*
 * process("NAME").begin and the like: what happens to tasks and threads, and
 * their system calls.
 *
 * Each is a place that the kernel passes once for a task or thread.  Those that
 * are there already are made to pass one by the script's process, which asks
 * the kernel for the ports of all of them: of each the kernel makes a port,
 * and what hits that place on behalf of this process is such a task.
 *
 * A task gets its name after it is created, and may get another: so a task of
 * a name begins when it is called that, and ends when it no longer is.
 */

#include <string.h>

#include "debuginfo/variable.h"
#include "protocol/known.h"
#include "translate/points/place_i.h"
#include "translate/points/task_name.h"
#include "translate/values/moment.h"

/* Of a process, with which the Hurd ends the name of its task; more is the
 * address of a task, as pid() gives it of tasks without. */
#define NUMBER_MAX INT32_MAX

enum subject {
    OF_TASK,   /* the function's first parameter is the task */
    OF_THREAD, /* is the thread */
    OF_NAME,   /* is the task, and the second one its new name */
};

static const struct occurrence {
    enum process_event event;
    const char *function;
    enum subject subject;
    const char *alive; /* a pointer of the subject, NULL once it has ended */
    enum plan_presence presence;
} occurrences[] = {
    {PROCESS_BEGIN, "ipc_task_enable", OF_TASK, NULL, PRESENCE_BEGINS},
    {PROCESS_BEGIN, "convert_task_to_port", OF_TASK, "itk_self",
     PRESENCE_PRESENT},
    {PROCESS_BEGIN, "task_set_name", OF_NAME, NULL, PRESENCE_BEGINS},
    {PROCESS_END, "ipc_task_terminate", OF_TASK, "itk_self", PRESENCE_NONE},
    {PROCESS_END, "task_set_name", OF_NAME, NULL, PRESENCE_NONE},
    {PROCESS_THREAD_BEGIN, "ipc_thread_init", OF_THREAD, NULL, PRESENCE_BEGINS},
    {PROCESS_THREAD_BEGIN, "convert_thread_to_port", OF_THREAD, "ith_self",
     PRESENCE_PRESENT},
    {PROCESS_THREAD_END, "ipc_thread_terminate", OF_THREAD, "ith_self",
     PRESENCE_NONE},
};

static const char *const types[] = {
    [PROCESS_BEGIN] = "process.begin",
    [PROCESS_END] = "process.end",
    [PROCESS_THREAD_BEGIN] = "process.thread.begin",
    [PROCESS_THREAD_END] = "process.thread.end",
    [PROCESS_SYSCALL] = "process.syscall",
    [PROCESS_SYSCALL_RETURN] = "process.syscall.return",
};

/* One point at a time. */
struct process_search {
    struct site_search *search;
    struct place_finder *finder;
    struct debuginfo *debuginfo;
    const char *name;                  /* of the point */
    const struct expression *argument; /* what task, or NULL */
    const char *pattern;               /* of its name, or NULL */
    unsigned group;
    bool found;
    struct error *error;
};

/* ---- steps ----------------------------------------------------------- */

static void
add_step(struct process_search *process, step_list *steps, enum step_kind kind,
         int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(process->finder->arena, steps, step);
}

static void
add_steps(struct process_search *process, step_list *steps,
          const step_list *more)
{
    LIST_EACH (step, more)
        add_step(process, steps, step->kind, step->value);
}

/* The task runs, unless STEPS say which it is. */
static void
add_task(struct process_search *process, const struct place_event *event,
         step_list *steps)
{
    if (event->task.count > 0)
        add_steps(process, steps, &event->task);
    else
        add_step(process, steps, STEP_TASK, 0);
}

/* From an address of `struct TYPE` to that of its member. */
static int
add_member(struct process_search *process, const char *type, const char *name,
           struct cmember *member, step_list *steps)
{
    struct ctype structure;

    if (ctype_struct(process->debuginfo, type, &structure) != 0)
        return error_set(process->error, "the kernel has no struct '%s'", type);
    if (ctype_member(process->debuginfo, &structure, name, member,
                     process->error) != 0)
        return -1;
    add_step(process, steps, STEP_CONSTANT, (int64_t)member->offset);
    add_step(process, steps, STEP_ADD, 0);
    return 0;
}

/* What the member is, a pointer. */
static int
add_pointer(struct process_search *process, const char *type, const char *name,
            step_list *steps)
{
    struct cmember member;

    if (add_member(process, type, name, &member, steps) != 0)
        return -1;
    add_step(process, steps, STEP_LOAD,
             debuginfo_word_size(process->debuginfo));
    return 0;
}

/* Parameter NUMBER of the function at its entry. */
static int
add_parameter(struct process_search *process,
              const struct debuginfo_function *function, unsigned number,
              step_list *steps)
{
    debuginfo_variables parameters = {0};
    struct location location = {0};

    debuginfo_parameters(process->debuginfo, function, process->finder->arena,
                         &parameters);
    if (number >= parameters.count)
        return error_set(process->error, "%s() has no parameter %u",
                         function->name, number + 1);
    if (debuginfo_locate(process->debuginfo, function,
                         &parameters.items[number], function->address,
                         process->finder->arena, &location,
                         process->error) != 0)
        return -1;
    add_steps(process, steps, &location.steps);
    if (location.kind == LOCATION_MEMORY)
        add_step(process, steps, STEP_LOAD,
                 debuginfo_word_size(process->debuginfo));
    return 0;
}

/* The first argument where a call is about to be made. */
static void
add_argument(struct process_search *process, step_list *steps)
{
    /* DWARF's numbers of rdi and esp. */
    if (debuginfo_word_size(process->debuginfo) == 8) {
        add_step(process, steps, STEP_REGISTER, 5);
    } else {
        add_step(process, steps, STEP_REGISTER, 4);
        add_step(process, steps, STEP_LOAD, 4);
    }
}

/* ---- which hits count ------------------------------------------------ */

/* What was added to WHEN since it had COUNT steps must be so, too. */
static void
add_condition(struct process_search *process, step_list *when, unsigned count)
{
    if (count > 0 && when->count > count)
        add_step(process, when, STEP_AND, 0);
}

/* The task at hand is, or is not, KNOWN. */
static void
compare_task(struct process_search *process, const struct place_event *event,
             enum step_kind comparison, enum known known, step_list *when)
{
    unsigned count = when->count;

    add_task(process, event, when);
    add_step(process, when, STEP_KNOWN, (int64_t)known);
    add_step(process, when, comparison, 0);
    add_condition(process, when, count);
}

/* It is the task that the point names. */
static void
add_identity(struct process_search *process, const struct place_event *event,
             step_list *when)
{
    unsigned count = when->count;

    if (process->pattern != NULL) {
        task_name_filter(process->finder->arena, process->pattern, &event->name,
                         when);
    } else if (process->argument != NULL) {
        /* An address of the kernel. */
        add_task(process, event, when);
        add_step(process, when, STEP_CONSTANT, process->argument->number);
        add_step(process, when, STEP_EQ, 0);
    } else if (process->finder->targeted) {
        compare_task(process, event, STEP_EQ, KNOWN_TARGET, when);
        return;
    }
    add_condition(process, when, count);
}

/* It has not ended. */
static int
add_alive(struct process_search *process, const struct occurrence *occurrence,
          const struct place_event *event, step_list *when)
{
    bool thread = occurrence->subject == OF_THREAD;
    unsigned count = when->count;

    add_steps(process, when, thread ? &event->thread : &event->task);
    if (add_pointer(process, thread ? "thread" : "task", occurrence->alive,
                    when) != 0)
        return -1;
    add_step(process, when, STEP_CONSTANT, 0);
    add_step(process, when, STEP_NE, 0);
    add_condition(process, when, count);
    return 0;
}

/* It is one that the script's process asked for, and not that itself. */
static void
add_present(struct process_search *process, const struct place_event *event,
            step_list *when)
{
    const struct place_event running = {0};

    compare_task(process, &running, STEP_EQ, KNOWN_SELF, when);
    compare_task(process, event, STEP_NE, KNOWN_HIDDEN, when);
}

static void
set_when(struct process_search *process, struct place *place,
         const step_list *steps)
{
    struct target_value *when;

    if (steps->count == 0)
        return;
    when = ARENA_NEW(process->finder->arena, struct target_value);
    when->name = process->name;
    when->steps = *steps;
    place->when = when;
}

/* ---- places ---------------------------------------------------------- */

static struct place_event *
new_event(struct process_search *process)
{
    struct place_event *event =
        ARENA_NEW(process->finder->arena, struct place_event);

    event->type = types[process->search->family->event];
    event->pattern = process->pattern;
    event->group = process->group;
    return event;
}

/* What is left out because it must not be probed is no error by itself. */
static void
add_site(struct process_search *process, struct place *place,
         const struct site *site)
{
    if (site_may_be(process->search, site))
        LIST_ADD(process->finder->arena, &place->sites, *site);
    else
        process->search->forbidden = site->function->name;
}

static void
add_place(struct process_search *process, struct place *place)
{
    if (place->sites.count == 0)
        return;
    process->found = true;
    probe_resolution_add(process->search->resolution, process->name, place);
}

static const struct debuginfo_function *
find_function(struct process_search *process, const char *name)
{
    const struct debuginfo_function *functions;
    unsigned count;

    functions = debuginfo_functions(process->debuginfo, &count);
    for (unsigned i = 0; i < count; i++)
        if (functions[i].external && strcmp(functions[i].name, name) == 0)
            return &functions[i];
    return NULL;
}

/* The function's entry; or if that must not be probed, all its calls. */
static void
find_sites(struct process_search *process,
           const struct debuginfo_function *function, struct place *place)
{
    struct site site = {
        .kind = POINT_FUNCTION,
        .function = function,
        .address = function->address,
        .name = "",
        .point = process->name,
    };
    debuginfo_call_places calls = {0};

    place->kind = POINT_FUNCTION;
    add_site(process, place, &site);
    if (place->sites.count > 0)
        return;
    place->kind = site.kind = POINT_STATEMENT;
    debuginfo_find_call_places(process->debuginfo, function->name,
                               process->finder->arena, &calls);
    LIST_EACH (call, &calls) {
        site.function = call->function;
        site.address = call->address;
        add_site(process, place, &site);
    }
}

/* Who it happens to, and what that is called. */
static int
find_subject(struct process_search *process,
             const struct debuginfo_function *function,
             const struct occurrence *occurrence, const struct place *place,
             struct place_event *event)
{
    step_list *subject =
        occurrence->subject == OF_THREAD ? &event->thread : &event->task;
    step_list named = {0}, renamed = {0};
    struct cmember member;

    if (place->kind != POINT_FUNCTION)
        add_argument(process, subject);
    else if (add_parameter(process, function, 0, subject) != 0)
        return -1;
    if (occurrence->subject == OF_THREAD) {
        add_steps(process, &event->task, &event->thread);
        if (add_pointer(process, "thread", "task", &event->task) != 0)
            return -1;
    }
    add_steps(process, &named, &event->task);
    if (add_member(process, "task", "name", &member, &named) != 0)
        return -1;
    if (occurrence->subject == OF_NAME &&
        add_parameter(process, function, 1, &renamed) != 0)
        return -1;
    bool begins = occurrence->presence != PRESENCE_NONE;
    event->name = occurrence->subject == OF_NAME && begins ? renamed : named;
    if (occurrence->subject == OF_NAME)
        event->other_name = begins ? named : renamed;
    return 0;
}

static int
find_occurrence(struct process_search *process,
                const struct occurrence *occurrence)
{
    const struct debuginfo_function *function =
        find_function(process, occurrence->function);
    struct place *place = place_new(process->finder, POINT_FUNCTION);
    struct place_event *event = new_event(process);
    step_list when = {0};

    if (function == NULL)
        return error_set(process->error, "the kernel has no function '%s'",
                         occurrence->function);
    find_sites(process, function, place);
    if (find_subject(process, function, occurrence, place, event) != 0)
        return -1;
    event->presence = occurrence->presence;
    if (occurrence->presence == PRESENCE_PRESENT)
        add_present(process, event, &when);
    if (occurrence->alive != NULL &&
        add_alive(process, occurrence, event, &when) != 0)
        return -1;
    add_identity(process, event, &when);
    set_when(process, place, &when);
    place->event = event;
    add_place(process, place);
    return 0;
}

/* ---- system calls ---------------------------------------------------- */

/* Of the thread that runs. */
static int
new_call(struct process_search *process, enum point_kind kind,
         struct place **place, struct place_event **event)
{
    struct cmember member;
    step_list when = {0};

    *place = place_new(process->finder, kind);
    *event = new_event(process);
    (*event)->trap = true;
    add_step(process, &(*event)->name, STEP_TASK, 0);
    if (add_member(process, "task", "name", &member, &(*event)->name) != 0)
        return -1;
    add_identity(process, *event, &when);
    set_when(process, *place, &when);
    (*place)->event = *event;
    return 0;
}

/* Results are of 32 bits, numbers and names of ports. */
static void
find_result(struct process_search *process, struct place_event *event,
            enum point_kind kind)
{
    if (kind == POINT_RETURN)
        add_step(process, &event->result, STEP_REGISTER, 0);
    else
        add_argument(process, &event->result);
    add_step(process, &event->result, STEP_SIGN_EXTEND, 32);
}

static int
find_calls(struct process_search *process, enum point_kind kind)
{
    struct place *place;
    struct place_event *event;
    trap_list traps = {0};

    if (new_call(process, kind, &place, &event) != 0 ||
        place_find_traps(process->finder, &traps, process->error) != 0)
        return -1;
    if (kind == POINT_RETURN)
        find_result(process, event, kind);
    LIST_EACH (trap, &traps) {
        const struct site site = {
            .kind = kind,
            .function = *trap,
            .address = (*trap)->address,
            .name = (*trap)->name,
            .point = process->name,
        };

        add_site(process, place, &site);
    }
    add_place(process, place);
    return 0;
}

/* Calls that end without returning, their threads' stacks being gone. */
static int
find_ends(struct process_search *process)
{
    struct place *place;
    struct place_event *event;
    debuginfo_call_places ends = {0};

    if (new_call(process, POINT_STATEMENT, &place, &event) != 0)
        return -1;
    find_result(process, event, POINT_STATEMENT);
    place_find_trap_returns(process->finder, &ends);
    LIST_EACH (end, &ends) {
        const struct site site = {
            .kind = POINT_STATEMENT,
            .function = end->function,
            .address = end->address,
            .name = end->function->name,
            .point = process->name,
        };

        add_site(process, place, &site);
    }
    add_place(process, place);
    return 0;
}

/* ---- the point ------------------------------------------------------- */

static int
check_name(struct process_search *process)
{
    struct cmember member;
    step_list none = {0};

    if (*process->pattern == '\0')
        return error_set(process->error, "the name of a task is missing");
    if (add_member(process, "task", "name", &member, &none) != 0)
        return -1;
    if (!debuginfo_is_glob(process->pattern) &&
        strlen(process->pattern) >= member.type.size)
        return error_set(process->error,
                         "\"%s\" can be no task's name: the kernel keeps %u "
                         "bytes of one",
                         process->pattern, (unsigned)member.type.size - 1);
    return 0;
}

static int
find_event(struct process_search *process, enum process_event event)
{
    if (event == PROCESS_SYSCALL)
        return find_calls(process, POINT_FUNCTION);
    if (event == PROCESS_SYSCALL_RETURN)
        return find_calls(process, POINT_RETURN) != 0 ? -1 : find_ends(process);
    for (size_t i = 0; i < sizeof(occurrences) / sizeof(occurrences[0]); i++) {
        /* What a task is called matters only to who asks for a name. */
        if (occurrences[i].event != event ||
            (occurrences[i].subject == OF_NAME && process->pattern == NULL))
            continue;
        if (find_occurrence(process, &occurrences[i]) != 0)
            return -1;
    }
    return 0;
}

int
place_resolve_process(struct site_search *search, unsigned *component,
                      struct error *error)
{
    struct place_finder *finder = search->finder;
    const struct expression *argument = place_argument(search->point, 0);
    struct process_search process = {
        .search = search,
        .finder = finder,
        .name = place_family_name(finder->arena, search->point, search->family),
        .argument = argument,
        .group = finder->groups++,
        .error = error,
    };

    *component = 0;
    search->object = kernel_object(finder->kernel, error);
    if (search->object == NULL)
        return POINT_WRONG;
    process.debuginfo = search->object->debuginfo;
    if (argument != NULL && argument->kind == EXPRESSION_STRING) {
        process.pattern = task_name_pattern(argument->string);
        if (check_name(&process) != 0)
            return POINT_WRONG;
    } else if (argument != NULL && argument->number > 0 &&
               argument->number <= NUMBER_MAX) {
        process.pattern =
            arena_printf(finder->arena, "*(%lld)", (long long)argument->number);
    }
    if (find_event(&process, search->family->event) != 0)
        return POINT_NO_MATCH;
    if (!process.found) {
        error_set(error, "no match: %s() must not be probed: %s",
                  search->forbidden, search->reason);
        return POINT_NO_MATCH;
    }
    return 0;
}
