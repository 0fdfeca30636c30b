#include "kernel/hit/calls.h"

#include <stddef.h>

#include "kernel/hit/probe.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

/* Where functions whose return is waited for return to: in assembler. */
extern void probe_return_entry(void);

static struct call *calls;

/* ---- locks -------------------------------------------------------------- */

/*
 * The one exception to "nothing locks in the probe path".  A call's record
 * must not be missed once the return address in its slot is replaced, so
 * giving up, as maps do, is no way out at a return.
 *
 * Waiting is safe because only the probe path takes these locks: interrupts
 * are off, nothing nests (cpu.h), the kernel's code never holds one, and the
 * holder calls nothing but this file and the safe reader.  So it always goes
 * on, also while a stop gathers the CPUs, which waits for it.  With one CPU
 * they are always free.  By one that holds a bucket's, the free list's may be
 * taken, never the other way round.
 */
static void
lock(uint32_t *word)
{
    while (__atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE) != 0)
        machine_pause();
}

static void
unlock(uint32_t *word)
{
    __atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

/* ---- the free list ------------------------------------------------------ */

static struct call *free_list;
static uint32_t free_lock;

struct call *
calls_take(void)
{
    struct call *call;

    lock(&free_lock);
    call = free_list;
    if (call != NULL)
        free_list = call->next;
    unlock(&free_lock);
    return call;
}

void
calls_give(struct call *call)
{
    lock(&free_lock);
    call->next = free_list;
    free_list = call;
    unlock(&free_lock);
}

int
calls_prepare(void)
{
    if (calls != NULL)
        return 0;
    calls = environment_allocate(CALLS_MAX * sizeof(*calls));
    if (calls == NULL)
        return PROBE_ERROR_MEMORY;
    for (uint32_t i = CALLS_MAX; i > 0; i--) {
        calls[i - 1].next = free_list;
        free_list = &calls[i - 1];
    }
    return 0;
}

/* ---- the table ---------------------------------------------------------- */

/*
 * Buckets by page.  In one, the calls of a page come in the order of their
 * slots, newest first; those of other pages may be between them.
 */
#define BUCKETS 512

struct bucket {
    struct call *first;
    uint32_t lock;
};

static struct bucket buckets[BUCKETS];

static uint64_t
page_of(uint64_t slot)
{
    return slot / MEMORY_PAGE_SIZE;
}

static struct bucket *
bucket_of(uint64_t slot)
{
    return &buckets[(uint32_t)page_of(slot) * 2654435761u % BUCKETS];
}

static uintptr_t *
word(uint64_t slot)
{
    return (uintptr_t *)(uintptr_t)slot;
}

static bool
is_trampoline(uint64_t value)
{
    return value == (uintptr_t)probe_return_entry;
}

/* Take away the call that LINK leads to: it will never return. */
static void
retire(struct call **link)
{
    struct call *call = *link;

    *link = call->next;
    if (call->probe != NULL)
        call->probe->counts[environment_cpu()].abandoned++;
    calls_give(call);
}

/*
 * Retire the calls of SLOT's page below it, and with STALE those of SLOT too.
 * Returns the link to the first call of SLOT or above, or to the end.
 */
static struct call **
retire_below(struct bucket *bucket, uint64_t slot, bool stale)
{
    struct call **link = &bucket->first;

    while (*link != NULL) {
        const struct call *call = *link;

        if (page_of(call->slot) != page_of(slot))
            link = &(*link)->next;
        else if (call->slot < slot || (stale && call->slot == slot))
            retire(link);
        else
            break;
    }
    return link;
}

bool
calls_push(struct call *call, uint64_t slot)
{
    uint64_t value = *word(slot);
    struct bucket *bucket = bucket_of(slot);
    struct call **link;
    bool known = true;

    lock(&bucket->lock);
    link = retire_below(bucket, slot, !is_trampoline(value));
    call->slot = slot;
    call->caller = value;
    if (is_trampoline(value)) {
        known = *link != NULL && (*link)->slot == slot;
        call->caller = known ? (*link)->caller : 0;
    }
    if (known) {
        call->next = bucket->first;
        bucket->first = call;
        *word(slot) = (uintptr_t)probe_return_entry;
    }
    unlock(&bucket->lock);
    return known;
}

struct call *
calls_pop(uint64_t slot, uint64_t *caller)
{
    struct bucket *bucket = bucket_of(slot);
    struct call *chain = NULL, **end = &chain, **link;

    lock(&bucket->lock);
    link = retire_below(bucket, slot, false);
    while (*link != NULL) {
        struct call *call = *link;

        if (call->slot == slot) {
            *link = call->next;
            *end = call;
            end = &call->next;
            *caller = call->caller;
        } else if (page_of(call->slot) == page_of(slot)) {
            break;
        } else {
            link = &call->next;
        }
    }
    *end = NULL;
    unlock(&bucket->lock);
    return chain;
}

uint64_t
calls_caller(uint64_t slot, uint64_t value)
{
    struct bucket *bucket;
    uint64_t caller = 0;

    if (!is_trampoline(value))
        return value;
    bucket = bucket_of(slot);
    lock(&bucket->lock);
    for (const struct call *call = bucket->first; call != NULL;
         call = call->next) {
        if (call->slot == slot) {
            caller = call->caller;
            break;
        }
    }
    unlock(&bucket->lock);
    return caller;
}

void
calls_forget(void)
{
    for (uint32_t i = 0; i < BUCKETS; i++) {
        struct call *call = buckets[i].first;

        for (; call != NULL; call = call->next) {
            if (call->probe != NULL && !call->probe->attached)
                call->probe = NULL;
        }
    }
}

/* Whether the word of a call's slot was overwritten, or is no more. */
static bool
is_stale(const struct call *call)
{
    uintptr_t value = 0;

    memory_read(MEMORY_KERNEL, &value, sizeof(value), call->slot);
    return !is_trampoline(value);
}

#define SWEEP_BUCKETS 16

void
calls_sweep(bool (*in_use)(uint64_t page))
{
    static uint32_t hand;
    uint32_t from = __atomic_fetch_add(&hand, SWEEP_BUCKETS, __ATOMIC_RELAXED);

    for (uint32_t i = 0; i < SWEEP_BUCKETS; i++) {
        struct bucket *bucket = &buckets[(from + i) % BUCKETS];
        struct call **link = &bucket->first;

        lock(&bucket->lock);

        /* In this order: a stack that is in use after the look at its slot
         * was so before, as its CPU would need the bucket to go on. */
        while (*link != NULL) {
            if ((*link)->sweepable && is_stale(*link) &&
                !in_use(page_of((*link)->slot)))
                retire(link);
            else
                link = &(*link)->next;
        }
        unlock(&bucket->lock);
    }
}
