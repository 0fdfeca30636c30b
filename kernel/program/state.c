/* What is known on a path. */

#include "kernel/program/verifier_i.h"

/* Ids that one comparison of states can match; more count as different. */
#define IDS_MAX 64

struct packed {
    uint32_t insn;
    uint32_t record;
    uint32_t rounds;
    uint32_t work;
    uint32_t site;
    uint32_t frame_count;
    /* struct packed_frame each, and behind it its registers and slots */
};

struct packed_frame {
    uint32_t return_to;
    uint16_t registers; /* bit N: rN is set */
    uint16_t slots;
};

struct packed_slot {
    uint32_t index;
    uint32_t padding;
    struct slot slot;
};

struct known
known_number(struct range range)
{
    return (struct known){.kind = KIND_NUMBER, .range = range};
}

struct known
known_unset(void)
{
    return (struct known){.kind = KIND_UNSET};
}

const char *
kind_text(const struct known *known)
{
    static const char *const texts[] = {
        [KIND_UNSET] = "not set",
        [KIND_NUMBER] = "a number",
        [KIND_CONTEXT] = "a pointer to the context",
        [KIND_STACK] = "a pointer to the stack",
        [KIND_MAP] = "a map",
        [KIND_VALUE] = "a pointer to a map's value",
        [KIND_VALUE_OR_NULL] = "a pointer to a map's value or null",
        [KIND_RECORD] = "a pointer to a record",
        [KIND_RECORD_OR_NULL] = "a pointer to a record or null",
    };
    return texts[known->kind];
}

struct known *
register_read(struct verifier *v, unsigned n)
{
    struct known *known = &current_frame(v)->registers[n];
    if (known->kind == KIND_UNSET) {
        refuse(v, "r%u is not set", n);
        return NULL;
    }
    return known;
}

int
register_write(struct verifier *v, unsigned n, const struct known *known)
{
    current_frame(v)->registers[n] = *known;
    return 1;
}

void
link_copies(struct verifier *v, struct known *known)
{
    if (known->kind == KIND_NUMBER && known->id == 0 &&
        !range_is_constant(&known->range))
        known->id = ++v->last_id;
}

void
each_known(struct state *state,
           void (*fn)(struct known *known, const void *argument),
           const void *argument)
{
    for (uint32_t f = 0; f < state->frame_count; f++) {
        struct frame *frame = &state->frames[f];
        for (unsigned i = 0; i < EBPF_REGISTERS; i++)
            fn(&frame->registers[i], argument);
        for (uint32_t i = 0; i < frame->depth; i++)
            if (frame->slots[i].spilled)
                fn(&frame->slots[i].known, argument);
    }
}

/* A few ids and how often each is there. */
struct id_counts {
    unsigned count;
    struct {
        uint32_t id;
        uint32_t uses;
    } items[IDS_MAX];
};

static void
count_id(struct known *known, const void *argument)
{
    struct id_counts *counts = (struct id_counts *)argument;
    if (known->kind != KIND_NUMBER || known->id == 0)
        return;
    for (unsigned i = 0; i < counts->count; i++) {
        if (counts->items[i].id == known->id) {
            counts->items[i].uses++;
            return;
        }
    }
    if (counts->count < IDS_MAX) {
        counts->items[counts->count].id = known->id;
        counts->items[counts->count++].uses = 1;
    }
}

static void
clear_lonely_id(struct known *known, const void *argument)
{
    const struct id_counts *counts = argument;
    if (known->kind != KIND_NUMBER)
        return;
    for (unsigned i = 0; i < counts->count; i++)
        if (counts->items[i].id == known->id && counts->items[i].uses == 1)
            known->id = 0;
}

void
state_forget(struct verifier *v)
{
    struct state *state = &v->state;
    for (uint32_t f = 0; f < state->frame_count; f++) {
        uint32_t next = f + 1 < state->frame_count ? state->frames[f].return_to
                                                   : state->insn;
        const struct place *place = &v->places[next];
        for (unsigned i = 0; i < EBPF_REGISTERS - 1; i++) {
            struct known *known = &state->frames[f].registers[i];
            if ((place->live & (1u << i)) == 0)
                *known = known_unset();
            else if ((place->exact & (1u << i)) == 0 &&
                     known->kind == KIND_NUMBER)
                *known = known_number(range_unknown());
        }
    }
    /* A link needs two. */
    struct id_counts counts = {0};
    each_known(state, count_id, &counts);
    each_known(state, clear_lonely_id, &counts);
}

