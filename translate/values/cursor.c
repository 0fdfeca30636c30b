#include "translate/values/cursor.h"

#include <string.h>

#include "translate/values/compute.h"

void
cursor_add_step(struct cursor *cursor, enum step_kind kind, int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(cursor->arena, &cursor->location.steps, step);
}

/* The top of the stack OP a constant. */
static void
add_operation(struct cursor *cursor, enum step_kind kind, int64_t value)
{
    if (value == 0)
        return;
    cursor_add_step(cursor, STEP_CONSTANT, value);
    cursor_add_step(cursor, kind, 0);
}

const char *
cursor_type_text(struct cursor *cursor)
{
    struct text text = {0};

    ctype_print(cursor->debuginfo, &cursor->type, &text);
    const char *string =
        arena_string(cursor->arena, text_string(&text), text.size);
    text_free(&text);
    return string;
}

/* ---- values ---------------------------------------------------------- */

/* Bytes to read at once so that COUNT are among them; 0: too many. */
static unsigned
load_size(uint64_t count)
{
    for (unsigned size = 1; size <= 8; size *= 2)
        if (count <= size)
            return size;
    return 0;
}

/* From a place to bits START to START + COUNT there, as a 64-bit number. */
static int
load_bits(struct cursor *cursor, uint64_t start, uint64_t count, bool is_signed)
{
    unsigned loaded = 64;

    if (cursor->location.kind == LOCATION_MEMORY) {
        unsigned size = load_size((start % 8 + count + 7) / 8);

        if (size == 0)
            return error_set(cursor->error,
                             "cannot read '%s': a bit field over 9 bytes is "
                             "not supported yet",
                             cursor->name);
        add_operation(cursor, STEP_ADD, (int64_t)(start / 8));
        cursor_add_step(cursor, cursor->user ? STEP_LOAD_USER : STEP_LOAD,
                        size);
        start %= 8;
        loaded = size * 8;
    } else if (start + count > 64) {
        return error_set(cursor->error,
                         "cannot read '%s': it is beyond the 8 bytes of a "
                         "register",
                         cursor->name);
    }
    add_operation(cursor, STEP_SHIFT_RIGHT, (int64_t)start);
    if (count < 64 && (is_signed || loaded - start != count))
        cursor_add_step(cursor, is_signed ? STEP_SIGN_EXTEND : STEP_ZERO_EXTEND,
                        (int64_t)count);
    return 0;
}

/*
 * The same of a variable in several places, as i386 has 64 bits in a pair of
 * registers: what each piece has of it is put where it belongs.
 */
static int
load_pieces(struct cursor *cursor, uint64_t start, uint64_t count,
            bool is_signed)
{
    const struct location whole = cursor->location;
    step_list steps = {0};
    uint64_t begin = 0, done = 0;

    LIST_EACH (piece, &whole.pieces) {
        uint64_t end = begin + piece->bits;
        uint64_t from = start > begin ? start : begin;
        uint64_t to = start + count < end ? start + count : end;

        if (from < to) {
            if (piece->place->kind == LOCATION_ABSENT)
                return error_set(cursor->error,
                                 "cannot read '%s': the compiler optimized "
                                 "this part of it out",
                                 cursor->name);
            cursor->location = *piece->place;
            LIST_COPY(cursor->arena, &cursor->location.steps);
            if (load_bits(cursor, from - begin + piece->offset, to - from,
                          false) != 0)
                return -1;
            add_operation(cursor, STEP_SHIFT_LEFT, (int64_t)(from - start));
            if (done > 0)
                cursor_add_step(cursor, STEP_OR, 0);
            LIST_EACH (step, &cursor->location.steps)
                LIST_ADD(cursor->arena, &steps, *step);
            done += to - from;
        }
        begin = end;
    }
    if (done != count)
        return error_set(cursor->error,
                         "cannot read '%s': only a part of it has a place",
                         cursor->name);
    cursor->location.steps = steps;
    if (is_signed && count < 64)
        cursor_add_step(cursor, STEP_SIGN_EXTEND, (int64_t)count);
    return 0;
}

static int
load_scalar(struct cursor *cursor, unsigned count)
{
    bool pieces = cursor->location.kind == LOCATION_PIECES;
    uint64_t start = cursor->offset * 8 + cursor->bit;

    if ((pieces ? load_pieces : load_bits)(cursor, start, count,
                                           cursor->type.is_signed) != 0)
        return -1;
    cursor->location.kind = LOCATION_VALUE;
    cursor->offset = 0;
    cursor->bit = cursor->bits = 0;
    return 0;
}

int
cursor_address(struct cursor *cursor)
{
    if (cursor->bits != 0)
        return error_set(cursor->error,
                         "'%s' is a bit field and has no address",
                         cursor->name);
    if (cursor->location.kind != LOCATION_MEMORY)
        return error_set(cursor->error,
                         "'%s' is in a register here and has no address",
                         cursor->name);
    add_operation(cursor, STEP_ADD, (int64_t)cursor->offset);
    cursor->location.kind = LOCATION_VALUE;
    cursor->offset = 0;
    return 0;
}

