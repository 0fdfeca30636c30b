#include "translate/compute.h"

#include <string.h>

#include "language/builtin.h"
#include "translate/memory.h"

/* Deeper than this only a local that is set to itself leads. */
#define NESTING_MAX 64

struct computation {
    struct moment *moment;
    step_list *steps;
    struct error *error;
};

static int push(struct computation *computation, struct expression *e);

static void
add(struct computation *computation, enum step_kind kind, int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(computation->moment->arena, computation->steps, step);
}

static int
unknown(struct computation *computation, const struct expression *e,
        const char *why)
{
    struct text text = {0};

    expression_print(e, &text);
    error_set(computation->error, "'%s' is not known at the hit: %s",
              text_string(&text), why);
    text_free(&text);
    return -1;
}

/* ---- operators ------------------------------------------------------- */

static const struct {
    bool known;
    enum step_kind kind;
} binaries[] = {
    [BINARY_ADD] = {true, STEP_ADD},
    [BINARY_SUBTRACT] = {true, STEP_SUBTRACT},
    [BINARY_MULTIPLY] = {true, STEP_MULTIPLY},
    [BINARY_DIVIDE] = {true, STEP_DIVIDE},
    [BINARY_MODULO] = {true, STEP_MODULO_SIGNED},
    [BINARY_AND] = {true, STEP_AND},
    [BINARY_OR] = {true, STEP_OR},
    [BINARY_XOR] = {true, STEP_XOR},
    [BINARY_SHIFT_LEFT] = {true, STEP_SHIFT_LEFT},
    [BINARY_SHIFT_RIGHT] = {true, STEP_SHIFT_RIGHT_SIGNED},
    [BINARY_EQ] = {true, STEP_EQ},
    [BINARY_NE] = {true, STEP_NE},
    [BINARY_LT] = {true, STEP_LT},
    [BINARY_LE] = {true, STEP_LE},
    [BINARY_GT] = {true, STEP_GT},
    [BINARY_GE] = {true, STEP_GE},
};

static int
push_binary(struct computation *computation, struct expression *e)
{
    enum binary_operator operator= e->binary.operator;

    if ((size_t) operator >= sizeof(binaries) / sizeof(binaries[0]) ||
        !binaries[operator].known)
        return unknown(computation, e, "this operator is of the process only");
    /* The process raises an error on a division by 0; a program cannot. */
    if ((operator== BINARY_DIVIDE || operator== BINARY_MODULO) &&
        (e->binary.right->kind != EXPRESSION_NUMBER ||
         e->binary.right->number == 0))
        return unknown(computation, e,
                       "the divisor must be a literal other than 0");
    if (push(computation, e->binary.left) != 0 ||
        push(computation, e->binary.right) != 0)
        return -1;
    add(computation, binaries[operator].kind, 0);
    return 0;
}

static int
push_unary(struct computation *computation, struct expression *e)
{
    if (push(computation, e->unary.operand) != 0)
        return -1;
    switch (e->unary.operator) {
    case UNARY_MINUS:
        add(computation, STEP_NEGATE, 0);
        return 0;
    case UNARY_COMPLEMENT:
        add(computation, STEP_NOT, 0);
        return 0;
    case UNARY_NOT:
        add(computation, STEP_CONSTANT, 0);
        add(computation, STEP_EQ, 0);
        return 0;
    default:
        return 0;
    }
}

/* ---- values ---------------------------------------------------------- */

static int
push_target(struct computation *computation, struct expression *e)
{
    const struct target_value *value;
    enum type type;

    if (moment_resolve(computation->moment, e, &type, computation->error) != 0)
        return -1;
    if (e->kind == EXPRESSION_NUMBER)
        return push(computation, e);
    e = memory_value(e);
    value = e->target.place;
    if (e->kind != EXPRESSION_TARGET || value->read != TARGET_NUMBER)
        return unknown(computation, e, "it is a string");
    LIST_EACH (step, &value->steps)
        add(computation, step->kind, step->value);
    return 0;
}

static const struct {
    const char *c_name;
    enum step_kind kind;
} moments[] = {
    {"rt_task", STEP_TASK},
    {"rt_thread", STEP_THREAD},
    {"rt_cpu", STEP_CPU},
};

