#include <dwarf.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"
#include "debuginfo/variable.h"

static bool
has_name(const debuginfo_variables *variables, const char *name)
{
    LIST_EACH (variable, variables)
        if (strcmp(variable->name, name) == 0)
            return true;
    return false;
}

static void
add_variable(struct debuginfo *debuginfo, Dwarf_Die *die,
             enum variable_scope scope, struct arena *arena,
             debuginfo_variables *variables)
{
    const char *name = dwarf_diename(die);

    if (name == NULL || has_name(variables, name))
        return;
    struct debuginfo_variable variable = {
        .name = name,
        .scope = scope,
        .type = ctype_of(debuginfo, die),
        .die = dwarf_dieoffset(die),
    };
    LIST_ADD(arena, variables, variable);
}

static void
add_children(struct debuginfo *debuginfo, Dwarf_Die *parent, int tag,
             enum variable_scope scope, struct arena *arena,
             debuginfo_variables *variables)
{
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        if (dwarf_tag(&child) == tag)
            add_variable(debuginfo, &child, scope, arena, variables);
    } while (dwarf_siblingof(&child, &child) == 0);
}

/* The entry that says what FUNCTION is like before the compiler changed it. */
static bool
abstract_origin(Dwarf_Die *function, Dwarf_Die *origin)
{
    Dwarf_Attribute attribute;

    return dwarf_formref_die(
               dwarf_attr(function, DW_AT_abstract_origin, &attribute),
               origin) != NULL;
}

/*
 * A clone lists the parameters it still has; the others are only in the
 * origin, whose order is the right one where it differs.
 */
static void
add_parameters(struct debuginfo *debuginfo, Dwarf_Die *function,
               struct arena *arena, debuginfo_variables *variables)
{
    Dwarf_Die origin;

    add_children(debuginfo, function, DW_TAG_formal_parameter,
                 VARIABLE_ARGUMENT, arena, variables);
    if (abstract_origin(function, &origin))
        add_children(debuginfo, &origin, DW_TAG_formal_parameter,
                     VARIABLE_ARGUMENT, arena, variables);
}

void
debuginfo_parameters(struct debuginfo *debuginfo,
                     const struct debuginfo_function *function,
                     struct arena *arena, debuginfo_variables *variables)
{
    Dwarf_Die die;

    if (die_at(debuginfo, function->die, &die))
        add_parameters(debuginfo, &die, arena, variables);
}

static void
add_block(struct debuginfo *debuginfo, Dwarf_Die *block, uint64_t address,
          struct arena *arena, debuginfo_variables *variables)
{
    Dwarf_Die child;

    if (dwarf_child(block, &child) != 0)
        return;
    do {
        if (dwarf_tag(&child) == DW_TAG_lexical_block &&
            dwarf_haspc(&child, address) == 1)
            add_block(debuginfo, &child, address, arena, variables);
    } while (dwarf_siblingof(&child, &child) == 0);
    add_children(debuginfo, block, DW_TAG_variable, VARIABLE_AUTO, arena,
                 variables);
}

void
debuginfo_locals(struct debuginfo *debuginfo,
                 const struct debuginfo_function *function, uint64_t scope,
                 uint64_t address, struct arena *arena,
                 debuginfo_variables *variables)
{
    Dwarf_Die die;

    if (!die_at(debuginfo, scope != 0 ? scope : function->die, &die))
        return;
    add_block(debuginfo, &die, address, arena, variables);
    add_parameters(debuginfo, &die, arena, variables);
}

/* ---- globals --------------------------------------------------------- */

static bool
has_place(Dwarf_Die *die)
{
    return dwarf_hasattr_integrate(die, DW_AT_location) ||
           dwarf_hasattr_integrate(die, DW_AT_const_value);
}

