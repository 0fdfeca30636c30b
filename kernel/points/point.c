#include "kernel/points/point.h"

#include <stddef.h>

#include "kernel/hit/probe.h"
#include "kernel/machine/string.h"
#include "kernel/points/places.h"
#include "kernel/points/tables.h"
#include "kernel/points/text.h"
#include "protocol/error.h"

/* ---- the text without probes ------------------------------------------- */

static size_t
armed_size(const struct point *point)
{
    return point->armed == PROBE_ENTRY_JUMP ? SLOT_JUMP : 1;
}

/*
 * The point whose jump lies over the text at ADDRESS, behind its first byte;
 * or NULL.  Jumps are at functions' entries only.
 */
static struct point *
jump_over(uint64_t address)
{
    const struct image_function *function = tables_function_of(address);
    struct point *point;
    uint64_t entry;

    if (function == NULL)
        return NULL;
    entry = image_header.text_base + function->address;
    point = entry != address ? point_find(entry) : NULL;
    if (point == NULL || point->armed != PROBE_ENTRY_JUMP ||
        address - entry >= point->jump)
        return NULL;
    return point;
}

/* Put POINT's original bytes where its patch would be, in a copy of text. */
static void
undo(const struct point *point, uint64_t address,
     uint8_t text[SLOT_DISPLACED_MAX])
{
    for (size_t i = 0; i < armed_size(point); i++) {
        uint64_t offset = point->address + i - address;

        if (offset < SLOT_DISPLACED_MAX)
            text[offset] = point->original[i];
    }
}

static void
copy_original(uint64_t address, uint8_t text[SLOT_DISPLACED_MAX])
{
    const struct point *point = jump_over(address);

    for (size_t i = 0; i < SLOT_DISPLACED_MAX; i++)
        text[i] = tables_in_text(address + i, 1)
                      ? *(const uint8_t *)(uintptr_t)(address + i)
                      : 0;
    if (point != NULL)
        undo(point, address, text);
    for (size_t i = 0; i < SLOT_DISPLACED_MAX; i++) {
        point = point_find(address + i);
        if (point != NULL && point->armed != 0)
            undo(point, address, text);
    }
}

/* ---- making points ----------------------------------------------------- */

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
    if (function == NULL)
        return 0;
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
fill_slots(struct point *point)
{
    struct slot_source source = {
        .address = point->address,
        .text = point->original,
        .length = point->jump,
    };

    if (slot_fill_step(point->step, &source) != 0 ||
        (point->jump != 0 && slot_fill(point->jump_slot->code, &source) != 0))
        return PROBE_ERROR_FORBIDDEN;
    return 0;
}

static int
point_make(uint64_t address, struct point **made, uint32_t *reason)
{
    uint32_t jump = jump_length(tables_function(address), address);
    struct point *point;
    int error = places_take(jump != 0, made);

    if (error != 0)
        return error;
    point = *made;
    point->address = address;
    point->jump = (uint8_t)jump;
    copy_original(address, point->original);
    if (point->original[0] == slot_breakpoint)
        error = PROBE_ERROR_BUSY;
    else
        error = fill_slots(point);
    if (error == PROBE_ERROR_FORBIDDEN)
        *reason = IMAGE_REASON_INSTRUCTION;
    if (error == 0)
        places_add(point);
    else
        places_give(point);
    return error;
}

/* Whether a probe may be at a function's entry. */
static int
check_entry(uint64_t address, uint32_t kind, uint32_t *reason)
{
    const struct image_function *function = tables_function(address);

    if (function == NULL)
        return PROBE_ERROR_ADDRESS;
    *reason = function->reason;
    if (function->flags & IMAGE_FUNCTION_FORBIDDEN)
        return PROBE_ERROR_FORBIDDEN;
    if (kind == PROBE_ENTRY_JUMP && jump_length(function, address) == 0) {
        if (function->entry != 0)
            *reason = IMAGE_REASON_TARGET;
        return PROBE_ERROR_ENTRY_KIND;
    }
    return 0;
}

