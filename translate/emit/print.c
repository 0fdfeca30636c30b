/*
 * print, printf, sprint and their kin: all come to a table of directives and
 * an array of arguments.
 */

#include <string.h>

#include "translate/emit/emit_i.h"

/* What is being put together. */
struct printing {
    struct text directives;    /* rows of the table */
    unsigned count;            /* of them */
    struct text words;         /* text that is not in the table yet */
    const char *text;          /* of the only row, if it is text */
    char conversion;           /* of the only row, if it is plain */
    expression_list arguments; /* those that directives are for */
};

/* Text that comes in pieces is one row. */
static void
add_text(struct printing *printing, const char *text)
{
    if (*text != '\0')
        text_puts(&printing->words, text);
}

static void
end_text(struct emitter *emitter, struct printing *printing)
{
    if (printing->words.size == 0)
        return;
    printing->text = emit_text(emitter, "%s", printing->words.data);
    text_printf(&printing->directives, "    RT_WORDS(%s),\n",
                emit_quote(emitter, printing->text));
    printing->count++;
    text_free(&printing->words);
}

/* "RT_LEFT | RT_ZERO" */
static const char *
flag_names(struct emitter *emitter, const struct format_directive *directive)
{
    const struct {
        bool set;
        const char *name;
    } flags[] = {
        {directive->left, "RT_LEFT"},           {directive->plus, "RT_PLUS"},
        {directive->space, "RT_SPACE"},         {directive->zero, "RT_ZERO"},
        {directive->alternate, "RT_ALTERNATE"},
    };
    const char *names = "0";
    size_t i;

    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (flags[i].set && *names == '0')
            names = flags[i].name;
        else if (flags[i].set)
            names = emit_text(emitter, "%s | %s", names, flags[i].name);
    }
    return names;
}

static const char *
field_size(struct emitter *emitter, int fixed, int argument)
{
    if (argument >= 0)
        return "RT_ARGUMENT";
    return fixed < 0 ? "RT_DEFAULT" : emit_text(emitter, "%d", fixed);
}

static void
add_field(struct emitter *emitter, struct printing *printing,
          const struct format_directive *directive)
{
    const char *flags = flag_names(emitter, directive);
    const char *width =
        field_size(emitter, directive->width, directive->width_argument);
    const char *precision = field_size(emitter, directive->precision,
                                       directive->precision_argument);

    end_text(emitter, printing);
    text_printf(&printing->directives, "    RT_FIELD('%c', %s, %s, %s),\n",
                directive->conversion, flags, width, precision);
    printing->count++;
    printing->conversion = 0;
    if (*flags == '0' && strcmp(width, "RT_DEFAULT") == 0 &&
        strcmp(precision, "RT_DEFAULT") == 0)
        printing->conversion = directive->conversion;
}

static void
add_format(struct emitter *emitter, struct printing *printing,
           const struct expression *expression)
{
    LIST_EACH (directive, &expression->print.directives) {
        if (directive->conversion == 0)
            add_text(printing, directive->text);
        else
            add_field(emitter, printing, directive);
    }
    printing->arguments = expression->print.arguments;
}

/* print(a, b), printd(",", a, b) and the like.  Literals need no directive. */
static void
add_values(struct emitter *emitter, struct printing *printing,
           const struct expression *expression)
{
    const expression_list *list = &expression->print.arguments;
    unsigned i;

    for (i = 0; i < list->count; i++) {
        struct expression *value = list->items[i];
        struct format_directive directive = {
            .conversion = value->type == TYPE_STRING ? 's' : 'd',
            .width = -1,
            .precision = -1,
            .width_argument = -1,
            .precision_argument = -1,
        };

        if (i > 0 && expression->print.delimiter != NULL)
            add_text(printing, expression->print.delimiter->string);
        if (value->kind == EXPRESSION_STRING) {
            add_text(printing, value->string);
        } else {
            add_field(emitter, printing, &directive);
            LIST_ADD(emitter->arena, &printing->arguments, value);
        }
    }
}

static const char *
argument_array(struct emitter *emitter, const expression_list *list,
               const struct operand *operands)
{
    const char *name = "NULL";
    struct text values = {0};
    unsigned i;

    for (i = 0; i < list->count; i++)
        text_printf(&values, "%s{.%s = %s}", i > 0 ? ", " : "",
                    list->items[i]->type == TYPE_STRING ? "string" : "number",
                    operands[i].text);
    if (list->count > 0) {
        name = emit_text(emitter, "v%u", emit_name(emitter));
        emit_line(emitter, "const union rt_value %s[] = {%s};", name,
                  text_string(&values));
    }
    text_free(&values);
    return name;
}

/* What needs no table.  False if it does. */
static bool
print_simply(struct emitter *emitter, const struct printing *printing,
             const struct operand *operands)
{
    if (printing->count == 0)
        return true;
    if (printing->count > 1)
        return false;
    if (printing->text != NULL) {
        emit_line(emitter, "rt_print_text(%s, %zu);",
                  emit_quote(emitter, printing->text), strlen(printing->text));
        return true;
    }
    if (printing->conversion == 's')
        emit_line(emitter, "rt_print_string(%s);", operands[0].text);
    else if (printing->conversion == 'd')
        emit_line(emitter, "rt_print_long(%s);", operands[0].text);
    else
        return false;
    return true;
}

/* The table, and the three arguments that name what is to be printed. */
static const char *
write_table(struct emitter *emitter, const struct printing *printing,
            const struct operand *operands)
{
    unsigned number = emit_name(emitter);

    text_printf(&emitter->tables,
                "static const struct rt_directive format_%u[] = {\n%s};\n\n",
                number, printing->directives.data);
    return emit_text(emitter, "format_%u, %u, %s", number, printing->count,
                     argument_array(emitter, &printing->arguments, operands));
}

static struct operand
print_to_string(struct emitter *emitter, const struct printing *printing,
                const struct operand *operands)
{
    const char *words;

    if (printing->count == 0)
        return (struct operand){"RT_TEXT(\"\")", STEADY};
    words = write_table(emitter, printing, operands);
    emitter->scratch_used = true;
    return emit_temporary(emitter, TYPE_STRING,
                          emit_text(emitter, "rt_sprintf(%s)", words), STEADY);
}

struct operand
emit_print(struct emitter *emitter, const struct expression *expression)
{
    struct operand result = {NULL, STEADY};
    struct printing printing = {0};
    struct operand *operands;

    if (expression->print.arguments.count == 1 &&
        expression->print.arguments.items[0]->kind == EXPRESSION_HISTOGRAM)
        return emit_print_histogram(emitter, expression);
    if (expression->print.format != NULL)
        add_format(emitter, &printing, expression);
    else
        add_values(emitter, &printing, expression);
    if (expression->print.newline)
        add_text(&printing, "\n");
    end_text(emitter, &printing);

    operands = arena_alloc(emitter->arena,
                           (printing.arguments.count + 1) * sizeof(*operands));
    emit_operands(emitter, printing.arguments.items, printing.arguments.count,
                  operands);
    if (expression->print.to_string)
        result = print_to_string(emitter, &printing, operands);
    else if (!print_simply(emitter, &printing, operands))
        emit_line(emitter, "rt_printf(%s);",
                  write_table(emitter, &printing, operands));
    text_free(&printing.directives);
    return result;
}
