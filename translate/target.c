#include <string.h>

#include "debuginfo/variable.h"
#include "translate/target.h"

/*
 * Where the walk along `->` and `[]` is: at OFFSET bytes into an object that
 * LOCATION says how to find, and of what type.  BITS is not 0 for a bit field.
 */
struct cursor {
    struct arena *arena;
    struct debuginfo *debuginfo;
    struct error *error;
    const char *name; /* what was walked so far, for messages */
    struct location location;
    uint64_t offset;
    struct ctype type;
    unsigned bit;
    unsigned bits;
};

static void
add_step(struct cursor *cursor, enum step_kind kind, int64_t value)
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
    add_step(cursor, STEP_CONSTANT, value);
    add_step(cursor, kind, 0);
}

static const char *
type_text(struct cursor *cursor)
{
    struct text text = {0};

    ctype_print(cursor->debuginfo, &cursor->type, &text);
    const char *string =
        arena_string(cursor->arena, text_string(&text), text.size);
    text_free(&text);
    return string;
}

/* ---- values ---------------------------------------------------------- */

/*
 * Make the piece that has bits START to START + COUNT of a variable in
 * several places the location; *start becomes relative to that.
 */
static int
choose_piece(struct cursor *cursor, uint64_t *start, uint64_t count)
{
    uint64_t begin = 0;

    LIST_EACH (piece, &cursor->location.pieces) {
        if (*start >= begin && *start + count <= begin + piece->bits) {
            if (piece->place->kind == LOCATION_ABSENT)
                return error_set(cursor->error,
                                 "cannot read '%s': the compiler optimized "
                                 "this part of it out",
                                 cursor->name);
            *start += piece->offset;
            *start -= begin;
            cursor->location = *piece->place;
            LIST_COPY(cursor->arena, &cursor->location.steps);
            return 0;
        }
        begin += piece->bits;
    }
    return error_set(cursor->error,
                     "cannot read '%s': it is in several places at once, "
                     "which is not supported yet",
                     cursor->name);
}

/* Bytes to read at once so that COUNT are among them; 0: too many. */
static unsigned
load_size(uint64_t count)
{
    for (unsigned size = 1; size <= 8; size *= 2)
        if (count <= size)
            return size;
    return 0;
}

