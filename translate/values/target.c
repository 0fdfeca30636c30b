#include "translate/values/target.h"

#include <string.h>

#include "debuginfo/variable.h"
#include "protocol/context.h"
#include "translate/values/autocast.h"
#include "translate/values/compute.h"
#include "translate/values/event_variable.h"
#include "translate/values/global.h"
#include "translate/values/pretty.h"

/* ---- what is saved at the entry -------------------------------------- */

/* The last word tells which of the others could not be read. */
#define SAVED_MAX (PROBE_CONTEXT_SAVED - 1)

int
target_save(struct moment *moment, struct target_value *value,
            struct error *error)
{
    struct place *place = moment->place;
    struct step step = {STEP_SAVED, 0};
    unsigned i = 0;

    if (target_varies(&value->steps))
        return error_set(error, "what is read when the function is entered "
                                "cannot depend on variables that the handler "
                                "changes");
    while (i < place->saved.count &&
           !target_same_steps(&place->saved.items[i]->steps, &value->steps))
        i++;
    if (i == SAVED_MAX)
        return error_set(error,
                         "a return probe can use at most %d values of the "
                         "function's entry",
                         SAVED_MAX);
    if (i == place->saved.count) {
        struct target_value *saved =
            arena_copy(moment->arena, value, sizeof(*value));
        const struct target_value *added = saved;

        saved->read = TARGET_NUMBER;
        LIST_ADD(moment->arena, &place->saved, added);
    }
    step.value = i;
    if (target_may_fault(place->saved.items[i]))
        step.value |= STEP_SAVED_FAULTS;
    memset(&value->steps, 0, sizeof(value->steps));
    LIST_ADD(moment->arena, &value->steps, step);
    return 0;
}

/* ---- variables ------------------------------------------------------- */

/* What is named is in OBJECT. */
static void
look_in(struct cursor *cursor, const struct object *object)
{
    cursor->object = object;
    cursor->debuginfo = object->debuginfo;
    cursor->user = object_is_program(object);
}

static const struct site *
site_of(const struct cursor *cursor)
{
    return &cursor->moment->place->sites.items[0];
}

/* A name alone stands for expansions too, which may have less to read. */
static const char *
expansion_hint(const struct site *site)
{
    return site->scope != 0 && site->kind == POINT_STATEMENT
               ? ", expanded in another function (@defined tests that, .call "
                 "leaves expansions out)"
               : "";
}

/* In a tracepoint parameters have numbers, too. */
static bool
find_numbered(struct cursor *cursor, const char *name,
              struct debuginfo_variable *found)
{
    unsigned number = event_argument(cursor->moment, name);
    debuginfo_variables parameters = {0};

    debuginfo_parameters(cursor->debuginfo, site_of(cursor)->function,
                         cursor->arena, &parameters);
    if (number == 0 || number > parameters.count)
        return false;
    *found = parameters.items[number - 1];
    return true;
}

/* Offered instead are those that can be read here. */
static int
no_such_local(struct cursor *cursor, const char *name,
              const debuginfo_variables *variables)
{
    const struct site *site = site_of(cursor);
    struct text names = {0};
    struct location location;
    struct error error;

    LIST_EACH (variable, variables)
        if (debuginfo_locate(cursor->debuginfo, site->function, variable,
                             site->address, cursor->arena, &location,
                             &error) == 0)
            text_printf(&names, " $%s", variable->name);
    error_set(cursor->error, "unable to find local '%s' in %s%s (%s%s)", name,
              site->point, expansion_hint(site),
              names.size > 0 ? "alternatives:" : "nothing can be read here",
              text_string(&names));
    text_free(&names);
    return -1;
}

static int
find_local(struct cursor *cursor, const char *name)
{
    const struct site *site = site_of(cursor);
    debuginfo_variables variables = {0};
    struct debuginfo_variable found = {0};

    if (site->function == NULL)
        return error_set(cursor->error,
                         "unable to find local '%s': %s is at no certain place "
                         "of the text; @var(\"%s\") is a variable outside all "
                         "functions",
                         name, site->point, name);
    debuginfo_locals(cursor->debuginfo, site->function, site->scope,
                     site->address, cursor->arena, &variables);
    LIST_EACH (variable, &variables)
        if (strcmp(variable->name, name) == 0)
            found = *variable;
    if (found.name == NULL && !find_numbered(cursor, name, &found) &&
        debuginfo_global(cursor->debuginfo, name, site->function->unit,
                         &found) != 0)
        return no_such_local(cursor, name, &variables);
    cursor->type = found.type;
    if (debuginfo_locate(cursor->debuginfo, site->function, &found,
                         site->address, cursor->arena, &cursor->location,
                         cursor->error) != 0)
        return error_prefix(cursor->error, "cannot read '$%s' at %s%s", name,
                            site->point, expansion_hint(site));
    return 0;
}

