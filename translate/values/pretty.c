#include "translate/values/pretty.h"

#include <string.h>

#include "debuginfo/variable.h"
#include "language/parse/directives.h"
#include "translate/values/target.h"

/* More elements of an array are "...", and so are more values in all. */
#define ELEMENTS_MAX 16
#define VALUES_MAX   160

/* Bytes shown of a string. */
#define STRING_MAX 128

/* Enums with more names are shown as numbers. */
#define NAMES_MAX 64

struct pretty {
    struct moment *moment;
    const struct object *object; /* that the probe is in */
    struct arena *arena;
    struct expression *target; /* what asked for it */
    struct text format;
    expression_list arguments;
    expression_list values; /* of those, the ones that fail together */
    struct error *error;
};

static void build(struct pretty *pretty, struct cursor *cursor, unsigned depth);

/* ---- expressions ----------------------------------------------------- */

static struct expression *
make(struct pretty *pretty, enum expression_kind kind, enum type type)
{
    struct expression *e = ARENA_NEW(pretty->arena, struct expression);

    e->kind = kind;
    e->type = type;
    e->token = pretty->target->token;
    e->depth = 1;
    return e;
}

static struct expression *
make_target(struct pretty *pretty, const struct target_value *value)
{
    struct expression *e = make(pretty, EXPRESSION_TARGET, TYPE_LONG);

    moment_become_target(pretty->moment, e, value);
    return e;
}

static struct expression *
make_failed(struct pretty *pretty, const struct expression *target)
{
    struct expression *e = arena_copy(pretty->arena, target, sizeof(*target));

    e->type = TYPE_LONG;
    e->target.failed = true;
    return e;
}

static struct expression *
make_string(struct pretty *pretty, const char *string)
{
    struct expression *e = make(pretty, EXPRESSION_STRING, TYPE_STRING);

    e->string = string;
    return e;
}

static struct expression *
make_choice(struct pretty *pretty, struct expression *condition,
            struct expression *yes, struct expression *no)
{
    struct expression *e = make(pretty, EXPRESSION_TERNARY, yes->type);

    e->ternary.condition = condition;
    e->ternary.yes = yes;
    e->ternary.no = no;
    e->depth = 1 + (no->depth > yes->depth ? no->depth : yes->depth);
    return e;
}

static struct expression *
make_sprintf(struct pretty *pretty, const char *format,
             const expression_list *arguments)
{
    struct expression *e = make(pretty, EXPRESSION_PRINT, TYPE_STRING);
    struct error error;

    e->print.to_string = true;
    e->print.format = arena_string(pretty->arena, format, strlen(format));
    e->print.arguments = *arguments;
    LIST_EACH (argument, arguments)
        if ((*argument)->depth >= e->depth)
            e->depth = (*argument)->depth + 1;
    format_parse(pretty->arena, e->print.format, &e->print.directives, &error);
    return e;
}

static struct expression *
make_sprintf_of(struct pretty *pretty, const char *format,
                struct expression *argument)
{
    expression_list arguments = {0};

    LIST_ADD(pretty->arena, &arguments, argument);
    return make_sprintf(pretty, format, &arguments);
}

/* ---- enumerators ----------------------------------------------------- */

struct expression *
pretty_enumerator(struct moment *moment, struct debuginfo *debuginfo,
                  const struct ctype *type, const struct expression *value)
{
    struct pretty pretty = {
        .moment = moment,
        .arena = moment->arena,
        .target = (struct expression *)value,
    };
    cenumerator_list names = {0};
    struct expression *e = make_sprintf_of(
        &pretty, "%d", ast_clone_expression(moment->arena, value));

    ctype_enumerators(debuginfo, type, moment->arena, &names);
    if (names.count > NAMES_MAX)
        return e;
    for (unsigned i = names.count; i > 0; i--) {
        struct expression *number = make(&pretty, EXPRESSION_NUMBER, TYPE_LONG);
        struct expression *equal = make(&pretty, EXPRESSION_BINARY, TYPE_LONG);

        number->number = names.items[i - 1].value;
        equal->binary.operator= BINARY_EQ;
        equal->binary.left = ast_clone_expression(moment->arena, value);
        equal->binary.right = number;
        equal->depth = value->depth + 1;
        e = make_choice(&pretty, equal,
                        make_string(&pretty, names.items[i - 1].name), e);
    }
    return e;
}