/* Whether one may be at an instruction. */
static int
check_instruction(uint64_t address, uint32_t *reason)
{
    const struct image_function *function = tables_function_of(address);
    uint8_t byte = tables_instruction(address);

    if (function != NULL && function->flags & IMAGE_FUNCTION_FORBIDDEN) {
        *reason = function->reason;
        return PROBE_ERROR_FORBIDDEN;
    }
    if (byte == 0)
        return PROBE_ERROR_ADDRESS;
    if (IMAGE_MOVE(byte) == IMAGE_MOVE_NEVER) {
        *reason = IMAGE_REASON_INSTRUCTION;
        return PROBE_ERROR_FORBIDDEN;
    }
    return 0;
}

int
point_get(uint64_t address, uint32_t kind, struct point **found,
          uint32_t *reason)
{
    int error = kind == PROBE_INSTRUCTION ? check_instruction(address, reason)
                                          : check_entry(address, kind, reason);

    if (error != 0)
        return error;
    *reason = IMAGE_REASON_NONE;
    *found = point_find(address);
    return *found != NULL ? 0 : point_make(address, found, reason);
}

/* ---- arming ------------------------------------------------------------ */

static bool
text_is_original(const struct point *point, size_t size)
{
    return memcmp((const void *)(uintptr_t)point->address, point->original,
                  size) == 0;
}

/* Whether a point that is armed lies in what a jump at POINT displaces. */
static bool
has_inner(const struct point *point)
{
    for (uint32_t offset = 0; offset < point->jump;) {
        const struct point *inner;

        offset += IMAGE_LENGTH(tables_instruction(point->address + offset));
        inner =
            offset < point->jump ? point_find(point->address + offset) : NULL;
        if (inner != NULL && inner->armed != 0)
            return true;
    }
    return false;
}

static int
arm_jump(struct point *point)
{
    uint8_t jump[SLOT_JUMP];

    if (!text_is_original(point, sizeof(jump)))
        return PROBE_ERROR_BUSY;
    slot_jump(point->jump_slot->code, point->address, jump);
    text_write(point->address, jump, sizeof(jump));
    point->armed = PROBE_ENTRY_JUMP;
    return 0;
}

static int
arm_breakpoint(struct point *point)
{
    if (!text_is_original(point, 1))
        return PROBE_ERROR_BUSY;
    text_write(point->address, &slot_breakpoint, 1);
    point->armed = PROBE_ENTRY_BREAKPOINT;
    return 0;
}

static void
disarm(struct point *point)
{
    text_write(point->address, point->original, armed_size(point));
    point->armed = 0;
}

/* A breakpoint instead of the jump, if its probes can do with that. */
static int
jump_to_breakpoint(struct point *point)
{
    for (const struct probe *probe = point->probes; probe != NULL;
         probe = probe->next) {
        if (probe->kind == PROBE_ENTRY_JUMP)
            return PROBE_ERROR_BUSY;
    }
    disarm(point);
    arm_breakpoint(point);
    for (struct probe *probe = point->probes; probe != NULL;
         probe = probe->next)
        probe->way = point->armed;
    return 0;
}

/* How KIND asks for it to be armed; 0: however it can be. */
static uint32_t
way_asked(uint32_t kind)
{
    return kind == PROBE_ENTRY_JUMP || kind == PROBE_ENTRY_BREAKPOINT ? kind
                                                                      : 0;
}

static int
arm(struct point *point, uint32_t way)
{
    struct point *over = jump_over(point->address);

    if (over != NULL && jump_to_breakpoint(over) != 0)
        return PROBE_ERROR_BUSY;
    if (point->jump != 0 && way != PROBE_ENTRY_BREAKPOINT && !has_inner(point))
        return arm_jump(point);
    return way == PROBE_ENTRY_JUMP ? PROBE_ERROR_BUSY : arm_breakpoint(point);
}

int
point_add(struct point *point, struct probe *probe)
{
    uint32_t way = way_asked(probe->kind);
    struct probe **end = &point->probes;

    if (point->armed == 0) {
        int error = arm(point, way);

        if (error != 0)
            return error;
    } else if (way != 0 && way != point->armed) {
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
