#include "kernel/port/attach.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/hit/probe.h"
#include "kernel/hit/returns.h"
#include "kernel/machine/stop.h"
#include "kernel/machine/string.h"
#include "kernel/points/point.h"
#include "kernel/points/text.h"
#include "kernel/port/session.h"
#include "kernel/program/environment.h"
#include "kernel/tasks/user.h"
#include "kernel/watch/watch.h"
#include "protocol/error.h"
#include "protocol/image.h"

/*
 * A block is one piece of memory: the block, its probes, their counts.
 */
static size_t
block_size(uint32_t count)
{
    return sizeof(struct probe_block) + (size_t)count * sizeof(struct probe) +
           (size_t)count * environment_cpus() * sizeof(struct probe_counts);
}

static struct probe_block *
block_make(const struct session *session, uint32_t count)
{
    struct probe_block *block = environment_allocate(block_size(count));
    struct probe_counts *counts;

    if (block == NULL)
        return NULL;
    block->first = session->probe_count;
    block->count = count;
    block->probes = (struct probe *)(block + 1);
    counts = (struct probe_counts *)(block->probes + count);
    for (uint32_t i = 0; i < count; i++)
        block->probes[i].counts = counts + i * environment_cpus();
    return block;
}

/* Flags that a request of a kind may have. */
static uint32_t
flags_of(uint32_t kind)
{
    uint32_t flags = PROBE_FLAG_SELF | PROBE_FLAG_DISABLED | PROBE_FLAG_TIMED;

    return kind == PROBE_RETURN ? flags | PROBE_FLAG_ENTRY_PROGRAM : flags;
}

static int
find_programs(const struct session *session,
              const struct probe_request *request, struct probe *probe)
{
    if (request->program >= session->program_count)
        return PROBE_ERROR_NO_PROGRAM;
    probe->program = session->programs[request->program];
    if ((request->flags & PROBE_FLAG_ENTRY_PROGRAM) == 0)
        return request->entry_program == 0 ? 0 : PROBE_ERROR_ARGUMENT;
    if (request->entry_program >= session->program_count)
        return PROBE_ERROR_NO_PROGRAM;
    probe->entry_program = session->programs[request->entry_program];
    return 0;
}

/* ---- what probes are at -------------------------------------------------- */

/*
 * How a probe's place is found, by its request, in thread context; and how the
 * probe comes there and goes, between text_unlock and text_lock.
 */
struct place {
    int (*find)(const struct probe_request *request, struct probe *probe,
                uint32_t *reason);
    int (*add)(struct probe *probe);
    void (*remove)(struct probe *probe);
};

static int
find_in_text(const struct probe_request *request, struct probe *probe,
             uint32_t *reason)
{
    return point_get(request->address, request->kind, &probe->point, reason);
}

static int
add_to_text(struct probe *probe)
{
    return point_add(probe->point, probe);
}

static void
remove_from_text(struct probe *probe)
{
    point_remove(probe->point, probe);
}

static int
find_in_task(const struct probe_request *request, struct probe *probe,
             uint32_t *reason)
{
    int error = user_point_get(request, &probe->user);

    if (error == PROBE_ERROR_FORBIDDEN)
        *reason = IMAGE_REASON_INSTRUCTION;
    return error;
}

static int
add_to_task(struct probe *probe)
{
    user_point_add(probe->user, probe);
    return 0;
}

static void
remove_from_task(struct probe *probe)
{
    user_point_remove(probe->user, probe);
}

static int
find_in_data(const struct probe_request *request, struct probe *probe,
             uint32_t *reason)
{
    return watch_prepare(probe, request->address, request->length);
}

static const struct place *
place_of(uint32_t kind)
{
    static const struct place text = {find_in_text, add_to_text,
                                      remove_from_text},
                              task = {find_in_task, add_to_task,
                                      remove_from_task},
                              data = {find_in_data, watch_add, watch_remove};

    return kind == PROBE_USER_INSTRUCTION ? &task
           : watch_is(kind)               ? &data
                                          : &text;
}

/* ---- requests ----------------------------------------------------------- */

/* Whether the kind is one, and what goes with others is not there. */
static bool
is_kind(const struct probe_request *request)
{
    bool of_task = request->kind == PROBE_USER_INSTRUCTION;
    bool of_data = watch_is(request->kind);
    bool of_text =
        request->kind >= PROBE_ENTRY && request->kind <= PROBE_INSTRUCTION;

    return (of_task || of_data || of_text) &&
           (of_task || (request->task == 0 && request->instruction == 0)) &&
           (of_data || request->length == 0) && request->reserved == 0;
}