/* ---- values ---------------------------------------------------------- */

/* A cursor for another way from the same place. */
static struct cursor
fork_cursor(struct pretty *pretty, const struct cursor *cursor)
{
    struct cursor copy = *cursor;

    LIST_COPY(pretty->arena, &copy.location.steps);
    return copy;
}

static void
add_argument(struct pretty *pretty, const char *conversion,
             struct expression *argument)
{
    text_puts(&pretty->format, conversion);
    LIST_ADD(pretty->arena, &pretty->arguments, argument);
}

/*
 * The number at the cursor, or with SIZE the string that begins at it; NULL
 * if it cannot be had.
 */
static struct expression *
take(struct pretty *pretty, struct cursor *cursor, uint32_t size, bool grouped)
{
    struct target_value value = {
        .name = cursor->name,
        .read = size == 0      ? TARGET_NUMBER
                : cursor->user ? TARGET_USER_STRING
                               : TARGET_KERNEL_STRING,
        .size = size,
        .group = grouped ? pretty : NULL,
    };

    if (cursor_value(cursor) != 0 ||
        target_end(cursor, pretty->target, &value) != 0)
        return NULL;
    struct expression *e = make_target(pretty, &value);
    if (grouped)
        LIST_ADD(pretty->arena, &pretty->values, e);
    if (size > 0)
        e->type = TYPE_STRING;
    return e;
}

static bool
points_to_text(struct cursor *cursor)
{
    struct ctype target;

    return (cursor->type.kind == CTYPE_POINTER ||
            cursor->type.kind == CTYPE_ARRAY) &&
           ctype_target(cursor->debuginfo, &cursor->type, &target) == 0 &&
           target.kind == CTYPE_CHAR;
}

/* "text", or the pointer if there is none. */
static void
build_string(struct pretty *pretty, struct cursor *cursor)
{
    struct cursor again = fork_cursor(pretty, cursor);
    bool array = cursor->type.kind == CTYPE_ARRAY;
    uint32_t size = STRING_MAX;

    if (array && cursor->type.size > 0 && cursor->type.size < STRING_MAX)
        size = (uint32_t)cursor->type.size + 1;
    struct expression *string = take(pretty, cursor, size, array);
    if (string == NULL) {
        text_puts(&pretty->format, "?");
        return;
    }
    if (array) {
        add_argument(pretty, "\"%s\"", string);
        return;
    }
    struct expression *number = take(pretty, &again, 0, true);
    if (number == NULL) {
        text_puts(&pretty->format, "?");
        return;
    }
    add_argument(pretty, "%s",
                 make_choice(pretty, make_failed(pretty, string),
                             make_sprintf_of(pretty, "%p", number),
                             make_sprintf_of(pretty, "\"%s\"", string)));
}

static void
build_number(struct pretty *pretty, struct cursor *cursor)
{
    struct ctype type = cursor->type;
    struct expression *number = take(pretty, cursor, 0, true);

    if (number == NULL)
        text_puts(&pretty->format, "?");
    else if (type.kind == CTYPE_ENUM)
        add_argument(pretty, "%s",
                     pretty_enumerator(pretty->moment, cursor->debuginfo, &type,
                                       number));
    else if (type.kind == CTYPE_POINTER)
        add_argument(pretty, "%p", number);
    else
        add_argument(pretty, type.is_signed ? "%i" : "%u", number);
}