/* What a function returns, by DWARF's numbers of the registers: the first of
 * them, and the one that has the upper half of what is twice as wide. */
static const struct {
    unsigned word_size;
    unsigned low;
    unsigned high;
} results[] = {{8, 0, 1}, {4, 0, 2}};

static int
find_result(struct cursor *cursor)
{
    const struct site *site = site_of(cursor);
    unsigned word = debuginfo_word_size(cursor->debuginfo);
    unsigned row = word == results[0].word_size ? 0 : 1;

    if (site->kind != POINT_RETURN)
        return error_set(cursor->error, "'$return' has a value only in "
                                        ".return probes");
    cursor->type = debuginfo_result(cursor->debuginfo, site->function);
    if (cursor->type.kind == CTYPE_VOID)
        return error_set(cursor->error, "function '%s' returns no value",
                         site->function->name);
    cursor->location.kind = LOCATION_VALUE;
    cursor_add_step(cursor, STEP_REGISTER, results[row].low);
    if (cursor->type.kind == CTYPE_STRUCT || cursor->type.kind == CTYPE_UNION) {
        if (cursor->type.size > 2 * (uint64_t)word || word == 4)
            cursor->location.kind = LOCATION_MEMORY;
    } else if (cursor->type.size > word) {
        cursor_add_step(cursor, STEP_REGISTER, results[row].high);
        cursor_add_step(cursor, STEP_CONSTANT, 32);
        cursor_add_step(cursor, STEP_SHIFT_LEFT, 0);
        cursor_add_step(cursor, STEP_OR, 0);
    }
    return 0;
}

/* The compilation unit of the probe, if that is in what is looked at. */
static uint64_t
unit_of(const struct cursor *cursor)
{
    const struct place *place = cursor->moment->place;

    return place != NULL && place->sites.count > 0 &&
                   place->sites.items[0].object == cursor->object &&
                   place->sites.items[0].function != NULL
               ? place->sites.items[0].function->unit
               : 0;
}

/* "name@file.c" */
static int
find_global(struct cursor *cursor, const struct expression *target)
{
    const char *name = target->target.name;
    size_t length = strcspn(name, "@");
    const char *file = name[length] == '@' ? name + length + 1 : NULL;
    struct debuginfo_variable found;

    name = arena_string(cursor->arena, name, length);
    if (global_find(cursor->debuginfo, cursor->arena, name, file,
                    unit_of(cursor), &found, cursor->error) != 0)
        return -1;
    cursor->type = found.type;
    cursor->name =
        arena_printf(cursor->arena, "@var(\"%s\")", target->target.name);
    if (debuginfo_locate(cursor->debuginfo, NULL, &found, 0, cursor->arena,
                         &cursor->location, cursor->error) != 0)
        return error_prefix(cursor->error, "cannot read '%s'", cursor->name);
    return 0;
}

/* The operand is a pointer to the type; or it is of the type itself, if that
 * is a pointer or the value is taken as it is. */
static int
find_cast(struct cursor *cursor, struct expression *target)
{
    const char *name = target->target.type_name;
    unsigned pointers;

    cursor->name = arena_printf(cursor->arena, "@cast(..., \"%s\")", name);
    if (ctype_named(cursor->debuginfo, name, &cursor->type, &pointers,
                    cursor->error) != 0)
        return -1;
    if (compute(cursor->moment, target->target.operand, &cursor->location.steps,
                cursor->error) != 0)
        return error_prefix(cursor->error, "%s", cursor->name);
    bool walks = target->target.accesses.count > 0;
    bool whole =
        cursor->type.kind == CTYPE_STRUCT || cursor->type.kind == CTYPE_UNION;
    bool is_pointer = cursor->type.kind == CTYPE_POINTER && pointers == 0;

    if (pointers > 1)
        cursor->type =
            ctype_pointer(cursor->debuginfo, &cursor->type, pointers - 1);
    if (!is_pointer && (walks || pointers > 0 || whole)) {
        cursor->location.kind = LOCATION_MEMORY;
        cursor->pointed = true;
    } else {
        cursor->location.kind = LOCATION_VALUE;
    }
    return 0;
}

