#include "language/types/resolve.h"

#include <fnmatch.h>
#include <string.h>

#include "language/messages.h"
#include "language/words/tracepoint.h"

/* Aliases of aliases; deeper ones are taken for a circle. */
#define ALIAS_DEPTH_MAX 32

/* The aliases passed on the way to a point, the last one first. */
struct layer {
    const struct alias *alias;
    const struct layer *above;
};

struct probe_resolution {
    struct unit *unit;
    const struct language_context *context;
    const struct probe *written;
    const struct probe_point *asked;
    /* Of the point being resolved now: */
    const struct probe_point *point;
    const struct layer *layers;
    const char *alias; /* of the first one, as struct probe has it */
    unsigned added;
};

/* ---- bodies ---------------------------------------------------------- */

static struct statement *
make_statement(struct arena *arena, enum statement_kind kind,
               const struct token *token)
{
    struct statement *s = ARENA_NEW(arena, struct statement);

    s->kind = kind;
    s->token = token;
    return s;
}

/* `if (!(condition)) next` */
static struct statement *
make_guard(struct arena *arena, const struct expression *condition)
{
    const struct token *token = condition->token;
    struct statement *s = make_statement(arena, STATEMENT_IF, token);
    struct expression *not = ARENA_NEW(arena, struct expression);

    not->kind = EXPRESSION_UNARY;
    not->token = token;
    not->unary.operator= UNARY_NOT;
    not->unary.operand = ast_clone_expression(arena, condition);
    s->branch.condition = not;
    s->branch.yes = make_statement(arena, STATEMENT_NEXT, token);
    return s;
}

/* Where an alias asks whether the probe's own body writes a variable. */
struct writing {
    struct arena *arena;
    const struct probe *written;
    const struct expression *variable;
    bool found;
};

static bool
is_name_of(const struct expression *e, const struct expression *other)
{
    if (e->kind != other->kind)
        return false;
    return e->kind == EXPRESSION_SYMBOL
               ? !strcmp(e->symbol.name, other->symbol.name)
               : e->kind == EXPRESSION_TARGET &&
                     e->target.kind == TARGET_CONTEXT &&
                     !strcmp(e->target.name, other->target.name);
}

static void
note_writing(struct expression **slot, void *data)
{
    struct writing *writing = data;
    const struct expression *e = *slot, *target = NULL;

    if (e->kind == EXPRESSION_ASSIGN)
        target = e->assign.target;
    else if (e->kind == EXPRESSION_INCREMENT)
        target = e->increment.target;
    if (target && is_name_of(target, writing->variable))
        writing->found = true;
}

/* As what @defined() is decided with, so that the branch it rules out is not
 * looked at: @defined(0) holds, its opposite does not. */
static void
decide_probewrite(struct expression **slot, void *data)
{
    struct writing *writing = data;
    struct expression *e = *slot;
    struct expression *number, *defined, *not;

    ast_each_operand(e, decide_probewrite, data);
    if (e->kind != EXPRESSION_OPERATOR ||
        strcmp(e->at.operator->name, "@probewrite"))
        return;
    writing->variable = e->at.arguments.items[0];
    writing->found = false;
    ast_walk(writing->written->body, note_writing, writing);

    number = ARENA_NEW(writing->arena, struct expression);
    number->kind = EXPRESSION_NUMBER;
    number->token = e->token;
    defined = ARENA_NEW(writing->arena, struct expression);
    defined->kind = EXPRESSION_DEFINED;
    defined->token = e->token;
    defined->defined.operand = number;
    *slot = defined;
    if (writing->found)
        return;
    not = ARENA_NEW(writing->arena, struct expression);
    not->kind = EXPRESSION_UNARY;
    not->token = e->token;
    not->unary.operator= UNARY_NOT;
    not->unary.operand = defined;
    *slot = not;
}

static void
decide_probewrites(struct statement **slot, void *data)
{
    ast_each_expression(*slot, decide_probewrite, data);
    ast_each_statement(*slot, decide_probewrites, data);
}

/* A part of an alias. */
static void
add_part(const struct probe_resolution *resolution, struct statement *block,
         const struct statement *part)
{
    struct arena *arena = &resolution->unit->arena;
    struct writing writing = {.arena = arena, .written = resolution->written};
    struct statement *copy;

    if (!part)
        return;
    copy = ast_clone_statement(arena, part);
    decide_probewrites(&copy, &writing);
    LIST_ADD(arena, &block->block, copy);
}

