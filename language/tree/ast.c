#include "language/tree/ast.h"

static void
each(expression_list *list, expression_slot *back, void *data)
{
    LIST_EACH (slot, list)
        if (*slot)
            back(slot, data);
}

static void
one(struct expression **slot, expression_slot *back, void *data)
{
    if (*slot)
        back(slot, data);
}

void
ast_each_operand(struct expression *e, expression_slot *back, void *data)
{
    switch (e->kind) {
    case EXPRESSION_NUMBER:
    case EXPRESSION_STRING:
    case EXPRESSION_SYMBOL:
    case EXPRESSION_EMBEDDED:
        break;
    case EXPRESSION_INDEX:
        one(&e->index.base, back, data);
        each(&e->index.indexes, back, data);
        break;
    case EXPRESSION_IN:
        each(&e->in.indexes, back, data);
        one(&e->in.array, back, data);
        break;
    case EXPRESSION_UNARY:
        one(&e->unary.operand, back, data);
        break;
    case EXPRESSION_BINARY:
        one(&e->binary.left, back, data);
        one(&e->binary.right, back, data);
        break;
    case EXPRESSION_TERNARY:
        one(&e->ternary.condition, back, data);
        one(&e->ternary.yes, back, data);
        one(&e->ternary.no, back, data);
        break;
    case EXPRESSION_ASSIGN:
        one(&e->assign.target, back, data);
        one(&e->assign.value, back, data);
        break;
    case EXPRESSION_INCREMENT:
        one(&e->increment.target, back, data);
        break;
    case EXPRESSION_REGEX:
        one(&e->regex.subject, back, data);
        break;
    case EXPRESSION_CALL:
        each(&e->call.arguments, back, data);
        break;
    case EXPRESSION_PRINT:
        one(&e->print.delimiter, back, data);
        each(&e->print.arguments, back, data);
        break;
    case EXPRESSION_STAT:
        one(&e->stat.stats, back, data);
        break;
    case EXPRESSION_HISTOGRAM:
        one(&e->histogram.stats, back, data);
        break;
    case EXPRESSION_TARGET:
        one(&e->target.operand, back, data);
        LIST_EACH (access, &e->target.accesses)
            one(&access->index, back, data);
        break;
    case EXPRESSION_DEFINED:
    case EXPRESSION_ENTRY:
        one(&e->defined.operand, back, data);
        break;
    case EXPRESSION_OPERATOR:
        each(&e->at.arguments, back, data);
        break;
    }
}

void
ast_each_expression(struct statement *s, expression_slot *back, void *data)
{
    switch (s->kind) {
    case STATEMENT_NULL:
    case STATEMENT_BLOCK:
    case STATEMENT_BREAK:
    case STATEMENT_CONTINUE:
    case STATEMENT_NEXT:
    case STATEMENT_EMBEDDED:
        break;
    case STATEMENT_EXPRESSION:
    case STATEMENT_RETURN:
        one(&s->expression, back, data);
        break;
    case STATEMENT_IF:
        one(&s->branch.condition, back, data);
        break;
    case STATEMENT_LOOP:
        one(&s->loop.initial, back, data);
        one(&s->loop.condition, back, data);
        one(&s->loop.step, back, data);
        break;
    case STATEMENT_FOREACH:
        one(&s->foreach.value, back, data);
        each(&s->foreach.keys, back, data);
        one(&s->foreach.array, back, data);
        each(&s->foreach.slice, back, data);
        one(&s->foreach.limit, back, data);
        break;
    case STATEMENT_DELETE:
        one(&s->delete, back, data);
        break;
    case STATEMENT_TRY:
        one(&s->try.message, back, data);
        break;
    }
}

void
ast_each_statement(struct statement *s, statement_slot *back, void *data)
{
    switch (s->kind) {
    case STATEMENT_BLOCK:
        LIST_EACH (slot, &s->block)
            back(slot, data);
        break;
    case STATEMENT_IF:
        back(&s->branch.yes, data);
        if (s->branch.no)
            back(&s->branch.no, data);
        break;
    case STATEMENT_LOOP:
        back(&s->loop.body, data);
        break;
    case STATEMENT_FOREACH:
        back(&s->foreach.body, data);
        break;
    case STATEMENT_TRY:
        back(&s->try.body, data);
        back(&s->try.handler, data);
        break;
    default:
        break;
    }
}

/* ---- walking --------------------------------------------------------- */

struct walk {
    expression_slot *back;
    void *data;
};

static void
walk_expression(struct expression **slot, void *data)
{
    struct walk *walk = data;

    ast_each_operand(*slot, walk_expression, walk);
    walk->back(slot, walk->data);
}

static void
walk_statement(struct statement **slot, void *data)
{
    ast_each_expression(*slot, walk_expression, data);
    ast_each_statement(*slot, walk_statement, data);
}

void
ast_walk(struct statement *statement, expression_slot *back, void *data)
{
    struct walk walk = {back, data};

    walk_statement(&statement, &walk);
}

/* ---- copying --------------------------------------------------------- */

/* Give a copied expression lists of its own. */
static void
own_lists(struct arena *arena, struct expression *e)
{
    switch (e->kind) {
    case EXPRESSION_INDEX:
        LIST_COPY(arena, &e->index.indexes);
        break;
    case EXPRESSION_IN:
        LIST_COPY(arena, &e->in.indexes);
        break;
    case EXPRESSION_CALL:
        LIST_COPY(arena, &e->call.arguments);
        break;
    case EXPRESSION_PRINT:
        LIST_COPY(arena, &e->print.arguments);
        LIST_COPY(arena, &e->print.directives);
        break;
    case EXPRESSION_TARGET:
        LIST_COPY(arena, &e->target.accesses);
        break;
    case EXPRESSION_OPERATOR:
        LIST_COPY(arena, &e->at.arguments);
        break;
    default:
        break;
    }
}

static void
clone_slot(struct expression **slot, void *arena)
{
    *slot = ast_clone_expression(arena, *slot);
}

struct expression *
ast_clone_expression(struct arena *arena, const struct expression *expression)
{
    struct expression *copy =
        arena_copy(arena, expression, sizeof(*expression));

    own_lists(arena, copy);
    ast_each_operand(copy, clone_slot, arena);
    return copy;
}

static void
clone_statement_slot(struct statement **slot, void *arena)
{
    *slot = ast_clone_statement(arena, *slot);
}

struct statement *
ast_clone_statement(struct arena *arena, const struct statement *statement)
{
    struct statement *copy = arena_copy(arena, statement, sizeof(*statement));

    if (copy->kind == STATEMENT_BLOCK)
        LIST_COPY(arena, &copy->block);
    if (copy->kind == STATEMENT_FOREACH) {
        LIST_COPY(arena, &copy->foreach.keys);
        LIST_COPY(arena, &copy->foreach.slice);
    }
    ast_each_expression(copy, clone_slot, arena);
    ast_each_statement(copy, clone_statement_slot, arena);
    return copy;
}

struct probe *
ast_clone_probe(struct arena *arena, const struct probe *probe)
{
    struct probe *copy = arena_copy(arena, probe, sizeof(*probe));

    LIST_COPY(arena, &copy->points);
    LIST_COPY(arena, &copy->locals);
    copy->body = ast_clone_statement(arena, probe->body);
    return copy;
}

const char *
type_name(enum type type)
{
    static const char *const names[] = {
        [TYPE_UNKNOWN] = "unknown", [TYPE_LONG] = "long",
        [TYPE_STRING] = "string",   [TYPE_STATS] = "stats",
        [TYPE_VOID] = "void",
    };

    return names[type];
}
