#include "language/print/print.h"

#include <inttypes.h>
#include <string.h>

#include "language/words/at_operator.h"
#include "language/words/operator.h"

void
print_string(struct text *text, const char *string)
{
    static const char special[] = "\"\\\a\b\t\n\v\f\r";
    static const char letters[] = "\"\\abtnvfr";

    text_putc(text, '"');
    for (; *string; string++) {
        const char *found = strchr(special, *string);

        if (found)
            text_printf(text, "\\%c", letters[found - special]);
        else if (*string >= ' ' && *string < 0x7f)
            text_putc(text, *string);
        else
            text_printf(text, "\\%03o", (unsigned char)*string);
    }
    text_putc(text, '"');
}

/* Expressions separated by commas; '*' for NULL. */
static void
print_list(struct text *text, const expression_list *list)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (i)
            text_puts(text, ", ");
        if (list->items[i])
            expression_print(list->items[i], text);
        else
            text_putc(text, '*');
    }
}

/* In parentheses unless nothing around it can take it apart. */
static void
print_operand(struct text *text, const struct expression *e)
{
    bool composed =
        e->kind == EXPRESSION_IN || e->kind == EXPRESSION_UNARY ||
        e->kind == EXPRESSION_BINARY || e->kind == EXPRESSION_TERNARY ||
        e->kind == EXPRESSION_ASSIGN || e->kind == EXPRESSION_INCREMENT ||
        e->kind == EXPRESSION_REGEX;
    bool address = e->kind == EXPRESSION_TARGET && e->target.address_of;

    if (composed || address)
        text_putc(text, '(');
    expression_print(e, text);
    if (composed || address)
        text_putc(text, ')');
}

static void
print_call(struct text *text, const struct expression *e)
{
    text_printf(text, "%s(", e->call.name);
    print_list(text, &e->call.arguments);
    text_putc(text, ')');
}

static void
print_print(struct text *text, const struct expression *e)
{
    text_printf(text, "%sprint%s%s(", e->print.to_string ? "s" : "",
                e->print.format      ? "f"
                : e->print.delimiter ? "d"
                                     : "",
                e->print.newline ? "ln" : "");
    if (e->print.format)
        print_string(text, e->print.format);
    if (e->print.delimiter)
        print_string(text, e->print.delimiter->string);
    if ((e->print.format || e->print.delimiter) && e->print.arguments.count)
        text_puts(text, ", ");
    print_list(text, &e->print.arguments);
    text_putc(text, ')');
}

static void
print_histogram(struct text *text, const struct expression *e)
{
    text_puts(text, e->histogram.linear ? "@hist_linear(" : "@hist_log(");
    expression_print(e->histogram.stats, text);
    if (e->histogram.linear)
        text_printf(text, ", %" PRId64 ", %" PRId64 ", %" PRId64,
                    e->histogram.low, e->histogram.high, e->histogram.step);
    text_putc(text, ')');
}

static void
print_target(struct text *text, const struct expression *e)
{
    if (e->target.address_of)
        text_putc(text, '&');
    switch (e->target.kind) {
    case TARGET_CONTEXT:
        text_puts(text, e->target.name);
        break;
    case TARGET_VAR:
        text_puts(text, "@var(");
        print_string(text, e->target.name);
        break;
    case TARGET_CAST:
        text_puts(text, "@cast(");
        expression_print(e->target.operand, text);
        text_puts(text, ", ");
        print_string(text, e->target.type_name);
        break;
    case TARGET_AUTO:
        print_operand(text, e->target.operand);
        break;
    }
    if (e->target.module) {
        text_puts(text, ", ");
        print_string(text, e->target.module);
    }
    if (e->target.kind == TARGET_VAR || e->target.kind == TARGET_CAST)
        text_putc(text, ')');
    LIST_EACH (access, &e->target.accesses) {
        if (access->kind == ACCESS_MEMBER) {
            text_printf(text, "->%s", access->member);
        } else if (access->kind == ACCESS_INDEX) {
            text_putc(text, '[');
            expression_print(access->index, text);
            text_putc(text, ']');
        } else {
            text_puts(text, access->depth == 2 ? "$$" : "$");
        }
    }
}

