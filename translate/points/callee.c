/*
 * kernel.function("f").callee("g") and .callees(N): what a function calls, when
 * it is that function which calls it.
 *
 * A call that is an instruction has the callee probed, and the program looks
 * at the stack whether the call returns to behind it.  What was expanded at the
 * place of a call is probed there.  Further down, the calls above must be on
 * the stack as well.
 */

#include <string.h>

#include "debuginfo/call.h"
#include "language/messages.h"
#include "translate/points/place_i.h"

/* How deep .callees() can go. */
#define DEPTH_MAX CALLERS_MAX

/* Addresses that one callee's calls can return to: 4 instructions each. */
#define RETURNS_MAX 800

struct callee_search {
    struct site_search *search;
    struct debuginfo *debuginfo;
    const struct debuginfo_pattern *wanted;
    const char *caller; /* kernel.function("f@...") */
    unsigned first;     /* of the places: those of this caller */
    LIST_OF(struct place *) places;
    struct similar *similar;
    bool too_many;
};

/* The place for SITE, which may have been found by another call. */
static struct place *
place_of(struct callee_search *callees, const struct site *site)
{
    struct site_search *search = callees->search;

    for (unsigned i = callees->first; i < callees->places.count; i++) {
        struct place *place = callees->places.items[i];

        if (place->sites.items[0].address == site->address)
            return place;
    }
    search->place = NULL;
    site_add(search, site);
    if (search->place != NULL)
        LIST_ADD(search->finder->arena, &callees->places, search->place);
    return search->place;
}

static void
add_chain(struct callee_search *callees, struct place *place,
          const struct caller_chain *chain)
{
    unsigned returns = chain->count;

    LIST_EACH (other, &place->callers)
        returns += other->count;
    if (returns > RETURNS_MAX)
        callees->too_many = true;
    else
        LIST_ADD(callees->search->finder->arena, &place->callers, *chain);
}

/* pp(): kernel.function("f@kern/f.c:1").callee("g@kern/g.c:2") */
static const char *
point_name(const struct callee_search *callees,
           const struct debuginfo_function *callee)
{
    return arena_printf(
        callees->search->finder->arena, "%s.callee(\"%s\")%s", callees->caller,
        place_function_name(callees->search->finder->arena, callee),
        callees->search->family->suffix);
}

static void
add_called(struct callee_search *callees,
           const struct debuginfo_function *callee,
           const struct caller_chain *chain)
{
    bool returns = callees->search->family->what == SITES_RETURNS;
    struct site site = {
        .kind = returns ? POINT_RETURN : POINT_FUNCTION,
        .function = callee,
        .address = callee->address,
        .name = callee->name,
        .point = point_name(callees, callee),
    };
    struct place *place = place_of(callees, &site);

    if (place != NULL)
        add_chain(callees, place, chain);
}

/* It has neither a return nor a call of its own. */
static void
add_expanded(struct callee_search *callees,
             const struct debuginfo_instance *instance,
             const struct caller_chain *chain)
{
    struct site site = {
        .kind = POINT_STATEMENT,
        .function = instance->function,
        .address = instance->what.address,
        .scope = instance->scope,
        .name = instance->what.name,
        .point = point_name(callees, &instance->what),
    };
    struct place *place;

    if (callees->search->family->what != SITES_ALL)
        return;
    place = place_of(callees, &site);
    if (place != NULL && chain->count > 0)
        add_chain(callees, place, chain);
}

static void follow(struct callee_search *callees,
                   const struct debuginfo_function *function, uint64_t scope,
                   const struct caller_chain *chain, unsigned depth);

static void
follow_call(struct callee_search *callees, const struct debuginfo_call *call,
            const struct caller_chain *chain, unsigned depth)
{
    const struct debuginfo_function *callee =
        call->returns != 0 ? call->callee : &call->instance.what;
    struct caller_chain longer = *chain;

    similar_offer(callees->similar, callee->name);
    if (call->returns != 0) {
        longer.count++;
        memmove(longer.returns + 1, chain->returns,
                chain->count * sizeof(chain->returns[0]));
        longer.returns[0] = call->returns;
    }
    if (!debuginfo_matches(callees->wanted, callee))
        ;
    else if (call->returns != 0)
        add_called(callees, callee, &longer);
    else
        add_expanded(callees, &call->instance, chain);
    if (depth == 1)
        return;
    if (call->returns != 0)
        follow(callees, callee, 0, &longer, depth - 1);
    else
        follow(callees, call->instance.function, call->instance.scope, &longer,
               depth - 1);
}

