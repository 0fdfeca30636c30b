#include "kernel/attach.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/point.h"
#include "kernel/probe.h"
#include "kernel/program/environment.h"
#include "kernel/session.h"
#include "kernel/text.h"
#include "protocol/error.h"

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

static int
prepare(struct session *session, const struct probe_request *request,
        struct probe *probe, uint32_t *reason)
{
    *reason = 0;
    if ((request->kind != PROBE_ENTRY && request->kind != PROBE_ENTRY_JUMP &&
         request->kind != PROBE_ENTRY_BREAKPOINT) ||
        (request->flags & ~(uint32_t)PROBE_FLAG_SELF) != 0 ||
        request->reserved != 0)
        return PROBE_ERROR_ARGUMENT;
    if (request->program >= session->program_count)
        return PROBE_ERROR_NO_PROGRAM;
    probe->session = session;
    probe->program = session->programs[request->program];
    probe->own_task = request->flags & PROBE_FLAG_SELF ? NULL : session->task;
    probe->cookie = request->cookie;
    probe->kind = request->kind;
    return point_get(request->address, request->kind, &probe->point, reason);
}

/* Put all probes of BLOCK in place, or none; *FAILED is which could not. */
static int
arm(struct probe_block *block, uint32_t *failed)
{
    struct text_state state = text_unlock();
    int error = 0;
    uint32_t i;

    for (i = 0; i < block->count && error == 0; i++) {
        error = point_add(block->probes[i].point, &block->probes[i]);
        block->probes[i].attached = error == 0;
    }
    if (error != 0) {
        *failed = --i;
        while (i-- > 0)
            point_remove(block->probes[i].point, &block->probes[i]);
    }
    text_lock(state);
    return error;
}

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
        error = arm(block, &failure->request);
    if (error != 0) {
        environment_free(block, block_size(count));
        return error;
    }
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

/* The part of BLOCK that is in a range of numbers: indices. */
static uint32_t
overlap(const struct probe_block *block, uint32_t first, uint32_t count,
        uint32_t *end)
{
    uint32_t from = first > block->first ? first - block->first : 0;
    uint32_t to =
        first + count > block->first ? first + count - block->first : 0;

    *end = to < block->count ? to : block->count;
    return from;
}

int
attach_remove(struct session *session, uint32_t first, uint32_t count)
{
    struct text_state state;

    if (!exist(session, first, count))
        return PROBE_ERROR_NO_PROBE;
    state = text_unlock();
    for (struct probe_block *block = session->blocks; block != NULL;
         block = block->next) {
        uint32_t end;

        for (uint32_t i = overlap(block, first, count, &end); i < end; i++) {
            struct probe *probe = &block->probes[i];

            if (probe->attached)
                point_remove(probe->point, probe);
            probe->attached = false;
        }
    }
    text_lock(state);
    return 0;
}

void
attach_remove_all(struct session *session)
{
    attach_remove(session, 0, session->probe_count);
    while (session->blocks != NULL) {
        struct probe_block *block = session->blocks;

        session->blocks = block->next;
        environment_free(block, block_size(block->count));
    }
    session->probe_count = 0;
}

static void
sum(const struct probe *probe, struct probe_statistics *statistics)
{
    struct probe_statistics total = {.kind = probe->way};
    unsigned long interrupts = environment_interrupts_disable();

    for (uint32_t i = 0; i < environment_cpus(); i++) {
        const struct probe_counts *counts = &probe->counts[i];

        total.hits += counts->runs + counts->missed;
        total.missed += counts->missed;
        total.submitted += counts->submitted;
        total.lost += counts->lost;
        total.filtered += counts->filtered;
        total.self += counts->self;
    }
    environment_interrupts_restore(interrupts);
    *statistics = total;
}

int
attach_statistics(const struct session *session, uint32_t first, uint32_t count,
                  struct probe_statistics *statistics)
{
    if (!exist(session, first, count))
        return PROBE_ERROR_NO_PROBE;
    for (const struct probe_block *block = session->blocks; block != NULL;
         block = block->next) {
        uint32_t end;

        for (uint32_t i = overlap(block, first, count, &end); i < end; i++)
            sum(&block->probes[i], statistics++);
    }
    return 0;
}