static void
build_struct(struct pretty *pretty, struct cursor *cursor, unsigned depth)
{
    cmember_list members = {0};
    const char *separator = "";

    ctype_members(cursor->debuginfo, &cursor->type, pretty->arena, &members);
    text_puts(&pretty->format, "{");
    LIST_EACH (member, &members) {
        struct cursor at = fork_cursor(pretty, cursor);

        if (pretty->arguments.count >= VALUES_MAX) {
            text_printf(&pretty->format, "%s...", separator);
            break;
        }
        text_printf(&pretty->format, "%s.%s=", separator, member->name);
        separator = ", ";
        if (cursor_member(&at, member->name) != 0)
            text_puts(&pretty->format, "?");
        else
            build(pretty, &at, depth - 1);
    }
    text_puts(&pretty->format, "}");
}

static void
build_array(struct pretty *pretty, struct cursor *cursor, unsigned depth)
{
    uint64_t count = ctype_elements(cursor->debuginfo, &cursor->type);

    text_puts(&pretty->format, "[");
    for (uint64_t i = 0; i < count; i++) {
        struct expression *index = make(pretty, EXPRESSION_NUMBER, TYPE_LONG);
        struct cursor at = fork_cursor(pretty, cursor);

        if (i > 0)
            text_puts(&pretty->format, ", ");
        if (i == ELEMENTS_MAX || pretty->arguments.count >= VALUES_MAX) {
            text_puts(&pretty->format, "...");
            break;
        }
        index->number = (int64_t)i;
        if (cursor_index(&at, index) != 0)
            text_puts(&pretty->format, "?");
        else
            build(pretty, &at, depth - 1);
    }
    text_puts(&pretty->format, "]");
}

static void
build(struct pretty *pretty, struct cursor *cursor, unsigned depth)
{
    switch (cursor->type.kind) {
    case CTYPE_STRUCT:
    case CTYPE_UNION:
        if (depth > 0)
            build_struct(pretty, cursor, depth);
        else
            text_puts(&pretty->format, "{...}");
        break;
    case CTYPE_ARRAY:
        if (points_to_text(cursor))
            build_string(pretty, cursor);
        else if (depth > 0)
            build_array(pretty, cursor, depth);
        else
            text_puts(&pretty->format, "[...]");
        break;
    default:
        if (points_to_text(cursor))
            build_string(pretty, cursor);
        else
            build_number(pretty, cursor);
        break;
    }
}

/* ---- what is asked for ----------------------------------------------- */

static const struct {
    const char *name;
    bool parameters;
    bool locals;
} lists[] = {
    {"$$vars", true, true},
    {"$$parms", true, false},
    {"$$locals", false, true},
    {"$$return", false, false},
};

static unsigned
depth_of(const struct expression *target)
{
    const access_list *accesses = &target->target.accesses;
    const struct access *last =
        accesses->count > 0 ? &accesses->items[accesses->count - 1] : NULL;

    return last != NULL && last->kind == ACCESS_PRETTY ? last->depth : 0;
}

bool
pretty_is_asked(const struct expression *target)
{
    return depth_of(target) > 0 || (target->target.kind == TARGET_CONTEXT &&
                                    strncmp(target->target.name, "$$", 2) == 0);
}

/* One of a list: "name=0x12", and with DEPTH as $name$ would show it. */
static void
build_listed(struct pretty *pretty, const char *name, unsigned depth)
{
    struct expression *target = make(pretty, EXPRESSION_TARGET, TYPE_LONG);
    struct moment *moment = pretty->moment;
    struct error error;
    struct cursor cursor = {
        .moment = moment,
        .arena = moment->arena,
        .error = &error,
    };

    text_printf(&pretty->format, "%s%s=", pretty->format.size > 0 ? " " : "",
                name + 1);
    target->target.kind = TARGET_CONTEXT;
    target->target.name = name;
    pretty->target = target;
    if (pretty->arguments.count >= VALUES_MAX ||
        target_begin(&cursor, target) != 0) {
        text_puts(&pretty->format, "?");
    } else if (depth > 0 || !ctype_is_scalar(&cursor.type)) {
        build(pretty, &cursor, depth);
    } else {
        struct expression *number = take(pretty, &cursor, 0, true);

        if (number == NULL)
            text_puts(&pretty->format, "?");
        else
            add_argument(pretty, "%#x", number);
    }
}