/* The operand is a pointer whose type shows by where it comes from. */
static int
find_autocast(struct cursor *cursor, struct expression *target)
{
    const struct object *object;

    if (autocast(cursor->moment, target->target.operand, &object, &cursor->type,
                 cursor->error) != 0)
        return -1;
    look_in(cursor, object);
    cursor->name = "(...)";
    if (compute(cursor->moment, target->target.operand, &cursor->location.steps,
                cursor->error) != 0)
        return -1;
    cursor->location.kind = LOCATION_MEMORY;
    cursor->pointed = true;
    return 0;
}

static const struct {
    enum target_kind kind;
    const char *name;
} kinds[] = {{TARGET_VAR, "@var"}, {TARGET_CAST, "@cast"}, {TARGET_AUTO, "->"}};

int
target_begin(struct cursor *cursor, struct expression *target)
{
    const char *name = target->target.name;
    const struct object *object;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (target->target.kind == kinds[i].kind)
            name = kinds[i].name;
    cursor->name = name;
    if (moment_of_kernel(cursor->moment, name, cursor->error) != 0)
        return -1;
    object =
        moment_module(cursor->moment, target->target.module, cursor->error);
    if (object == NULL)
        return -1;
    look_in(cursor, object);
    if (target->target.kind == TARGET_VAR)
        return find_global(cursor, target);
    if (target->target.kind == TARGET_CAST)
        return find_cast(cursor, target);
    if (target->target.kind == TARGET_AUTO)
        return find_autocast(cursor, target);
    if (cursor->moment->place->event != NULL)
        return error_set(cursor->error,
                         "'%s' is no variable of the kernel here", name);
    if (strcmp(name, "$return") == 0)
        return find_result(cursor);
    return find_local(cursor, name + 1);
}

/* Variables of a function are gone when it returns. */
static bool
is_of_entry(const struct cursor *cursor, const struct expression *target)
{
    return site_of(cursor)->kind == POINT_RETURN &&
           target->target.kind == TARGET_CONTEXT &&
           strcmp(target->target.name, "$return") != 0;
}

int
target_end(struct cursor *cursor, struct expression *target,
           struct target_value *value)
{
    value->steps = cursor->location.steps;
    return is_of_entry(cursor, target)
               ? target_save(cursor->moment, value, cursor->error)
               : 0;
}

/* The whole of a struct that was cast to is meant as its address. */
static bool
is_bare_cast(const struct expression *target)
{
    return target->target.kind == TARGET_CAST &&
           target->target.accesses.count == 0;
}

int
target_resolve(struct moment *moment, struct expression *target,
               enum type *type, struct error *error)
{
    const access_list *accesses = &target->target.accesses;
    struct target_value value = {.read = TARGET_NUMBER};
    struct cursor cursor = {
        .moment = moment,
        .arena = moment->arena,
        .error = error,
    };

    *type = TYPE_LONG;
    if (event_has(moment, target))
        return event_resolve(moment, target, type, error);
    if (pretty_is_asked(target))
        return pretty_resolve(moment, target, type, error);
    if (target_begin(&cursor, target) != 0 ||
        cursor_accesses(&cursor, accesses) != 0)
        return -1;
    bool address =
        target->target.address_of || (is_bare_cast(target) && cursor.pointed);
    if ((address ? cursor_address(&cursor) : cursor_value(&cursor)) != 0)
        return -1;
    if (target_end(&cursor, target, &value) != 0)
        return -1;
    struct text text = {0};
    expression_print(target, &text);
    value.name = arena_string(moment->arena, text_string(&text), text.size);
    text_free(&text);
    target->target.place = arena_copy(moment->arena, &value, sizeof(value));
    return 0;
}

/* ---- writing --------------------------------------------------------- */

static void
add_step(struct moment *moment, step_list *steps, enum step_kind kind,
         int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(moment->arena, steps, step);
}

static void
add_steps(struct moment *moment, step_list *steps, const step_list *more)
{
    LIST_EACH (step, more)
        add_step(moment, steps, step->kind, step->value);
}