static int
prepare(struct session *session, const struct probe_request *request,
        struct probe *probe, uint32_t *reason)
{
    int error;

    *reason = 0;
    if (request->kind == PROBE_USER_RETURN)
        return PROBE_ERROR_SUPPORT;
    if (!is_kind(request) || (request->flags & ~flags_of(request->kind)) != 0)
        return PROBE_ERROR_ARGUMENT;
    error = find_programs(session, request, probe);
    if (error == 0 && request->kind == PROBE_RETURN)
        error = returns_prepare();
    if (error != 0)
        return error;
    probe->session = session;
    probe->own_task = request->flags & PROBE_FLAG_SELF ? NULL : session->task;
    probe->timed = (request->flags & PROBE_FLAG_TIMED) != 0;
    probe->cookie = request->cookie;
    probe->kind = request->kind;
    probe->wanted = (request->flags & PROBE_FLAG_DISABLED) == 0;
    return place_of(request->kind)->find(request, probe, reason);
}

/*
 * The probe of that NUMBER.  *BLOCK is the session's first to begin with and
 * moves on, so that a walk in the order of numbers is linear.
 */
static struct probe *
probe_at(struct probe_block **block, uint32_t number)
{
    while (number - (*block)->first >= (*block)->count)
        *block = (*block)->next;
    return &(*block)->probes[number - (*block)->first];
}

/* Between text_unlock and text_lock. */
static int
set_enabled(struct probe *probe, bool on)
{
    const struct place *place = place_of(probe->kind);
    int error = 0;

    if (on)
        error = place->add(probe);
    else
        place->remove(probe);
    if (error == 0)
        probe->enabled = on;
    return error;
}

/*
 * Give COUNT probes of BLOCK and those behind it, from FIRST on, the state
 * that they want; or, if one cannot have it, leave all as they are: *FAILED
 * is which.
 */
static int
settle(struct probe_block *block, uint32_t first, uint32_t count,
       uint32_t *failed)
{
    struct probe_block *at = block;
    struct text_state state;
    int error = 0;
    uint32_t i;

    *failed = 0;
    if (!text_unlock(&state))
        return PROBE_ERROR_CPU;
    for (i = 0; i < count && error == 0; i++) {
        struct probe *probe = probe_at(&at, first + i);

        probe->changed = probe->enabled != probe->wanted;
        if (probe->changed)
            error = set_enabled(probe, probe->wanted);
    }
    if (error != 0) {
        *failed = --i;
        at = block;
        for (uint32_t j = 0; j < i; j++) {
            struct probe *probe = probe_at(&at, first + j);

            if (probe->changed)
                set_enabled(probe, !probe->wanted);
        }
    }
    text_lock(state);
    return error;
}

/* ---- places in tasks' code ---------------------------------------------- */

/*
 * Their breakpoints come before the probes of a request and go after them:
 * that may wait, which must not be while no other CPU runs.
 */
static int
arm_users(struct probe_block *block, uint32_t first, uint32_t count,
          uint32_t *failed)
{
    int error = 0;

    for (uint32_t i = 0; i < count && error == 0; i++) {
        struct probe *probe = probe_at(&block, first + i);

        *failed = i;
        if (probe->user != NULL && probe->wanted)
            error = user_point_arm(probe->user);
    }
    return error;
}

/* Probes that are not attached leave their points. */
static void
leave_users(struct probe_block *block, uint32_t first, uint32_t count)
{
    bool any = false;

    for (uint32_t i = 0; i < count; i++) {
        struct probe *probe = probe_at(&block, first + i);

        if (probe->user == NULL || probe->attached)
            continue;
        user_point_put(probe->user);
        probe->user = NULL;
        any = true;
    }
    if (any)
        user_points_disarm();
    if (any)
        user_points_sweep();
}

/* ---- probes ------------------------------------------------------------- */

int
attach_probes(struct session *session, const struct probe_request *requests,
              uint32_t count, uint32_t *first, struct attach_failure *failure)
{
    struct probe_block **end = &session->blocks;
    struct probe_block *block;
    int error = 0;

    failure->request = 0;
    failure->reason = 0;
    if (count == 0)
        return PROBE_ERROR_ARGUMENT;
    if (count > PROBE_PROBES_MAX - session->probe_count)
        return PROBE_ERROR_LIMIT;
    block = block_make(session, count);
    if (block == NULL)
        return PROBE_ERROR_MEMORY;
    for (uint32_t i = 0; i < count && error == 0; i++) {
        block->probes[i].number = block->first + i;
        failure->request = i;
        error =
            prepare(session, &requests[i], &block->probes[i], &failure->reason);
    }
    if (error == 0)
        error = arm_users(block, block->first, count, &failure->request);
    if (error == 0)
        error = settle(block, block->first, count, &failure->request);
    if (error != 0) {
        leave_users(block, block->first, count);
        environment_free(block, block_size(count));
        return error;
    }
    for (uint32_t i = 0; i < count; i++)
        block->probes[i].attached = true;
    while (*end != NULL)
        end = &(*end)->next;
    *end = block;
    session->probe_count += count;
    *first = block->first;
    failure->request = 0;
    return 0;
}

