/*
 * Jumps among a location's operations.
 */

#include "debuginfo/location_i.h"

#include <dwarf.h>

/* Of either: the operation and two bytes that say how far. */
#define JUMP_SIZE 3

int
location_jump(struct translator *translator, const Dwarf_Op *operation)
{
    bool branches = operation->atom == DW_OP_bra;
    struct location_jump jump = {
        .step = translator->steps->count,
        .target = operation->offset + JUMP_SIZE +
                  (uint64_t)(int16_t)operation->number,
    };

    if ((int16_t)operation->number < 0)
        return location_refuse(translator, "is found by a loop");
    if (location_need(translator, branches ? 1 : 0) != 0)
        return -1;
    location_add(translator, branches ? STEP_BRANCH : STEP_SKIP, 0);
    translator->types.depth -= branches;
    translator->passed = !branches;
    jump.types = translator->types;
    LIST_ADD(translator->frame->arena, &translator->jumps, jump);
    return 0;
}

static bool
same_types(const struct word_types *a, const struct word_types *b)
{
    if (a->depth != b->depth)
        return false;
    for (unsigned i = 0; i < a->depth; i++)
        if (a->of[i].bits != b->of[i].bits ||
            a->of[i].is_signed != b->of[i].is_signed)
            return false;
    return true;
}

/* JUMP leads to what comes next. */
static int
land(struct translator *translator, struct location_jump *jump)
{
    step_list *steps = translator->steps;

    if (translator->passed)
        translator->types = jump->types;
    else if (!same_types(&translator->types, &jump->types))
        return location_refuse(translator,
                               "is found by two ways that leave other words");
    translator->passed = false;
    translator->unchanged = steps->count;
    steps->items[jump->step].value = steps->count - jump->step - 1;
    jump->landed = true;
    return 0;
}

int
location_land(struct translator *translator, const Dwarf_Op *operation)
{
    LIST_EACH (jump, &translator->jumps)
        if (jump->target == operation->offset && land(translator, jump) != 0)
            return -1;
    return translator->passed
               ? location_refuse(translator, "has operations that are not used")
               : 0;
}

int
location_land_at_end(struct translator *translator, const Dwarf_Op *last)
{
    LIST_EACH (jump, &translator->jumps) {
        if (jump->landed)
            continue;
        if (jump->target <= last->offset)
            return location_refuse(translator,
                                   "is broken: a jump leads nowhere");
        if (land(translator, jump) != 0)
            return -1;
    }
    return 0;
}
