#include "translate/values/autocast.h"

#include <string.h>

#include "language/words/builtin.h"
#include "translate/values/target.h"

/* Values of values; deeper ones are taken for a circle. */
#define DEPTH_MAX 16

struct autocast {
    struct moment *moment;
    unsigned depth;
    const char *name; /* of the variable that is looked for */
    const struct object *object;
    struct ctype type;
    bool found;
};

static void find(struct autocast *autocast, const struct expression *e);

static bool
is_pretty(const struct expression *target)
{
    const access_list *accesses = &target->target.accesses;

    return accesses->count > 0 &&
           accesses->items[accesses->count - 1].kind == ACCESS_PRETTY;
}

/* What $x->y is the address of: where the pointer or the array leads, or the
 * object whose address was asked for. */
static void
find_target(struct autocast *autocast, const struct expression *target)
{
    struct expression *copy =
        ast_clone_expression(autocast->moment->arena, target);
    struct error error;
    struct cursor cursor = {
        .moment = autocast->moment,
        .arena = autocast->moment->arena,
        .error = &error,
    };

    if (is_pretty(copy) || copy->target.failed ||
        target_begin(&cursor, copy) != 0 ||
        cursor_accesses(&cursor, &copy->target.accesses) != 0)
        return;
    autocast->object = cursor.object;
    autocast->type = cursor.type;
    autocast->found =
        copy->target.address_of || cursor.pointed ||
        ctype_target(cursor.debuginfo, &cursor.type, &autocast->type) == 0;
}

static void
find_call(struct autocast *autocast, const struct expression *call)
{
    static const struct {
        const char *c_name;
        const char *type;
    } rows[] = {{"rt_task", "task"}, {"rt_thread", "thread"}};
    const struct builtin *builtin =
        builtin_find(call->call.name, call->call.arguments.count);

    if (builtin == NULL || builtin->c_name == NULL)
        return;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error error;
        const struct object *kernel;

        if (strcmp(builtin->c_name, rows[i].c_name) != 0)
            continue;
        kernel = kernel_object(autocast->moment->kernel, &error);
        if (kernel == NULL ||
            ctype_struct(kernel->debuginfo, rows[i].type, &autocast->type) != 0)
            continue;
        autocast->object = kernel;
        autocast->found = true;
    }
}

static void
find_setting(struct expression **slot, void *data)
{
    struct autocast *autocast = data;
    const struct expression *e = *slot;

    if (!autocast->found && e->kind == EXPRESSION_ASSIGN &&
        e->assign.operator== ASSIGN_PLAIN &&
            e->assign.target->kind == EXPRESSION_SYMBOL &&
            strcmp(e->assign.target->symbol.name, autocast->name) == 0)
        find(autocast, e->assign.value);
}

static void
find_symbol(struct autocast *autocast, const struct expression *symbol)
{
    const char *outer = autocast->name;

    autocast->name = symbol->symbol.name;
    ast_walk(autocast->moment->probe->body, find_setting, autocast);
    autocast->name = outer;
}

static void
find(struct autocast *autocast, const struct expression *e)
{
    if (autocast->depth == DEPTH_MAX)
        return;
    autocast->depth++;
    switch (e->kind) {
    case EXPRESSION_TARGET:
        /* What was made from another expression has no name to look up. */
        if (e->target.kind != TARGET_CONTEXT || e->target.name[0] == '$')
            find_target(autocast, e);
        break;
    case EXPRESSION_SYMBOL:
        find_symbol(autocast, e);
        break;
    case EXPRESSION_TERNARY:
        find(autocast, e->ternary.yes);
        if (!autocast->found)
            find(autocast, e->ternary.no);
        break;
    case EXPRESSION_ASSIGN:
        find(autocast, e->assign.value);
        break;
    case EXPRESSION_ENTRY:
        find(autocast, e->defined.operand);
        break;
    case EXPRESSION_CALL:
        find_call(autocast, e);
        break;
    default:
        break;
    }
    autocast->depth--;
}

int
autocast(struct moment *moment, const struct expression *e,
         const struct object **object, struct ctype *type, struct error *error)
{
    struct autocast autocast = {.moment = moment};
    struct text text = {0};

    find(&autocast, e);
    if (autocast.found) {
        *object = autocast.object;
        *type = autocast.type;
        return 0;
    }
    expression_print(e, &text);
    error_set(error,
              "unknown type in dereference of '%s': it was not set to the "
              "address of anything (@cast says what it is)",
              text_string(&text));
    text_free(&text);
    return -1;
}
