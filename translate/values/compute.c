#include "translate/values/compute.h"

#include <string.h>

#include "language/tree/local.h"
#include "language/words/builtin.h"
#include "translate/values/read_function.h"
#include "translate/values/target.h"

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

/* ---- variables of the handler ---------------------------------------- */

/* The number of a local that is to be known whenever it is used. */
static unsigned
variable_number(struct computation *computation, const char *name)
{
    struct moment *moment = computation->moment;
    struct place *place = moment->place;
    const void *scope =
        moment->scope != NULL ? moment->scope : moment->probe->body;
    struct place_variable variable = {name, scope};

    for (unsigned i = 0; i < place->variables.count; i++)
        if (place->variables.items[i].scope == scope &&
            strcmp(place->variables.items[i].name, name) == 0)
            return i;
    LIST_ADD(moment->arena, &place->variables, variable);
    return place->variables.count - 1;
}

/* Once symbols are resolved it is known what they stand for. */
static int
check_variable(struct computation *computation, const struct expression *e)
{
    const struct variable *variable = e->symbol.variable;

    if (variable == NULL)
        return 0;
    if (variable->kind == VARIABLE_GLOBAL)
        return unknown(computation, e,
                       "it is a global variable, which the process has");
    if (variable->type != TYPE_LONG)
        return unknown(computation, e, "it is no number");
    return 0;
}

static int
push_variable(struct computation *computation, const struct expression *e)
{
    if (check_variable(computation, e) != 0)
        return -1;
    add(computation, STEP_VARIABLE,
        variable_number(computation, e->symbol.name));
    return 0;
}

/* The value on top is written to TARGET, of the kernel. */
static int
write_target(struct computation *computation, struct expression *target)
{
    struct moment *moment = computation->moment;
    unsigned number =
        moment->record != NULL ? moment->record(moment->data, target, true) : 0;

    if (moment->record != NULL)
        add(computation, STEP_TARGET, number);
    if (target_write(moment, target, computation->steps, computation->error) !=
        0)
        return -1;
    if (moment->record != NULL)
        add(computation, STEP_RECORD, number);
    return 0;
}

/* The value on top is assigned to TARGET, a local, or something of the
 * kernel's. */
