#include "language/print/document.h"

#include <string.h>

#include "support/text.h"

/* How far in a line of a paragraph must be to stay as it is. */
#define VERBATIM 4

static const struct {
    const char *word;
    enum document_kind kind;
} kinds[] = {
    {"sfunction ", DOCUMENT_FUNCTION},
    {"probe ", DOCUMENT_PROBE},
    {"macro ", DOCUMENT_MACRO},
};

/* A comment being read: what is left of it, and its next line without the
 * asterisk. */
struct reader {
    struct arena *arena;
    const char *next;
    const char *end;
    const char *line;
    size_t size;
};

static bool
read_line(struct reader *reader)
{
    const char *newline;

    if (reader->next >= reader->end)
        return false;
    newline = memchr(reader->next, '\n', (size_t)(reader->end - reader->next));
    reader->line = reader->next;
    reader->next = newline ? newline + 1 : reader->end;
    reader->size = (size_t)((newline ? newline : reader->end) - reader->line);

    size_t skip = strspn(reader->line, " ");

    if (skip < reader->size && reader->line[skip] == '*')
        skip++;
    if (skip < reader->size && reader->line[skip] == ' ')
        skip++;
    if (skip > reader->size)
        skip = reader->size;
    reader->line += skip;
    reader->size -= skip;
    while (reader->size > 0 && reader->line[reader->size - 1] == ' ')
        reader->size--;
    return true;
}

static const char *
take(struct reader *reader, struct text *text)
{
    const char *string =
        arena_string(reader->arena, text_string(text), text->size);

    text_free(text);
    return string;
}

/* Add the line, and those after it up to an empty one or one that begins
 * with '@', as one.  Whether there is a line after that. */
static bool
read_sentence(struct reader *reader, struct text *text)
{
    do {
        size_t skip = strspn(reader->line, " ");

        if (skip > reader->size)
            skip = reader->size;
        text_puts(text, text->size ? " " : "");
        text_add(text, reader->line + skip, reader->size - skip);
        if (!read_line(reader))
            return false;
    } while (reader->size > 0 && *reader->line != '@');
    return true;
}

/* The same for lines that stay as they are, up to one that is not far in. */
static bool
read_verbatim(struct reader *reader, struct text *text)
{
    bool more;

    do {
        if (reader->size > VERBATIM)
            text_add(text, reader->line + VERBATIM, reader->size - VERBATIM);
        text_putc(text, '\n');
        more = read_line(reader);
    } while (more &&
             (reader->size == 0 || strspn(reader->line, " ") >= VERBATIM));
    while (text->size > 1 && text->data[text->size - 2] == '\n')
        text->data[--text->size] = '\0';
    return more;
}

static bool
read_parameter(struct reader *reader, struct document *document)
{
    const char *colon = memchr(reader->line, ':', reader->size);
    struct document_parameter parameter;
    struct text text = {0};
    size_t length;
    bool more;

    if (!colon)
        return read_line(reader);
    length = (size_t)(colon - reader->line) + 1;
    parameter.name = arena_string(reader->arena, reader->line + 1, length - 2);
    reader->line += length;
    reader->size -= length;
    more = read_sentence(reader, &text);
    parameter.text = take(reader, &text);
    LIST_ADD(reader->arena, &document->parameters, parameter);
    return more;
}

static bool
read_paragraph(struct reader *reader, struct document *document)
{
    struct document_paragraph paragraph = {
        .verbatim = strspn(reader->line, " ") >= VERBATIM};
    struct text text = {0};
    bool more = paragraph.verbatim ? read_verbatim(reader, &text)
                                   : read_sentence(reader, &text);

    paragraph.text = take(reader, &text);
    LIST_ADD(reader->arena, &document->paragraphs, paragraph);
    return more;
}

/* What follows the first lines. */
static void
read_body(struct reader *reader, struct document *document)
{
    bool more = true;

    while (more) {
        if (reader->size == 0)
            more = read_line(reader);
        else if (*reader->line == '@')
            more = read_parameter(reader, document);
        else
            more = read_paragraph(reader, document);
    }
}

/* "NAME - summary" after a word that says what it is; false if it is not
 * that. */
static bool
read_title(struct document *document, struct arena *arena, const char *title)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t length = strlen(kinds[i].word);
        const char *dash;

        if (strncmp(title, kinds[i].word, length) != 0)
            continue;
        title += length;
        dash = strstr(title, " - ");
        if (!dash)
            return false;
        document->kind = kinds[i].kind;
        document->name = arena_string(arena, title, (size_t)(dash - title));
        document->summary = dash + strlen(" - ");
        return true;
    }
    return false;
}

/* The comment between START and END. */
static void
read_comment(struct arena *arena, const char *start, const char *end,
             const char *file, document_list *list)
{
    struct reader reader = {.arena = arena, .next = start, .end = end};
    struct document document = {0};
    struct text text = {0};
    bool more = true;

    while ((more = read_line(&reader)) && reader.size == 0)
        continue;
    if (!more)
        return;
    more = read_sentence(&reader, &text);
    if (file && text.size > 0 && text.data[text.size - 1] == '.')
        text.data[--text.size] = '\0';
    document.summary = take(&reader, &text);
    document.name = file;
    if (!file && !read_title(&document, arena, document.summary))
        return;
    if (more)
        read_body(&reader, &document);
    LIST_ADD(arena, list, document);
}

/* "string" of "tapset/string.stp" */
static const char *
file_name(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    return arena_string(arena, name, strcspn(name, "."));
}

void
document_read(struct arena *arena, const struct source *source,
              document_list *list)
{
    const char *at = source->text;
    const char *end;

    for (at = strstr(at, "/*"); at; at = strstr(end, "/*")) {
        bool first = at == source->text && at[2] != '*';

        end = strstr(at + 2, "*/");
        if (!end)
            return;
        if (first || at[2] == '*')
            read_comment(arena, at + 2 + (at[2] == '*'), end,
                         first ? file_name(arena, source->name) : NULL, list);
    }
}

const struct document *
document_of_function(const document_list *list, const char *name,
                     unsigned count)
{
    LIST_EACH (document, list)
        if (document->kind == DOCUMENT_FUNCTION &&
            document->parameters.count == count &&
            strcmp(document->name, name) == 0)
            return document;
    return NULL;
}

const struct document *
document_of_probe(const document_list *list, const char *name)
{
    LIST_EACH (document, list)
        if (document->kind == DOCUMENT_PROBE &&
            strcmp(document->name, name) == 0)
            return document;
    return NULL;
}