static int
push_call(struct computation *computation, struct expression *e)
{
    const struct builtin *builtin =
        builtin_find(e->call.name, e->call.arguments.count);

    if (builtin != NULL && builtin->time == BUILTIN_HIT)
        return push_target(computation, e);
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        if (builtin == NULL || builtin->c_name == NULL ||
            strcmp(builtin->c_name, moments[i].c_name) != 0)
            continue;
        add(computation, moments[i].kind, 0);
        return 0;
    }
    return unknown(computation, e, "functions are called in the process");
}

/* ---- locals ---------------------------------------------------------- */

struct search {
    const char *name;
    unsigned changes;
};

static void
look_at(struct expression **slot, void *data)
{
    struct search *search = data;
    const struct expression *e = *slot, *changed = NULL;

    if (e->kind == EXPRESSION_ASSIGN)
        changed = e->assign.target;
    else if (e->kind == EXPRESSION_INCREMENT)
        changed = e->increment.target;
    if (changed != NULL && changed->kind == EXPRESSION_SYMBOL &&
        strcmp(changed->symbol.name, search->name) == 0)
        search->changes++;
}

static void
look_at_loops(struct statement **slot, void *data)
{
    struct search *search = data;
    struct statement *s = *slot;

    if (s->kind == STATEMENT_FOREACH) {
        if (s->foreach.value != NULL &&
            strcmp(s->foreach.value->symbol.name, search->name) == 0)
            search->changes++;
        LIST_EACH (key, &s->foreach.keys)
            if (strcmp((*key)->symbol.name, search->name) == 0)
                search->changes++;
    }
    ast_each_statement(s, look_at_loops, search);
}

/* The assignment at the top level of BLOCK that sets NAME. */
static struct expression *
find_setting(struct statement *block, const char *name)
{
    if (block->kind == STATEMENT_EXPRESSION) {
        struct expression *e = block->expression;

        return e->kind == EXPRESSION_ASSIGN &&
                       e->assign.operator== ASSIGN_PLAIN &&
                           e->assign.target->kind == EXPRESSION_SYMBOL &&
                           strcmp(e->assign.target->symbol.name, name) == 0
                   ? e
                   : NULL;
    }
    if (block->kind != STATEMENT_BLOCK)
        return NULL;
    LIST_EACH (statement, &block->block) {
        struct expression *found = find_setting(*statement, name);

        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Whether A stands before B in the script, where that can be told. */
static bool
is_before(const struct token *a, const struct token *b)
{
    const struct position *left = &a->position, *right = &b->position;

    if (left->source != right->source || a->expansion != b->expansion)
        return true;
    return left->line < right->line ||
           (left->line == right->line && left->column < right->column);
}

static int
push_symbol(struct computation *computation, struct expression *e)
{
    struct statement *body = computation->moment->probe->body;
    struct search search = {.name = e->symbol.name};
    struct expression *setting = find_setting(body, search.name);

    ast_walk(body, look_at, &search);
    look_at_loops(&body, &search);
    if (search.changes == 0)
        return unknown(computation, e,
                       "only context variables, literals and locals set to "
                       "them are");
    if (setting == NULL || search.changes > 1)
        return unknown(computation, e,
                       "it is set more than once, or under a condition");
    if (!is_before(setting->assign.target->token, e->token))
        return unknown(computation, e, "it is set later");
    return push(computation, setting->assign.value);
}

static int
push(struct computation *computation, struct expression *e)
{
    struct moment *moment = computation->moment;
    int result;

    if (moment->nesting == NESTING_MAX)
        return unknown(computation, e, "it depends on itself");
    moment->nesting++;
    e = memory_value(e);
    switch (e->kind) {
    case EXPRESSION_NUMBER:
        add(computation, STEP_CONSTANT, e->number);
        result = 0;
        break;
    case EXPRESSION_TARGET:
    case EXPRESSION_ENTRY:
    case EXPRESSION_OPERATOR:
        result = push_target(computation, e);
        break;
    case EXPRESSION_CALL:
        result = push_call(computation, e);
        break;
    case EXPRESSION_UNARY:
        result = push_unary(computation, e);
        break;
    case EXPRESSION_BINARY:
        result = push_binary(computation, e);
        break;
    case EXPRESSION_SYMBOL:
        result = push_symbol(computation, e);
        break;
    default:
        result = unknown(computation, e, "it is of the process only");
        break;
    }
    moment->nesting--;
    return result;
}

int
compute(struct moment *moment, struct expression *e, step_list *steps,
        struct error *error)
{
    struct computation computation = {moment, steps, error};

    return push(&computation, e);
}
