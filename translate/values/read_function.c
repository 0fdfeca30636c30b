#include "translate/values/read_function.h"

#include <string.h>

#include "translate/values/compute.h"

/* What a function gives when the memory cannot be read. */
enum failure {
    FAILURE_ERROR,   /* none: an error is raised */
    FAILURE_NOTHING, /* 0 or "" */
    FAILURE_GIVEN,   /* what the argument says */
    FAILURE_ADDRESS, /* the address as text */
    FAILURE_WARNING, /* 0, "" or the argument, after a warning */
    FAILURE_USER,    /* what is at the address in the task */
};

/* Numbers: MEMORY says whose; SIZE in bytes, 0 for a word of the kernel. */
static const struct number_row {
    const char *kind;
    uint8_t size;
    bool is_signed;
} numbers[] = {
    {"char", 1, true},     {"short", 2, true},   {"int", 4, true},
    {"long", 0, true},     {"int8", 1, true},    {"int16", 2, true},
    {"int32", 4, true},    {"int64", 8, true},   {"uint8", 1, false},
    {"uint16", 2, false},  {"uint32", 4, false}, {"uint64", 8, false},
    {"ushort", 2, false},  {"uint", 4, false},   {"ulong", 0, false},
    {"pointer", 0, false},
};

static const struct {
    const char *prefix;
    bool user;
    enum failure failure;
} memories[] = {
    {"kernel_", false, FAILURE_ERROR},
    {"user_", true, FAILURE_NOTHING},
};

static const struct {
    const char *suffix;
    enum failure failure;
} suffixes[] = {
    {"_error", FAILURE_ERROR},
    {"_warn", FAILURE_WARNING},
};

/* Strings.  Arguments are numbered from 1; 0: there is none. */
struct string_row {
    const char *name;
    uint8_t arguments;
    bool user;
    bool bytes;   /* not up to a NUL, but as many as LENGTH says */
    uint8_t unit; /* bytes of a character of UTF-16 or UTF-32, or 0 */
    bool quoted;
    uint8_t length; /* argument: how many bytes to read */
    uint8_t given;  /* argument: what to give if they cannot be read */
    uint8_t most;   /* argument: how long the result may be */
    enum failure failure;
};

