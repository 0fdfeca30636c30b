#include "translate/split/planner_i.h"

#include <string.h>

#include "language/print/print.h"
#include "language/words/builtin.h"
#include "protocol/limits.h"
#include "protocol/probe.h"
#include "translate/lower/record.h"
#include "translate/points/place.h"
#include "translate/split/follow.h"

/* ---- sharing --------------------------------------------------------- */

/* The body as text, with those of the functions that were copied for it, for
 * comparing those of one probe at several places. */
static const char *
body_text(struct planner *planner, const struct probe *probe)
{
    struct text text = {0};

    print_statement(&text, probe->body, 0);
    LIST_EACH (function, &probe->copies)
        print_statement(&text, (*function)->body, 0);
    const char *string =
        arena_string(planner->arena, text_string(&text), text.size);
    text_free(&text);
    return string;
}

static unsigned
loop_number(const struct plan_loop *loop)
{
    return loop != NULL ? loop->number : UINT32_MAX;
}

static bool
same_captures(const struct plan_handler *a, const struct plan_handler *b)
{
    if (a->captures.count != b->captures.count ||
        a->payload_size != b->payload_size || a->faults != b->faults ||
        a->loops.count != b->loops.count)
        return false;
    for (unsigned i = 0; i < a->captures.count; i++) {
        const struct capture *left = a->captures.items[i];
        const struct capture *right = b->captures.items[i];

        if (left->kind != right->kind || left->type != right->type ||
            left->offset != right->offset || left->size != right->size ||
            left->fault != right->fault ||
            loop_number(left->loop) != loop_number(right->loop))
            return false;
    }
    for (unsigned i = 0; i < a->loops.count; i++) {
        const struct plan_loop *left = a->loops.items[i];
        const struct plan_loop *right = b->loops.items[i];

        if (left->first != right->first || left->size != right->size ||
            left->faults != right->faults ||
            loop_number(left->outer) != loop_number(right->outer))
            return false;
    }
    return true;
}

/*
 * The number of HANDLER, which may be that of one for an earlier place of the
 * same probe of the script, if nothing differs but where the program finds the
 * values.
 */
static unsigned
add_handler(struct planner *planner, const struct plan_handler *handler)
{
    const struct probe *probe = handler->probe;
    const char *text = NULL;

    for (unsigned i = planner->plan->handlers.count; i > 0; i--) {
        const struct plan_handler *other =
            &planner->plan->handlers.items[i - 1];

        if (other->probe->written != probe->written ||
            other->probe->asked != probe->asked)
            break;
        if (!same_captures(other, handler))
            continue;
        if (text == NULL)
            text = body_text(planner, probe);
        if (strcmp(body_text(planner, other->probe), text) == 0)
            return i - 1;
    }
    LIST_ADD(planner->arena, &planner->plan->handlers, *handler);
    return planner->plan->handlers.count - 1;
}

static unsigned
add_program(struct planner *planner, const struct plan_program *program)
{
    LIST_EACH (other, &planner->plan->programs)
        if (other->count == program->count &&
            memcmp(other->instructions, program->instructions,
                   program->count * sizeof(program->instructions[0])) == 0)
            return (unsigned)(other - planner->plan->programs.items);
    LIST_ADD(planner->arena, &planner->plan->programs, *program);
    return planner->plan->programs.count - 1;
}

/* ---- points ---------------------------------------------------------- */

/*
 * A oneshot ends the script: exit() only asks for the end, so it can stand
 * first in the body, where `next` does not skip it, but behind the condition
 * of the point.
 */
static void
add_exit(struct planner *planner, struct probe *probe)
{
    struct statement *body = ARENA_NEW(planner->arena, struct statement);
    struct statement *statement = ARENA_NEW(planner->arena, struct statement);
    struct expression *call = ARENA_NEW(planner->arena, struct expression);
    unsigned first = 0;

    call->kind = EXPRESSION_CALL;
    call->type = TYPE_VOID;
    call->depth = 1;
    call->token = probe->token;
    call->call.name = "exit";
    call->call.builtin = builtin_find("exit", 0);
    statement->kind = STATEMENT_EXPRESSION;
    statement->token = probe->token;
    statement->expression = call;
    body->kind = STATEMENT_BLOCK;
    body->token = probe->body->token;
    if (probe->points.items[0]->condition != NULL)
        LIST_ADD(planner->arena, &body->block,
                 probe->body->block.items[first++]);
    LIST_ADD(planner->arena, &body->block, statement);
    for (; first < probe->body->block.count; first++)
        LIST_ADD(planner->arena, &body->block, probe->body->block.items[first]);
    probe->body = body;
}

/* The point as the script has it: through an alias, the alias. */
static const char *
written_point(struct planner *planner, const struct probe *probe)
{
    struct probe_point bare = *probe->asked;
    struct text text = {0};
    const char *copy;

    if (probe->alias != NULL)
        return probe->alias;
    bare.condition = NULL;
    bare.optional = bare.sufficient = false;
    probe_point_print(&bare, &text);
    copy = arena_string(planner->arena, text_string(&text), text.size);
    text_free(&text);
    return copy;
}

static void
plan_occasion(struct planner *planner, struct probe *probe)
{
    const struct place *place = probe->place;
    struct plan_handler handler = {.probe = probe};
    struct plan_point point = {
        .kind = place->kind,
        .name = probe->name,
        .written = written_point(planner, probe),
        .function = "",
        .priority = place->priority,
        .interval = place->interval,
        .randomize = place->randomize,
    };

    if (place->exits)
        add_exit(planner, probe);
    LIST_ADD(planner->arena, &planner->plan->handlers, handler);
    point.handler = planner->plan->handlers.count - 1;
    LIST_ADD(planner->arena, &planner->plan->points, point);
}

