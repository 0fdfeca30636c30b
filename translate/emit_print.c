/*
 * print, printf, sprint and their kin: all come to a table of directives and
 * an array of arguments.
 */

#include <string.h>

#include "translate/emit_i.h"

/* What is being put together. */
struct printing {
    struct text directives; /* rows of the table */
    unsigned count;         /* of them */
    const char *text;       /* of the only one, if it is text */
    char conversion;        /* of the only one, if it is plain */
};

static void
add_text(struct emitter *emitter, struct printing *printing, const char *text)
{
    if (*text == '\0')
        return;
    text_printf(&printing->directives, "    RT_WORDS(%s),\n",
                emit_quote(emitter, text));
    printing->count++;
    printing->text = text;
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
    const struct format_directive *directive;

    LIST_EACH (each, &expression->print.directives) {
        directive = each;
        if (directive->conversion == 0)
            add_text(emitter, printing, directive->text);
        else if (strchr("mM", directive->conversion) != NULL)
            emit_refuse(emitter, expression->token,
                        "format directives %m and %M");
        else
            add_field(emitter, printing, directive);
    }
}

/* print(a, b), printd(",", a, b) and the like. */
static void
add_values(struct emitter *emitter, struct printing *printing,
           const struct expression *expression)
{
    const expression_list *list = &expression->print.arguments;
    unsigned i;

    for (i = 0; i < list->count; i++) {
        struct format_directive directive = {
            .conversion = list->items[i]->type == TYPE_STRING ? 's' : 'd',
            .width = -1,
            .precision = -1,
            .width_argument = -1,
            .precision_argument = -1,
        };

        if (i > 0 && expression->print.delimiter != NULL)
            add_text(emitter, printing, expression->print.delimiter->string);
        add_field(emitter, printing, &directive);
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

struct operand
emit_print(struct emitter *emitter, const struct expression *expression)
{
    const expression_list *list = &expression->print.arguments;
    struct operand *operands =
        arena_alloc(emitter->arena, (list->count + 1) * sizeof(*operands));
    struct operand result = {NULL, STEADY};
    struct printing printing = {0};
    unsigned number;
    const char *words;

    emit_operands(emitter, list->items, list->count, operands);
    if (expression->print.format != NULL)
        add_format(emitter, &printing, expression);
    else
        add_values(emitter, &printing, expression);
    if (expression->print.newline)
        add_text(emitter, &printing, "\n");

    if (!expression->print.to_string &&
        print_simply(emitter, &printing, operands))
        goto out;
    if (printing.count == 0) {
        result.text = "RT_TEXT(\"\")";
        goto out;
    }

    number = emit_name(emitter);
    text_printf(&emitter->tables,
                "static const struct rt_directive format_%u[] = {\n%s};\n\n",
                number, printing.directives.data);
    words = emit_text(emitter, "format_%u, %u, %s", number, printing.count,
                      argument_array(emitter, list, operands));
    if (expression->print.to_string) {
        result =
            emit_temporary(emitter, TYPE_STRING,
                           emit_text(emitter, "rt_sprintf(%s)", words), STEADY);
        emitter->scratch_used = true;
    } else {
        emit_line(emitter, "rt_printf(%s);", words);
    }

out:
    text_free(&printing.directives);
    return result;
}
