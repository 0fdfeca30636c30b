#include "translate/values/moment.h"

#include <string.h>

#include "language/words/at_operator.h"
#include "language/words/builtin.h"
#include "translate/values/compute.h"
#include "translate/values/interrupted.h"
#include "translate/values/pretty.h"
#include "translate/values/read_function.h"
#include "translate/values/target.h"
#include "translate/values/user_register.h"
#include "translate/values/write_function.h"

int
moment_of_kernel(const struct moment *moment, const char *what,
                 struct error *error)
{
    if (moment->place->sites.count > 0 && !moment->place->interrupted)
        return 0;
    return error_set(error,
                     "'%s' has no meaning here: context variables are those "
                     "of a probed function",
                     what);
}

void
moment_become_target(struct moment *moment, struct expression *e,
                     const struct target_value *value)
{
    const struct token *token = e->token;

    memset(e, 0, sizeof(*e));
    e->kind = EXPRESSION_TARGET;
    e->type = value->read == TARGET_NUMBER ? TYPE_LONG : TYPE_STRING;
    e->token = token;
    e->depth = 1;
    e->target.kind = TARGET_CONTEXT;
    e->target.name = value->name;
    e->target.place = arena_copy(moment->arena, value, sizeof(*value));
}

const char *
moment_text(struct moment *moment, const struct expression *e)
{
    struct text text = {0};

    expression_print(e, &text);
    const char *string =
        arena_string(moment->arena, text_string(&text), text.size);
    text_free(&text);
    return string;
}

void
moment_add(struct moment *moment, struct target_value *value,
           enum step_kind kind, int64_t number)
{
    struct step step = {kind, number};

    LIST_ADD(moment->arena, &value->steps, step);
}

const struct object *
moment_object(struct moment *moment, struct error *error)
{
    const struct place *place = moment->place;
    const struct object *object = place != NULL && place->sites.count > 0
                                      ? place->sites.items[0].object
                                      : NULL;

    return object != NULL ? object : kernel_object(moment->kernel, error);
}

const struct object *
moment_module(struct moment *moment, const char *module, struct error *error)
{
    const struct object *object;

    if (module == NULL || *module == '\0')
        return moment_object(moment, error);
    if (strcmp(module, "kernel") == 0)
        return kernel_object(moment->kernel, error);
    object = program_need(moment->programs, module, error);
    if (object == NULL)
        error_prefix(error,
                     "there is no module '%s' but \"kernel\" and the "
                     "programs",
                     module);
    return object;
}

unsigned
moment_word_size(struct moment *moment)
{
    struct error error;
    const struct object *object = moment_object(moment, &error);

    return object != NULL ? debuginfo_word_size(object->debuginfo) : 8;
}

void
moment_add_load(struct moment *moment, struct target_value *value,
                unsigned size, bool is_signed, bool user)
{
    moment_add(moment, value, user ? STEP_LOAD_USER : STEP_LOAD, size);
    if (is_signed && size < 8)
        moment_add(moment, value, STEP_SIGN_EXTEND, size * 8);
}

int
moment_literal(const expression_list *arguments, unsigned number, int64_t low,
               int64_t high, int64_t *value, struct error *error)
{
    const struct expression *e = arguments->items[number];

    if (e->kind == EXPRESSION_NUMBER && e->number >= low && e->number <= high) {
        *value = e->number;
        return 0;
    }
    return error_set(error,
                     "argument %u must be a literal number from %lld to "
                     "%lld",
                     number + 1, (long long)low, (long long)high);
}

static int
finish(struct moment *moment, struct expression *e, struct target_value *value,
       enum type *type)
{
    *type = value->read == TARGET_NUMBER ? TYPE_LONG : TYPE_STRING;
    moment_become_target(moment, e, value);
    return 0;
}

/* ---- registers ------------------------------------------------------- */

