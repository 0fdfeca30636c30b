#include "translate/emit/emit.h"

#include <stdarg.h>
#include <string.h>

#include "translate/emit/emit_i.h"

/* ---- writing --------------------------------------------------------- */

static void
indent(struct emitter *emitter)
{
    unsigned i;

    for (i = 0; i < emitter->indentation; i++)
        text_puts(emitter->out, "    ");
}

void
emit_line(struct emitter *emitter, const char *format, ...)
{
    va_list arguments;

    indent(emitter);
    va_start(arguments, format);
    text_vprintf(emitter->out, format, arguments);
    va_end(arguments);
    text_putc(emitter->out, '\n');
}

void
emit_open(struct emitter *emitter, const char *format, ...)
{
    va_list arguments;

    indent(emitter);
    va_start(arguments, format);
    text_vprintf(emitter->out, format, arguments);
    va_end(arguments);
    text_puts(emitter->out, "{\n");
    emitter->indentation++;
}

void
emit_close(struct emitter *emitter)
{
    emitter->indentation--;
    emit_line(emitter, "}");
}

const char *
emit_text(struct emitter *emitter, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    const char *copy;

    va_start(arguments, format);
    text_vprintf(&text, format, arguments);
    va_end(arguments);
    copy = arena_string(emitter->arena, text_string(&text), text.size);
    text_free(&text);
    return copy;
}

const char *
emit_quote(struct emitter *emitter, const char *string)
{
    struct text text = {0};
    const char *copy;

    text_quote(&text, string, strlen(string));
    copy = arena_string(emitter->arena, text.data, text.size);
    text_free(&text);
    return copy;
}

unsigned
emit_name(struct emitter *emitter)
{
    return ++emitter->names;
}

const char *
emit_place(struct emitter *emitter, const struct token *token)
{
    const struct position *at = &token->position;

    return emit_quote(emitter,
                      emit_text(emitter, "%s '%s' at %s:%u:%u",
                                token_kind_name(token->looks), token->text,
                                at->source->name, at->line, at->column));
}

void
emit_check(struct emitter *emitter, const struct token *token)
{
    emit_line(emitter, "RT_CHECK(%s, %s);", emitter->fail,
              emit_place(emitter, token));
    emitter->fail_used = true;
}

void
emit_leave(struct emitter *emitter)
{
    emit_line(emitter, "goto out;");
    emitter->out_used = true;
}

void
emit_refuse(struct emitter *emitter, const struct token *token,
            const char *what)
{
    unit_error(emitter->unit, token, "not supported yet: %s", what);
    emitter->failed = true;
}

/* ---- names ----------------------------------------------------------- */

/* Names of private globals need not be unique. */
const char *
emit_variable_name(struct emitter *emitter, const struct variable *variable)
{
    if (variable->kind != VARIABLE_GLOBAL)
        return emit_text(emitter, "l_%s", variable->name);
    if (variable->private)
        return emit_text(emitter, "g%u_%s", variable->id, variable->name);
    return emit_text(emitter, "g_%s", variable->name);
}

/* Overloads share a name. */
const char *
emit_function_name(struct emitter *emitter, const struct function *function)
{
    return emit_text(emitter, "f_%s_%u", function->name, function->id);
}

const char *
emit_storage(struct emitter *emitter, const struct variable *variable)
{
    const char *name = emit_variable_name(emitter, variable);

    if (variable->kind == VARIABLE_GLOBAL)
        return emit_text(emitter, "&%s.variable", name);
    return name;
}

bool
emit_is_value(const struct variable *variable)
{
    return variable->kind == VARIABLE_PARAMETER &&
           variable->type == TYPE_STRING && !variable->written;
}

/* ---- the whole ------------------------------------------------------- */

/* What -D defines for embedded C. */
static void
emit_definitions(const struct emit_limits *limits, struct text *text)
{
    for (unsigned i = 0; i < limits->definition_count; i++) {
        const char *definition = limits->definitions[i];
        int name = (int)strcspn(definition, "=");
        const char *value = definition + name;

        text_printf(text, "#define %.*s %s\n", name, definition,
                    *value == '=' ? value + 1 : "1");
    }
}

int
emit_program(struct unit *unit, const struct plan *plan,
             const struct emit_limits *limits, struct text *text,
             unsigned *parts)
{
    struct emitter emitter = {
        .unit = unit,
        .plan = plan,
        .limits = limits,
        .arena = &unit->arena,
    };
    struct text functions = {0}, handlers = {0};
    unsigned depth = emit_call_depth(unit);

    if (limits->nesting > 0)
        emitter.nesting = (unsigned)limits->nesting;
    else if (depth > 0)
        emitter.nesting = depth + EMIT_NESTING_MORE;

    emit_functions(&emitter, &functions);
    emit_handlers(&emitter, &handlers);

    text_puts(text, "#include \"runtime/runtime.h\"\n\n");
    emit_definitions(limits, text);
    emit_globals(&emitter, text);
    emit_embedded_file(&emitter, text);
    text_puts(text, text_string(&emitter.tables));
    text_puts(text, text_string(&functions));
    text_puts(text, text_string(&handlers));
    emit_program_tables(&emitter, text);
    *parts = emitter.parts;

    text_free(&emitter.tables);
    text_free(&functions);
    text_free(&handlers);
    return emitter.failed ? -1 : 0;
}