size_t
state_packed_size(const struct state *state)
{
    size_t size = sizeof(struct packed);
    for (uint32_t f = 0; f < state->frame_count; f++) {
        const struct frame *frame = &state->frames[f];
        size += sizeof(struct packed_frame);
        for (unsigned i = 0; i < EBPF_REGISTERS; i++)
            if (frame->registers[i].kind != KIND_UNSET)
                size += sizeof(struct known);
        for (uint32_t i = 0; i < frame->depth; i++)
            if (frame->slots[i].set != 0)
                size += sizeof(struct packed_slot);
    }
    return size;
}

void
state_pack(const struct state *state, struct packed *packed)
{
    uint8_t *at = (uint8_t *)(packed + 1);

    for (uint32_t f = 0; f < state->frame_count; f++) {
        const struct frame *frame = &state->frames[f];
        struct packed_frame *head = (struct packed_frame *)at;
        *head = (struct packed_frame){.return_to = frame->return_to};
        at += sizeof(*head);
        for (unsigned i = 0; i < EBPF_REGISTERS; i++) {
            if (frame->registers[i].kind == KIND_UNSET)
                continue;
            head->registers |= 1u << i;
            *(struct known *)at = frame->registers[i];
            at += sizeof(struct known);
        }
        for (uint32_t i = 0; i < frame->depth; i++) {
            if (frame->slots[i].set == 0)
                continue;
            head->slots++;
            *(struct packed_slot *)at =
                (struct packed_slot){.index = i, .slot = frame->slots[i]};
            at += sizeof(struct packed_slot);
        }
    }
    packed->insn = state->insn;
    packed->record = state->record;
    packed->rounds = state->rounds;
    packed->work = state->work;
    packed->site = state->site;
    packed->frame_count = state->frame_count;
}

void
state_unpack(const struct packed *packed, struct state *state)
{
    const uint8_t *at = (const uint8_t *)(packed + 1);

    state->insn = packed->insn;
    state->record = packed->record;
    state->rounds = packed->rounds;
    state->work = packed->work;
    state->site = packed->site;
    state->frame_count = packed->frame_count;
    for (uint32_t f = 0; f < packed->frame_count; f++) {
        const struct packed_frame *head = (const struct packed_frame *)at;
        struct frame *frame = &state->frames[f];
        at += sizeof(*head);
        frame->return_to = head->return_to;
        for (unsigned i = 0; i < EBPF_REGISTERS; i++) {
            if ((head->registers & (1u << i)) == 0) {
                frame->registers[i] = known_unset();
                continue;
            }
            frame->registers[i] = *(const struct known *)at;
            at += sizeof(struct known);
        }
        frame->depth = 0;
        for (unsigned i = 0; i < head->slots; i++) {
            const struct packed_slot *slot = (const struct packed_slot *)at;
            while (frame->depth < slot->index)
                frame->slots[frame->depth++] = (struct slot){0};
            frame->slots[frame->depth++] = slot->slot;
            at += sizeof(*slot);
        }
    }
}

/* Which id of the older state is which of the newer. */
struct id_pairs {
    unsigned count;
    struct {
        uint32_t older, newer;
    } items[IDS_MAX];
};

static int
ids_match(struct id_pairs *pairs, uint32_t older, uint32_t newer)
{
    for (unsigned i = 0; i < pairs->count; i++)
        if (pairs->items[i].older == older)
            return pairs->items[i].newer == newer;
    if (pairs->count == IDS_MAX)
        return 0;
    pairs->items[pairs->count].older = older;
    pairs->items[pairs->count++].newer = newer;
    return 1;
}

static int
is_any_number(const struct known *known)
{
    return known->kind == KIND_NUMBER && known->id == 0 &&
           known->range.mask == UINT64_MAX && known->range.umin == 0 &&
           known->range.umax == UINT64_MAX && known->range.smin == INT64_MIN &&
           known->range.smax == INT64_MAX;
}