/* Names of registers by DWARF's numbers; BITS that are meant. */
static const struct {
    const char *name;
    unsigned word_size;
    uint8_t number;
    uint8_t bits;
} registers[] = {
    {"rax", 8, 0, 64},  {"rdx", 8, 1, 64},  {"rcx", 8, 2, 64},
    {"rbx", 8, 3, 64},  {"rsi", 8, 4, 64},  {"rdi", 8, 5, 64},
    {"rbp", 8, 6, 64},  {"rsp", 8, 7, 64},  {"r8", 8, 8, 64},
    {"r9", 8, 9, 64},   {"r10", 8, 10, 64}, {"r11", 8, 11, 64},
    {"r12", 8, 12, 64}, {"r13", 8, 13, 64}, {"r14", 8, 14, 64},
    {"r15", 8, 15, 64}, {"eax", 8, 0, 32},  {"edx", 8, 1, 32},
    {"ecx", 8, 2, 32},  {"ebx", 8, 3, 32},  {"esi", 8, 4, 32},
    {"edi", 8, 5, 32},  {"ebp", 8, 6, 32},  {"esp", 8, 7, 32},
    {"eax", 4, 0, 32},  {"ecx", 4, 1, 32},  {"edx", 4, 2, 32},
    {"ebx", 4, 3, 32},  {"esp", 4, 4, 32},  {"ebp", 4, 5, 32},
    {"esi", 4, 6, 32},  {"edi", 4, 7, 32},
};

static int
read_register(struct moment *moment, struct expression *e,
              struct target_value *value, struct error *error)
{
    const struct expression *name = e->call.arguments.items[0];
    bool is_signed = e->call.name[0] != 'u';
    unsigned word = moment_word_size(moment);

    if (name->kind != EXPRESSION_STRING)
        return error_set(error, "the name of the register must be a literal");
    if (moment->place->interrupted)
        return interrupted_register(moment, name->string, is_signed, value,
                                    error);
    if (strcmp(name->string, word == 8 ? "rip" : "eip") == 0) {
        moment_add(moment, value, STEP_PC, 0);
        return 0;
    }
    if (strcmp(name->string, word == 8 ? "rflags" : "eflags") == 0) {
        moment_add(moment, value, STEP_FLAGS, 0);
        return 0;
    }
    for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        if (registers[i].word_size != word ||
            strcmp(registers[i].name, name->string) != 0)
            continue;
        moment_add(moment, value, STEP_REGISTER, registers[i].number);
        if (registers[i].bits < 64)
            moment_add(moment, value,
                       is_signed ? STEP_SIGN_EXTEND : STEP_ZERO_EXTEND,
                       registers[i].bits);
        return 0;
    }
    return error_set(error, "this machine has no register \"%s\"",
                     name->string);
}

/* ---- arguments by number --------------------------------------------- */

#define ARGUMENT_MAX 16

/* Registers of the first arguments on x86-64. */
static const uint8_t argument_registers[] = {5, 4, 1, 2, 8, 9};

static const struct {
    const char *name;
    uint8_t bits; /* 0: a word */
    bool is_signed;
} argument_kinds[] = {
    {"int_arg", 32, true},        {"uint_arg", 32, false},
    {"long_arg", 0, true},        {"ulong_arg", 0, false},
    {"pointer_arg", 0, false},    {"longlong_arg", 64, true},
    {"ulonglong_arg", 64, false}, {"s32_arg", 32, true},
    {"u32_arg", 32, false},       {"s64_arg", 64, true},
    {"u64_arg", 64, false},
};

static int
read_argument(struct moment *moment, struct expression *e,
              struct target_value *value, struct error *error)
{
    const struct site *sites = moment->place->sites.items;
    unsigned word = moment_word_size(moment);
    unsigned row = 0;
    int64_t number = 0;