/* Prologues from the place upwards, the probe's own body, epilogues back. */
static struct statement *
make_body(const struct probe_resolution *resolution)
{
    struct arena *arena = &resolution->unit->arena;
    const struct probe *written = resolution->written;
    struct statement *body =
        make_statement(arena, STATEMENT_BLOCK, written->body->token);
    LIST_OF(const struct layer *) layers = {0};

    if (resolution->point->condition) {
        struct statement *guard =
            make_guard(arena, resolution->point->condition);

        LIST_ADD(arena, &body->block, guard);
    }
    for (const struct layer *at = resolution->layers; at; at = at->above) {
        add_part(resolution, body, at->alias->prologue);
        LIST_ADD(arena, &layers, at);
    }
    struct statement *own = ast_clone_statement(arena, written->body);

    LIST_ADD(arena, &body->block, own);
    for (unsigned i = layers.count; i > 0; i--)
        add_part(resolution, body, layers.items[i - 1]->alias->epilogue);
    return body;
}

struct search {
    struct unit *unit;
    bool found;
};

static void
note_target(struct expression **slot, void *data)
{
    struct search *search = data;

    if ((*slot)->kind == EXPRESSION_TARGET ||
        ((*slot)->kind == EXPRESSION_CALL &&
         resolve_calls_targets(search->unit, *slot)))
        search->found = true;
}

static bool
has_targets(const struct probe_resolution *resolution)
{
    struct search search = {resolution->unit, false};

    ast_walk(resolution->written->body, note_target, &search);
    for (const struct layer *at = resolution->layers; at; at = at->above) {
        if (at->alias->prologue)
            ast_walk(at->alias->prologue, note_target, &search);
        if (at->alias->epilogue)
            ast_walk(at->alias->epilogue, note_target, &search);
    }
    return search.found;
}

void
probe_resolution_add(struct probe_resolution *resolution, const char *name,
                     void *place)
{
    struct unit *unit = resolution->unit;
    struct arena *arena = &unit->arena;
    struct probe *probe = ARENA_NEW(arena, struct probe);
    struct probe_point *point =
        arena_copy(arena, resolution->point, sizeof(*point));

    probe->token = resolution->written->token;
    LIST_ADD(arena, &probe->points, point);
    probe->body = make_body(resolution);
    probe->name = arena_string(arena, name, strlen(name));
    probe->written = resolution->written;
    probe->asked = resolution->asked;
    probe->alias = resolution->layers != NULL ? resolution->alias : NULL;
    probe->has_targets = has_targets(resolution);
    probe->place = place;
    probe->id = unit->probes.count;
    LIST_ADD(arena, &unit->probes, probe);
    resolution->added++;
}

/* ---- names ----------------------------------------------------------- */

static bool
is_wild(const char *name)
{
    return strchr(name, '*') != NULL;
}

static bool
same_argument(const struct expression *a, const struct expression *b)
{
    if (!a || !b)
        return !a && !b;
    if (a->kind != b->kind)
        return false;
    return a->kind == EXPRESSION_NUMBER ? a->number == b->number
                                        : !strcmp(a->string, b->string);
}

static const char *
dotted(struct arena *arena, const component_list *components)
{
    const char *name = "";

    LIST_EACH (component, components)
        name = arena_printf(arena, "%s%s%s", name, *name ? "." : "",
                            component->name);
    return name;
}

/*
 * How many components of POINT the name of an alias takes, 0 if it is not
 * meant.  With ** they are compared as one name and all are taken.
 */
static unsigned
match_alias(struct arena *arena, const struct probe_point *point,
            const struct probe_point *name)
{
    unsigned count = name->components.count;

    LIST_EACH (component, &point->components)
        if (strstr(component->name, "**"))
            return !fnmatch(dotted(arena, &point->components),
                            dotted(arena, &name->components), 0)
                       ? point->components.count
                       : 0;
    if (count > point->components.count)
        return 0;
    for (unsigned i = 0; i < count; i++) {
        const struct probe_component *asked = &point->components.items[i];
        const struct probe_component *have = &name->components.items[i];

        if (fnmatch(asked->name, have->name, 0) ||
            !same_argument(asked->argument, have->argument))
            return 0;
    }
    return count;
}

/* The most components that an alias takes: a.b is the alias of that name,
 * rather than a with .b after it. */
