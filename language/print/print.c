#include "language/print/print.h"

#include <inttypes.h>

#include "language/words/at_operator.h"

static void
indent(struct text *text, unsigned depth)
{
    text_printf(text, "%*s", (int)depth * 2, "");
}

static void
print_optional(struct text *text, const struct expression *e)
{
    if (e)
        expression_print(e, text);
}

/* ---- statements ------------------------------------------------------ */

static void
print_sort(struct text *text, const struct statement *s, unsigned column)
{
    if (s->foreach.sort && s->foreach.sort_column == column)
        text_putc(text, s->foreach.sort > 0 ? '+' : '-');
}

static void
print_foreach(struct text *text, const struct statement *s)
{
    text_puts(text, "foreach (");
    if (s->foreach.value) {
        expression_print(s->foreach.value, text);
        text_puts(text, " = ");
    }
    text_putc(text, '[');
    for (unsigned i = 0; i < s->foreach.keys.count; i++) {
        if (i)
            text_puts(text, ", ");
        expression_print(s->foreach.keys.items[i], text);
        print_sort(text, s, i + 1);
    }
    text_puts(text, "] in ");
    expression_print(s->foreach.array, text);
    if (s->foreach.slice.count) {
        text_putc(text, '[');
        for (unsigned i = 0; i < s->foreach.slice.count; i++) {
            if (i)
                text_puts(text, ", ");
            if (s->foreach.slice.items[i])
                expression_print(s->foreach.slice.items[i], text);
            else
                text_putc(text, '*');
        }
        text_putc(text, ']');
    }
    if (s->foreach.sort_operator != STAT_COUNT)
        text_printf(text, " %s ",
                    at_operator_stat_name(s->foreach.sort_operator));
    print_sort(text, s, 0);
    if (s->foreach.limit) {
        text_puts(text, " limit ");
        expression_print(s->foreach.limit, text);
    }
    text_puts(text, ")\n");
}

static void
print_loop(struct text *text, const struct statement *s)
{
    if (!s->loop.initial && !s->loop.step && s->loop.condition) {
        text_puts(text, "while (");
        expression_print(s->loop.condition, text);
    } else {
        text_puts(text, "for (");
        print_optional(text, s->loop.initial);
        text_puts(text, "; ");
        print_optional(text, s->loop.condition);
        text_puts(text, "; ");
        print_optional(text, s->loop.step);
    }
    text_puts(text, ")\n");
}

static void
print_block(struct text *text, const struct statement *s, unsigned depth)
{
    text_puts(text, "{\n");
    LIST_EACH (one, &s->block)
        print_statement(text, *one, depth + 1);
    indent(text, depth);
    text_puts(text, "}\n");
}

/* The part of an if or a loop; braces keep an else with its if. */
static void
print_body(struct text *text, const struct statement *s, unsigned depth)
{
    if (s->kind == STATEMENT_IF) {
        indent(text, depth);
        text_puts(text, "{\n");
        print_statement(text, s, depth + 1);
        indent(text, depth);
        text_puts(text, "}\n");
    } else {
        print_statement(text, s,
                        s->kind == STATEMENT_BLOCK ? depth : depth + 1);
    }
}

static void
print_try(struct text *text, const struct statement *s, unsigned depth)
{
    text_puts(text, "try ");
    print_block(text, s->try.body, depth);
    indent(text, depth);
    text_puts(text, "catch ");
    if (s->try.message) {
        text_putc(text, '(');
        expression_print(s->try.message, text);
        text_puts(text, ") ");
    }
    print_block(text, s->try.handler, depth);
}