static int
assign(struct computation *computation, struct expression *target)
{
    if (!computation->moment->following)
        return unknown(computation, target,
                       "it cannot be assigned to where it is used");
    if (target->kind == EXPRESSION_TARGET)
        return write_target(computation, target);
    if (target->kind != EXPRESSION_SYMBOL)
        return unknown(computation, target, "it is no local variable");
    if (check_variable(computation, target) != 0)
        return -1;
    add(computation, STEP_ASSIGN,
        variable_number(computation, target->symbol.name));
    return 0;
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
add_binary(struct computation *computation, struct expression *e,
           enum binary_operator operator, const struct expression * right)
{
    if ((size_t) operator >= sizeof(binaries) / sizeof(binaries[0]) ||
        !binaries[operator].known)
        return unknown(computation, e, "this operator is of the process only");
    /* The process raises an error on a division by 0; a program cannot. */
    if ((operator== BINARY_DIVIDE || operator== BINARY_MODULO) &&
        (right->kind != EXPRESSION_NUMBER || right->number == 0))
        return unknown(computation, e,
                       "the divisor must be a literal other than 0");
    add(computation, binaries[operator].kind, 0);
    return 0;
}

/* A branch, to be led to what comes next by end_branch(). */
static unsigned
begin_branch(struct computation *computation, enum step_kind kind)
{
    add(computation, kind, 0);
    return computation->steps->count - 1;
}

static void
end_branch(struct computation *computation, unsigned branch)
{
    computation->steps->items[branch].value =
        computation->steps->count - branch - 1;
}

/* 1 or 0 of what is on top. */
static void
add_truth(struct computation *computation)
{
    add(computation, STEP_CONSTANT, 0);
    add(computation, STEP_NE, 0);
}

/* The right side is computed only if the left one leaves it open. */
static int
push_logical(struct computation *computation, struct expression *e)
{
    bool is_or = e->binary.operator== BINARY_LOGICAL_OR;

    if (push(computation, e->binary.left) != 0)
        return -1;
    unsigned holds = begin_branch(computation, STEP_BRANCH);
    if (is_or) {
        if (push(computation, e->binary.right) != 0)
            return -1;
        add_truth(computation);
    } else {
        add(computation, STEP_CONSTANT, 0);
    }
    unsigned over = begin_branch(computation, STEP_SKIP);
    end_branch(computation, holds);
    if (!is_or) {
        if (push(computation, e->binary.right) != 0)
            return -1;
        add_truth(computation);
    } else {
        add(computation, STEP_CONSTANT, 1);
    }
    end_branch(computation, over);
    return 0;
}

static int
push_ternary(struct computation *computation, struct expression *e)
{
    if (push(computation, e->ternary.condition) != 0)
        return -1;
    unsigned holds = begin_branch(computation, STEP_BRANCH);
    if (push(computation, e->ternary.no) != 0)
        return -1;
    unsigned over = begin_branch(computation, STEP_SKIP);
    end_branch(computation, holds);
    if (push(computation, e->ternary.yes) != 0)
        return -1;
    end_branch(computation, over);
    return 0;
}

static int
push_binary(struct computation *computation, struct expression *e)
{
    enum binary_operator operator= e->binary.operator;

    if (operator== BINARY_LOGICAL_OR || operator== BINARY_LOGICAL_AND)
        return push_logical(computation, e);
    if (push(computation, e->binary.left) != 0 ||
        push(computation, e->binary.right) != 0)
        return -1;
    return add_binary(computation, e, operator, e->binary.right);
}

/* What TARGET is before it is assigned to. */
static int
push_assigned(struct computation *computation, struct expression *target)
{
    const struct target_value *value = target->target.place;

    if (target->kind == EXPRESSION_SYMBOL)
        return push_variable(computation, target);
    if (target->kind != EXPRESSION_TARGET || value == NULL)
        return unknown(computation, target, "it is no local variable");
    LIST_EACH (step, &value->steps)
        add(computation, step->kind, step->value);
    return 0;
}

static int
push_assign(struct computation *computation, struct expression *e)
{
    bool plain = e->assign.operator== ASSIGN_PLAIN;

    if (e->assign.operator== ASSIGN_STATS)
        return unknown(computation, e, "it is of the process only");
    if (!plain && push_assigned(computation, e->assign.target) != 0)
        return -1;
    if (push(computation, e->assign.value) != 0)
        return -1;
    if (!plain &&
        add_binary(computation, e, (enum binary_operator)e->assign.operator,
                   e->assign.value) != 0)
        return -1;
    return assign(computation, e->assign.target);
}

static int
push_increment(struct computation *computation, struct expression *e)
{
    struct expression *target = e->increment.target;

    if (push_assigned(computation, target) != 0)
        return -1;
    if (!e->increment.before)
        add(computation, STEP_PICK, 0);
    add(computation, STEP_CONSTANT, e->increment.by);
    add(computation, STEP_ADD, 0);
    if (assign(computation, target) != 0)
        return -1;
    if (!e->increment.before)
        add(computation, STEP_DROP, 0);
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
    struct moment *moment = computation->moment;
    bool recorded = moment->record != NULL &&
                    (moment->writes || target_varies(&value->steps));
    unsigned number = recorded ? moment->record(moment->data, e, false) : 0;
    if (recorded)
        add(computation, STEP_TARGET, number);
    LIST_EACH (step, &value->steps)
        add(computation, step->kind, step->value);
    if (recorded)
        add(computation, STEP_RECORD, number);
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

/* A place may be about another task or thread than those that run. */
static void
push_moment(struct computation *computation, enum step_kind kind)
{
    const struct place_event *event = computation->moment->place->event;
    const step_list *steps = event == NULL         ? NULL
                             : kind == STEP_TASK   ? &event->task
                             : kind == STEP_THREAD ? &event->thread
                                                   : NULL;

    /* What happens to a task is of none of its threads. */
    if (event != NULL && event->task.count > 0 && event->thread.count == 0 &&
        kind == STEP_THREAD) {
        add(computation, STEP_CONSTANT, 0);
        return;
    }
    if (steps == NULL || steps->count == 0) {
        add(computation, kind, 0);
        return;
    }
    LIST_EACH (step, steps)
        add(computation, step->kind, step->value);
}

/* What FUNCTION returns, if that is all it does. */
static struct expression *
only_value(const struct function *function)
{
    const struct statement *s = function->body;

    if (s == NULL || function->overload != NULL || function->next)
        return NULL;
    if (s->kind == STATEMENT_BLOCK && s->block.count == 1)
        s = s->block.items[0];
    return s->kind == STATEMENT_RETURN && s->expression != NULL &&
                   s->expression->type == TYPE_LONG
               ? s->expression
               : NULL;
}

/* The arguments become the parameters, then the value is computed. */
static int
push_function(struct computation *computation, struct expression *e,
              struct expression *value)
{
    const struct function *function = e->call.function;
    struct moment *moment = computation->moment;
    const struct probe *probe = moment->probe;
    const void *scope = moment->scope;
    const void *inner =
        function->place != NULL ? function->place : function->body;
    struct probe inside = *probe;
    int result;

    for (unsigned i = 0; i < function->parameters.count; i++) {
        if (push(computation, e->call.arguments.items[i]) != 0)
            return -1;
        moment->scope = inner;
        add(computation, STEP_ASSIGN,
            variable_number(computation, function->parameters.items[i]->name));
        moment->scope = scope;
        add(computation, STEP_DROP, 0);
    }
    inside.body = function->body;
    inside.within = function;
    moment->probe = &inside;
    moment->scope = inner;
    result = push(computation, value);
    moment->probe = probe;
    moment->scope = scope;
    return result;
}

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
        push_moment(computation, moments[i].kind);
        return 0;
    }
    if (computation->moment->following && e->call.function != NULL &&
        only_value(e->call.function) != NULL)
        return push_function(computation, e, only_value(e->call.function));
    return unknown(computation, e, "functions are called in the process");
}

