#include "kernel/calls.h"

#include <stddef.h>

#include "kernel/machine.h"
#include "kernel/memory.h"
#include "kernel/probe.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

/* Where functions whose return is waited for return to: in assembler. */
extern void probe_return_entry(void);

static struct call *calls;

/* ---- the free list ------------------------------------------------------ */

/*
 * Numbers of calls plus 1, linked through NEXT.  The upper half counts the
 * changes: so a CPU that read the first and was overtaken, and finds the same
 * first again with another one behind it, sees that.
 */
static uint64_t free_list;

static struct call *
call_of(uint64_t list)
{
    uint32_t number = (uint32_t)list;

    return number != 0 ? &calls[number - 1] : NULL;
}

static uint64_t
list_with(uint64_t before, const struct call *first)
{
    uint32_t number = first != NULL ? (uint32_t)(first - calls) + 1 : 0;

    return ((before >> 32) + 1) << 32 | number;
}

struct call *
calls_take(void)
{
    uint64_t list = __atomic_load_n(&free_list, __ATOMIC_ACQUIRE);

    for (;;) {
        struct call *first = call_of(list);

        if (first == NULL)
            return NULL;
        if (__atomic_compare_exchange_n(&free_list, &list,
                                        list_with(list, first->next), false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return first;
    }
}

void
calls_give(struct call *call)
{
    uint64_t list = __atomic_load_n(&free_list, __ATOMIC_ACQUIRE);

    do {
        call->next = call_of(list);
    } while (!__atomic_compare_exchange_n(&free_list, &list,
                                          list_with(list, call), false,
                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

int
calls_prepare(void)
{
    if (calls != NULL)
        return 0;
    calls = environment_allocate(CALLS_MAX * sizeof(*calls));
    if (calls == NULL)
        return PROBE_ERROR_MEMORY;
    for (uint32_t i = CALLS_MAX; i > 0; i--)
        calls_give(&calls[i - 1]);
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
bucket_lock(struct bucket *bucket)
{
    while (__atomic_exchange_n(&bucket->lock, 1, __ATOMIC_ACQUIRE) != 0)
        machine_pause();
    return bucket;
}

static void
bucket_unlock(struct bucket *bucket)
{
    __atomic_store_n(&bucket->lock, 0, __ATOMIC_RELEASE);
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
    struct bucket *bucket = bucket_lock(bucket_of(slot));
    struct call **link = retire_below(bucket, slot, !is_trampoline(value));

    call->slot = slot;
    call->caller = value;
    if (is_trampoline(value)) {
        if (*link == NULL || (*link)->slot != slot) {
            bucket_unlock(bucket);
            return false;
        }
        call->caller = (*link)->caller;
    }
    call->next = bucket->first;
    bucket->first = call;
    *word(slot) = (uintptr_t)probe_return_entry;
    bucket_unlock(bucket);
    return true;
}

struct call *
calls_pop(uint64_t slot, uint64_t *caller)
{
    struct bucket *bucket = bucket_lock(bucket_of(slot));
    struct call **link = retire_below(bucket, slot, false);
    struct call *chain = NULL, **end = &chain;

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
    bucket_unlock(bucket);
    return chain;
}

uint64_t
calls_caller(uint64_t slot, uint64_t value)
{
    struct bucket *bucket;
    uint64_t caller = 0;

    if (!is_trampoline(value))
        return value;
    bucket = bucket_lock(bucket_of(slot));
    for (const struct call *call = bucket->first; call != NULL;
         call = call->next) {
        if (call->slot == slot) {
            caller = call->caller;
            break;
        }
    }
    bucket_unlock(bucket);
    return caller;
}

void
calls_forget(void)
{
    for (uint32_t i = 0; i < BUCKETS; i++) {
        unsigned long interrupts = environment_interrupts_disable();
        struct bucket *bucket = bucket_lock(&buckets[i]);

        for (struct call *call = bucket->first; call != NULL;
             call = call->next) {
            if (call->probe != NULL && !call->probe->attached)
                call->probe = NULL;
        }
        bucket_unlock(bucket);
        environment_interrupts_restore(interrupts);
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
        struct bucket *bucket = bucket_lock(&buckets[(from + i) % BUCKETS]);
        struct call **link = &bucket->first;

        /* In this order: a stack that is in use after the look at its slot
         * was so before, as its CPU would need the bucket to go on. */
        while (*link != NULL) {
            if ((*link)->sweepable && is_stale(*link) &&
                !in_use(page_of((*link)->slot)))
                retire(link);
            else
                link = &(*link)->next;
        }
        bucket_unlock(bucket);
    }
}
