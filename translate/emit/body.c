/*
 * Bodies: functions and handlers.
 *
 *     static void
 *     handler_0(const uint8_t *payload)
 *     {
 *         its variables
 *         const size_t mark = rt_mark();
 *         ... statements ...
 *     out:
 *         rt_release(mark);
 *     }
 */

#include <string.h>

#include "translate/emit/condition.h"
#include "translate/emit/emit_i.h"

/* ---- variables ------------------------------------------------------- */

static void
declare(struct emitter *emitter, const struct variable *variable)
{
    const char *name = emit_variable_name(emitter, variable);

    switch (variable->type) {
    case TYPE_STRING:
        emit_line(emitter, "struct rt_variable *const %s = rt_local();", name);
        break;
    case TYPE_STATS:
        emit_line(emitter, "const struct rt_stats *%s = NULL;", name);
        break;
    default:
        emit_line(emitter, "int64_t %s = 0;", name);
        break;
    }
    if (!variable->read)
        emit_line(emitter, "(void)%s;", name);
}

/* A string parameter that the function stores to comes as a_NAME. */
static void
declare_parameter(struct emitter *emitter, const struct variable *variable)
{
    if (variable->type == TYPE_STRING && !emit_is_value(variable)) {
        declare(emitter, variable);
        emit_line(emitter, "rt_store(l_%s, a_%s);", variable->name,
                  variable->name);
    } else if (!variable->read) {
        emit_line(emitter, "(void)l_%s;", variable->name);
    }
}

static bool
has_strings(const variable_list *variables)
{
    LIST_EACH (each, variables) {
        if ((*each)->type == TYPE_STRING && !emit_is_value(*each))
            return true;
    }
    return false;
}

/* ---- bodies ---------------------------------------------------------- */

/* The statements, into TEXT; what they need is noted in the emitter. */
static void
write_statements(struct emitter *emitter, const struct statement *body,
                 struct text *text)
{
    unsigned count = emit_count(body);

    emitter->out = text;
    emitter->indentation = 1;
    emitter->fail = "out";
    emitter->next_step = NULL;
    emitter->fail_used = false;
    emitter->out_used = false;
    emitter->payload_used = false;
    emitter->mark_used = false;
    emitter->scratch_used = false;
    emitter->line = 0;
    if (count > 0) {
        emit_line(emitter, "RT_ACTIONS(out, %u, %s);", count,
                  emit_place(emitter, body->token));
        emitter->fail_used = true;
    }
    emit_statement(emitter, body);
}

/* The variables, the mark, the statements and the label, to emitter->out. */
static void
write_body(struct emitter *emitter, const variable_list *parameters,
           const variable_list *locals, const struct text *statements,
           const struct token *token)
{
    bool strings = has_strings(locals) || emitter->holds.size > 0 ||
                   (parameters != NULL && has_strings(parameters));

    if (parameters != NULL) {
        LIST_EACH (each, parameters) {
            declare_parameter(emitter, *each);
        }
    }
    LIST_EACH (each, locals) {
        declare(emitter, *each);
    }
    text_puts(emitter->out, text_string(&emitter->holds));
    text_free(&emitter->holds);
    if (emitter->mark_used)
        emit_line(emitter, "const size_t mark = rt_mark();");
    text_putc(emitter->out, '\n');

    if (strings) {
        emit_line(emitter, "RT_CHECK(out, %s);", emit_place(emitter, token));
        emitter->fail_used = true;
    }
    text_puts(emitter->out, text_string(statements));
    if (emitter->fail_used || emitter->out_used)
        text_puts(emitter->out, "out:\n");
}

/* "/" "*" and "*" "/" in a name would end the comment. */
static void
write_title(struct text *text, const char *what, const char *name,
            const struct token *token)
{
    const struct position *at = &token->position;

    if (strstr(name, "*/") != NULL || strstr(at->source->name, "*/") != NULL ||
        strstr(name, "/*") != NULL || strstr(at->source->name, "/*") != NULL)
        text_printf(text, "/* %s, line %u */\n", what, at->line);
    else
        text_printf(text, "/* %s %s at %s:%u */\n", what, name,
                    at->source->name, at->line);
}

/* ---- functions ------------------------------------------------------- */

static const char *
value_type(enum type type)
{
    static const char *const types[] = {
        [TYPE_LONG] = "int64_t",
        [TYPE_STRING] = "struct rt_string",
        [TYPE_VOID] = "void",
    };

    return types[type];
}

static void
write_declarator(struct emitter *emitter, const struct function *function,
                 struct text *text, const char *separator)
{
    unsigned i;

    text_printf(text, "static %s%s%s(", value_type(function->type), separator,
                emit_function_name(emitter, function));
    if (function->probe != NULL)
        text_printf(text, "const uint8_t *payload%s",
                    function->parameters.count > 0 ? ", " : "");
    for (i = 0; i < function->parameters.count; i++) {
        const struct variable *parameter = function->parameters.items[i];
        bool copied =
            parameter->type == TYPE_STRING && !emit_is_value(parameter);

        text_printf(text, "%s%s %c_%s", i > 0 ? ", " : "",
                    value_type(parameter->type), copied ? 'a' : 'l',
                    parameter->name);
    }
    text_puts(text, i == 0 && function->probe == NULL ? "void)" : ")");
}

