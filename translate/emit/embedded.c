/*
 * C that stands in the script, between %{ and %}: it goes into the process as
 * it is.
 */

#include <string.h>

#include "translate/emit/emit_i.h"

/* ---- the file -------------------------------------------------------- */

static void
note_embedded(struct statement **slot, void *data)
{
    bool *found = data;

    *found = *found || (*slot)->kind == STATEMENT_EMBEDDED;
    ast_each_statement(*slot, note_embedded, data);
}

static void
note_expression(struct expression **slot, void *data)
{
    bool *found = data;

    *found = *found || (*slot)->kind == EXPRESSION_EMBEDDED;
}

static bool
body_embeds(struct statement *body)
{
    bool found = false;

    note_embedded(&body, &found);
    ast_walk(body, note_expression, &found);
    return found;
}

static bool
unit_embeds(const struct unit *unit)
{
    bool found = false;

    LIST_EACH (script, &unit->scripts) {
        found = found || (*script)->embedded.count > 0;
    }
    LIST_EACH (function, &unit->functions) {
        found = found || (*function)->embedded != NULL ||
                body_embeds((*function)->body);
    }
    LIST_EACH (probe, &unit->probes) {
        found = found || body_embeds((*probe)->body);
    }
    return found;
}

/* "k0, k1" */
static void
write_parameters(const struct variable *array, struct text *text)
{
    for (int i = 0; i < array->arity; i++)
        text_printf(text, "%sk%d", i > 0 ? ", " : "", i);
}

static void
write_keys(const struct variable *array, struct text *text)
{
    text_puts(text, "((const union rt_value[]){");
    for (int i = 0; i < array->arity; i++)
        text_printf(text,
                    array->index_types[i] == TYPE_STRING
                        ? "{.string = rt_embedded_string(k%d)}, "
                        : "{.number = (k%d)}, ",
                    i);
    text_puts(text, "})");
}

/* Those of an array raise an error when it is full, as the language does. */
static void
write_array_accessors(struct emitter *emitter, const struct variable *array,
                      struct text *text)
{
    const char *name = emit_variable_name(emitter, array);
    bool string = array->type == TYPE_STRING;

    if (!string && array->type != TYPE_LONG)
        return;
    text_printf(text, "#define STAP_GLOBAL_GET_%s(", array->name);
    write_parameters(array, text);
    text_printf(text, ") (rt_map_%s(&%s, ", string ? "string" : "long", name);
    write_keys(array, text);
    text_printf(text, ")%s)\n#define STAP_GLOBAL_SET_%s(",
                string ? ".text" : "", array->name);
    write_parameters(array, text);
    text_printf(text, ", value) rt_map_set_%s(&%s, ",
                string ? "string" : "long", name);
    write_keys(array, text);
    text_puts(text, string ? ", rt_embedded_string(value))\n" : ", (value))\n");
}

static void
write_accessors(struct emitter *emitter, const struct variable *variable,
                struct text *text)
{
    const char *name = emit_variable_name(emitter, variable);

    if (variable->arity > 0) {
        write_array_accessors(emitter, variable, text);
        return;
    }
    if (variable->type == TYPE_LONG)
        text_printf(text,
                    "#define STAP_GLOBAL_GET_%s() (%s)\n"
                    "#define STAP_GLOBAL_SET_%s(value) (%s = (value))\n",
                    variable->name, name, variable->name, name);
    else if (variable->type == TYPE_STRING)
        text_printf(text,
                    "#define STAP_GLOBAL_GET_%s() (%s.variable.text)\n"
                    "#define STAP_GLOBAL_SET_%s(value) rt_store(&%s.variable, "
                    "rt_embedded_string(value))\n",
                    variable->name, name, variable->name, name);
}

void
emit_embedded_file(struct emitter *emitter, struct text *text)
{
    const struct unit *unit = emitter->unit;

    if (!unit_embeds(unit))
        return;
    text_printf(text,
                "#include \"runtime/values/embedded.h\"\n\n"
                "#define MAXSTRINGLEN %lld\n",
                (long long)emitter->limits->string_size);
    LIST_EACH (variable, &unit->globals) {
        write_accessors(emitter, *variable, text);
    }
    LIST_EACH (script, &unit->scripts) {
        LIST_EACH (token, &(*script)->embedded) {
            text_printf(text, "\n%s\n", (*token)->text);
        }
    }
    text_putc(text, '\n');
}

/* ---- functions ------------------------------------------------------- */