/* Whether probes FIRST to FIRST + COUNT - 1 exist. */
static bool
exist(const struct session *session, uint32_t first, uint32_t count)
{
    return first <= session->probe_count &&
           count <= session->probe_count - first;
}

int
attach_remove(struct session *session, uint32_t first, uint32_t count)
{
    struct probe_block *block = session->blocks;
    struct text_state state;
    bool returns = false;

    if (!exist(session, first, count))
        return PROBE_ERROR_NO_PROBE;
    if (!text_unlock(&state))
        return PROBE_ERROR_CPU;
    for (uint32_t i = 0; i < count; i++) {
        struct probe *probe = probe_at(&block, first + i);

        if (probe->enabled)
            set_enabled(probe, false);
        probe->attached = false;
        returns = returns || probe->kind == PROBE_RETURN;
    }
    /* While no other CPU can be running a program for such a call. */
    if (returns)
        returns_forget();
    text_lock(state);
    leave_users(session->blocks, first, count);
    return 0;
}

int
attach_enable(struct session *session, uint32_t first, uint32_t count, bool on)
{
    struct probe_block *block = session->blocks;
    uint32_t failed;
    int error;

    if (!exist(session, first, count))
        return PROBE_ERROR_NO_PROBE;
    for (uint32_t i = 0; i < count; i++) {
        if (!probe_at(&block, first + i)->attached)
            return PROBE_ERROR_NO_PROBE;
    }
    block = session->blocks;
    for (uint32_t i = 0; i < count; i++)
        probe_at(&block, first + i)->wanted = on;
    error = arm_users(session->blocks, first, count, &failed);
    if (error == 0)
        error = settle(session->blocks, first, count, &failed);
    user_points_disarm();
    return error;
}

/*
 * There is no going without: what the session has is freed next.  If a CPU
 * does not answer, this waits until it does.
 */
void
attach_remove_all(struct session *session)
{
    while (attach_remove(session, 0, session->probe_count) != 0)
        continue;
    while (session->blocks != NULL) {
        struct probe_block *block = session->blocks;

        session->blocks = block->next;
        environment_free(block, block_size(block->count));
    }
    session->probe_count = 0;
}

/* While no program runs. */
static struct probe_statistics
sum(const struct probe *probe)
{
    struct probe_statistics total = {
        .kind = probe->way,
        .enabled = probe->enabled,
    };

    for (uint32_t i = 0; i < environment_cpus(); i++) {
        const struct probe_counts *counts = &probe->counts[i];

        total.hits += counts->runs;
        total.missed += counts->missed;
        total.submitted += counts->submitted;
        total.lost += counts->lost;
        total.filtered += counts->filtered;
        total.self += counts->self;
        total.returned += counts->returned;
        total.abandoned += counts->abandoned;
        total.continuations += counts->continuations;
        total.time += counts->time;
        if (counts->time_max > total.time_max)
            total.time_max = counts->time_max;
    }
    if (probe->kind == PROBE_RETURN)
        total.active = total.hits - total.returned - total.abandoned;
    else
        total.hits += total.missed;
    return total;
}

/*
 * What is asked for may be paged out, and the other CPUs should not stand
 * still for long: so the sums are made here, some at a time.
 */
#define SUMS 64

static int
sum_some(struct probe_block **block, uint32_t first, uint32_t count,
         struct probe_statistics *statistics)
{
    static struct probe_statistics sums[SUMS];
    unsigned long interrupts;

    if (!stop_begin(&interrupts))
        return PROBE_ERROR_CPU;
    for (uint32_t i = 0; i < count; i++)
        sums[i] = sum(probe_at(block, first + i));
    stop_end(interrupts);
    memcpy(statistics, sums, count * sizeof(sums[0]));
    return 0;
}

int
attach_statistics(const struct session *session, uint32_t first, uint32_t count,
                  struct probe_statistics *statistics)
{
    struct probe_block *block = session->blocks;
    int error = 0;

    if (!exist(session, first, count))
        return PROBE_ERROR_NO_PROBE;
    for (uint32_t i = 0; i < count && error == 0; i += SUMS)
        error = sum_some(&block, first + i, count - i < SUMS ? count - i : SUMS,
                         &statistics[i]);
    return error;
}
