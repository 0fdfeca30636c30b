#include "translate/values/event_variable.h"

#include <stdlib.h>
#include <string.h>

#include "language/words/tracepoint.h"
#include "translate/values/mark_argument.h"
#include "translate/values/user_register.h"

/* Arguments of a system call that can be read. */
#define ARGUMENTS 6

/* The alias by which the probe was reached, "vm.fault.page", if it is one of
 * the library's tracepoints. */
static const char *
tracepoint_of(const struct moment *moment)
{
    const char *alias = moment->probe->alias;

    return alias != NULL && tracepoint_is_alias(alias) ? alias : NULL;
}

/* The mark that the probe is at, or NULL. */
static const struct debuginfo_mark *
mark_of(const struct moment *moment)
{
    const struct place *place = moment->place;

    return place->sites.count > 0 ? place->sites.items[0].mark : NULL;
}

static bool
is_trap(const struct moment *moment)
{
    const char *alias = tracepoint_of(moment);

    return moment->place->event != NULL
               ? moment->place->event->trap
               : alias != NULL && strncmp(alias, "mach_trap.", 10) == 0;
}

static bool
is_of_tracepoint(const char *name)
{
    return strcmp(name, "$$name") == 0 || strcmp(name, "$$system") == 0 ||
           strcmp(name, "$$provider") == 0;
}

bool
event_has(const struct moment *moment, const struct expression *target)
{
    const char *name = target->target.name;

    if (target->target.kind != TARGET_CONTEXT)
        return false;
    return moment->place->event != NULL || mark_of(moment) != NULL ||
           is_of_tracepoint(name) ||
           (strcmp(name, "$syscall") == 0 && is_trap(moment));
}

static unsigned
number_of(const char *name)
{
    char *end;
    unsigned long number;

    if (strncmp(name, "arg", 3) != 0 || name[3] < '1' || name[3] > '9')
        return 0;
    number = strtoul(name + 3, &end, 10);
    return *end == '\0' && number < 100 ? (unsigned)number : 0;
}

unsigned
event_argument(const struct moment *moment, const char *name)
{
    return tracepoint_of(moment) != NULL ? number_of(name) : 0;
}

/* ---- values ---------------------------------------------------------- */

/* Its number stays in register 0 of user mode until the result takes its
 * place. */
static int
add_number(struct moment *moment, struct target_value *value,
           struct error *error)
{
    if (user_register(moment, 0, 4, value, error) != 0)
        return -1;
    moment_add(moment, value, STEP_SIGN_EXTEND, 32);
    return 0;
}

/* As the function has it that does the system call: words. */
static void
add_argument(struct moment *moment, struct target_value *value, unsigned number)
{
    static const uint8_t registers[] = {5, 4, 1, 2, 8, 9};
    unsigned word = moment_word_size(moment);

    if (word == 8) {
        moment_add(moment, value, STEP_REGISTER, registers[number - 1]);
        return;
    }
    moment_add(moment, value, STEP_REGISTER, 4);
    moment_add(moment, value, STEP_CONSTANT, number * word);
    moment_add(moment, value, STEP_ADD, 0);
    moment_add(moment, value, STEP_LOAD, word);
}

static int
unknown(const struct moment *moment, const char *name, struct error *error)
{
    const struct place_event *event = moment->place->event;

    return error_set(error, "unable to find '%s' in %s (%s)", name,
                     moment->place->sites.items[0].point,
                     !event->trap ? "nothing can be read here by name; "
                                    "@cast(task(), \"task\") reads the task"
                     : event->result.count > 0
                         ? "alternatives: $syscall $return"
                         : "alternatives: $syscall $arg1 $arg2 $arg3 $arg4 "
                           "$arg5 $arg6");
}

static int
find_argument(struct moment *moment, const struct debuginfo_mark *mark,
              const char *name, struct target_value *value, struct error *error)
{
    unsigned number = number_of(name + 1);
    struct text names = {0};

    if (number > 0 && number <= mark_argument_count(mark->arguments))
        return mark_argument(moment->arena,
                             moment->place->sites.items[0].object->debuginfo,
                             mark->arguments, number, &value->steps, error) == 0
                   ? 0
                   : error_prefix(error, "'%s'", name);
    for (unsigned i = 1; i <= mark_argument_count(mark->arguments); i++)
        text_printf(&names, " $arg%u", i);
    error_set(error,
              "unable to find '%s' in %s (alternatives:%s $$name $$provider)",
              name, moment->place->sites.items[0].point, text_string(&names));
    text_free(&names);
    return -1;
}

static int
find_value(struct moment *moment, const char *name, struct target_value *value,
           struct error *error)
{
    const struct place_event *event = moment->place->event;
    unsigned number = number_of(name + 1);

    if (mark_of(moment) != NULL)
        return find_argument(moment, mark_of(moment), name, value, error);
    if (strcmp(name, "$syscall") == 0 && is_trap(moment))
        return add_number(moment, value, error);
    if (event->trap && event->result.count == 0 && number >= 1 &&
        number <= ARGUMENTS) {
        add_argument(moment, value, number);
        return 0;
    }
    if (event->result.count == 0 || strcmp(name, "$return") != 0)
        return unknown(moment, name, error);
    LIST_EACH (step, &event->result)
        moment_add(moment, value, step->kind, step->value);
    return 0;
}

/* ---- of tracepoints and marks ---------------------------------------- */

static int
set_name(struct expression *target, enum type *type, const char *name)
{
    *type = TYPE_STRING;
    target->kind = EXPRESSION_STRING;
    target->type = TYPE_STRING;
    target->string = name;
    return 0;
}

static int
resolve_name(struct moment *moment, struct expression *target, enum type *type,
             struct error *error)
{
    const char *name = target->target.name;
    const char *alias = tracepoint_of(moment);
    size_t system;

    if (mark_of(moment) != NULL)
        return set_name(target, type,
                        strcmp(name, "$$name") == 0
                            ? mark_of(moment)->name
                            : mark_of(moment)->provider);
    if (strcmp(name, "$$provider") == 0)
        return error_set(error, "'$$provider' is of marks compiled into "
                                "programs, process(\"PATH\").mark(\"NAME\")");
    if (alias == NULL)
        return error_set(error,
                         "'%s' is of tracepoints, kernel.trace(\"SYSTEM:"
                         "NAME\")",
                         name);
    system = strcspn(alias, ".");
    return set_name(target, type,
                    strcmp(name, "$$name") == 0
                        ? arena_string(moment->arena, alias + system + 1,
                                       strlen(alias + system + 1))
                        : arena_string(moment->arena, alias, system));
}

int
event_resolve(struct moment *moment, struct expression *target, enum type *type,
              struct error *error)
{
    const char *name = target->target.name;
    struct target_value value = {.name = name, .read = TARGET_NUMBER};

    if (is_of_tracepoint(name))
        return resolve_name(moment, target, type, error);
    *type = TYPE_LONG;
    if (find_value(moment, name, &value, error) != 0)
        return -1;
    if (target->target.address_of || target->target.accesses.count > 0)
        return error_set(
            error, "'%s' is a number; @cast says what it points to", name);
    target->target.place = arena_copy(moment->arena, &value, sizeof(value));
    return 0;
}
