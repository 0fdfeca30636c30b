/*
 * Regular expressions: their steps and sets as tables.
 */

#include "language/parse/regex.h"

#include "translate/emit/emit_i.h"

static const char *const kinds[] = {
    [REGEX_BYTE] = "RT_REGEX_BYTE",     [REGEX_SET] = "RT_REGEX_SET",
    [REGEX_SPLIT] = "RT_REGEX_SPLIT",   [REGEX_SAVE] = "RT_REGEX_SAVE",
    [REGEX_FORGET] = "RT_REGEX_FORGET", [REGEX_START] = "RT_REGEX_START",
    [REGEX_END] = "RT_REGEX_END",       [REGEX_MATCH] = "RT_REGEX_MATCH",
};

static void
write_sets(const struct regex *regex, unsigned number, struct text *text)
{
    text_printf(text, "static const uint8_t sets_%u[][32] = {\n", number);
    LIST_EACH (set, &regex->sets) {
        text_puts(text, "    {");
        for (unsigned i = 0; i < sizeof(set->bits); i++)
            text_printf(text, "%s%u", i > 0 ? "," : "", set->bits[i]);
        text_puts(text, "},\n");
    }
    text_puts(text, "};\n");
}

static unsigned
write_tables(struct emitter *emitter, const struct regex *regex)
{
    struct text *text = &emitter->tables;
    unsigned number = emit_name(emitter);

    if (regex->sets.count > 0)
        write_sets(regex, number, text);
    text_printf(text, "static const struct rt_regex_step steps_%u[] = {\n",
                number);
    LIST_EACH (step, &regex->steps) {
        text_printf(text, "    {%s, %u, %u},\n", kinds[step->kind], step->x,
                    step->y);
    }
    text_printf(text,
                "};\nstatic const struct rt_regex regex_%u = {\n"
                "    steps_%u, ",
                number, number);
    if (regex->sets.count > 0)
        text_printf(text, "sets_%u, ", number);
    else
        text_puts(text, "NULL, ");
    text_printf(text, "%u, %u, %u, {", regex->steps.count, regex->groups,
                regex->marks);
    for (unsigned i = 0; i < regex->groups; i++)
        text_printf(text, "%u, ", regex->group_marks[i]);
    text_puts(text, "}};\n\n");
    return number;
}

struct operand
emit_regex(struct emitter *emitter, const struct expression *expression)
{
    struct operand subject =
        emit_expression(emitter, expression->regex.subject);
    unsigned number = write_tables(emitter, expression->regex.compiled);
    struct operand result =
        emit_temporary(emitter, TYPE_LONG,
                       emit_text(emitter, "rt_regex_match(&regex_%u, %s)",
                                 number, subject.text),
                       STEADY);

    emit_check(emitter, expression->token);
    if (expression->regex.negated)
        result.text = emit_text(emitter, "rt_not(%s)", result.text);
    return result;
}