static bool
global_in_unit(struct debuginfo *debuginfo, Dwarf_Die *unit, const char *name,
               bool external, struct debuginfo_variable *variable)
{
    Dwarf_Die child;

    if (dwarf_child(unit, &child) != 0)
        return false;
    do {
        const char *at =
            dwarf_tag(&child) == DW_TAG_variable ? dwarf_diename(&child) : NULL;

        if (at == NULL || strcmp(at, name) != 0 || !has_place(&child) ||
            (external && !dwarf_hasattr_integrate(&child, DW_AT_external)))
            continue;
        variable->name = at;
        variable->scope = VARIABLE_FILE;
        variable->type = ctype_of(debuginfo, &child);
        variable->die = dwarf_dieoffset(&child);
        return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

int
debuginfo_global(struct debuginfo *debuginfo, const char *name, uint64_t unit,
                 struct debuginfo_variable *variable)
{
    Dwarf_CU *at = NULL;
    uint8_t type;
    Dwarf_Die die;

    if (unit != 0 && die_at(debuginfo, unit, &die) &&
        global_in_unit(debuginfo, &die, name, false, variable))
        return 0;
    while (dwarf_get_units(debuginfo->dwarf, at, &at, NULL, &type, &die,
                           NULL) == 0)
        if (global_in_unit(debuginfo, &die, name, unit != 0, variable))
            return 0;
    return -1;
}

struct ctype
debuginfo_result(struct debuginfo *debuginfo,
                 const struct debuginfo_function *function)
{
    struct ctype none = {.kind = CTYPE_VOID};
    Dwarf_Die die;

    return die_at(debuginfo, function->die, &die) ? ctype_of(debuginfo, &die)
                                                  : none;
}

/* ---- where they are -------------------------------------------------- */

/*
 * The address nearest to ADDRESS at which ATTRIBUTE gives a place, the first of
 * its range; false: there is none.
 */
static bool
nearest_place(Dwarf_Attribute *attribute, uint64_t address, uint64_t *nearest)
{
    Dwarf_Addr base, start, end;
    Dwarf_Op *operations;
    size_t count;
    ptrdiff_t offset = 0;
    uint64_t least = UINT64_MAX;

    while ((offset = dwarf_getlocations(attribute, offset, &base, &start, &end,
                                        &operations, &count)) > 0) {
        uint64_t distance = start > address ? start - address : address - start;

        if (count > 0 && end > start && distance < least) {
            least = distance;
            *nearest = start;
        }
    }
    return least != UINT64_MAX;
}

/* It has no value at ADDRESS: say where it has one, if anywhere. */
static int
absent(struct debuginfo *debuginfo, Dwarf_Die *die, Dwarf_Attribute *attribute,
       uint64_t address, struct error *error)
{
    uint64_t nearest;
    Dwarf_Die unit;
    Dwarf_Line *line;
    int number;

    if (!nearest_place(attribute, address, &nearest))
        return error_set(error, "the compiler optimized it out");
    if (dwarf_diecu(die, &unit, NULL, NULL) == NULL ||
        (line = dwarf_getsrc_die(&unit, nearest)) == NULL ||
        dwarf_lineno(line, &number) != 0)
        return error_set(error,
                         "the compiler optimized it out at this place; it has "
                         "a value at 0x%llx",
                         (unsigned long long)nearest);
    return error_set(
        error,
        "the compiler optimized it out at this place; it has a value at "
        "0x%llx, which is of %s:%d",
        (unsigned long long)nearest,
        debuginfo_source_path(debuginfo, &unit,
                              dwarf_linesrc(line, NULL, NULL)),
        number);
}

static int
constant_location(struct debuginfo *debuginfo, Dwarf_Attribute *attribute,
                  const struct ctype *type, struct arena *arena,
                  struct location *location, struct error *error)
{
    struct step step = {STEP_CONSTANT, 0};
    Dwarf_Block block;
    Dwarf_Sword value;
    Dwarf_Word unsigned_value;

    if (dwarf_formblock(attribute, &block) == 0) {
        if (block.length > sizeof(step.value))
            return error_set(error,
                             "it is a constant of %u bytes, which is "
                             "not supported yet",
                             (unsigned)block.length);
        memcpy(&step.value, block.data, block.length);
    } else if (type->is_signed && dwarf_formsdata(attribute, &value) == 0) {
        step.value = value;
    } else if (dwarf_formudata(attribute, &unsigned_value) == 0) {
        step.value = (int64_t)unsigned_value;
    } else {
        return error_set(error, "it is a constant that cannot be read");
    }
    memset(location, 0, sizeof(*location));
    location->kind = LOCATION_VALUE;
    LIST_ADD(arena, &location->steps, step);
    return 0;
}

/*
 * Where a parameter is when its function is entered.  Of the entries that begin
 * there the first is meant, though it may be of no length: others are already
 * of statements that the compiler did at once, as `count--`.
 */
static int
location_at_entry(Dwarf_Attribute *attribute, uint64_t address,
                  Dwarf_Op **operations, size_t *count)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t next = 0;

    while ((next = dwarf_getlocations(attribute, next, &base, &start, &end,
                                      operations, count)) > 0)
        if (start == address)
            return 1;
    return dwarf_getlocation_addr(attribute, address, operations, count, 1);
}

int
debuginfo_locate(struct debuginfo *debuginfo,
                 const struct debuginfo_function *function,
                 const struct debuginfo_variable *variable, uint64_t address,
                 struct arena *arena, struct location *location,
                 struct error *error)
{
    struct location_frame frame = {debuginfo, NULL, 0, address, arena};
    Dwarf_Die die, function_die;
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;

    if (!die_at(debuginfo, variable->die, &die))
        return error_set(error, "its description cannot be read");
    if (function != NULL && die_at(debuginfo, function->die, &function_die)) {
        frame.function = &function_die;
        frame.entry = function->address;
    }
    if (dwarf_attr_integrate(&die, DW_AT_const_value, &attribute) != NULL)
        return constant_location(debuginfo, &attribute, &variable->type, arena,
                                 location, error);
    if (dwarf_attr_integrate(&die, DW_AT_location, &attribute) == NULL)
        return error_set(error, "the compiler optimized it out");
    bool enters = function != NULL && address == function->address &&
                  variable->scope == VARIABLE_ARGUMENT;
    int found =
        enters ? location_at_entry(&attribute, address, &operations, &count)
               : dwarf_getlocation_addr(&attribute, address, &operations,
                                        &count, 1);
    if (found < 0)
        return error_set(error, "its location cannot be read: %s",
                         dwarf_errmsg(-1));
    if (found == 0 || count == 0)
        return absent(debuginfo, &die, &attribute, address, error);
    return location_translate(&frame, &attribute, operations, count, location,
                              error);
}