/* Some bits of SIZE bytes: the others are read, and written as they are. */
static void
write_bits(struct cursor *cursor, const step_list *place, unsigned size,
           unsigned start, unsigned count, step_list *steps)
{
    struct moment *moment = cursor->moment;
    int64_t mask = (int64_t)((UINT64_C(1) << count) - 1);

    add_step(moment, steps, STEP_PICK, 0);
    add_step(moment, steps, STEP_CONSTANT, mask);
    add_step(moment, steps, STEP_AND, 0);
    add_step(moment, steps, STEP_CONSTANT, start);
    add_step(moment, steps, STEP_SHIFT_LEFT, 0);
    add_steps(moment, steps, place);
    add_step(moment, steps, STEP_LOAD, size);
    add_step(moment, steps, STEP_CONSTANT, (int64_t)~((uint64_t)mask << start));
    add_step(moment, steps, STEP_AND, 0);
    add_step(moment, steps, STEP_OR, 0);
    add_steps(moment, steps, place);
    add_step(moment, steps, STEP_STORE, size);
    add_step(moment, steps, STEP_DROP, 0);
}

static int
write_memory(struct cursor *cursor, step_list *steps)
{
    unsigned start = cursor->bit, size = 1;
    unsigned count =
        cursor->bits != 0 ? cursor->bits : (unsigned)cursor->type.size * 8;
    step_list *place = &cursor->location.steps;
    uint64_t offset = cursor->offset + start / 8;

    start %= 8;
    while (size < 8 && size * 8 < start + count)
        size *= 2;
    if (start + count > size * 8)
        return error_set(cursor->error,
                         "cannot write '%s': it is of more than 8 bytes",
                         cursor->name);
    if (offset != 0) {
        cursor_add_step(cursor, STEP_CONSTANT, (int64_t)offset);
        cursor_add_step(cursor, STEP_ADD, 0);
    }
    if (start != 0 || count != size * 8) {
        write_bits(cursor, place, size, start, count, steps);
        return 0;
    }
    add_steps(cursor->moment, steps, place);
    add_step(cursor->moment, steps, STEP_STORE, size);
    return 0;
}

static int
write_located(struct cursor *cursor, step_list *steps)
{
    const step_list *place = &cursor->location.steps;

    if (cursor->user)
        return error_set(cursor->error,
                         "cannot write '%s': it is the task's, and only what "
                         "is the kernel's can be written",
                         cursor->name);
    if (!ctype_is_scalar(&cursor->type))
        return error_set(cursor->error,
                         "cannot write '%s' of type '%s': only numbers can "
                         "be written",
                         cursor->name, cursor_type_text(cursor));
    if (cursor->location.kind == LOCATION_MEMORY)
        return write_memory(cursor, steps);
    if (cursor->location.kind != LOCATION_VALUE || place->count != 1 ||
        place->items[0].kind != STEP_REGISTER || cursor->offset != 0 ||
        cursor->bits != 0 || cursor->pointed)
        return error_set(cursor->error,
                         "cannot write '%s': the compiler keeps it in no "
                         "single place here",
                         cursor->name);
    add_step(cursor->moment, steps, STEP_STORE_REGISTER, place->items[0].value);
    return 0;
}

int
target_write(struct moment *moment, struct expression *target, step_list *steps,
             struct error *error)
{
    const struct target_value *value = target->target.place;
    struct cursor cursor = {
        .moment = moment, .arena = moment->arena, .error = error};

    if (value != NULL && value->place != NULL) {
        add_steps(moment, steps, value->place);
        add_step(moment, steps, STEP_STORE, value->size);
        return 0;
    }
    if (target->target.address_of || pretty_is_asked(target))
        return error_set(error, "an address cannot be written to");
    if (target_begin(&cursor, target) != 0)
        return -1;
    if (is_of_entry(&cursor, target) && target->target.accesses.count == 0)
        return error_set(error,
                         "cannot write '%s': in a return probe it is what it "
                         "was when the function was entered",
                         cursor.name);
    if (is_of_entry(&cursor, target))
        return error_set(error,
                         "cannot write through '%s' in a return probe: @cast "
                         "to a local that was set to it can be written",
                         cursor.name);
    if (cursor_accesses(&cursor, &target->target.accesses) != 0)
        return -1;
    return write_located(&cursor, steps);
}