static int
known_within(const struct known *newer, const struct known *older,
             struct id_pairs *pairs, int exact)
{
    if (!exact && (older->kind == KIND_UNSET ||
                   (is_any_number(older) && newer->kind != KIND_UNSET)))
        return 1;
    if (older->kind != newer->kind || older->frame != newer->frame ||
        older->map != newer->map || older->size != newer->size)
        return 0;
    if (older->id != 0 || (exact && newer->id != 0))
        if (newer->id == 0 || !ids_match(pairs, older->id, newer->id))
            return 0;
    return range_within(&newer->range, &older->range) &&
           (!exact || range_within(&older->range, &newer->range));
}

static int
slot_within(const struct slot *newer, const struct slot *older,
            struct id_pairs *pairs, int exact)
{
    if (older->set & ~newer->set)
        return 0;
    if (exact && (older->set != newer->set || older->spilled != newer->spilled))
        return 0;
    if (!older->spilled)
        return 1;
    if (!newer->spilled)
        return is_any_number(&older->known);
    return known_within(&newer->known, &older->known, pairs, exact);
}

/* What is behind the registers of HEAD goes to *END. */
static int
registers_within(const struct frame *frame, const struct packed_frame *head,
                 struct id_pairs *pairs, int exact, const uint8_t **end)
{
    const struct known *older = (const struct known *)(head + 1);
    for (unsigned i = 0; i < EBPF_REGISTERS; i++) {
        if (head->registers & (1u << i)) {
            if (!known_within(&frame->registers[i], older++, pairs, exact))
                return 0;
        } else if (exact && frame->registers[i].kind != KIND_UNSET) {
            return 0;
        }
    }
    *end = (const uint8_t *)older;
    return 1;
}

static unsigned
slots_set(const struct frame *frame)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < frame->depth; i++)
        count += frame->slots[i].set != 0;
    return count;
}

static int
compare(const struct state *state, const struct packed *packed, int exact)
{
    const uint8_t *at = (const uint8_t *)(packed + 1);
    struct id_pairs pairs = {.count = 0};

    if (state->insn != packed->insn ||
        state->frame_count != packed->frame_count ||
        (state->record != 0) != (packed->record != 0))
        return 0;
    if (packed->record != 0)
        ids_match(&pairs, packed->record, state->record);
    for (uint32_t f = 0; f < state->frame_count; f++) {
        const struct packed_frame *head = (const struct packed_frame *)at;
        const struct frame *frame = &state->frames[f];
        /* The current frame's is what an earlier call left there. */
        if (f + 1 < state->frame_count && frame->return_to != head->return_to)
            return 0;
        if (!registers_within(frame, head, &pairs, exact, &at))
            return 0;
        if (exact && slots_set(frame) != head->slots)
            return 0;
        for (unsigned i = 0; i < head->slots; i++) {
            const struct packed_slot *older = (const struct packed_slot *)at;
            if (older->index >= frame->depth ||
                !slot_within(&frame->slots[older->index], &older->slot, &pairs,
                             exact))
                return 0;
            at += sizeof(*older);
        }
    }
    return 1;
}

int
state_within(const struct state *state, const struct packed *packed)
{
    return compare(state, packed, 0);
}

int
state_same(const struct state *state, const struct packed *packed)
{
    return compare(state, packed, 1);
}

static void
widen(struct known *newer, const struct known *older)
{
    if (newer->kind == KIND_NUMBER && older->kind == KIND_NUMBER &&
        !range_within(&newer->range, &older->range))
        *newer = known_number(range_unknown());
}

void
state_widen(struct state *state, const struct packed *packed)
{
    const uint8_t *at = (const uint8_t *)(packed + 1);

    if (state->frame_count != packed->frame_count)
        return;
    for (uint32_t f = 0; f < state->frame_count; f++) {
        const struct packed_frame *head = (const struct packed_frame *)at;
        struct frame *frame = &state->frames[f];
        at += sizeof(*head);
        for (unsigned i = 0; i < EBPF_REGISTERS; i++) {
            if ((head->registers & (1u << i)) == 0)
                continue;
            widen(&frame->registers[i], (const struct known *)at);
            at += sizeof(struct known);
        }
        for (unsigned i = 0; i < head->slots; i++) {
            const struct packed_slot *older = (const struct packed_slot *)at;
            if (older->index < frame->depth && older->slot.spilled &&
                frame->slots[older->index].spilled)
                widen(&frame->slots[older->index].known, &older->slot.known);
            at += sizeof(*older);
        }
    }
}