static int
plan_entry(struct planner *planner, const struct place *place, unsigned *number,
           struct error *error)
{
    struct plan_program program = {0};

    *number = PLAN_NO_PROGRAM;
    if (place->saved.count == 0)
        return 0;
    if (record_entry_program(planner->arena, place->saved.items,
                             place->saved.count, &program, error) != 0)
        return -1;
    *number = add_program(planner, &program);
    return 0;
}

static bool
are_entries(const struct place *place)
{
    LIST_EACH (site, &place->sites)
        if (site->function == NULL || site->kind == POINT_RETURN ||
            site->address != site->function->address)
            return false;
    return true;
}

static int
plan_sites(struct planner *planner, struct probe *probe, struct error *error)
{
    const struct place *place = probe->place;
    struct plan_handler handler = {
        .probe = probe,
        .interrupted = place->interrupted,
        .when = place->when,
        .callers = &place->callers,
        .at_return = place->kind == POINT_RETURN,
        .event = place->event,
        .user = object_is_program(place->sites.items[0].object),
        .entered = are_entries(place),
    };
    struct plan_program program;
    struct plan_point point = {.written = written_point(planner, probe)};

    planner->values.count = 0;
    handler.variables = place->saved.count;
    error->text[0] = '\0';
    if (follow_find(planner->unit, planner->kernel, planner->programs, probe,
                    planner->string_size, &handler, &planner->values) != 0)
        return -1;
    planner_collect(planner, &handler, &point, probe);
    if (record_lay_out(&handler, planner->values.items, error) != 0 ||
        record_program(planner->arena, &handler, planner->values.items,
                       &program, error) != 0 ||
        plan_entry(planner, place, &point.entry_program, error) != 0)
        return -1;
    point.handler = add_handler(planner, &handler);
    point.program = add_program(planner, &program);
    LIST_EACH (site, &place->sites) {
        point.kind = site->kind;
        point.name = site->point;
        point.function = site->name;
        point.address = site->address;
        point.object = site->object;
        if (object_is_program(site->object))
            object_instruction(site->object, site->address, &point.instruction);
        point.length = site->length;
        LIST_ADD(planner->arena, &planner->plan->points, point);
    }
    planner->plan->kernel_points = planner->plan->points.count;
    return 0;
}

/* Probes of PROGRAM, or of the kernel if that is NULL. */
static void
plan_object(struct planner *planner, const struct object *program)
{
    struct plan *plan = planner->plan;
    struct plan_tasks tasks = {.object = program, .first = plan->points.count};
    struct error error;

    LIST_EACH (at, &planner->unit->probes) {
        const struct place *place = (*at)->place;
        const struct object *object =
            place->sites.count > 0 ? place->sites.items[0].object : NULL;

        if (place->sites.count == 0 ||
            (object_is_program(object) ? object : NULL) != program)
            continue;
        if (plan_sites(planner, *at, &error) != 0 && error.text[0] != '\0')
            unit_error(planner->unit, (*at)->token, "%s: %s", (*at)->name,
                       error.text);
    }
    tasks.count = plan->points.count - tasks.first;
    if (program != NULL && tasks.count > 0)
        LIST_ADD(planner->arena, &plan->tasks, tasks);
}

/* Probes of the same bytes and accesses share a debug register. */
static void
check_watches(struct planner *planner)
{
    unsigned watches = 0;

    for (unsigned i = 0; i < planner->plan->kernel_points; i++) {
        const struct plan_point *point = &planner->plan->points.items[i];
        unsigned j = 0;

        if (!point_is_data(point->kind))
            continue;
        while (planner->plan->points.items[j].kind != point->kind ||
               planner->plan->points.items[j].address != point->address ||
               planner->plan->points.items[j].length != point->length)
            j++;
        watches += i == j;
    }
    if (watches > PROBE_WATCHES_MAX)
        unit_warning(planner->unit, NULL,
                     "the script watches %u places of the kernel's data; "
                     "processors have %u debug registers, so only as many can "
                     "be enabled at a time",
                     watches, PROBE_WATCHES_MAX);
}

static int
check_limits(struct planner *planner)
{
    if (planner->plan->kernel_points > PROBE_PROBES_MAX) {
        unit_error(planner->unit, NULL,
                   "the script has %u probes of the kernel; at most %u are "
                   "supported",
                   planner->plan->kernel_points, PROBE_PROBES_MAX);
        return -1;
    }
    if (planner->plan->programs.count > PROBE_PROGRAMS_MAX) {
        unit_error(planner->unit, NULL,
                   "the script takes %u programs in the kernel; at most %u "
                   "are supported",
                   planner->plan->programs.count, PROBE_PROGRAMS_MAX);
        return -1;
    }
    return 0;
}

int
plan_make(struct unit *unit, struct kernel_source *kernel,
          struct program_list *programs, const char *identity,
          uint32_t string_size, struct plan *plan)
{
    struct planner planner = {
        .unit = unit,
        .arena = &unit->arena,
        .kernel = kernel,
        .programs = programs,
        .plan = plan,
        .string_size = string_size,
    };
    unsigned errors = unit->messages.errors;

    memset(plan, 0, sizeof(*plan));
    plan_object(&planner, NULL);
    LIST_EACH (object, &programs->objects)
        plan_object(&planner, *object);
    LIST_EACH (at, &unit->probes) {
        const struct place *place = (*at)->place;

        if (place->sites.count == 0)
            plan_occasion(&planner, *at);
    }
    check_watches(&planner);
    plan->identity = plan->kernel_points > 0 ? identity : "";
    return check_limits(&planner) != 0 || unit->messages.errors != errors ? -1
                                                                          : 0;
}