static unsigned
longest_alias(struct unit *unit, const struct probe_point *point)
{
    unsigned longest = 0;

    LIST_EACH (script, &unit->scripts)
        LIST_EACH (alias, &(*script)->aliases) {
            unsigned taken = match_alias(&unit->arena, point, (*alias)->name);

            if (taken > longest)
                longest = taken;
        }
    return longest;
}

/* The first component is nothing that anyone knows. */
static bool
is_unknown(const struct probe_resolution *resolution, struct similar *similar)
{
    const char *name = resolution->point->components.items[0].name;

    if (!resolution->context->point_names)
        return false;
    for (const char *const *at = resolution->context->point_names; *at; at++) {
        if (!fnmatch(name, *at, 0))
            return false;
        similar_offer(similar, *at);
    }
    LIST_EACH (script, &resolution->unit->scripts)
        LIST_EACH (alias, &(*script)->aliases)
            similar_offer(similar, (*alias)->name->components.items[0].name);
    return true;
}

/* A point that ends the list if it is found need not be found. */
static bool
is_optional(const struct probe_point *point)
{
    return point->optional || point->sufficient;
}

/* ---- resolving ------------------------------------------------------- */

/* Returns the number of probes added, -1 after an error was reported. */
static int resolve(struct probe_resolution *resolution,
                   const struct probe_point *point, const struct layer *layers,
                   unsigned depth, bool optional);

static void
report(struct probe_resolution *resolution, const struct token *at,
       const char *text)
{
    unit_error(resolution->unit, resolution->asked->token,
               "while resolving probe point");
    message_note(resolution->unit, at, "%s", text);
}

/* Aliases that begin like the point, which is none of them. */
static const char *
library_points(const struct probe_resolution *resolution)
{
    struct arena *arena = &resolution->unit->arena;
    const char *first = resolution->point->components.items[0].name;
    const char *names = "";

    LIST_EACH (script, &resolution->unit->scripts)
        LIST_EACH (alias, &(*script)->aliases) {
            const component_list *components = &(*alias)->name->components;

            if (!strcmp(components->items[0].name, first))
                names = arena_printf(arena, "%s %s", names,
                                     dotted(arena, components));
        }
    return names;
}

static int
resolve_place(struct probe_resolution *resolution, bool optional)
{
    const struct probe_point *point = resolution->point;
    struct arena *arena = &resolution->unit->arena;
    struct similar similar = {.name = point->components.items[0].name};
    struct error error = {{0}};
    unsigned component = 0;
    unsigned before = resolution->added;
    int result;

    if (is_unknown(resolution, &similar)) {
        const char *names = library_points(resolution);

        if (optional)
            return 0;
        if (*names) {
            report(resolution, point->token,
                   arena_printf(arena,
                                "the library has no such point "
                                "(alternatives:%s)",
                                names));
            return -1;
        }
        report(resolution, point->components.items[0].token,
               arena_printf(arena, "probe point mismatch%s",
                            similar_text(arena, &similar)));
        return -1;
    }
    result = resolution->context->resolve_point(
        resolution->context->data, resolution, point, has_targets(resolution),
        &component, &error);
    if (result == 0 && resolution->added == before) {
        error_set(&error, "no match");
        result = POINT_NO_MATCH;
    }
    if (result == 0)
        return (int)(resolution->added - before);
    if (result == POINT_NO_MATCH && optional)
        return 0;
    if (component >= point->components.count)
        component = 0;
    report(resolution, point->components.items[component].token, error.text);
    return -1;
}

static struct expression *
both_conditions(struct arena *arena, struct expression *a, struct expression *b)
{
    if (!a || !b)
        return a ? a : b;

    struct expression *e = ARENA_NEW(arena, struct expression);

    e->kind = EXPRESSION_BINARY;
    e->token = b->token;
    e->binary.operator= BINARY_LOGICAL_AND;
    e->binary.left = a;
    e->binary.right = b;
    return e;
}

/* The alias's name, followed by what follows it in POINT. */
static const char *
full_name(struct arena *arena, const struct alias *alias,
          const struct probe_point *point, unsigned taken)
{
    struct probe_point whole = {.components = alias->name->components};
    struct text text = {0};

    LIST_COPY(arena, &whole.components);
    for (unsigned i = taken; i < point->components.count; i++)
        LIST_ADD(arena, &whole.components, point->components.items[i]);
    probe_point_print(&whole, &text);
    const char *name = arena_string(arena, text_string(&text), text.size);
    text_free(&text);
    return name;
}

