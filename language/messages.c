#include "language/messages.h"

#include <stdlib.h>
#include <string.h>

#include "language/state.h"

/* Names longer than this are not compared. */
#define SIMILAR_LENGTH 40

const char *
token_kind_name(enum token_kind kind)
{
    static const char *const names[] = {
        [TOKEN_END] = "end of file",        [TOKEN_IDENTIFIER] = "identifier",
        [TOKEN_KEYWORD] = "keyword",        [TOKEN_OPERATOR] = "operator",
        [TOKEN_NUMBER] = "number",          [TOKEN_STRING] = "string",
        [TOKEN_EMBEDDED] = "embedded-code", [TOKEN_JUNK] = "junk",
    };

    return names[kind];
}

/* "identifier 'x' at F:L:C" */
static void
add_token(struct text *text, const struct token *token)
{
    /* To a user @count is an operator, as in its own messages. */
    bool at = token->looks == TOKEN_IDENTIFIER && token->text[0] == '@';

    text_puts(text, token_kind_name(at ? TOKEN_OPERATOR : token->looks));
    if (token->looks != TOKEN_EMBEDDED && token->looks != TOKEN_END) {
        text_puts(text, " '");
        for (const char *c = token->text; *c; c++)
            text_putc(text, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
        text_putc(text, '\'');
    }
    text_printf(text, " at %s:%u:%u\n", token->position.source->name,
                token->position.line, token->position.column);
}

/* The line of the token after LABEL, and a caret below its first byte. */
static void
add_source(struct text *text, const struct token *token, const char *label)
{
    const struct source *source = token->position.source;
    const char *line = source->text;
    const char *end = source->text + source->size;
    unsigned column;

    for (unsigned number = 1; number < token->position.line; number++) {
        line = memchr(line, '\n', (size_t)(end - line));
        if (!line)
            return;
        line++;
    }
    if (memchr(line, '\n', (size_t)(end - line)))
        end = memchr(line, '\n', (size_t)(end - line));

    text_puts(text, label);
    for (const char *c = line; c < end; c++)
        text_putc(text, (unsigned char)*c < ' ' && *c != '\t' ? '?' : *c);
    text_putc(text, '\n');

    for (const char *c = label; *c; c++)
        text_putc(text, ' ');
    for (column = 1; column < token->position.column; column++) {
        unsigned char c =
            line + column - 1 < end ? (unsigned char)line[column - 1] : ' ';

        /* Of a character of several bytes only the first takes a column. */
        if ((c & 0xc0) != 0x80)
            text_putc(text, c == '\t' ? '\t' : ' ');
    }
    text_puts(text, "^\n");
}

static void
add_place(struct text *text, const struct token *token, const char *label)
{
    add_token(text, token);
    add_source(text, token, label);
    for (token = token->expansion; token; token = token->expansion) {
        text_puts(text, "\tin expansion of macro: ");
        add_token(text, token);
        add_source(text, token, label);
    }
}

/* ---- similar messages ------------------------------------------------ */

/* Whether a message, without its kind and place, is to be hidden. */
typedef bool hides_function(struct unit *unit, const char *message,
                            const struct token *token);

/* Whether TEXT is in LIST, where it is from now on. */
static bool
was_shown(struct arena *arena, shown_list *list, const char *text)
{
    LIST_EACH (one, list)
        if (!strcmp(*one, text))
            return true;
    LIST_ADD(arena, list, arena_string(arena, text, strlen(text)));
    return false;
}

/*
 * Errors are similar if they say the same of something else: with what is
 * quoted, the token, numbers and suggestions left out they are alike.
 */
static bool
hides_error(struct unit *unit, const char *message, const struct token *token)
{
    struct language_state *state = unit->state;
    size_t length = token && token->text ? strlen(token->text) : 0;
    struct text kind = {0};

    if (!unit->options.hide_similar)
        return false;
    for (const char *at = message; *at; at++) {
        const char *close = *at == '\'' ? strchr(at + 1, '\'') : NULL;

        if (!strncmp(at, " (similar: ", 11))
            break;
        if (close)
            at = close;
        else if (length && !strncmp(at, token->text, length))
            at += length - 1;
        else if (*at < '0' || *at > '9')
            text_putc(&kind, *at);
    }
    state->last_hidden =
        was_shown(&unit->arena, &state->shown_errors, text_string(&kind));
    unit->messages.similar_errors += state->last_hidden;
    text_free(&kind);
    return state->last_hidden;
}

/* A note goes with its error. */
static bool
hides_note(struct unit *unit, const char *message, const struct token *token)
{
    (void)message;
    return unit->state->last_hidden;
}

/* Warnings are similar if they only differ in their place. */
static bool
hides_warning(struct unit *unit, const char *message, const struct token *token)
{
    if (!unit->options.hide_similar)
        return false;

    bool hidden =
        was_shown(&unit->arena, &unit->state->shown_warnings, message);

    unit->messages.similar_warnings += hidden;
    return hidden;
}

/* ---- messages -------------------------------------------------------- */

void
message_parse_error(struct unit *unit, const struct token *token,
                    const char *message)
{
    struct text *text = &unit->messages.text;

    unit->messages.errors++;
    if (hides_error(unit, message, token))
        return;
    text_printf(text, "parse error: %s\n\tsaw: ", message);
    add_place(text, token, "     source: ");
}

/*
 * Add a message unless it was given before, or HIDES says that it is to be
 * hidden.  Returns whether it was not given before.
 */
static bool
add_message(struct unit *unit, const char *kind, const struct token *token,
            const char *label, hides_function *hides, const char *format,
            va_list arguments)
{
    struct text message = {0};
    struct text *all = &unit->messages.text;

    text_printf(&message, "%s: ", kind);

    size_t lead = message.size;

    text_vprintf(&message, format, arguments);

    char *bare = xstrdup(message.data + lead);

    if (token) {
        text_puts(&message, ": ");
        add_place(&message, token, label);
    } else {
        text_putc(&message, '\n');
    }

    bool fresh = !strstr(text_string(all), message.data);

    if (fresh && !hides(unit, bare, token))
        text_add(all, message.data, message.size);
    free(bare);
    text_free(&message);
    return fresh;
}

#define SEMANTIC_LABEL "        source: "

void
unit_error(struct unit *unit, const struct token *token, const char *format,
           ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_message(unit, "semantic error", token, SEMANTIC_LABEL, hides_error,
                format, arguments);
    va_end(arguments);
    unit->messages.errors++;
}

void
message_note(struct unit *unit, const struct token *token, const char *format,
             ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_message(unit, "semantic error", token, SEMANTIC_LABEL, hides_note,
                format, arguments);
    va_end(arguments);
}

void
unit_warning(struct unit *unit, const struct token *token, const char *format,
             ...)
{
    va_list arguments;

    if (unit->options.no_warnings && !unit->options.warnings_errors)
        return;
    va_start(arguments, format);
    if (add_message(unit, "WARNING", token, " source: ", hides_warning, format,
                    arguments))
        unit->messages.warnings++;
    va_end(arguments);
}

/* ---- did you mean ---------------------------------------------------- */

/* Levenshtein's distance. */
static unsigned
distance(const char *a, const char *b)
{
    unsigned row[SIMILAR_LENGTH + 1];
    size_t length = strlen(b);

    for (unsigned j = 0; j <= length; j++)
        row[j] = j;
    for (unsigned i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[length];
}

void
similar_offer(struct similar *similar, const char *candidate)
{
    size_t length = strlen(similar->name);
    const unsigned most = sizeof(similar->best) / sizeof(similar->best[0]);

    if (length > SIMILAR_LENGTH || strlen(candidate) > SIMILAR_LENGTH ||
        !strcmp(candidate, similar->name))
        return;
    for (unsigned i = 0; i < similar->count; i++)
        if (!strcmp(similar->best[i].name, candidate))
            return;

    unsigned far = distance(similar->name, candidate);
    unsigned i;

    /* Half of it may be wrong, but something must be right. */
    if (far > (length + 1) / 2 || far >= length || far >= strlen(candidate))
        return;
    if (similar->count < most)
        similar->count++;
    else if (far >= similar->best[most - 1].distance)
        return;
    for (i = similar->count - 1; i > 0 && similar->best[i - 1].distance > far;
         i--)
        similar->best[i] = similar->best[i - 1];
    similar->best[i].name = candidate;
    similar->best[i].distance = far;
}

const char *
similar_text(struct arena *arena, const struct similar *similar)
{
    struct text text = {0};

    for (unsigned i = 0; i < similar->count; i++)
        text_printf(&text, "%s%s",
                    i ? ", " : " (similar: ", similar->best[i].name);
    if (similar->count)
        text_putc(&text, ')');

    const char *copy = arena_string(arena, text_string(&text), text.size);

    text_free(&text);
    return copy;
}