/* After the label; MARK is where the caller's strings end. */
static void
write_return(struct emitter *emitter, const struct function *function)
{
    if (emitter->nesting > 0)
        emit_line(emitter, "RT_LEAVE();");
    if (function->type == TYPE_STRING)
        emit_line(emitter, "return rt_return(base, result);");
    else
        emit_line(emitter, "rt_release(base);");
    if (function->type == TYPE_LONG)
        emit_line(emitter, "return result;");
}

/* The handler that a copy of a function is called by; NULL: it is none. */
static const struct plan_handler *
handler_of(struct emitter *emitter, const struct probe *probe)
{
    return probe != NULL ? emitter->handlers[probe->id] : NULL;
}

/* Copies of functions whose handler became that of another place. */
static bool
is_left_out(struct emitter *emitter, const struct function *function)
{
    return function->left_out || (function->probe != NULL &&
                                  handler_of(emitter, function->probe) == NULL);
}

static void
write_function(struct emitter *emitter, const struct function *function,
               struct text *text)
{
    struct text statements = {0};

    emitter->function = function;
    emitter->handler = handler_of(emitter, function->probe);
    if (function->body == NULL) {
        write_title(text, "function", function->name, function->token);
        write_declarator(emitter, function, text, "\n");
        text_puts(text, "\n{\n");
        emitter->indentation = 1;
        emit_embedded_function(emitter, function, text);
        text_puts(text, "}\n\n");
        return;
    }

    write_statements(emitter, function->body, &statements);
    write_title(text, "function", function->name, function->token);
    write_declarator(emitter, function, text, "\n");
    text_puts(text, "\n{\n");
    emitter->out = text;
    emit_line(emitter, "const size_t base = rt_mark();");
    if (function->type == TYPE_STRING)
        emit_line(emitter, "struct rt_string result = RT_TEXT(\"\");");
    else if (function->type == TYPE_LONG)
        emit_line(emitter, "int64_t result = 0;");
    if (emitter->nesting > 0) {
        emit_line(emitter, "RT_ENTER(out, %u);", emitter->nesting);
        emitter->fail_used = true;
    }
    if (function->probe != NULL && !emitter->payload_used)
        emit_line(emitter, "(void)payload;");
    write_body(emitter, &function->parameters, &function->locals, &statements,
               function->token);
    write_return(emitter, function);
    text_puts(text, "}\n\n");
    text_free(&statements);
}

void
emit_functions(struct emitter *emitter, struct text *text)
{
    const function_list *functions = &emitter->unit->functions;

    emitter->handlers =
        arena_alloc(emitter->arena, (emitter->unit->probes.count + 1) *
                                        sizeof(*emitter->handlers));
    LIST_EACH (handler, &emitter->plan->handlers)
        emitter->handlers[handler->probe->id] = handler;
    LIST_EACH (handler, &emitter->plan->handlers) {
        emitter->handler = handler;
        LIST_EACH (loop, &handler->loops)
            text_printf(text, "static uint32_t %s;\n",
                        emit_round(emitter, *loop));
    }
    LIST_EACH (each, functions) {
        if (is_left_out(emitter, *each))
            continue;
        write_declarator(emitter, *each, text, " ");
        text_puts(text, ";\n");
    }
    if (functions->count > 0)
        text_putc(text, '\n');
    LIST_EACH (each, functions) {
        if (!is_left_out(emitter, *each))
            write_function(emitter, *each, text);
    }
}

/* ---- handlers -------------------------------------------------------- */

static void
write_handler(struct emitter *emitter, unsigned number, struct text *text)
{
    const struct plan_handler *handler = &emitter->plan->handlers.items[number];
    const struct probe *probe = handler->probe;
    struct text statements = {0};

    emitter->function = NULL;
    emitter->handler = handler;
    write_statements(emitter, probe->body, &statements);
    write_title(text, "probe", probe->name, probe->token);
    text_printf(text, "static void\nhandler_%u(const uint8_t *payload)\n{\n",
                number);
    emitter->out = text;
    write_body(emitter, NULL, &probe->locals, &statements, probe->token);
    if (!emitter->payload_used)
        emit_line(emitter, "(void)payload;");
    else if (emitter->fail_used || emitter->out_used)
        emit_line(emitter, "return;");
    text_puts(text, "}\n\n");
    text_free(&statements);
}

/* Its parts are such that nothing has to be done before it has a value. */
static void
write_condition(struct emitter *emitter, unsigned number, struct text *text)
{
    const struct expression *condition =
        condition_of(&emitter->plan->handlers.items[number]);

    if (condition == NULL)
        return;
    text_printf(text, "static bool\ncondition_%u(void)\n{\n", number);
    emitter->out = text;
    emitter->indentation = 1;
    emit_line(emitter, "return %s != 0;",
              emit_expression(emitter, condition).text);
    text_puts(text, "}\n\n");
}

void
emit_handlers(struct emitter *emitter, struct text *text)
{
    unsigned i;

    for (i = 0; i < emitter->plan->handlers.count; i++) {
        write_handler(emitter, i, text);
        write_condition(emitter, i, text);
    }
}
