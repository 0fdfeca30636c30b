#include "translate/split/planner_i.h"

#include <string.h>

#include "debuginfo/ctype.h"
#include "language/words/builtin.h"
#include "protocol/limits.h"
#include "translate/points/place.h"

/* Bytes kept of a task's name where the kernel does not say how long it is. */
#define TASK_NAME_SIZE 64

typedef LIST_OF(const struct function *) visited_list;

/* ---- what there is to be captured ------------------------------------ */

/* What functions that belong to the moment of a hit need of it. */
static const struct {
    const char *c_name;
    bool captured; /* else it is in the record or the ring anyway */
    enum capture_kind kind;
    enum type type;
} moments[] = {
    {"rt_execname", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_task", true, CAPTURE_TASK, TYPE_LONG},
    {"rt_thread", true, CAPTURE_THREAD, TYPE_LONG},
    {"rt_backtrace", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_sprint_backtrace", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_print_backtrace", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_callers", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_stack", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_caller", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_caller_addr", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_print_backtrace_fileline", true, CAPTURE_STACK, TYPE_STRING},
    {"rt_ubacktrace", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_sprint_ubacktrace", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_print_ubacktrace", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_print_ubacktrace_brief", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_print_ubacktrace_fileline", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_ucallers", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_ustack", true, CAPTURE_USER_STACK, TYPE_STRING},
    {"rt_uaddr", true, CAPTURE_USER_STACK, TYPE_STRING},
    /* Whose symbols they are is told by the task's name. */
    {"rt_sprint_ubacktrace", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_print_ubacktrace", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_print_ubacktrace_brief", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_print_ubacktrace_fileline", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_print_ustack", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_sprint_ustack", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_usymname", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_usymdata", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_usymfile", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_usymline", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_usymfileline", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_umodname", true, CAPTURE_TASK_NAME, TYPE_STRING},
    {"rt_addr", true, CAPTURE_ADDRESS, TYPE_LONG},
    {"rt_user_mode", true, CAPTURE_USER_MODE, TYPE_LONG},
    {"rt_cpu", false, 0, TYPE_LONG},
    {"rt_gettimeofday_ns", false, 0, TYPE_LONG},
    {"rt_gettimeofday_us", false, 0, TYPE_LONG},
    {"rt_gettimeofday_ms", false, 0, TYPE_LONG},
    {"rt_gettimeofday_s", false, 0, TYPE_LONG},
    {"rt_ktime_get_ns", false, 0, TYPE_LONG},
};

#define MOMENTS (sizeof(moments) / sizeof(moments[0]))

/* struct task's name, as long as this kernel has it. */
static uint32_t
task_name_size(struct planner *planner)
{
    struct debuginfo *debuginfo = planner->kernel->debuginfo;
    struct cmember member;
    struct ctype task;
    struct error error;

    if (planner->task_name_size == 0) {
        planner->task_name_size = TASK_NAME_SIZE;
        if (debuginfo != NULL && ctype_struct(debuginfo, "task", &task) == 0 &&
            ctype_member(debuginfo, &task, "name", &member, &error) == 0 &&
            member.type.kind == CTYPE_ARRAY && member.type.size > 0 &&
            member.type.size < PROBE_RECORD_PAYLOAD_MAX)
            planner->task_name_size = (uint32_t)member.type.size;
    }
    return planner->task_name_size;
}

static uint32_t
capture_size(struct planner *planner, enum capture_kind kind, enum type type,
             const struct target_value *value)
{
    if (kind == CAPTURE_STACK || kind == CAPTURE_USER_STACK)
        return CAPTURE_STACK_MAX * sizeof(uint64_t);
    return type != TYPE_STRING ? sizeof(int64_t)
           : value != NULL     ? value->size
                               : task_name_size(planner);
}

static struct capture *
add_capture(struct planner *planner, struct plan_handler *handler,
            enum capture_kind kind, enum type type, const char *name,
            const struct target_value *value)
{
    struct capture *capture = ARENA_NEW(planner->arena, struct capture);

    capture->kind = kind;
    capture->type = type;
    capture->name = name;
    capture->size = capture_size(planner, kind, type, value);
    if (kind == CAPTURE_TASK_NAME)
        planner->plan->task_name_size = capture->size;
    LIST_ADD(planner->arena, &handler->captures, capture);
    LIST_ADD(planner->arena, &planner->values, value);
    return capture;
}

static bool
same_value(const struct target_value *a, const struct target_value *b)
{
    return a != NULL && a->read == b->read && a->size == b->size &&
           a->group == b->group && target_same_steps(&a->steps, &b->steps);
}

struct collection {
    struct planner *planner;
    struct plan_handler *handler;
    visited_list visited;
    bool of_data;       /* the handler is of a probe of data */
    unsigned functions; /* that the statement at hand is inside of */
};

/* A node may be used twice; its place then is a capture already. */
static bool
is_captured(const struct plan_handler *handler, const void *place)
{
    LIST_EACH (capture, &handler->captures)
        if (*capture == place)
            return true;
    return false;
}

static void
collect_target(struct collection *collection, struct expression *target)
{
    struct planner *planner = collection->planner;
    const struct target_value *value = target->target.place;

    /* Only the handler itself is followed (follow.h). */
    if (collection->functions > 0 &&
        !is_captured(collection->handler, target->target.place) &&
        target_varies(&value->steps)) {
        unit_error(planner->unit, target->token,
                   "not supported yet: reading in a function what depends on "
                   "variables that it changes; do it in the probe's handler");
        return;
    }
    for (unsigned i = 0; i < collection->handler->captures.count; i++) {
        struct capture *capture = collection->handler->captures.items[i];

        if (target->target.place == capture) /* a node used twice */
            return;
        if (same_value(planner->values.items[i], value)) {
            target->target.place = capture;
            return;
        }
    }
    target->target.place =
        add_capture(planner, collection->handler, CAPTURE_TARGET,
                    value->read == TARGET_NUMBER ? TYPE_LONG : TYPE_STRING,
                    value->name, value);
}

static bool
has_capture(const struct plan_handler *handler, enum capture_kind kind)
{
    LIST_EACH (capture, &handler->captures)
        if ((*capture)->kind == kind)
            return true;
    return false;
}

static void
collect_builtin(struct collection *collection, const struct expression *call)
{
    const struct builtin *builtin = call->call.builtin;
    struct planner *planner = collection->planner;
    const struct plan_handler *handler = collection->handler;
    bool known = false;

    /* Which function it was is told by where the processor was. */
    if (collection->of_data && strcmp(builtin->c_name, "rt_probefunc") == 0 &&
        !has_capture(collection->handler, CAPTURE_ADDRESS))
        add_capture(planner, collection->handler, CAPTURE_ADDRESS, TYPE_LONG,
                    "probefunc()", NULL);
    if (builtin->time != BUILTIN_EVENT)
        return;
    for (unsigned i = 0; i < MOMENTS; i++) {
        if (strcmp(moments[i].c_name, builtin->c_name) != 0)
            continue;
        known = true;
        if (moments[i].kind == CAPTURE_USER_STACK && handler->event != NULL &&
            handler->event->task.count > 0)
            unit_error(planner->unit, call->token,
                       "%s() has no meaning here: the event is not of the "
                       "thread that runs",
                       builtin->name);
        if (moments[i].captured && !has_capture(handler, moments[i].kind))
            add_capture(
                planner, collection->handler, moments[i].kind, moments[i].type,
                arena_printf(planner->arena, "%s()", builtin->name), NULL);
    }
    if (!known)
        unit_error(planner->unit, call->token,
                   "not supported yet: %s() in probes of the kernel",
                   builtin->name);
}

/* What the process needs to tell whether a hit is one of what was asked for,
 * and whether what begins is known already. */
static void
collect_event(struct planner *planner, struct plan_handler *handler,
              struct plan_point *point)
{
    const struct place_event *event = handler->event;
    bool thread;

    if (event == NULL)
        return;
    point->pattern = event->pattern;
    point->presence = event->presence;
    point->group = event->group;
    if (event->pattern != NULL)
        add_capture(planner, handler, CAPTURE_TASK_NAME, TYPE_STRING,
                    "execname()", NULL);
    if (event->pattern != NULL && event->other_name.count > 0)
        add_capture(planner, handler, CAPTURE_OTHER_NAME, TYPE_STRING,
                    "the other name", NULL);
    thread = event->thread.count > 0;
    if (event->presence != PRESENCE_NONE)
        point->subject = add_capture(
            planner, handler, thread ? CAPTURE_THREAD : CAPTURE_TASK, TYPE_LONG,
            thread ? "thread()" : "task()", NULL);
}

static void collect_statement(struct statement **slot, void *data);

static void
collect(struct expression **slot, void *data)
{
    struct collection *collection = data;
    struct expression *e = *slot;

    /* What a target is made of is computed in the kernel. */
    if (e->kind == EXPRESSION_TARGET) {
        collect_target(collection, e);
        return;
    }
    ast_each_operand(e, collect, collection);
    if (e->kind == EXPRESSION_CALL && e->call.builtin != NULL) {
        collect_builtin(collection, e);
    } else if (e->kind == EXPRESSION_CALL) {
        /* All that may run: those tried after the first, too. */
        for (const struct function *function = e->call.function;
             function != NULL; function = function->overload) {
            bool known = false;

            LIST_EACH (visited, &collection->visited)
                known = known || *visited == function;
            if (known)
                continue;
            LIST_ADD(collection->planner->arena, &collection->visited,
                     function);
            struct statement *body = function->body;
            collection->functions++;
            if (body != NULL)
                collect_statement(&body, collection);
            collection->functions--;
        }
    }
}

static void
collect_statement(struct statement **slot, void *data)
{
    ast_each_expression(*slot, collect, data);
    ast_each_statement(*slot, collect_statement, data);
}

void
planner_collect(struct planner *planner, struct plan_handler *handler,
                struct plan_point *point, struct probe *probe)
{
    struct collection collection = {
        .planner = planner,
        .handler = handler,
        .of_data = point_is_data(((const struct place *)probe->place)->kind),
    };

    collect_event(planner, handler, point);
    collect_statement(&probe->body, &collection);
}
