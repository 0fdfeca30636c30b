#include "language/dump.h"

#include <stdlib.h>
#include <string.h>

#include "language/builtin.h"

/* Lines to be sorted; the array is the caller's to free, the lines too. */
struct lines {
    char **items;
    size_t count;
};

static void
add_line(struct lines *lines, struct text *line)
{
    lines->items =
        xrealloc(lines->items, (lines->count + 1) * sizeof(*lines->items));
    text_puts(line, "");
    lines->items[lines->count++] = text_take(line);
}

static int
by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
put_sorted(struct lines *lines, struct text *text)
{
    if (lines->count > 0)
        qsort(lines->items, lines->count, sizeof(*lines->items), by_text);
    for (size_t i = 0; i < lines->count; i++) {
        if (i == 0 || strcmp(lines->items[i], lines->items[i - 1]) != 0)
            text_printf(text, "%s\n", lines->items[i]);
    }
    for (size_t i = 0; i < lines->count; i++)
        free(lines->items[i]);
    free(lines->items);
    *lines = (struct lines){0};
}

/* ---- functions ------------------------------------------------------- */

static void
put_name(struct text *line, const char *name, enum type type)
{
    text_puts(line, name);
    if (type == TYPE_LONG || type == TYPE_STRING)
        text_printf(line, ":%s", type_name(type));
    text_puts(line, " (");
}

static void
dump_builtin(const struct builtin *builtin, bool with_summary,
             struct lines *lines)
{
    struct text line = {0};

    put_name(&line, builtin->name, builtin->type);
    for (unsigned i = 0; i < builtin->parameter_count; i++)
        text_printf(&line, "%s%s", i ? ", " : "",
                    type_name(builtin->parameters[i]));
    text_putc(&line, ')');
    if (with_summary)
        text_printf(&line, "\t%s", builtin->summary);
    add_line(lines, &line);
}

/* The start of the line before the one at START, or NULL. */
static const char *
line_before(const char *text, const char *start)
{
    if (start == text)
        return NULL;
    for (start--; start > text && start[-1] != '\n';)
        start--;
    return start;
}

/* The lines from START to END, or to one that is empty but for what makes it
 * a comment, as one. */
static void
put_lines(struct text *line, const char *start, const char *end)
{
    while (start < end) {
        size_t size = strcspn(start, "\n");
        size_t skip = strspn(start, "# *");

        if (skip >= size || start[skip] == '/')
            return;
        text_printf(line, " %.*s", (int)(size - skip), start + skip);
        start += size + 1;
    }
}

/* The comment right above a token's line: lines that begin with '#', or in a
 * comment of C what follows the name and " - ". */
static void
put_comment(struct text *line, const struct token *token)
{
    const char *text = token->position.source->text;
    const char *end = text;
    const char *start, *before;

    for (unsigned i = 1; i < token->position.line; i++) {
        end = strchr(end, '\n');
        if (!end)
            return;
        end++;
    }
    start = end;
    before = line_before(text, start);
    if (before && strncmp(before, " */", 3) == 0) {
        while (before && strncmp(before, "/*", 2) != 0)
            before = line_before(text, before);
        start = before ? strstr(before, " - ") : NULL;
        if (start && start < end)
            put_lines(line, start + strlen(" - "), end);
        return;
    }
    while ((before = line_before(text, start)) && *before == '#')
        start = before;
    put_lines(line, start, end);
}

static void
dump_function(const struct function *function, bool with_summary,
              struct lines *lines)
{
    struct text line = {0};
    struct text comment = {0};

    put_name(&line, function->name, function->declared);
    for (unsigned i = 0; i < function->parameters.count; i++) {
        const struct variable *parameter = function->parameters.items[i];

        text_printf(&line, "%s%s", i ? ", " : "", parameter->name);
        if (parameter->type == TYPE_LONG || parameter->type == TYPE_STRING)
            text_printf(&line, ":%s", type_name(parameter->type));
    }
    text_putc(&line, ')');
    if (with_summary) {
        put_comment(&comment, function->token);
        text_printf(&line, "\t%s",
                    comment.size > 0 ? text_string(&comment) + 1 : "");
        text_free(&comment);
    }
    add_line(lines, &line);
}

void
dump_functions(const struct unit *unit, bool with_summary, struct text *text)
{
    struct lines lines = {0};
    unsigned count;
    const struct builtin *table = builtin_table(&count);

    for (unsigned i = 0; i < count; i++)
        if (!table[i].refused)
            dump_builtin(&table[i], with_summary, &lines);
    LIST_EACH (script, &unit->scripts)
        LIST_EACH (function, &(*script)->functions)
            if (!(*function)->private && (*function)->name[0] != '_')
                dump_function(*function, with_summary, &lines);
    put_sorted(&lines, text);
}

/* ---- aliases --------------------------------------------------------- */

void
dump_aliases(const struct unit *unit, struct text *text)
{
    struct lines lines = {0};

    LIST_EACH (script, &unit->scripts)
        LIST_EACH (alias, &(*script)->aliases)
            LIST_EACH (name, &(*alias)->names) {
                struct text line = {0};

                probe_point_print(*name, &line);
                text_puts(&line, " = ");
                for (unsigned i = 0; i < (*alias)->points.count; i++) {
                    text_puts(&line, i ? ", " : "");
                    probe_point_print((*alias)->points.items[i], &line);
                }
                add_line(&lines, &line);
            }
    put_sorted(&lines, text);
}