/* What scripts of long ago write: THIS->parameter and THIS->__retvalue. */
static void
write_this(struct emitter *emitter, const struct function *function,
           struct text *text)
{
    emit_open(emitter, "struct ");
    LIST_EACH (parameter, &function->parameters)
        emit_line(emitter, "%s%s;",
                  (*parameter)->type == TYPE_STRING ? "const char *"
                                                    : "int64_t ",
                  (*parameter)->name);
    emit_line(emitter, function->type == TYPE_STRING
                           ? "char __retvalue[MAXSTRINGLEN];"
                           : "int64_t __retvalue;");
    emitter->indentation--;
    emit_line(emitter, "} rt_this = {");
    LIST_EACH (parameter, &function->parameters)
        emit_line(emitter, "    .%s = l_%s%s,", (*parameter)->name,
                  (*parameter)->name,
                  (*parameter)->type == TYPE_STRING ? ".text" : "");
    emit_line(emitter, "};");
    emit_line(emitter, "(void)rt_this;");
    text_puts(text, "#define rt_value (rt_this.__retvalue)\n"
                    "#define THIS (&rt_this)\n");
}

/*
 * Parameters come as l_NAME; the value goes to STAP_RETVALUE, for a string an
 * array of MAXSTRINGLEN bytes.
 */
void
emit_embedded_function(struct emitter *emitter, const struct function *function,
                       struct text *text)
{
    emitter->out = text;
    emit_line(emitter, "const size_t base = rt_mark();");
    emit_line(emitter, "static const char rt_embedded_place[] = %s;",
              emit_place(emitter, function->token));
    emit_line(emitter, "(void)rt_embedded_place;");
    LIST_EACH (parameter, &function->parameters) {
        text_printf(text, "#define STAP_ARG_%s (l_%s%s)\n", (*parameter)->name,
                    (*parameter)->name,
                    (*parameter)->type == TYPE_STRING ? ".text" : "");
        emit_line(emitter, "(void)l_%s;", (*parameter)->name);
    }
    if (strstr(function->embedded, "/* unmangled */") != NULL)
        write_this(emitter, function, text);
    else if (function->type == TYPE_STRING)
        emit_line(emitter, "char rt_value[MAXSTRINGLEN] = \"\";");
    else if (function->type == TYPE_LONG)
        emit_line(emitter, "int64_t rt_value = 0;");
    if (function->type == TYPE_STRING) {
        text_puts(text, "#define STAP_RETURN(value) do { strlcpy(rt_value, "
                        "(value), MAXSTRINGLEN); goto out; } while (0)\n");
    } else if (function->type == TYPE_LONG) {
        text_puts(text, "#define STAP_RETURN(value) do { rt_value = (value); "
                        "goto out; } while (0)\n");
    } else {
        text_puts(text, "#define STAP_RETURN() goto out\n");
    }
    text_printf(text, "#define STAP_RETVALUE rt_value\n{%s}\n",
                function->embedded);
    emit_line(emitter, "goto out;");
    text_puts(text, "out:\n");
    if (function->type == TYPE_STRING)
        emit_line(emitter, "return rt_return(base, "
                           "rt_embedded_string(rt_value));");
    else
        emit_line(emitter, "rt_release(base);");
    if (function->type == TYPE_LONG)
        emit_line(emitter, "return rt_value;");
    text_puts(text, "#undef STAP_RETURN\n#undef STAP_RETVALUE\n"
                    "#undef rt_value\n#undef THIS\n");
    LIST_EACH (parameter, &function->parameters) {
        text_printf(text, "#undef STAP_ARG_%s\n", (*parameter)->name);
    }
}

/* ---- bodies ---------------------------------------------------------- */

void
emit_embedded_statement(struct emitter *emitter,
                        const struct statement *statement)
{
    emit_open(emitter, "%s", "");
    text_printf(emitter->out, "%s\n", statement->embedded);
    emit_close(emitter);
}

struct operand
emit_embedded_expression(struct emitter *emitter,
                         const struct expression *expression)
{
    const char *value = expression->embedded;

    if (expression->type != TYPE_STRING)
        return emit_temporary(emitter, TYPE_LONG,
                              emit_text(emitter, "(%s)", value), STEADY);
    emitter->scratch_used = true;
    return emit_temporary(emitter, TYPE_STRING,
                          emit_text(emitter, "rt_embedded_string((%s))", value),
                          STEADY);
}