    while (strcmp(argument_kinds[row].name, e->call.name) != 0)
        row++;
    for (unsigned i = 0; i < moment->place->sites.count; i++)
        if (sites[i].kind == POINT_STATEMENT || point_is_data(sites[i].kind))
            return error_set(error,
                             "arguments have numbers only at the entry of a "
                             "function, which %s is not",
                             sites[i].point);
    if (moment_literal(&e->call.arguments, 0, 1, ARGUMENT_MAX, &number,
                       error) != 0)
        return -1;
    unsigned bits = argument_kinds[row].bits;
    if (bits == 0)
        bits = word * 8;
    size_t in_registers = word == 8 ? sizeof(argument_registers) : 0;
    struct error ignored;
    bool user = object_is_program(moment_object(moment, &ignored));
    if ((size_t)number <= in_registers) {
        moment_add(moment, value, STEP_REGISTER,
                   argument_registers[number - 1]);
    } else {
        /* Above the return address. */
        moment_add(moment, value, STEP_REGISTER, word == 8 ? 7 : 4);
        moment_add(moment, value, STEP_CONSTANT,
                   (number - (int64_t)in_registers) * word);
        moment_add(moment, value, STEP_ADD, 0);
        /* One of 64 bits is two words of i386, of which this is the first. */
        moment_add(moment, value, user ? STEP_LOAD_USER : STEP_LOAD,
                   bits == 64 ? 8 : word);
    }
    if (bits < 64)
        moment_add(moment, value,
                   argument_kinds[row].is_signed ? STEP_SIGN_EXTEND
                                                 : STEP_ZERO_EXTEND,
                   bits);
    return sites[0].kind == POINT_RETURN ? target_save(moment, value, error)
                                         : 0;
}

/* ---- the probe ------------------------------------------------------- */

static int
read_result(struct moment *moment, struct expression *e,
            struct target_value *value, struct error *error)
{
    const struct place_event *event = moment->place->event;

    (void)e;
    if (event != NULL && event->result.count > 0) {
        LIST_EACH (step, &event->result)
            moment_add(moment, value, step->kind, step->value);
        return 0;
    }
    LIST_EACH (site, &moment->place->sites)
        if (site->kind != POINT_RETURN)
            return error_set(error, "returnval() has a value only in .return "
                                    "probes");
    moment_add(moment, value, STEP_REGISTER, 0);
    if (moment_word_size(moment) == 4)
        moment_add(moment, value, STEP_SIGN_EXTEND, 32);
    return 0;
}

/* ---- calls ----------------------------------------------------------- */

typedef int reader(struct moment *moment, struct expression *e,
                   struct target_value *value, struct error *error);

static const struct {
    const char *prefix; /* of the function's name */
    reader *read;
} readers[] = {
    {"register", read_register},
    {"u_register", read_register},
    {"returnval", read_result},
};