void
print_statement(struct text *text, const struct statement *s, unsigned depth)
{
    indent(text, depth);
    switch (s->kind) {
    case STATEMENT_NULL:
        text_puts(text, ";\n");
        break;
    case STATEMENT_BLOCK:
        print_block(text, s, depth);
        break;
    case STATEMENT_EXPRESSION:
        expression_print(s->expression, text);
        text_puts(text, ";\n");
        break;
    case STATEMENT_IF:
        text_puts(text, "if (");
        expression_print(s->branch.condition, text);
        text_puts(text, ")\n");
        print_body(text, s->branch.yes, depth);
        if (s->branch.no) {
            indent(text, depth);
            text_puts(text, "else\n");
            print_body(text, s->branch.no, depth);
        }
        break;
    case STATEMENT_LOOP:
        print_loop(text, s);
        print_body(text, s->loop.body, depth);
        break;
    case STATEMENT_FOREACH:
        print_foreach(text, s);
        print_body(text, s->foreach.body, depth);
        break;
    case STATEMENT_BREAK:
        text_puts(text, "break;\n");
        break;
    case STATEMENT_CONTINUE:
        text_puts(text, "continue;\n");
        break;
    case STATEMENT_NEXT:
        text_puts(text, "next;\n");
        break;
    case STATEMENT_RETURN:
        text_puts(text, "return");
        if (s->expression) {
            text_putc(text, ' ');
            expression_print(s->expression, text);
        }
        text_puts(text, ";\n");
        break;
    case STATEMENT_DELETE:
        text_puts(text, "delete ");
        expression_print(s->delete, text);
        text_puts(text, ";\n");
        break;
    case STATEMENT_TRY:
        print_try(text, s, depth);
        break;
    case STATEMENT_EMBEDDED:
        text_printf(text, "%%{%s%%}\n", s->embedded);
        break;
    }
}

/* ---- declarations ---------------------------------------------------- */

/* A literal with its sign, as declarations and probe points take it. */
static void
print_literal(struct text *text, const struct expression *e)
{
    if (e->kind == EXPRESSION_NUMBER)
        text_printf(text, "%" PRId64, e->number);
    else
        print_string(text, e->string);
}

void
probe_point_print(const struct probe_point *point, struct text *text)
{
    for (unsigned i = 0; i < point->components.count; i++) {
        const struct probe_component *component = &point->components.items[i];

        text_printf(text, "%s%s", i ? "." : "", component->name);
        if (component->argument) {
            text_putc(text, '(');
            print_literal(text, component->argument);
            text_putc(text, ')');
        }
    }
    if (point->optional)
        text_putc(text, '?');
    if (point->sufficient)
        text_putc(text, '!');
    if (point->condition) {
        text_puts(text, " if (");
        expression_print(point->condition, text);
        text_putc(text, ')');
    }
}

static void
print_points(struct text *text, const point_list *points)
{
    for (unsigned i = 0; i < points->count; i++) {
        if (i)
            text_puts(text, ", ");
        probe_point_print(points->items[i], text);
    }
}

/* What an array's declaration has behind its name. */
static void
print_size(struct text *text, const struct variable *variable)
{
    if (variable->wrap)
        text_putc(text, '%');
    if (variable->max_entries)
        text_printf(text, "[%" PRId64 "]", variable->max_entries);
}

static void
print_global(struct text *text, const struct variable *variable)
{
    text_printf(text, "%sglobal %s", variable->private ? "private " : "",
                variable->name);
    print_size(text, variable);
    if (variable->initial) {
        text_puts(text, " = ");
        print_literal(text, variable->initial);
    }
    text_putc(text, '\n');
}

static void
print_type(struct text *text, enum type type)
{
    if (type != TYPE_UNKNOWN)
        text_printf(text, ":%s", type_name(type));
}

static void
print_function(struct text *text, const struct function *function)
{
    text_printf(text, "%sfunction %s", function->private ? "private " : "",
                function->name);
    print_type(text, function->declared);
    text_puts(text, " (");
    for (unsigned i = 0; i < function->parameters.count; i++) {
        const struct variable *parameter = function->parameters.items[i];

        text_printf(text, "%s%s", i ? ", " : "", parameter->name);
        print_type(text, parameter->type);
    }
    text_putc(text, ')');
    if (function->priority > 0)
        text_printf(text, ":%" PRId64, function->priority);
    text_putc(text, '\n');
    if (function->body)
        print_statement(text, function->body, 0);
    else
        text_printf(text, "%%{%s%%}\n", function->embedded);
}

