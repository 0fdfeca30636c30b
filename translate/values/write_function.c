#include "translate/values/write_function.h"

#include <string.h>

#include "translate/values/compute.h"

/* Bytes of a string that is written, with its NUL. */
#define STRING_MAX 128

static const struct {
    const char *name;
    uint8_t size; /* bytes; 0: a word of the kernel */
    bool string;
} rows[] = {
    {"set_kernel_char", 1, false},  {"set_kernel_short", 2, false},
    {"set_kernel_int", 4, false},   {"set_kernel_long", 0, false},
    {"set_kernel_int64", 8, false}, {"set_kernel_pointer", 0, false},
    {"set_kernel_string", 0, true}, {"set_kernel_string_n", 0, true},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static size_t
row_of(const char *name)
{
    size_t i = 0;

    while (i < ROWS && strcmp(rows[i].name, name) != 0)
        i++;
    return i;
}

bool
write_is_by(const char *name)
{
    return row_of(name) < ROWS;
}

static void
add_step(struct moment *moment, step_list *steps, enum step_kind kind,
         int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(moment->arena, steps, step);
}

/* VALUE to SIZE bytes, OFFSET bytes behind the first argument of CALL. */
static struct expression *
make_assignment(struct moment *moment, struct expression *call,
                struct expression *value, unsigned size, unsigned offset,
                struct error *error)
{
    struct expression *e = ARENA_NEW(moment->arena, struct expression);
    struct expression *target = arena_copy(moment->arena, call, sizeof(*call));
    struct target_value written = {.name = moment_text(moment, call),
                                   .size = size};
    step_list *place = ARENA_NEW(moment->arena, step_list);

    if (compute(moment, call->call.arguments.items[0], place, error) != 0)
        return NULL;
    if (offset != 0) {
        add_step(moment, place, STEP_CONSTANT, offset);
        add_step(moment, place, STEP_ADD, 0);
    }
    LIST_EACH (step, place)
        add_step(moment, &written.steps, step->kind, step->value);
    add_step(moment, &written.steps, STEP_LOAD, size);
    written.place = place;
    moment_become_target(moment, target, &written);
    e->kind = EXPRESSION_ASSIGN;
    e->type = TYPE_LONG;
    e->token = call->token;
    e->depth = 1 + value->depth;
    e->assign.operator= ASSIGN_PLAIN;
    e->assign.target = target;
    e->assign.value = value;
    return e;
}

static struct expression *
make_number(struct moment *moment, const struct expression *call,
            int64_t number)
{
    struct expression *e = ARENA_NEW(moment->arena, struct expression);

    e->kind = EXPRESSION_NUMBER;
    e->type = TYPE_LONG;
    e->token = call->token;
    e->depth = 1;
    e->number = number;
    return e;
}

/* Both, for what they do. */
static struct expression *
join(struct moment *moment, struct expression *left, struct expression *right)
{
    struct expression *e = ARENA_NEW(moment->arena, struct expression);

    if (left == NULL)
        return right;
    e->kind = EXPRESSION_BINARY;
    e->type = TYPE_LONG;
    e->token = left->token;
    e->depth = 1 + (left->depth > right->depth ? left->depth : right->depth);
    e->binary.operator= BINARY_OR;
    e->binary.left = left;
    e->binary.right = right;
    return e;
}

/* The bytes of a literal, as many as there are of 8, 4, 2 and 1 at once. */
static struct expression *
write_string(struct moment *moment, struct expression *call,
             struct error *error)
{
    const expression_list *arguments = &call->call.arguments;
    const struct expression *string = arguments->items[arguments->count - 1];
    struct expression *all = NULL;
    int64_t length = 0;

    if (string->kind != EXPRESSION_STRING) {
        error_set(error, "the string must be a literal");
        return NULL;
    }
    length = (int64_t)strlen(string->string) + 1;
    if (arguments->count == 3) {
        int64_t most;

        if (moment_literal(arguments, 1, 1, STRING_MAX, &most, error) != 0)
            return NULL;
        length = length < most ? length : most;
    }
    if (length > STRING_MAX) {
        error_set(error, "at most %d bytes are written", STRING_MAX);
        return NULL;
    }
    for (int64_t done = 0, size; done < length; done += size) {
        uint64_t number = 0;

        for (size = 8; size > length - done;)
            size /= 2;
        memcpy(&number, string->string + done, (size_t)size);
        struct expression *part = make_assignment(
            moment, call, make_number(moment, call, (int64_t)number),
            (unsigned)size, (unsigned)done, error);
        if (part == NULL)
            return NULL;
        all = join(moment, all, part);
    }
    return all;
}

int
write_resolve(struct moment *moment, struct expression *call, enum type *type,
              struct error *error)
{
    size_t row = row_of(call->call.name);
    const expression_list *arguments = &call->call.arguments;
    const struct object *object = kernel_object(moment->kernel, error);
    struct expression *made;

    if (object == NULL)
        return -1;
    if (rows[row].string)
        made = write_string(moment, call, error);
    else
        made = make_assignment(moment, call, arguments->items[1],
                               rows[row].size != 0
                                   ? rows[row].size
                                   : debuginfo_word_size(object->debuginfo),
                               0, error);
    if (made == NULL)
        return -1;
    *call = *made;
    *type = TYPE_LONG;
    return 0;
}