static bool
begins(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* What is known without the hit. */
static bool
resolve_constant(struct moment *moment, struct expression *e, enum type *type)
{
    const struct place *place = moment->place;
    const struct site *site =
        place->sites.count > 0 ? &place->sites.items[0] : NULL;
    bool of_kernel =
        place->sites.count > 0 && !place->interrupted && place->event == NULL;
    bool returns =
        place->sites.count > 0 && place->sites.items[0].kind == POINT_RETURN;
    static const char *const types[] = {
        [POINT_FUNCTION] = "function.entry",
        [POINT_RETURN] = "function.return",
        [POINT_STATEMENT] = "statement",
        [POINT_WRITE] = "data",
        [POINT_ACCESS] = "data",
    };
    const char *name = e->call.name;

    *type = TYPE_LONG;
    if (strcmp(name, "is_return") == 0) {
        e->number =
            place->event != NULL ? place->event->result.count > 0 : returns;
    } else if (strcmp(name, "registers_valid") == 0) {
        e->number = of_kernel;
    } else if (strcmp(name, "probe_type") == 0) {
        *type = TYPE_STRING;
        e->string =
            site == NULL ? ""
            : place->event != NULL
                ? place->event->type
                : arena_printf(moment->arena, "%s.%s",
                               object_is_program(site->object) ? "process"
                                                               : "kernel",
                               types[site->kind]);
    } else {
        return false;
    }
    e->kind = *type == TYPE_LONG ? EXPRESSION_NUMBER : EXPRESSION_STRING;
    e->type = *type;
    return true;
}

static int
resolve_call(struct moment *moment, struct expression *e, enum type *type,
             struct error *error)
{
    struct target_value value = {.name = moment_text(moment, e)};
    const char *name = e->call.name;
    reader *read = read_argument;

    if (resolve_constant(moment, e, type))
        return 0;
    /* Of what was interrupted there are registers, and nothing else. */
    if (!(moment->place->interrupted && strstr(name, "register") != NULL) &&
        moment_of_kernel(moment, value.name, error) != 0)
        return -1;
    if (write_is_by(name))
        return write_resolve(moment, e, type, error) == 0
                   ? 0
                   : error_prefix(error, "%s()", name);
    if (memory_is_read_by(name))
        return memory_resolve(moment, e, type, error) == 0
                   ? 0
                   : error_prefix(error, "%s()", name);
    for (size_t i = sizeof(readers) / sizeof(readers[0]); i > 0; i--)
        if (begins(name, readers[i - 1].prefix))
            read = readers[i - 1].read;
    if (moment->place->event != NULL && !moment->place->event->trap)
        return error_set(error,
                         "%s() has no meaning here: registers are those of a "
                         "probed function",
                         name);
    if (read(moment, e, &value, error) != 0)
        return error_prefix(error, "%s()", name);
    return finish(moment, e, &value, type);
}

/* ---- operators ------------------------------------------------------- */

/* @enumname(x, "enum t"): X may stand several times. */
static int
name_enumerator(struct moment *moment, struct expression *e, enum type *type,
                struct error *error)
{
    struct expression *value = e->at.arguments.items[0];
    const struct expression *name = e->at.arguments.items[1];
    const struct object *object = moment_object(moment, error);
    struct ctype named;
    unsigned pointers;

    if (object == NULL)
        return -1;
    if (name->kind != EXPRESSION_STRING)
        return error_set(error, "@enumname: the type must be a literal");
    if (ctype_named(object->debuginfo, name->string, &named, &pointers,
                    error) != 0)
        return error_prefix(error, "@enumname");
    if (named.kind != CTYPE_ENUM || pointers > 0)
        return error_set(error, "@enumname: '%s' is no enum", name->string);
    if (value->kind != EXPRESSION_TARGET && value->kind != EXPRESSION_SYMBOL &&
        value->kind != EXPRESSION_NUMBER)
        return error_set(error, "@enumname: set a local to the value first");
    *e = *pretty_enumerator(moment, object->debuginfo, &named, value);
    *type = TYPE_STRING;
    return 0;
}

static int
resolve_operator(struct moment *moment, struct expression *e, enum type *type,
                 struct error *error)
{
    struct target_value value = {.name = moment_text(moment, e)};
    const char *name = e->at.operator->name;
    expression_list *arguments = &e->at.arguments;
    const struct place *place = moment->place;
    /* The registers at hand are the task's in its own code. */
    const char *own = place->sites.count > 0 &&
                              object_is_program(place->sites.items[0].object)
                          ? "@uregister"
                          : "@kregister";
    bool user = strcmp(name, "@uderef") == 0;
    int64_t number = 0;

    *type = TYPE_LONG;
    if (strcmp(name, "@const") == 0 || strcmp(name, "@enum") == 0) {
        const struct expression *what = arguments->items[0];
        const struct object *object = moment_object(moment, error);

        if (object == NULL)
            return -1;
        if (what->kind != EXPRESSION_STRING)
            return error_set(error, "%s: its argument must be a literal", name);
        if (ctype_constant(object->debuginfo, what->string, &number) != 0)
            return error_set(
                error,
                "%s: %s has no enumerator '%s'; what is #defined is "
                "not in its debugging information",
                name, object->title, what->string);
        e->kind = EXPRESSION_NUMBER;
        e->number = number;
        e->type = TYPE_LONG;
        return 0;
    }
    if (strcmp(name, "@enumname") == 0)
        return name_enumerator(moment, e, type, error);
    /* Of a task that is in the kernel they are saved. */
    bool saved =
        strcmp(name, "@uregister") == 0 && strcmp(own, "@uregister") != 0;
    if (strcmp(name, "@kderef") != 0 && !user && !saved &&
        strcmp(name, own) != 0)
        return error_set(error, "not supported yet: %s", name);
    if (moment_of_kernel(moment, value.name, error) != 0)
        return -1;
    if (saved || strcmp(name, own) == 0) {
        if (moment_literal(arguments, 0, 0,
                           moment_word_size(moment) == 8 ? 15 : 7, &number,
                           error) != 0)
            return error_prefix(error, "%s", name);
        if (!saved)
            moment_add(moment, &value, STEP_REGISTER, number);
        else if (user_register(moment, number, moment_word_size(moment), &value,
                               error) != 0)
            return error_prefix(error, "%s", name);
        return finish(moment, e, &value, type);
    }
    if (moment_literal(arguments, 0, 1, 8, &number, error) != 0 ||
        compute(moment, arguments->items[1], &value.steps, error) != 0)
        return error_prefix(error, "%s", name);
    if ((number & (number - 1)) != 0)
        return error_set(error, "%s: it reads 1, 2, 4 or 8 bytes", name);
    moment_add_load(moment, &value, (unsigned)number, false, user);
    return finish(moment, e, &value, type);
}

/* ---- @entry ---------------------------------------------------------- */

static const struct {
    const char *name;
    int64_t divisor;
    bool wall;
} times[] = {
    {"gettimeofday_ns", 1, true},       {"gettimeofday_us", 1000, true},
    {"gettimeofday_ms", 1000000, true}, {"gettimeofday_s", 1000000000, true},
    {"ktime_get_ns", 1, false},
};

static struct expression *
make_binary(struct moment *moment, enum binary_operator operator,
            struct expression * left, struct expression *right)
{
    struct expression *e = ARENA_NEW(moment->arena, struct expression);

    e->kind = EXPRESSION_BINARY;
    e->type = TYPE_LONG;
    e->token = left->token;
    e->depth = 1 + (left->depth > right->depth ? left->depth : right->depth);
    e->binary.operator= operator;
    e->binary.left = left;
    e->binary.right = right;
    return e;
}

static struct expression *
make_call(struct moment *moment, const struct expression *e, const char *name)
{
    struct expression *call = ARENA_NEW(moment->arena, struct expression);

    call->kind = EXPRESSION_CALL;
    call->token = e->token;
    call->depth = 1;
    call->call.name = name;
    return call;
}

/*
 * The time of the entry: of the session's clock as it is, of the wall clock
 * as far before now as it was on the session's.
 */
static int
resolve_entry_time(struct moment *moment, struct expression *e, size_t row,
                   enum type *type)
{
    struct target_value value = {.name = moment_text(moment, e)};

    moment_add(moment, &value, STEP_ENTRY_TIME, 0);
    finish(moment, e, &value, type);
    if (!times[row].wall)
        return 0;
    struct expression *entry = arena_copy(moment->arena, e, sizeof(*e));
    struct expression *divisor = ARENA_NEW(moment->arena, struct expression);
    struct expression *passed = make_binary(
        moment, BINARY_SUBTRACT, make_call(moment, e, "ktime_get_ns"), entry);

    divisor->kind = EXPRESSION_NUMBER;
    divisor->token = e->token;
    divisor->type = TYPE_LONG;
    divisor->number = times[row].divisor;
    *e = *make_binary(moment, BINARY_DIVIDE,
                      make_binary(moment, BINARY_SUBTRACT,
                                  make_call(moment, e, "gettimeofday_ns"),
                                  passed),
                      divisor);
    return 0;
}

static int
resolve_entry(struct moment *moment, struct expression *e, enum type *type,
              struct error *error)
{
    struct target_value value = {.name = moment_text(moment, e)};
    struct expression *operand = e->defined.operand;

    *type = TYPE_LONG;
    if (moment->place->sites.count == 0 ||
        moment->place->sites.items[0].kind != POINT_RETURN)
        return error_set(error, "@entry() has a meaning only in .return "
                                "probes of functions");
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        if (operand->kind == EXPRESSION_CALL &&
            strcmp(operand->call.name, times[i].name) == 0)
            return resolve_entry_time(moment, e, i, type);
    moment->entered = true;
    int result = compute(moment, operand, &value.steps, error);
    moment->entered = false;
    if (result != 0 || target_save(moment, &value, error) != 0)
        return error_prefix(error, "@entry()");
    return finish(moment, e, &value, type);
}

/* ---------------------------------------------------------------------- */

int
moment_resolve(struct moment *moment, struct expression *e, enum type *type,
               struct error *error)
{
    switch (e->kind) {
    case EXPRESSION_TARGET:
        *type = e->type;
        return e->target.place != NULL ? 0
                                       : target_resolve(moment, e, type, error);
    case EXPRESSION_ENTRY:
        return resolve_entry(moment, e, type, error);
    case EXPRESSION_OPERATOR:
        return resolve_operator(moment, e, type, error);
    case EXPRESSION_CALL:
        return resolve_call(moment, e, type, error);
    default:
        *type = e->type;
        return 0;
    }
}