static void
print_alias(struct text *text, const struct alias *alias)
{
    text_puts(text, "probe ");
    probe_point_print(alias->name, text);
    text_puts(text, alias->prologue ? " = " : " += ");
    print_points(text, &alias->points);
    text_putc(text, '\n');
    if (alias->prologue)
        print_statement(text, alias->prologue, 0);
    if (alias->prologue && alias->epilogue)
        text_puts(text, ",\n");
    if (alias->epilogue)
        print_statement(text, alias->epilogue, 0);
}

void
unit_print_tree(const struct unit *unit, struct text *text)
{
    LIST_EACH (at, &unit->scripts) {
        const struct script *script = *at;

        if (script->source->library)
            continue;
        text_printf(text, "# file %s\n", script->source->name);
        LIST_EACH (token, &script->embedded)
            text_printf(text, "%%{%s%%}\n", (*token)->text);
        LIST_EACH (variable, &script->globals)
            print_global(text, *variable);
        LIST_EACH (function, &script->functions)
            print_function(text, *function);
        LIST_EACH (alias, &script->aliases)
            print_alias(text, *alias);
        LIST_EACH (probe, &script->probes) {
            text_puts(text, "probe ");
            print_points(text, &(*probe)->points);
            text_putc(text, '\n');
            print_statement(text, (*probe)->body, 0);
        }
    }
}

/* ---- symbols --------------------------------------------------------- */

static void
print_variable(struct text *text, const struct variable *variable)
{
    text_puts(text, variable->name);
    print_size(text, variable);
    text_printf(text, ":%s", type_name(variable->type));
    if (variable->arity > 0) {
        text_puts(text, " [");
        for (int i = 0; i < variable->arity; i++)
            text_printf(text, "%s%s", i ? ", " : "",
                        type_name(variable->index_types[i]));
        text_putc(text, ']');
    }
}

static void
print_locals(struct text *text, const variable_list *locals)
{
    if (locals->count)
        text_puts(text, "  # locals\n");
    LIST_EACH (variable, locals) {
        text_puts(text, "  ");
        print_variable(text, *variable);
        text_putc(text, '\n');
    }
}

static void
print_function_symbols(struct text *text, const struct function *function)
{
    text_printf(text, "%s:%s (", function->name, type_name(function->type));
    for (unsigned i = 0; i < function->parameters.count; i++) {
        if (i)
            text_puts(text, ", ");
        print_variable(text, function->parameters.items[i]);
    }
    text_puts(text, ")\n");
    print_locals(text, &function->locals);
}

static bool
same_types(const variable_list *a, const variable_list *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->items[i]->type != b->items[i]->type)
            return false;
    return true;
}

/* A probe's copy of a function that is like an earlier probe's is no news. */
static bool
was_printed(const struct unit *unit, unsigned number)
{
    const struct function *function = unit->functions.items[number];

    for (unsigned i = 0; function->probe && i < number; i++) {
        const struct function *other = unit->functions.items[i];

        if (other->token == function->token && other->type == function->type &&
            same_types(&other->parameters, &function->parameters) &&
            same_types(&other->locals, &function->locals))
            return true;
    }
    return false;
}

void
unit_print_symbols(const struct unit *unit, struct text *text)
{
    if (unit->globals.count)
        text_puts(text, "# globals\n");
    LIST_EACH (variable, &unit->globals) {
        print_variable(text, *variable);
        text_putc(text, '\n');
    }
    if (unit->functions.count)
        text_puts(text, "# functions\n");
    for (unsigned i = 0; i < unit->functions.count; i++)
        if (!was_printed(unit, i))
            print_function_symbols(text, unit->functions.items[i]);
    if (unit->probes.count)
        text_puts(text, "# probes\n");
    LIST_EACH (at, &unit->probes) {
        const struct probe *probe = *at;

        text_printf(text, "%s /* <- ", probe->name);
        probe_point_print(probe->asked, text);
        text_puts(text, " */\n");
        print_locals(text, &probe->locals);
    }
}
