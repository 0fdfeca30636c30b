/*
 * Initial values of globals from outside of the script (-G).
 */

#include "language/language.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct variable *
find_global(const struct unit *unit, const char *name, size_t size)
{
    LIST_EACH (script, &unit->scripts) {
        LIST_EACH (global, &(*script)->globals) {
            if (strlen((*global)->name) == size &&
                memcmp((*global)->name, name, size) == 0)
                return *global;
        }
    }
    return NULL;
}

/* All of TEXT as a number by C's notation. */
static bool
is_number(const char *text, int64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoll(text, &end, 0);
    return *text != '\0' && *end == '\0' && errno == 0;
}

int
unit_set_global(struct unit *unit, const char *definition, struct error *error)
{
    size_t size = strcspn(definition, "=");
    const char *value = definition + size + 1;
    struct variable *global;
    struct expression *literal;
    int64_t number;
    bool numeric;

    if (definition[size] == '\0' || size == 0)
        return error_set(error, "'%s' is not of the form NAME=VALUE",
                         definition);

    global = find_global(unit, definition, size);
    if (global == NULL)
        return error_set(error, "the script has no global '%.*s'", (int)size,
                         definition);

    if (global->max_entries != 0 || global->arity > 0)
        return error_set(error, "'%s' is an array, which has no initial value",
                         global->name);

    numeric = is_number(value, &number);
    literal = ARENA_NEW(&unit->arena, struct expression);
    literal->token = global->token;
    literal->depth = 1;
    if (global->initial != NULL && global->initial->kind == EXPRESSION_NUMBER &&
        !numeric)
        return error_set(error, "'%s' is a number, and '%s' is none",
                         global->name, value);

    if (numeric && (global->initial == NULL ||
                    global->initial->kind == EXPRESSION_NUMBER)) {
        literal->kind = EXPRESSION_NUMBER;
        literal->number = number;
    } else {
        literal->kind = EXPRESSION_STRING;
        literal->string = arena_string(&unit->arena, value, strlen(value));
    }
    global->initial = literal;
    return 0;
}
