#include "language/tree/local.h"

#include <string.h>

struct search {
    const char *name;
    unsigned changes;
};

static void
look_at(struct expression **slot, void *data)
{
    struct search *search = data;
    const struct expression *e = *slot, *changed = NULL;

    if (e->kind == EXPRESSION_ASSIGN)
        changed = e->assign.target;
    else if (e->kind == EXPRESSION_INCREMENT)
        changed = e->increment.target;
    if (changed && changed->kind == EXPRESSION_SYMBOL &&
        !strcmp(changed->symbol.name, search->name))
        search->changes++;
}

static void
look_at_loops(struct statement **slot, void *data)
{
    struct search *search = data;
    struct statement *s = *slot;

    if (s->kind == STATEMENT_FOREACH) {
        if (s->foreach.value &&
            !strcmp(s->foreach.value->symbol.name, search->name))
            search->changes++;
        LIST_EACH (key, &s->foreach.keys)
            if (!strcmp((*key)->symbol.name, search->name))
                search->changes++;
    }
    if (s->kind == STATEMENT_TRY && s->try.message &&
        !strcmp(s->try.message->symbol.name, search->name))
        search->changes++;
    ast_each_statement(s, look_at_loops, search);
}

static struct expression *
find(struct statement *s, const char *name)
{
    struct expression *e = s->expression, *found = NULL;

    if (s->kind == STATEMENT_EXPRESSION)
        return e->kind == EXPRESSION_ASSIGN &&
                       e->assign.operator== ASSIGN_PLAIN &&
                       e->assign.target->kind == EXPRESSION_SYMBOL && !strcmp(
                           e->assign.target->symbol.name, name)
                   ? e
                   : NULL;
    if (s->kind == STATEMENT_BLOCK)
        LIST_EACH (one, &s->block)
            found = found ? found : find(*one, name);
    return found;
}

struct expression *
local_setting(struct statement *body, const char *name, unsigned *changes)
{
    struct search search = {.name = name};

    ast_walk(body, look_at, &search);
    look_at_loops(&body, &search);
    *changes = search.changes;
    return find(body, name);
}

bool
local_is_before(const struct token *a, const struct token *b)
{
    const struct position *left = &a->position, *right = &b->position;

    if (left->source != right->source || a->expansion != b->expansion)
        return true;
    return left->line < right->line ||
           (left->line == right->line && left->column < right->column);
}