/* ---- locals ---------------------------------------------------------- */

/* Whether SETTING's value is being computed: `x = x ? x : $y`. */
static bool
is_inside(const struct moment *moment, const struct expression *setting)
{
    for (const struct setting *at = moment->settings; at != NULL;
         at = at->outer)
        if (at->setting == setting)
            return true;
    return false;
}

/* What SETTING sets a local to; false if that is not all that there is to say
 * of it. */
static bool
push_setting(struct computation *computation, struct expression *setting)
{
    struct moment *moment = computation->moment;
    struct setting inner = {setting, moment->settings};
    unsigned (*record)(void *, struct expression *, bool) = moment->record;
    unsigned count = computation->steps->count;

    /* What stands there is recorded where it stands. */
    moment->record = NULL;
    moment->settings = &inner;
    bool varies = push(computation, setting->assign.value) != 0;
    moment->settings = inner.outer;
    moment->record = record;
    for (unsigned i = count; i < computation->steps->count; i++)
        varies = varies || computation->steps->items[i].kind == STEP_VARIABLE;
    if (varies)
        computation->steps->count = count;
    return !varies;
}

static int
push_symbol(struct computation *computation, struct expression *e)
{
    const struct moment *moment = computation->moment;
    unsigned changes;
    struct expression *setting =
        local_setting(moment->probe->body, e->symbol.name, &changes);

    /* In a function it may be a parameter. */
    if (changes == 0 && moment->probe->within == NULL)
        return unknown(computation, e,
                       "only context variables, literals and locals set to "
                       "them are");
    if (check_variable(computation, e) != 0)
        return -1;
    /* One value for all of the handler: it can stand for the name. */
    if (setting != NULL && changes == 1 && !moment->writes &&
        !is_inside(moment, setting) &&
        local_is_before(setting->assign.target->token, e->token) &&
        push_setting(computation, setting))
        return 0;
    return push_variable(computation, e);
}

static int
push(struct computation *computation, struct expression *e)
{
    struct moment *moment = computation->moment;
    int result;

    if (moment->nesting == NESTING_MAX)
        return unknown(computation, e, "it depends on itself");
    moment->nesting++;
    if (moment->following && memory_value(e) != e) {
        moment->nesting--;
        return unknown(computation, e,
                       "where it cannot be read it is something else");
    }
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
    case EXPRESSION_TERNARY:
        result = push_ternary(computation, e);
        break;
    case EXPRESSION_ASSIGN:
        result = push_assign(computation, e);
        break;
    case EXPRESSION_INCREMENT:
        result = push_increment(computation, e);
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