/* From a place to the bits that are there, as a 64-bit number. */
static int
load_bits(struct cursor *cursor, unsigned count, bool is_signed)
{
    uint64_t start = cursor->offset * 8 + cursor->bit;
    unsigned loaded = 64;

    if (cursor->location.kind == LOCATION_PIECES &&
        choose_piece(cursor, &start, count) != 0)
        return -1;
    if (cursor->location.kind == LOCATION_MEMORY) {
        unsigned size = load_size((start % 8 + count + 7) / 8);

        if (size == 0)
            return error_set(cursor->error,
                             "cannot read '%s': a bit field over 9 bytes is "
                             "not supported yet",
                             cursor->name);
        add_operation(cursor, STEP_ADD, (int64_t)(start / 8));
        add_step(cursor, STEP_LOAD, size);
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
        add_step(cursor, is_signed ? STEP_SIGN_EXTEND : STEP_ZERO_EXTEND,
                 count);
    cursor->location.kind = LOCATION_VALUE;
    cursor->offset = 0;
    cursor->bit = cursor->bits = 0;
    return 0;
}

/* The address of what the cursor is at becomes the value. */
static int
take_address(struct cursor *cursor)
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

/* What the script gets: a number, or the address of an array. */
static int
take_value(struct cursor *cursor)
{
    if (cursor->type.kind == CTYPE_ARRAY)
        return take_address(cursor);
    if (cursor->type.kind == CTYPE_STRUCT || cursor->type.kind == CTYPE_UNION)
        return error_set(cursor->error,
                         "'%s' is a '%s', not a number: name a member, or "
                         "take its address with &",
                         cursor->name, type_text(cursor));
    if (!ctype_is_scalar(&cursor->type))
        return error_set(cursor->error,
                         "'%s' is of type '%s', which is not supported yet",
                         cursor->name, type_text(cursor));
    return load_bits(cursor,
                     cursor->bits != 0 ? cursor->bits
                                       : (unsigned)cursor->type.size * 8,
                     cursor->type.is_signed);
}

/* ---- accesses -------------------------------------------------------- */

/* From a pointer to what it points to. */
static int
follow_pointer(struct cursor *cursor)
{
    struct ctype target;

    if (ctype_target(cursor->debuginfo, &cursor->type, &target) != 0 ||
        take_value(cursor) != 0)
        return -1;
    cursor->location.kind = LOCATION_MEMORY;
    cursor->type = target;
    return 0;
}

static int
access_member(struct cursor *cursor, const char *name)
{
    struct cmember member;

    if (cursor->type.kind == CTYPE_POINTER && follow_pointer(cursor) != 0)
        return -1;
    if (ctype_member(cursor->debuginfo, &cursor->type, name, &member,
                     cursor->error) != 0)
        return error_prefix(cursor->error, "'%s'", cursor->name);
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
access_index(struct cursor *cursor, const struct expression *index)
{
    bool is_array = cursor->type.kind == CTYPE_ARRAY;
    struct ctype element;
    int64_t number;

    if (!literal_index(index, &number))
        return error_set(cursor->error,
                         "not supported yet: an index of '%s' that is no "
                         "literal number",
                         cursor->name);
    if (!is_array && cursor->type.kind != CTYPE_POINTER)
        return error_set(cursor->error,
                         "'%s' is of type '%s' and cannot be indexed",
                         cursor->name, type_text(cursor));
    if (ctype_target(cursor->debuginfo, &cursor->type, &element) != 0)
        return error_set(cursor->error,
                         "not supported yet: indexing '%s' of type '%s'",
                         cursor->name, type_text(cursor));
    if (element.size == 0)
        return error_set(cursor->error,
                         "'%s' cannot be indexed: its elements are of no "
                         "known size",
                         cursor->name);
    if (is_array) {
        uint64_t count = ctype_elements(cursor->debuginfo, &cursor->type);

        if (number < 0 || (count != 0 && (uint64_t)number >= count))
            return error_set(
                cursor->error, "index %lld is outside of '%s' of type '%s'",
                (long long)number, cursor->name, type_text(cursor));
        cursor->type = element;
    } else if (follow_pointer(cursor) != 0) {
        return -1;
    }
    cursor->offset += (uint64_t)(number * (int64_t)element.size);
    cursor->name = arena_printf(cursor->arena, "%s[%lld]", cursor->name,
                                (long long)number);
    return 0;
}

static int
follow_accesses(struct cursor *cursor, const access_list *accesses)
{
    int result = 0;

    LIST_EACH (access, accesses) {
        switch (access->kind) {
        case ACCESS_MEMBER:
            result = access_member(cursor, access->member);
            break;
        case ACCESS_INDEX:
            result = access_index(cursor, access->index);
            break;
        case ACCESS_PRETTY:
            result = error_set(cursor->error,
                               "not supported yet: pretty-printing '%s$'",
                               cursor->name);
            break;
        }
        if (result != 0)
            return result;
    }
    return 0;
}

/* ---- variables ------------------------------------------------------- */

/* Offered instead are those that can be read here. */
static int
no_such_local(struct cursor *cursor, const struct place *place,
              const char *name, const debuginfo_variables *variables)
{
    const struct debuginfo_function *function = place->functions.items[0];
    struct text names = {0};
    struct location location;
    struct error error;

    LIST_EACH (variable, variables)
        if (debuginfo_locate(cursor->debuginfo, function, variable,
                             function->address, cursor->arena, &location,
                             &error) == 0)
            text_printf(&names, " $%s", variable->name);
    error_set(cursor->error, "unable to find local '%s' in %s (%s%s)", name,
              place_function_name(cursor->arena, place, function),
              names.size > 0 ? "alternatives:" : "nothing can be read here",
              text_string(&names));
    text_free(&names);
    return -1;
}

static int
find_local(struct cursor *cursor, const struct place *place, const char *name)
{
    const struct debuginfo_function *function = place->functions.items[0];
    debuginfo_variables variables = {0};
    struct debuginfo_variable found = {0};

    debuginfo_locals(cursor->debuginfo, function, function->address,
                     cursor->arena, &variables);
    LIST_EACH (variable, &variables)
        if (strcmp(variable->name, name) == 0)
            found = *variable;
    if (found.name == NULL &&
        debuginfo_global(cursor->debuginfo, name, function->unit, &found) != 0)
        return no_such_local(cursor, place, name, &variables);
    cursor->type = found.type;
    if (debuginfo_locate(cursor->debuginfo, function, &found, function->address,
                         cursor->arena, &cursor->location, cursor->error) != 0)
        return error_prefix(
            cursor->error, "cannot read '$%s' at %s", name,
            place_function_name(cursor->arena, place, function));
    return 0;
}

static int
find_context(struct cursor *cursor, const struct place *place,
             const struct expression *target)
{
    const char *name = target->target.name;

    if (place->kind != POINT_FUNCTION || place->interrupted)
        return error_set(cursor->error,
                         "'%s' has no meaning here: context variables are "
                         "those of a probed function",
                         name);
    if (strncmp(name, "$$", 2) == 0)
        return error_set(cursor->error, "not supported yet: '%s'", name);
    if (strcmp(name, "$return") == 0)
        return error_set(cursor->error,
                         "'$return' has a value only in .return probes, which "
                         "are not supported yet");
    return find_local(cursor, place, name + 1);
}

int
target_resolve(struct arena *arena, struct kernel_source *kernel,
               const struct place *place, struct expression *target,
               enum type *type, struct error *error)
{
    struct cursor cursor = {
        .arena = arena,
        .debuginfo = kernel_debuginfo(kernel, error),
        .error = error,
        .name = target->target.name,
    };

    if (target->target.kind != TARGET_CONTEXT)
        return error_set(error, "not supported yet: %s",
                         target->target.kind == TARGET_VAR ? "@var" : "@cast");
    if (cursor.debuginfo == NULL || find_context(&cursor, place, target) != 0 ||
        follow_accesses(&cursor, &target->target.accesses) != 0 ||
        (target->target.address_of ? take_address(&cursor)
                                   : take_value(&cursor)) != 0)
        return -1;
    struct target_value *value = ARENA_NEW(arena, struct target_value);
    struct text text = {0};
    expression_print(target, &text);
    value->steps = cursor.location.steps;
    value->name = arena_string(arena, text_string(&text), text.size);
    text_free(&text);
    target->target.place = value;
    *type = TYPE_LONG;
    return 0;
}
