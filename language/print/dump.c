#include "language/print/dump.h"

#include <stdlib.h>
#include <string.h>

#include "language/words/builtin.h"

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

void
dump_documents(const struct unit *unit, struct arena *arena,
               document_list *documents)
{
    LIST_EACH (script, &unit->scripts)
        document_read(arena, (*script)->source, documents);
}

static void
put_name(struct text *line, const char *name, enum type type)
{
    text_puts(line, name);
    if (type == TYPE_LONG || type == TYPE_STRING)
        text_printf(line, ":%s", type_name(type));
    text_puts(line, " (");
}

static void
put_parameter(struct text *line, const char *name, enum type type)
{
    if (line->data[line->size - 1] != '(')
        text_puts(line, ", ");
    text_puts(line, name ? name : "");
    if (type == TYPE_LONG || type == TYPE_STRING)
        text_printf(line, "%s%s", name ? ":" : "", type_name(type));
}

static void
put_summary(struct text *line, const struct document *document)
{
    text_printf(line, "\t%s", document ? document->summary : "");
}

void
dump_signature(const struct builtin *builtin, const struct document *document,
               struct text *line)
{
    put_name(line, builtin->name, builtin->type);
    for (unsigned i = 0; i < builtin->parameter_count; i++)
        put_parameter(line,
                      document ? document->parameters.items[i].name : NULL,
                      builtin->parameters[i]);
    text_putc(line, ')');
}

void
dump_declaration(const struct function *function, struct text *line)
{
    put_name(line, function->name, function->declared);
    LIST_EACH (parameter, &function->parameters)
        put_parameter(line, (*parameter)->name, (*parameter)->type);
    text_putc(line, ')');
}

void
dump_functions(const struct unit *unit, bool with_summary, struct text *text)
{
    struct arena arena = {0};
    document_list documents = {0};
    struct lines lines = {0};
    unsigned count;
    const struct builtin *table = builtin_table(&count);

    dump_documents(unit, &arena, &documents);
    for (unsigned i = 0; i < count; i++) {
        const struct document *document = document_of_function(
            &documents, table[i].name, table[i].parameter_count);
        struct text line = {0};

        if (table[i].refused || table[i].name[0] == '_')
            continue;
        dump_signature(&table[i], document, &line);
        if (with_summary)
            put_summary(&line, document);
        add_line(&lines, &line);
    }
    LIST_EACH (script, &unit->scripts)
        LIST_EACH (function, &(*script)->functions) {
            struct text line = {0};

            if ((*function)->private || (*function)->name[0] == '_')
                continue;
            dump_declaration(*function, &line);
            if (with_summary)
                put_summary(
                    &line, document_of_function(&documents, (*function)->name,
                                                (*function)->parameters.count));
            add_line(&lines, &line);
        }
    put_sorted(&lines, text);
    arena_free(&arena);
}

/* ---- aliases --------------------------------------------------------- */

void
dump_aliases(const struct unit *unit, bool with_summary, struct text *text)
{
    struct arena arena = {0};
    document_list documents = {0};
    struct lines lines = {0};

    dump_documents(unit, &arena, &documents);
    LIST_EACH (script, &unit->scripts)
        LIST_EACH (alias, &(*script)->aliases) {
            struct text line = {0}, name = {0};

            probe_point_print((*alias)->name, &name);
            text_printf(&line, "%s = ", text_string(&name));
            for (unsigned i = 0; i < (*alias)->points.count; i++) {
                text_puts(&line, i ? ", " : "");
                probe_point_print((*alias)->points.items[i], &line);
            }
            if (with_summary)
                put_summary(&line,
                            document_of_probe(&documents, text_string(&name)));
            text_free(&name);
            add_line(&lines, &line);
        }
    put_sorted(&lines, text);
    arena_free(&arena);
}
