/* Probe points of the profiler. */

#include <string.h>

#include "debuginfo/variable.h"
#include "translate/points/place_i.h"
#include "translate/values/moment.h"

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
 * Of the TICKS, NUMBER in the time of TIMES SECOND of them, spread evenly: at
 * those where ticks * number / (second * times) goes on to the next whole
 * number.  Each, if there are no more.
 */
static int
find_part(struct place_finder *finder, struct place *place, int64_t number,
          int64_t times, struct error *error)
{
    const struct site *site = &place->sites.items[0];
    struct target_value *when = ARENA_NEW(finder->arena, struct target_value);

    when->name = site->point;
    if (push_variable(finder, site, TICKS, &when->steps, error) != 0)
        return -1;
    add_step(finder, &when->steps, STEP_CONSTANT, number);
    add_step(finder, &when->steps, STEP_MULTIPLY, 0);
    if (push_variable(finder, site, SECOND, &when->steps, error) != 0)
        return -1;
    add_step(finder, &when->steps, STEP_CONSTANT, times);
    add_step(finder, &when->steps, STEP_MULTIPLY, 0);
    add_step(finder, &when->steps, STEP_MODULO, 0);
    add_step(finder, &when->steps, STEP_CONSTANT, number);
    add_step(finder, &when->steps, STEP_LT, 0);
    place->when = when;
    return 0;
}

/* More than the kernel's clock has: then each tick counts. */
#define FREQUENCY_MAX 1000

/* What perf's clock of a CPU does where nothing is said: 1 ms. */
#define PERIOD_DEFAULT 1000000

#define NANOSECONDS 1000000000

/* As many ns, so that no number of ticks a second overflows. */
#define PERIOD_MAX (INT64_MAX / 1000000)

/* timer.profile.freq.hz(N): POINT_WRONG, POINT_NO_MATCH or 0. */
static int
choose_ticks(struct site_search *search, struct place *place,
             unsigned *component, struct error *error)
{
    const component_list *components = &search->point->components;
    const struct probe_component *last =
        &components->items[components->count - 1];

    if (last->argument == NULL)
        return 0;
    *component = components->count - 1;
    if (last->argument->number < 1 || last->argument->number > FREQUENCY_MAX) {
        error_set(error, "frequency out of range: 1 to %d", FREQUENCY_MAX);
        return POINT_WRONG;
    }
    return find_part(search->finder, place, last->argument->number, 1, error) ==
                   0
               ? 0
               : POINT_NO_MATCH;
}

/* perf.sw.cpu_clock, which is type 1, config 0, and how often. */
static int
choose_period(struct site_search *search, struct place *place,
              unsigned *component, struct error *error)
{
    const component_list *components = &search->point->components;
    const struct probe_component *last =
        &components->items[components->count - 1];
    int64_t period = PERIOD_DEFAULT;

    for (unsigned i = 1; i < 3; i++) {
        const struct expression *number = components->items[i].argument;

        if (number == NULL || number->number == (i == 1 ? 1 : 0))
            continue;
        *component = i;
        error_set(error, "only type 1 (software), config 0 (the clock of a "
                         "CPU) is there: perf.sw.cpu_clock");
        return POINT_WRONG;
    }
    if (components->count == 4) {
        bool hertz = strstr(search->family->form, ".hz(") != NULL;
        int64_t most = hertz ? NANOSECONDS : PERIOD_MAX;

        period = last->argument->number;
        *component = 3;
        if (period < 1 || period > most) {
            error_set(error, "%s out of range: 1 to %lld",
                      hertz ? "frequency" : "period", (long long)most);
            return POINT_WRONG;
        }
        if (hertz)
            period = NANOSECONDS / period;
    }
    /* One in PERIOD ns is a thousand million in as many seconds. */
    return find_part(search->finder, place, NANOSECONDS, period, error) == 0
               ? 0
               : POINT_NO_MATCH;
}

int
place_resolve_profile(struct site_search *search, unsigned *component,
                      struct error *error)
{
    struct place_finder *finder = search->finder;
    const char *name =
        place_family_name(finder->arena, search->point, search->family);
    const struct debuginfo_pattern pattern = {.function = CLOCK_INTERRUPT};
    const struct debuginfo_function *functions;
    struct place *place = place_new(finder, POINT_FUNCTION);
    unsigned count;
    struct debuginfo *debuginfo = kernel_debuginfo(finder->kernel, error);
    int result;

    if (debuginfo == NULL)
        return POINT_WRONG;
    functions = debuginfo_functions(debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        const struct site site = {
            .kind = POINT_FUNCTION,
            .object = kernel_object(finder->kernel, error),
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
    result = (search->family->kind == FAMILY_PERF
                  ? choose_period
                  : choose_ticks)(search, place, component, error);
    if (result == 0)
        probe_resolution_add(search->resolution, name, place);
    return result;
}