/* The points of an alias, with what follows its name in POINT. */
static int
resolve_alias(struct probe_resolution *resolution,
              const struct probe_point *point, const struct alias *alias,
              unsigned taken, const struct layer *above, unsigned depth,
              bool optional)
{
    struct arena *arena = &resolution->unit->arena;
    struct layer *layer = ARENA_NEW(arena, struct layer);
    int total = 0;

    layer->alias = alias;
    layer->above = above;
    if (above == NULL)
        resolution->alias = full_name(arena, alias, point, taken);
    resolve_need_script(resolution->unit, alias->token->position.source);
    LIST_EACH (at, &alias->points) {
        struct probe_point *one = arena_copy(arena, *at, sizeof(**at));

        if (one->condition)
            resolve_condition(resolution->unit, one->condition);
        LIST_COPY(arena, &one->components);
        for (unsigned i = taken; i < point->components.count; i++)
            LIST_ADD(arena, &one->components, point->components.items[i]);
        one->condition =
            both_conditions(arena, point->condition, one->condition);

        int added = resolve(resolution, one, layer, depth + 1,
                            optional || is_optional(one));

        if (added < 0)
            return -1;
        total += added;
        if (added > 0 && one->sufficient)
            break;
    }
    return total;
}

static bool
has_wild_name(const struct probe_point *point)
{
    LIST_EACH (component, &point->components)
        if (is_wild(component->name))
            return true;
    return false;
}

static int
resolve_tracepoint(struct probe_resolution *resolution,
                   const struct probe_point *point, const struct layer *layers,
                   unsigned depth, bool optional)
{
    struct arena *arena = &resolution->unit->arena;
    tracepoint_list points = {0};
    int total = 0;

    tracepoint_points(arena, point, &points);
    LIST_EACH (at, &points) {
        int added = 0;

        if (longest_alias(resolution->unit, *at) != 0)
            added = resolve(resolution, *at, layers, depth + 1, true);
        if (added < 0)
            return -1;
        total += added;
    }
    if (total == 0 && !optional) {
        report(resolution, point->components.items[1].token,
               arena_printf(arena,
                            "no such tracepoint: names are those of the "
                            "library, SYSTEM:NAME, of %s",
                            tracepoint_systems(arena)));
        return -1;
    }
    return total;
}

/* What a wildcard means beyond one thing need not all be there. */
static int
resolve(struct probe_resolution *resolution, const struct probe_point *point,
        const struct layer *layers, unsigned depth, bool optional)
{
    struct unit *unit = resolution->unit;
    unsigned longest = longest_alias(unit, point);
    bool wild = has_wild_name(point);
    int total = 0;

    if (depth > ALIAS_DEPTH_MAX) {
        report(resolution, point->token, "recursive loop in probe aliases");
        return -1;
    }
    if (tracepoint_is(point))
        return resolve_tracepoint(resolution, point, layers, depth, optional);
    LIST_EACH (script, &unit->scripts)
        LIST_EACH (alias, &(*script)->aliases) {
            unsigned taken = match_alias(&unit->arena, point, (*alias)->name);
            int added;

            if (!taken || taken != longest)
                continue;
            added = resolve_alias(resolution, point, *alias, taken, layers,
                                  depth, optional || wild);
            if (added < 0)
                return -1;
            total += added;
        }
    /* A wildcard may mean places besides aliases. */
    if (longest && !is_wild(point->components.items[0].name))
        return total;
    resolution->point = point;
    resolution->layers = layers;

    int added = resolve_place(resolution, optional || longest);

    if (longest && total + added == 0 && !optional) {
        report(resolution, point->token, "no match");
        return -1;
    }
    return added < 0 ? -1 : total + added;
}

void
resolve_points(struct unit *unit, const struct language_context *context,
               const struct script *script)
{
    LIST_EACH (probe, &script->probes)
        LIST_EACH (point, &(*probe)->points) {
            struct probe_resolution resolution = {
                .unit = unit,
                .context = context,
                .written = *probe,
                .asked = *point,
            };

            if ((*point)->condition)
                resolve_condition(unit, (*point)->condition);
            if (resolve(&resolution, *point, NULL, 0, is_optional(*point)) >
                    0 &&
                (*point)->sufficient)
                break;
        }
}
