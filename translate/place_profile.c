/* Probe points of the profiler. */

#include "debuginfo/variable.h"
#include "translate/moment.h"
#include "translate/place_i.h"

/* What the kernel calls at each tick of its clock, on each CPU. */
#define CLOCK_INTERRUPT "hardclock"

/* How many ticks there have been, and how many there are in a second. */
#define TICKS  "elapsed_ticks"
#define SECOND "hz"

static void
add_step(struct place_finder *finder, step_list *steps, enum step_kind kind,
         int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(finder->arena, steps, step);
}

/* Push the value of a variable of the kernel. */
static int
push_variable(struct place_finder *finder, const struct site *site,
              const char *name, step_list *steps, struct error *error)
{
    struct debuginfo *debuginfo = finder->kernel->debuginfo;
    struct debuginfo_variable variable;
    struct location location = {0};

    if (debuginfo_global(debuginfo, name, 0, &variable) != 0)
        return error_set(error, "the kernel has no variable '%s'", name);
    if (debuginfo_locate(debuginfo, site->function, &variable, site->address,
                         finder->arena, &location, error) != 0)
        return -1;
    LIST_EACH (step, &location.steps)
        LIST_ADD(finder->arena, steps, *step);
    add_step(finder, steps, STEP_LOAD, (int64_t)variable.type.size);
    return 0;
}

/*
 * N of the TICKS of a SECOND, spread evenly: at those where ticks * n / second
 * goes on to the next whole number.
 */
static int
find_frequency(struct place_finder *finder, struct place *place, int64_t n,
               struct error *error)
{
    const struct site *site = &place->sites.items[0];
    struct target_value *when = ARENA_NEW(finder->arena, struct target_value);

    when->name = site->point;
    if (push_variable(finder, site, TICKS, &when->steps, error) != 0)
        return -1;
    add_step(finder, &when->steps, STEP_CONSTANT, n);
    add_step(finder, &when->steps, STEP_MULTIPLY, 0);
    if (push_variable(finder, site, SECOND, &when->steps, error) != 0)
        return -1;
    add_step(finder, &when->steps, STEP_MODULO, 0);
    add_step(finder, &when->steps, STEP_CONSTANT, n);
    add_step(finder, &when->steps, STEP_LT, 0);
    place->when = when;
    return 0;
}

/* More than the kernel's clock has: then each tick counts. */
#define FREQUENCY_MAX 1000

int
place_resolve_profile(struct site_search *search, unsigned *component,
                      struct error *error)
{
    struct place_finder *finder = search->finder;
    const struct probe_point *point = search->point;
    const char *name = place_family_name(finder->arena, point, search->family);
    const struct debuginfo_pattern pattern = {.function = CLOCK_INTERRUPT};
    const struct debuginfo_function *functions;
    struct place *place = place_new(finder, POINT_FUNCTION);
    const struct expression *frequency =
        point->components.items[point->components.count - 1].argument;
    unsigned count;
    struct debuginfo *debuginfo = kernel_debuginfo(finder->kernel, error);

    if (debuginfo == NULL)
        return POINT_WRONG;
    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        const struct site site = {
            .kind = POINT_FUNCTION,
            .function = &functions[i],
            .address = functions[i].address,
            .name = "",
            .point = name,
        };

        if (debuginfo_matches(&pattern, &functions[i]) &&
            kernel_forbids(finder->kernel, &functions[i]) == NULL)
            LIST_ADD(finder->arena, &place->sites, site);
    }
    if (place->sites.count != 1) {
        error_set(error, "no match: the kernel's clock interrupts call no "
                         "function '" CLOCK_INTERRUPT "' that can be probed");
        return POINT_NO_MATCH;
    }
    place->interrupted = true;
    if (frequency != NULL) {
        *component = point->components.count - 1;
        if (frequency->number < 1 || frequency->number > FREQUENCY_MAX) {
            error_set(error, "frequency out of range: 1 to %d", FREQUENCY_MAX);
            return POINT_WRONG;
        }
        if (find_frequency(finder, place, frequency->number, error) != 0)
            return POINT_NO_MATCH;
    }
    probe_resolution_add(search->resolution, name, place);
    return 0;
}
