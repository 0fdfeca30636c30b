/*
 * Calls of the script's functions and of the runtime's.
 */

#include "language/words/builtin.h"
#include "translate/emit/emit_i.h"
#include "translate/objects/object_table.h"

/* "a, b, c" */
static const char *
argument_list(struct emitter *emitter, const struct operand *operands,
              unsigned count)
{
    struct text list = {0};
    const char *text;
    unsigned i;

    for (i = 0; i < count; i++)
        text_printf(&list, "%s%s", i > 0 ? ", " : "", operands[i].text);
    text = emit_text(emitter, "%s", text_string(&list));
    text_free(&list);
    return text;
}

/*
 * One that executes `next` hands the call on to the next overload; after the
 * last the value is 0 or "".
 */
static void
call_overloads(struct emitter *emitter, const struct function *function,
               const char *result, const char *arguments,
               const struct token *token)
{
    const char *assign =
        result != NULL ? emit_text(emitter, "%s = ", result) : "";

    if (function->probe != NULL)
        emitter->payload_used = true;
    emit_line(
        emitter, "%s%s(%s%s%s);", assign, emit_function_name(emitter, function),
        function->probe != NULL ? "payload" : "",
        function->probe != NULL && *arguments != '\0' ? ", " : "", arguments);
    emit_check(emitter, token);
    if (!function->next)
        return;
    if (function->overload == NULL) {
        emit_line(emitter, "rt_next = false;");
        return;
    }
    emit_open(emitter, "if (rt_take_next()) ");
    call_overloads(emitter, function->overload, result, arguments, token);
    emit_close(emitter);
}

static struct operand
call_function(struct emitter *emitter, const struct expression *expression,
              struct operand *operands)
{
    const struct function *function = expression->call.function;
    const expression_list *list = &expression->call.arguments;
    struct operand result = {NULL, STEADY};
    const char *arguments;
    unsigned i;

    /* The function may store to what a string is read from. */
    for (i = 0; i < list->count; i++) {
        if (list->items[i]->type == TYPE_STRING &&
            operands[i].steadiness == ANY_CHANGES)
            operands[i] = emit_steady(emitter, TYPE_STRING, operands[i]);
    }
    arguments = argument_list(emitter, operands, list->count);

    if (expression->type == TYPE_VOID) {
        call_overloads(emitter, function, NULL, arguments, expression->token);
        return result;
    }
    result.text = emit_text(emitter, "t%u", emit_name(emitter));
    if (expression->type == TYPE_STRING) {
        emit_line(emitter, "struct rt_string %s;", result.text);
        emitter->scratch_used = true;
    } else {
        emit_line(emitter, "int64_t %s;", result.text);
    }
    call_overloads(emitter, function, result.text, arguments,
                   expression->token);
    return result;
}

static struct operand
call_builtin(struct emitter *emitter, const struct expression *expression,
             const struct operand *operands)
{
    const struct builtin *builtin = expression->call.builtin;
    const expression_list *list = &expression->call.arguments;
    const char *call = emit_text(emitter, "%s(%s)", builtin->c_name,
                                 argument_list(emitter, operands, list->count));
    struct operand result = {NULL, STEADY};
    enum steadiness steadiness = STEADY;
    unsigned i;

    if (builtin->type == TYPE_VOID) {
        emit_line(emitter, "%s;", call);
    } else {
        /* A string may be one of the arguments, or part of it. */
        for (i = 0; i < list->count; i++) {
            if (builtin->type == TYPE_STRING &&
                operands[i].steadiness > steadiness)
                steadiness = operands[i].steadiness;
        }
        result = emit_temporary(emitter, builtin->type, call, steadiness);
        emitter->scratch_used =
            emitter->scratch_used || builtin->type == TYPE_STRING;
    }
    emitter->parts |= object_parts_of(builtin->c_name);
    if (builtin->time != BUILTIN_PROBE)
        emit_check(emitter, expression->token);
    return result;
}

struct operand
emit_call(struct emitter *emitter, const struct expression *expression)
{
    const expression_list *list = &expression->call.arguments;
    struct operand *operands =
        arena_alloc(emitter->arena, (list->count + 1) * sizeof(*operands));

    emit_operands(emitter, list->items, list->count, operands);
    if (expression->call.function != NULL)
        return call_function(emitter, expression, operands);
    return call_builtin(emitter, expression, operands);
}
