#include "kernel/point.h"

#include <stddef.h>

#include "kernel/probe.h"
#include "kernel/slot.h"
#include "kernel/string.h"
#include "kernel/tables.h"
#include "kernel/text.h"
#include "protocol/error.h"

static struct point points[POINTS_MAX];
static uint8_t slots[POINTS_MAX][SLOT_SIZE] __attribute__((aligned(SLOT_SIZE)));
static uint32_t points_made;

/*
 * Points by address, open addressing.  Only added to, and an entry is
 * written last, so a breakpoint's handler may look at any time.
 */
#define INDEX_SIZE (2 * POINTS_MAX)
static uint16_t by_address[INDEX_SIZE]; /* number of the point plus 1 */

static uint32_t
index_of(uint64_t address)
{
    return (uint32_t)address * 2654435761u % INDEX_SIZE;
}

struct point *
point_find(uint64_t address)
{
    for (uint32_t i = index_of(address);; i = (i + 1) % INDEX_SIZE) {
        uint16_t number = __atomic_load_n(&by_address[i], __ATOMIC_ACQUIRE);

        if (number == 0)
            return NULL;
        if (points[number - 1].address == address)
            return &points[number - 1];
    }
}

static void
index_add(struct point *point)
{
    uint32_t i = index_of(point->address);

    while (by_address[i] != 0)
        i = (i + 1) % INDEX_SIZE;
    __atomic_store_n(&by_address[i], (uint16_t)(point - points + 1),
                     __ATOMIC_RELEASE);
}

static uint8_t *
slot_of(const struct point *point)
{
    return slots[point - points];
}

struct point *
point_of_call(uint64_t return_address)
{
    return &points[(return_address - (uint64_t)slots) / SLOT_SIZE];
}

uint64_t
point_continue(const struct point *point)
{
    return (uint64_t)slot_of(point) + SLOT_CALL;
}

/* How a probe of KIND at POINT arms it, if it is the first. */
static uint32_t
way_of(const struct point *point, uint32_t kind)
{
    if (kind != PROBE_ENTRY)
        return kind;
    return point->jump != 0 ? PROBE_ENTRY_JUMP : PROBE_ENTRY_BREAKPOINT;
}

/*
 * Bytes that a jump at the function's entry displaces, 0 if none can go.
 *
 * Besides branches, which the linker looked for, a call among the displaced
 * instructions leads into them: a thread that sleeps in the callee returns to
 * the original text.  That must lie behind the bytes that are overwritten.
 */
static uint32_t
jump_length(const struct image_function *function, uint64_t address)
{
    for (uint32_t offset = 0; offset < function->entry;) {
        uint8_t byte = tables_instruction(address + offset);
        uint32_t move = IMAGE_MOVE(byte);

        if (IMAGE_LENGTH(byte) == 0)
            return 0;
        offset += IMAGE_LENGTH(byte);
        if (offset < SLOT_JUMP &&
            (move == IMAGE_MOVE_CALL32 || move == IMAGE_MOVE_CALL_INDIRECT ||
             move == IMAGE_MOVE_CALL_RIP))
            return 0;
    }
    return function->entry;
}

static int
point_make(const struct image_function *function, uint64_t address,
           struct point **made, uint32_t *reason)
{
    struct point *point = &points[points_made];
    uint32_t jump = jump_length(function, address);
    uint32_t used;

    if (points_made == POINTS_MAX)
        return PROBE_ERROR_LIMIT;
    if (*(const uint8_t *)address == slot_breakpoint)
        return PROBE_ERROR_BUSY;
    if (slot_fill(slot_of(point), address, jump != 0 ? jump : 1, &used) != 0 ||
        used > POINT_DISPLACED_MAX) {
        *reason = IMAGE_REASON_RELOCATION;
        return PROBE_ERROR_FORBIDDEN;
    }
    point->address = address;
    point->jump = (uint8_t)jump;
    memcpy(point->original, (const void *)address, used);
    points_made++;
    index_add(point);
    *made = point;
    return 0;
}

int
point_get(uint64_t address, uint32_t kind, struct point **found,
          uint32_t *reason)
{
    const struct image_function *function = tables_function(address);
    int error = 0;

    *reason = IMAGE_REASON_NONE;
    if (function == NULL)
        return PROBE_ERROR_ADDRESS;
    if (function->flags & IMAGE_FUNCTION_FORBIDDEN) {
        *reason = function->reason;
        return PROBE_ERROR_FORBIDDEN;
    }
    *found = point_find(address);
    if (*found == NULL)
        error = point_make(function, address, found, reason);
    if (error == 0 && kind == PROBE_ENTRY_JUMP && (*found)->jump == 0) {
        *reason = function->entry == 0 ? function->reason : IMAGE_REASON_TARGET;
        return PROBE_ERROR_ENTRY_KIND;
    }
    return error;
}

static bool
text_is_original(const struct point *point, size_t size)
{
    return memcmp((const void *)point->address, point->original, size) == 0;
}

static int
arm(struct point *point, uint32_t way)
{
    uint8_t jump[SLOT_JUMP];

    if (way == PROBE_ENTRY_JUMP) {
        if (!text_is_original(point, sizeof(jump)))
            return PROBE_ERROR_BUSY;
        slot_jump(slot_of(point), point->address, jump);
        text_write(point->address, jump, sizeof(jump));
    } else {
        if (!text_is_original(point, 1))
            return PROBE_ERROR_BUSY;
        text_write(point->address, &slot_breakpoint, 1);
    }
    point->armed = way;
    return 0;
}

static void
disarm(struct point *point)
{
    text_write(point->address, point->original,
               point->armed == PROBE_ENTRY_JUMP ? SLOT_JUMP : 1);
    point->armed = 0;
}

int
point_add(struct point *point, struct probe *probe)
{
    struct probe **end = &point->probes;

    if (point->armed == 0) {
        int error = arm(point, way_of(point, probe->kind));

        if (error != 0)
            return error;
    } else if (probe->kind != PROBE_ENTRY && probe->kind != point->armed) {
        return PROBE_ERROR_BUSY;
    }
    while (*end != NULL)
        end = &(*end)->next;
    probe->way = point->armed;
    probe->next = NULL;
    *end = probe;
    return 0;
}

void
point_remove(struct point *point, struct probe *probe)
{
    struct probe **link = &point->probes;

    while (*link != probe)
        link = &(*link)->next;
    *link = probe->next;
    if (point->probes == NULL)
        disarm(point);
}