int
cursor_value(struct cursor *cursor)
{
    if (cursor->type.kind == CTYPE_ARRAY)
        return cursor_address(cursor);
    if (cursor->type.kind == CTYPE_STRUCT || cursor->type.kind == CTYPE_UNION)
        return error_set(cursor->error,
                         "'%s' is a '%s', not a number: name a member, or "
                         "take its address with &",
                         cursor->name, cursor_type_text(cursor));
    if (!ctype_is_scalar(&cursor->type))
        return error_set(cursor->error,
                         "'%s' is of type '%s', which is not supported yet",
                         cursor->name, cursor_type_text(cursor));
    return load_scalar(cursor, cursor->bits != 0
                                   ? cursor->bits
                                   : (unsigned)cursor->type.size * 8);
}

/* ---- accesses -------------------------------------------------------- */

int
cursor_follow(struct cursor *cursor)
{
    struct ctype target;

    if (ctype_target(cursor->debuginfo, &cursor->type, &target) != 0 ||
        cursor_value(cursor) != 0)
        return -1;
    cursor->location.kind = LOCATION_MEMORY;
    cursor->type = target;
    return 0;
}

int
cursor_member(struct cursor *cursor, const char *name)
{
    struct cmember member;

    if (cursor->type.kind == CTYPE_POINTER && cursor_follow(cursor) != 0)
        return -1;
    if (ctype_member(cursor->debuginfo, &cursor->type, name, &member,
                     cursor->error) != 0)
        return error_prefix(cursor->error, "'%s'", cursor->name);
    cursor->pointed = false;
    cursor->offset += member.offset;
    cursor->type = member.type;
    cursor->bit = member.bit;
    cursor->bits = member.bits;
    cursor->name = arena_printf(cursor->arena, "%s->%s", cursor->name, name);
    return 0;
}

/* The number that an index is: a literal, perhaps with a sign. */
static bool
literal_index(const struct expression *index, int64_t *number)
{
    int sign = 1;

    if (index->kind == EXPRESSION_UNARY &&
        index->unary.operator== UNARY_MINUS) {
        index = index->unary.operand;
        sign = -1;
    }
    if (index->kind != EXPRESSION_NUMBER || index->number < 0 ||
        index->number > INT32_MAX)
        return false;
    *number = sign * index->number;
    return true;
}

static int
constant_index(struct cursor *cursor, bool is_array, int64_t number,
               const struct ctype *element)
{
    uint64_t count =
        is_array ? ctype_elements(cursor->debuginfo, &cursor->type) : 0;

    if (is_array && (number < 0 || (count != 0 && (uint64_t)number >= count)))
        return error_set(
            cursor->error, "index %lld is outside of '%s' of type '%s'",
            (long long)number, cursor->name, cursor_type_text(cursor));
    cursor->offset += (uint64_t)(number * (int64_t)element->size);
    cursor->name = arena_printf(cursor->arena, "%s[%lld]", cursor->name,
                                (long long)number);
    return 0;
}

/* An index that is computed at the hit: bounds are not checked, as in C. */
static int
computed_index(struct cursor *cursor, struct expression *index,
               const struct ctype *element)
{
    if (cursor->location.kind != LOCATION_MEMORY)
        return error_set(cursor->error,
                         "'%s' is not in memory here; its index must be a "
                         "literal number",
                         cursor->name);
    if (compute(cursor->moment, index, &cursor->location.steps,
                cursor->error) != 0)
        return -1;
    cursor_add_step(cursor, STEP_CONSTANT, (int64_t)element->size);
    cursor_add_step(cursor, STEP_MULTIPLY, 0);
    cursor_add_step(cursor, STEP_ADD, 0);
    cursor->name = arena_printf(cursor->arena, "%s[...]", cursor->name);
    return 0;
}

int
cursor_index(struct cursor *cursor, struct expression *index)
{
    bool is_array = cursor->type.kind == CTYPE_ARRAY && !cursor->pointed;
    struct ctype element = cursor->type;
    int64_t number;

    if (!is_array && !cursor->pointed && cursor->type.kind != CTYPE_POINTER)
        return error_set(cursor->error,
                         "'%s' is of type '%s' and cannot be indexed",
                         cursor->name, cursor_type_text(cursor));
    if (!cursor->pointed &&
        ctype_target(cursor->debuginfo, &cursor->type, &element) != 0)
        return error_set(cursor->error,
                         "not supported yet: indexing '%s' of type '%s'",
                         cursor->name, cursor_type_text(cursor));
    if (element.size == 0)
        return error_set(cursor->error,
                         "'%s' cannot be indexed: its elements are of no "
                         "known size",
                         cursor->name);
    if (!is_array && !cursor->pointed && cursor_follow(cursor) != 0)
        return -1;
    if ((literal_index(index, &number)
             ? constant_index(cursor, is_array, number, &element)
             : computed_index(cursor, index, &element)) != 0)
        return -1;
    cursor->type = element;
    cursor->pointed = false;
    return 0;
}

int
cursor_accesses(struct cursor *cursor, const access_list *accesses)
{
    int result = 0;

    LIST_EACH (access, accesses) {
        if (access->kind == ACCESS_MEMBER)
            result = cursor_member(cursor, access->member);
        else if (access->kind == ACCESS_INDEX)
            result = cursor_index(cursor, access->index);
        if (result != 0)
            break;
    }
    return result;
}