static int
build_list(struct pretty *pretty, const struct expression *asked)
{
    const struct site *site = &pretty->moment->place->sites.items[0];
    struct debuginfo *debuginfo = pretty->object->debuginfo;
    debuginfo_variables variables = {0};
    unsigned depth = depth_of(asked), row = 0;

    while (row < sizeof(lists) / sizeof(lists[0]) &&
           strcmp(lists[row].name, asked->target.name) != 0)
        row++;
    if (row == sizeof(lists) / sizeof(lists[0]))
        return error_set(pretty->error,
                         "'%s' is none of $$vars, $$parms, $$locals, $$return",
                         asked->target.name);
    if (!lists[row].parameters && !lists[row].locals) {
        if (site->kind != POINT_RETURN)
            return error_set(pretty->error,
                             "'$$return' has a value only in .return probes");
        if (debuginfo_result(debuginfo, site->function).kind != CTYPE_VOID)
            build_listed(pretty, "$return", depth);
        return 0;
    }
    /* Of data there are none. */
    if (site->function != NULL)
        debuginfo_locals(debuginfo, site->function, site->scope, site->address,
                         pretty->arena, &variables);
    for (unsigned pass = 0; pass < 2; pass++)
        LIST_EACH (variable, &variables)
            if ((variable->scope == VARIABLE_ARGUMENT) == (pass == 0) &&
                (pass == 0 ? lists[row].parameters : lists[row].locals))
                build_listed(pretty,
                             arena_printf(pretty->arena, "$%s", variable->name),
                             depth);
    return 0;
}

static int
build_target(struct pretty *pretty, struct expression *asked)
{
    struct moment *moment = pretty->moment;
    struct cursor cursor = {
        .moment = moment,
        .arena = moment->arena,
        .error = pretty->error,
    };
    struct ctype target;

    if (target_begin(&cursor, asked) != 0 ||
        cursor_accesses(&cursor, &asked->target.accesses) != 0)
        return -1;
    /* A pointer to a struct stands for the struct. */
    if (cursor.type.kind == CTYPE_POINTER &&
        ctype_target(cursor.debuginfo, &cursor.type, &target) == 0 &&
        (target.kind == CTYPE_STRUCT || target.kind == CTYPE_UNION) &&
        cursor_follow(&cursor) != 0)
        return -1;
    build(pretty, &cursor, depth_of(asked));
    return 0;
}

int
pretty_resolve(struct moment *moment, struct expression *target,
               enum type *type, struct error *error)
{
    struct pretty *pretty = ARENA_NEW(moment->arena, struct pretty);
    int result;

    *type = TYPE_STRING;
    if (moment_of_kernel(moment, target->target.name, error) != 0)
        return -1;
    pretty->object = moment_object(moment, error);
    if (pretty->object == NULL)
        return -1;
    /* Where values fail together, the address of this tells which. */
    pretty->moment = moment;
    pretty->arena = moment->arena;
    pretty->target = target;
    pretty->error = error;
    if (target->target.kind == TARGET_CONTEXT &&
        strncmp(target->target.name, "$$", 2) == 0)
        result = build_list(pretty, target);
    else
        result = build_target(pretty, target);
    if (result == 0) {
        struct expression *e = make_sprintf(
            pretty, text_string(&pretty->format), &pretty->arguments);

        if (pretty->values.count > 0)
            e = make_choice(pretty,
                            make_failed(pretty, pretty->values.items[0]),
                            make_string(pretty, "ERROR"), e);
        e->token = target->token;
        *target = *e;
    }
    text_free(&pretty->format);
    return result;
}