#define PLAIN(name, arguments, user, length, given, failure) \
    {name,  arguments, user,  false, 0,                      \
     false, length,    given, 0,     FAILURE_##failure}
#define QUOTED(name, arguments, user, bytes, length, most, failure) \
    {name, arguments, user, bytes, 0, true, length, 0, most, FAILURE_##failure}
#define UTF(name, arguments, user, unit, quoted, given, failure) \
    {name, arguments, user, true, unit, quoted, 0, given, 0, FAILURE_##failure}

static const struct string_row strings[] = {
    PLAIN("kernel_string", 1, false, 0, 0, ERROR),
    PLAIN("kernel_string", 2, false, 0, 2, GIVEN),
    PLAIN("kernel_string_n", 2, false, 2, 0, ERROR),
    PLAIN("user_string", 1, true, 0, 0, ERROR),
    PLAIN("user_string", 2, true, 0, 2, GIVEN),
    PLAIN("user_string_n", 2, true, 2, 0, ERROR),
    PLAIN("user_string_n", 3, true, 2, 3, GIVEN),
    PLAIN("user_string_nofault", 1, true, 0, 0, NOTHING),
    PLAIN("user_string_n_nofault", 2, true, 2, 0, NOTHING),
    PLAIN("user_string_warn", 1, true, 0, 0, WARNING),
    PLAIN("user_string_warn", 2, true, 0, 2, WARNING),
    PLAIN("user_string_n_warn", 2, true, 2, 0, WARNING),
    PLAIN("user_string_n_warn", 3, true, 2, 3, WARNING),
    QUOTED("kernel_string_quoted", 1, false, false, 0, 0, ADDRESS),
    QUOTED("user_string_quoted", 1, true, false, 0, 0, ADDRESS),
    QUOTED("user_string_n_quoted", 2, true, false, 2, 2, ADDRESS),
    QUOTED("user_string_n_quoted", 3, true, false, 2, 3, ADDRESS),
    QUOTED("kernel_or_user_string_quoted", 1, false, false, 0, 0, USER),
    QUOTED("kernel_buffer_quoted", 2, false, true, 2, 0, ADDRESS),
    QUOTED("kernel_buffer_quoted", 3, false, true, 2, 3, ADDRESS),
    QUOTED("kernel_buffer_quoted_error", 3, false, true, 2, 3, ERROR),
    QUOTED("user_buffer_quoted", 3, true, true, 2, 3, ADDRESS),
    QUOTED("user_buffer_quoted_error", 3, true, true, 2, 3, ERROR),
    UTF("kernel_string_utf16", 1, false, 2, false, 0, ERROR),
    UTF("kernel_string_utf16", 2, false, 2, false, 2, GIVEN),
    UTF("kernel_string_utf32", 1, false, 4, false, 0, ERROR),
    UTF("kernel_string_utf32", 2, false, 4, false, 2, GIVEN),
    UTF("kernel_string_quoted_utf16", 1, false, 2, true, 0, ERROR),
    UTF("kernel_string_quoted_utf32", 1, false, 4, true, 0, ERROR),
    UTF("user_string_utf16", 1, true, 2, false, 0, ERROR),
    UTF("user_string_utf16", 2, true, 2, false, 2, GIVEN),
    UTF("user_string_utf32", 1, true, 4, false, 0, ERROR),
    UTF("user_string_utf32", 2, true, 4, false, 2, GIVEN),
    UTF("user_string_quoted_utf16", 1, true, 2, true, 0, ERROR),
    UTF("user_string_quoted_utf32", 1, true, 4, true, 0, ERROR),
    UTF("kernel_or_user_string_quoted_utf16", 1, false, 2, true, 0, USER),
    UTF("kernel_or_user_string_quoted_utf32", 1, false, 4, true, 0, USER),
};

bool
memory_is_read_by(const char *name)
{
    return strncmp(name, "kernel_", 7) == 0 || strncmp(name, "user_", 5) == 0;
}

/* ---- parts of what a call becomes ------------------------------------ */

struct reading {
    struct moment *moment;
    const struct expression *call;
    struct target_value address; /* its steps leave the address */
};

static struct expression *
make(const struct reading *reading, enum expression_kind kind, enum type type)
{
    struct expression *e = ARENA_NEW(reading->moment->arena, struct expression);

    e->kind = kind;
    e->type = type;
    e->token = reading->call->token;
    e->depth = 1;
    return e;
}

static struct expression *
make_number(const struct reading *reading, int64_t number)
{
    struct expression *e = make(reading, EXPRESSION_NUMBER, TYPE_LONG);

    e->number = number;
    return e;
}

static struct expression *
make_string(const struct reading *reading, const char *string)
{
    struct expression *e = make(reading, EXPRESSION_STRING, TYPE_STRING);

    e->string = string;
    return e;
}

/* A call of a built-in function with up to three arguments. */
static struct expression *
make_call(const struct reading *reading, const char *name,
          struct expression *first, struct expression *second,
          struct expression *third)
{
    struct expression *e = make(reading, EXPRESSION_CALL, TYPE_UNKNOWN);
    struct expression *arguments[] = {first, second, third};

    e->call.name = name;
    for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
        if (arguments[i] == NULL)
            continue;
        LIST_ADD(reading->moment->arena, &e->call.arguments, arguments[i]);
        if (arguments[i]->depth >= e->depth)
            e->depth = arguments[i]->depth + 1;
    }
    return e;
}

static struct expression *
make_target(const struct reading *reading, const struct target_value *value)
{
    struct expression *e = make(reading, EXPRESSION_TARGET, TYPE_UNKNOWN);

    moment_become_target(reading->moment, e, value);
    return e;
}

/* VALUE, made of TARGET, or OTHERWISE if that could not be read. */
static struct expression *
make_choice(const struct reading *reading, const struct expression *target,
            struct expression *otherwise, struct expression *value)
{
    struct expression *e = make(reading, EXPRESSION_TERNARY, TYPE_UNKNOWN);
    struct expression *failed =
        arena_copy(reading->moment->arena, target, sizeof(*target));

    failed->type = TYPE_LONG;
    failed->target.failed = true;
    e->ternary.condition = failed;
    e->ternary.yes = otherwise;
    e->ternary.no = value;
    e->depth =
        1 + (otherwise->depth > value->depth ? otherwise->depth : value->depth);
    return e;
}

/* The address as a value of its own. */
static struct expression *
make_address(const struct reading *reading)
{
    return make_target(reading, &reading->address);
}

/* What the address leads to: steps of its own. */
static struct target_value
value_at(const struct reading *reading)
{
    struct target_value value = reading->address;

    LIST_COPY(reading->moment->arena, &value.steps);
    return value;
}

/* A copy of an argument, which may come to stand in several places. */
static struct expression *
argument(const struct reading *reading, unsigned number)
{
    const expression_list *arguments = &reading->call->call.arguments;

    return number > 0 ? ast_clone_expression(reading->moment->arena,
                                             arguments->items[number - 1])
                      : NULL;
}

/* ---- numbers --------------------------------------------------------- */

/* The row of a name, and what it does about a failure; NULL: it is none. */
static const struct number_row *
find_number(const char *name, bool *user, enum failure *failure)
{
    for (size_t i = 0; i < sizeof(memories) / sizeof(memories[0]); i++) {
        size_t length = strlen(memories[i].prefix);

        if (strncmp(name, memories[i].prefix, length) != 0)
            continue;
        *user = memories[i].user;
        *failure = memories[i].failure;
        name += length;
        break;
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        size_t length = strlen(numbers[i].kind);

        if (strncmp(name, numbers[i].kind, length) != 0)
            continue;
        if (name[length] == '\0')
            return &numbers[i];
        for (size_t j = 0; j < sizeof(suffixes) / sizeof(suffixes[0]); j++) {
            if (strcmp(name + length, suffixes[j].suffix) != 0)
                continue;
            *failure = suffixes[j].failure;
            return &numbers[i];
        }
    }
    return NULL;
}

static struct expression *
read_number(const struct reading *reading, const struct number_row *row,
            bool user, enum failure failure)
{
    struct target_value value = value_at(reading);
    struct expression *target;

    moment_add_load(reading->moment, &value,
                    row->size > 0 ? row->size
                                  : moment_word_size(reading->moment),
                    row->is_signed, user);
    target = make_target(reading, &value);
    if (failure == FAILURE_NOTHING)
        return make_choice(reading, target, make_number(reading, 0), target);
    if (failure == FAILURE_WARNING)
        return make_choice(reading, target,
                           make_call(reading, "_memory_warning",
                                     make_address(reading), NULL, NULL),
                           target);
    return target;
}

/* ---- strings --------------------------------------------------------- */

/* What is read, as the function gives it. */
static struct expression *
make_result(const struct reading *reading, const struct string_row *row,
            struct expression *target)
{
    struct expression *most = argument(reading, row->most);

    if (row->unit > 0)
        target = make_call(reading, "_memory_utf", target,
                           make_number(reading, row->unit),
                           argument(reading, row->given));
    if (row->quoted)
        target = make_call(reading, "_memory_quoted", target,
                           most != NULL ? most : make_number(reading, 0),
                           make_number(reading, 1));
    return target;
}

/* What is given instead, or NULL: an error. */
static struct expression *
make_otherwise(const struct reading *reading, const struct string_row *row)
{
    struct expression *given = argument(reading, row->given);

    switch (row->failure) {
    case FAILURE_NOTHING:
        return make_string(reading, "");
    case FAILURE_GIVEN:
        return given;
    case FAILURE_WARNING:
        return make_call(reading, "_memory_warning", make_address(reading),
                         given != NULL ? given : make_string(reading, ""),
                         NULL);
    case FAILURE_ADDRESS:
    case FAILURE_USER:
        return make_call(reading, "_memory_address", make_address(reading),
                         NULL, NULL);
    default:
        return NULL;
    }
}

/* Bytes to try to read one after the other: how long a string of UTF-16 is
 * nobody says, and what is behind it may be out of memory. */
static const uint32_t utf_sizes[] = {MOMENT_STRING_MAX, 64, 16};

static struct expression *
read_at(const struct reading *reading, const struct string_row *row, bool user,
        uint32_t size, struct expression *otherwise)
{
    struct target_value value = value_at(reading);
    struct expression *target, *result;

    value.size = size;
    if (row->bytes)
        value.read = user ? TARGET_USER_BYTES : TARGET_KERNEL_BYTES;
    else
        value.read = user ? TARGET_USER_STRING : TARGET_KERNEL_STRING;
    target = make_target(reading, &value);
    target->target.bytes = row->bytes;
    result = make_result(reading, row, target);
    return otherwise != NULL ? make_choice(reading, target, otherwise, result)
                             : result;
}

static struct expression *
read_somewhere(const struct reading *reading, const struct string_row *row,
               bool user, uint32_t size, struct expression *otherwise)
{
    if (row->unit == 0)
        return read_at(reading, row, user, size, otherwise);
    for (size_t i = sizeof(utf_sizes) / sizeof(utf_sizes[0]); i > 0; i--)
        otherwise = read_at(reading, row, user, utf_sizes[i - 1], otherwise);
    return otherwise;
}

static struct expression *
read_string(const struct reading *reading, const struct string_row *row,
            struct error *error)
{
    struct moment *moment = reading->moment;
    int64_t size = moment->string_size < MOMENT_STRING_MAX ? moment->string_size
                                                           : MOMENT_STRING_MAX;
    struct expression *otherwise = make_otherwise(reading, row);

    if (row->length > 0 &&
        moment_literal(&reading->call->call.arguments, row->length - 1u,
                       row->bytes ? 1 : 0, size - !row->bytes, &size,
                       error) != 0)
        return NULL;
    size += row->length > 0 && !row->bytes;
    if (row->failure == FAILURE_USER)
        otherwise =
            read_somewhere(reading, row, true, (uint32_t)size, otherwise);
    return read_somewhere(reading, row, row->user, (uint32_t)size, otherwise);
}

static const struct string_row *
find_string(const struct expression *call)
{
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
        if (strings[i].arguments == call->call.arguments.count &&
            strcmp(strings[i].name, call->call.name) == 0)
            return &strings[i];
    return NULL;
}

int
memory_resolve(struct moment *moment, struct expression *call, enum type *type,
               struct error *error)
{
    const struct string_row *string = find_string(call);
    struct reading reading = {.moment = moment, .call = call};
    enum failure failure = FAILURE_ERROR;
    struct expression *result;
    bool user = false;

    reading.address.name = moment_text(moment, call);
    *type = string != NULL ? TYPE_STRING : TYPE_LONG;
    if (compute(moment, call->call.arguments.items[0], &reading.address.steps,
                error) != 0)
        return -1;
    if (string != NULL) {
        result = read_string(&reading, string, error);
    } else {
        const struct number_row *row =
            find_number(call->call.name, &user, &failure);

        result = read_number(&reading, row, user, failure);
    }
    if (result == NULL)
        return -1;
    result->type = *type;
    *call = *result;
    return 0;
}

struct expression *
memory_value(struct expression *e)
{
    if (e->kind != EXPRESSION_TERNARY ||
        e->ternary.condition->kind != EXPRESSION_TARGET ||
        !e->ternary.condition->target.failed ||
        e->ternary.no->kind != EXPRESSION_TARGET)
        return e;
    return e->ternary.no;
}