/* All that FUNCTION, or what is expanded at SCOPE, calls, and so on. */
static void
follow(struct callee_search *callees, const struct debuginfo_function *function,
       uint64_t scope, const struct caller_chain *chain, unsigned depth)
{
    debuginfo_calls calls = {0};

    debuginfo_find_calls(callees->debuginfo, function, scope,
                         callees->search->finder->arena, &calls);
    LIST_EACH (call, &calls)
        follow_call(callees, call, chain, depth);
}

/* ---- the callers ----------------------------------------------------- */

static void
follow_caller(struct callee_search *callees,
              const struct debuginfo_function *caller,
              const struct debuginfo_function *code, uint64_t scope,
              unsigned depth)
{
    const struct caller_chain none = {0};

    struct arena *arena = callees->search->finder->arena;

    callees->caller = arena_printf(arena, "%s.function(\"%s\")",
                                   callees->search->object->prefix,
                                   place_function_name(arena, caller));
    callees->first = callees->places.count;
    follow(callees, code, scope, &none, depth);
}

/* Whether any function matches. */
static bool
follow_callers(struct callee_search *callees,
               const struct debuginfo_pattern *pattern, unsigned depth)
{
    debuginfo_instances instances = {0};
    const struct debuginfo_function *functions;
    bool found = false;
    unsigned count;

    functions = debuginfo_functions(callees->debuginfo, &count);
    for (unsigned i = 0; i < count; i++) {
        if (!debuginfo_matches(pattern, &functions[i]))
            continue;
        found = true;
        follow_caller(callees, &functions[i], &functions[i], 0, depth);
    }
    if (!debuginfo_is_glob(pattern->function))
        debuginfo_find_instances(callees->debuginfo, pattern,
                                 callees->search->finder->arena, &instances);
    LIST_EACH (instance, &instances) {
        found = true;
        follow_caller(callees, &instance->what, instance->function,
                      instance->scope, depth);
    }
    return found;
}

/* ---- the point ------------------------------------------------------- */

/* What .callee(), .callees or .callees(N) asks for. */
static int
read_callees(const struct site_search *search, struct source_pattern *wanted,
             unsigned *depth, struct error *error)
{
    const struct expression *argument = place_argument(search->point, 2);

    *depth = 1;
    if (argument != NULL && argument->kind == EXPRESSION_STRING)
        return source_pattern_read(search->finder->arena, argument->string,
                                   wanted, error);
    *wanted = (struct source_pattern){.function.function = "*"};
    if (argument == NULL)
        return 0;
    if (argument->number < 1 || argument->number > DEPTH_MAX) {
        error_set(error, "depth out of range: 1 to %d", DEPTH_MAX);
        return POINT_WRONG;
    }
    *depth = (unsigned)argument->number;
    return 0;
}

static int
no_callee(const struct callee_search *callees,
          const struct debuginfo_pattern *caller, struct error *error)
{
    const struct site_search *search = callees->search;

    if (search->forbidden != NULL)
        error_set(error, "no match: %s must not be probed: %s",
                  search->forbidden, search->reason);
    else if (debuginfo_is_glob(callees->wanted->function))
        error_set(error, "no match: '%s' calls no function%s that is known",
                  caller->function,
                  search->family->what == SITES_ALL ? ""
                                                    : ", other than in place,");
    else
        error_set(error, "no match: '%s' has no call of a function '%s'%s",
                  caller->function, callees->wanted->function,
                  similar_text(search->finder->arena, callees->similar));
    return POINT_NO_MATCH;
}

int
place_resolve_callee(struct site_search *search, unsigned *component,
                     struct error *error)
{
    struct source_pattern caller, wanted;
    unsigned depth;

    *component = 1;
    if (source_pattern_read(search->finder->arena,
                            place_argument(search->point, 1)->string, &caller,
                            error) != 0)
        return POINT_WRONG;
    *component = 2;
    if (read_callees(search, &wanted, &depth, error) != 0)
        return POINT_WRONG;

    struct similar similar = {.name = wanted.function.function};
    struct callee_search callees = {
        .search = search,
        .debuginfo = search->object->debuginfo,
        .wanted = &wanted.function,
        .similar = &similar,
    };

    /* Each has a stack of its own to look for. */
    search->apart = true;
    if (!follow_callers(&callees, &caller.function, depth)) {
        *component = 1;
        return place_no_function(search, &caller.function, error);
    }
    if (callees.too_many) {
        error_set(error,
                  "too many calls lead to one callee: a program can tell %u "
                  "places that they return to; ask for fewer levels",
                  RETURNS_MAX);
        return POINT_WRONG;
    }
    return callees.places.count > 0
               ? 0
               : no_callee(&callees, &caller.function, error);
}