static void
print_in(struct text *text, const struct expression *e)
{
    if (e->in.indexes.count == 1 && e->in.indexes.items[0]) {
        print_operand(text, e->in.indexes.items[0]);
    } else {
        text_putc(text, '[');
        print_list(text, &e->in.indexes);
        text_putc(text, ']');
    }
    text_puts(text, " in ");
    expression_print(e->in.array, text);
}

static void
print_stat(struct text *text, const struct expression *e)
{
    text_printf(text, "%s(", at_operator_stat_name(e->stat.operator));
    expression_print(e->stat.stats, text);
    if (e->stat.shift)
        text_printf(text, ", %" PRId64, e->stat.shift);
    text_putc(text, ')');
}

static void
print_increment(struct text *text, const struct expression *e)
{
    const char *sign = e->increment.by > 0 ? "++" : "--";

    if (e->increment.before)
        text_puts(text, sign);
    print_operand(text, e->increment.target);
    if (!e->increment.before)
        text_puts(text, sign);
}

void
expression_print(const struct expression *e, struct text *text)
{
    switch (e->kind) {
    case EXPRESSION_NUMBER:
        /* Without a sign, which would be an operator. */
        text_printf(text, "%" PRIu64, (uint64_t)e->number);
        break;
    case EXPRESSION_STRING:
        print_string(text, e->string);
        break;
    case EXPRESSION_SYMBOL:
        text_puts(text, e->symbol.name);
        break;
    case EXPRESSION_INDEX:
        expression_print(e->index.base, text);
        text_putc(text, '[');
        print_list(text, &e->index.indexes);
        text_putc(text, ']');
        break;
    case EXPRESSION_IN:
        print_in(text, e);
        break;
    case EXPRESSION_UNARY:
        text_puts(text, operator_unary_text(e->unary.operator));
        print_operand(text, e->unary.operand);
        break;
    case EXPRESSION_BINARY:
        print_operand(text, e->binary.left);
        text_printf(text, " %s ", operator_table[e->binary.operator].text);
        print_operand(text, e->binary.right);
        break;
    case EXPRESSION_TERNARY:
        print_operand(text, e->ternary.condition);
        text_puts(text, " ? ");
        print_operand(text, e->ternary.yes);
        text_puts(text, " : ");
        print_operand(text, e->ternary.no);
        break;
    case EXPRESSION_ASSIGN:
        print_operand(text, e->assign.target);
        text_printf(text, " %s ", operator_assign_text(e->assign.operator));
        print_operand(text, e->assign.value);
        break;
    case EXPRESSION_INCREMENT:
        print_increment(text, e);
        break;
    case EXPRESSION_REGEX:
        print_operand(text, e->regex.subject);
        text_puts(text, e->regex.negated ? " !~ " : " =~ ");
        print_string(text, e->regex.pattern);
        break;
    case EXPRESSION_CALL:
        print_call(text, e);
        break;
    case EXPRESSION_PRINT:
        print_print(text, e);
        break;
    case EXPRESSION_STAT:
        print_stat(text, e);
        break;
    case EXPRESSION_HISTOGRAM:
        print_histogram(text, e);
        break;
    case EXPRESSION_TARGET:
        print_target(text, e);
        break;
    case EXPRESSION_DEFINED:
    case EXPRESSION_ENTRY:
        text_puts(text,
                  e->kind == EXPRESSION_DEFINED ? "@defined(" : "@entry(");
        expression_print(e->defined.operand, text);
        text_putc(text, ')');
        break;
    case EXPRESSION_OPERATOR:
        text_puts(text, e->at.operator->name);
        if (e->at.operator->most) {
            text_putc(text, '(');
            print_list(text, &e->at.arguments);
            text_putc(text, ')');
        }
        break;
    case EXPRESSION_EMBEDDED:
        text_printf(text, "%%{%s%%}", e->embedded);
        break;
    }
}
