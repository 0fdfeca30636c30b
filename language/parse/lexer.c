#include "language/parse/lexer.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "language/state.h"

#define MISSING_ARGUMENT "command line argument out of range"

static const char *const keywords[] = {
    "probe",    "global", "private", "function", "if",     "else",  "for",
    "foreach",  "in",     "limit",   "return",   "delete", "while", "break",
    "continue", "next",   "string",  "long",     "try",    "catch",
};

/* Longer ones before those that they begin with. */
static const char *const operators[] = {
    "<<<", ">>>", "<<=", ">>=", "->", "++", "--", "+=", "-=", "*=", "/=",
    "%=",  "&=",  "^=",  "|=",  ".=", "&&", "||", "==", "!=", "=~", "!~",
    "<=",  ">=",  "<<",  ">>",  "%(", "%)", "%?", "%:", "%{", "+",  "-",
    "*",   "/",   "%",   "&",   "|",  "^",  "!",  "~",  "<",  ">",  "=",
    "?",   ":",   ";",   ",",   ".",  "(",  ")",  "[",  "]",  "{",  "}",
};

void
lexer_start(struct lexer *lexer, struct unit *unit, const struct source *source)
{
    struct lexer_input *input = ARENA_NEW(&unit->arena, struct lexer_input);

    input->source = source;
    input->next = source->text;
    input->position = (struct position){source, 1, 1};
    lexer->unit = unit;
    lexer->input = input;
}

bool
token_is(const struct token *token, enum token_kind kind, const char *text)
{
    return token->kind == kind && !strcmp(token->text, text);
}

bool
token_is_missing_argument(const struct token *token)
{
    return token->kind == TOKEN_JUNK &&
           !strncmp(token->problem, MISSING_ARGUMENT, strlen(MISSING_ARGUMENT));
}

bool
token_adjacent(const struct token *a, const struct token *b)
{
    return a->position.source == b->position.source &&
           a->position.line == b->position.line &&
           a->position.column + strlen(a->text) == b->position.column;
}

/* ---- characters ------------------------------------------------------ */

/* The character AHEAD of the next one, NUL at the end. */
static char
peek(const struct lexer *lexer, unsigned ahead)
{
    const struct lexer_input *input = lexer->input;
    size_t left =
        (size_t)(input->source->text + input->source->size - input->next);

    return ahead < left ? input->next[ahead] : '\0';
}

static bool
at_end(const struct lexer *lexer)
{
    const struct lexer_input *input = lexer->input;

    return input->next == input->source->text + input->source->size;
}

static char
take(struct lexer *lexer)
{
    struct lexer_input *input = lexer->input;
    char c = *input->next++;

    if (c == '\n') {
        input->position.line++;
        input->position.column = 1;
    } else {
        input->position.column++;
    }
    return c;
}

static bool
starts_identifier(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '$' || c == '@';
}

static bool
continues_identifier(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void
skip_line(struct lexer *lexer)
{
    while (!at_end(lexer) && peek(lexer, 0) != '\n')
        take(lexer);
}

/* An unclosed comment ends with the text. */
static void
skip_comment(struct lexer *lexer)
{
    take(lexer);
    take(lexer);
    while (!at_end(lexer)) {
        if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
            take(lexer);
            take(lexer);
            return;
        }
        take(lexer);
    }
}

static void
skip_space(struct lexer *lexer)
{
    for (;;) {
        char c = peek(lexer, 0);

        if (at_end(lexer))
            return;
        if (isspace((unsigned char)c))
            take(lexer);
        else if (c == '#' || (c == '/' && peek(lexer, 1) == '/'))
            skip_line(lexer);
        else if (c == '/' && peek(lexer, 1) == '*')
            skip_comment(lexer);
        else
            return;
    }
}

/* ---- tokens ---------------------------------------------------------- */

static struct token *
make(struct lexer *lexer, enum token_kind kind, const char *start)
{
    struct arena *arena = &lexer->unit->arena;
    struct token *token = ARENA_NEW(arena, struct token);

    token->kind = token->looks = kind;
    token->text =
        arena_string(arena, start, (size_t)(lexer->input->next - start));
    token->expansion = lexer->input->expansion;
    return token;
}

static struct token *
junk(struct lexer *lexer, const char *start, const char *problem)
{
    struct token *token = make(lexer, TOKEN_JUNK, start);

    token->problem = problem;
    return token;
}

/* C23, and so a newer C library, has binary numbers; the language has not. */
static bool
is_binary(const char *number)
{
    return number[0] == '0' && (number[1] == 'b' || number[1] == 'B');
}

static struct token *
lex_number(struct lexer *lexer)
{
    const char *start = lexer->input->next;
    char *end;

    while (continues_identifier(peek(lexer, 0)))
        take(lexer);

    struct token *token = make(lexer, TOKEN_NUMBER, start);

    errno = 0;
    token->value = (int64_t)strtoull(token->text, &end, 0);
    if (*end || errno || is_binary(token->text)) {
        token->kind = TOKEN_JUNK;
        token->problem = "number invalid or out of range";
    }
    return token;
}

/* Whether the script's language has what came with VERSION: --compatible.  The
 * library is always that of now. */
static bool
is_since(const struct lexer *lexer, const char *version)
{
    const char *chosen = lexer->unit->options.version;

    return !chosen || lexer->input->position.source->library ||
           strverscmp(chosen, version) >= 0;
}

static int
hex_digit(char c)
{
    if (!isxdigit((unsigned char)c))
        return -1;
    return isdigit((unsigned char)c) ? c - '0'
                                     : tolower((unsigned char)c) - 'a' + 10;
}

/* The character that an escape stands for; its backslash is taken. */
static char
lex_escape(struct lexer *lexer)
{
    static const char letters[] = "abtnvfr";
    static const char values[] = "\a\b\t\n\v\f\r";
    char c = take(lexer);
    const char *letter = c ? strchr(letters, c) : NULL;
    unsigned value = 0;

    if (letter)
        return values[letter - letters];
    if (c >= '0' && c <= '7') {
        value = (unsigned)(c - '0');
        for (int i = 0; i < 2; i++) {
            char digit = peek(lexer, 0);

            if (digit < '0' || digit > '7')
                break;
            value = value * 8 + (unsigned)(take(lexer) - '0');
        }
        return (char)value;
    }
    if (c == 'x' && is_since(lexer, "2.3") && hex_digit(peek(lexer, 0)) >= 0) {
        while (hex_digit(peek(lexer, 0)) >= 0)
            value = value * 16 + (unsigned)hex_digit(take(lexer));
        return (char)value;
    }
    return c;
}

static struct token *
lex_string(struct lexer *lexer)
{
    const char *start = lexer->input->next;
    struct text value = {0};

    take(lexer);
    for (;;) {
        char c = peek(lexer, 0);

        if (at_end(lexer) || c == '\n') {
            text_free(&value);
            return junk(lexer, start, "Could not find matching closing quote");
        }
        take(lexer);
        if (c == '"')
            break;
        if (c == '\\') {
            if (at_end(lexer) || peek(lexer, 0) == '\n')
                continue;
            c = lex_escape(lexer);
        }
        text_putc(&value, c);
    }

    struct token *token = make(lexer, TOKEN_STRING, start);

    /* Strings are C's: what follows a NUL does not count. */
    token->text = arena_string(&lexer->unit->arena, text_string(&value),
                               strlen(text_string(&value)));
    text_free(&value);
    return token;
}

/* After `%{`. */
static struct token *
lex_embedded(struct lexer *lexer, const char *start)
{
    while (!at_end(lexer)) {
        if (peek(lexer, 0) == '%' && peek(lexer, 1) == '}') {
            struct token *token = make(lexer, TOKEN_EMBEDDED, start + 2);

            take(lexer);
            take(lexer);
            return token;
        }
        take(lexer);
    }
    return junk(lexer, start,
                "Could not find matching '%}' to close embedded function "
                "block");
}

/* Read TEXT before what follows. */
static void
paste(struct lexer *lexer, const struct token *use, const char *text)
{
    struct arena *arena = &lexer->unit->arena;
    struct source *source = ARENA_NEW(arena, struct source);
    struct lexer_input *input = ARENA_NEW(arena, struct lexer_input);

    source->name = use->text;
    source->text = text;
    source->size = strlen(text);
    input->below = lexer->input;
    input->source = source;
    input->next = text;
    input->position = (struct position){source, 1, 1};
    input->expansion = use;
    lexer->input = input;
}

static void
use_argument(struct lexer *lexer, const struct source *source, unsigned index)
{
    struct language_state *state = lexer->unit->state;

    if (source->library)
        LIST_ADD(&lexer->unit->arena, &state->argument_sources, source);
    else
        state->arguments_used[index] = true;
}

/*
 * $1, @1, $# or @#.  Returns NULL if the argument was pasted and is to be
 * read now.
 */
static struct token *
lex_argument(struct lexer *lexer, struct position position)
{
    const struct language_options *options = &lexer->unit->options;
    struct arena *arena = &lexer->unit->arena;
    const char *start = lexer->input->next;
    bool quoted = take(lexer) == '@';
    const char *text = NULL;

    if (peek(lexer, 0) == '#') {
        take(lexer);
        text = arena_printf(arena, "%u", options->argument_count);
    } else {
        unsigned number = 0;

        while (isdigit((unsigned char)peek(lexer, 0))) {
            unsigned digit = (unsigned)(take(lexer) - '0');

            number = number > 99999 ? number : number * 10 + digit;
        }
        if (number >= 1 && number <= options->argument_count) {
            text = options->arguments[number - 1];
            use_argument(lexer, position.source, number - 1);
        }
    }

    struct token *token = make(lexer, TOKEN_IDENTIFIER, start);

    token->position = position;
    if (!text) {
        token->kind = TOKEN_JUNK;
        token->problem = arena_printf(arena, MISSING_ARGUMENT " [1-%u]",
                                      options->argument_count);
    } else if (quoted) {
        token->kind = token->looks = TOKEN_STRING;
        token->text = text;
    } else {
        paste(lexer, token, text);
        return NULL;
    }
    return token;
}

static struct token *
lex_word(struct lexer *lexer)
{
    const char *start = lexer->input->next;

    take(lexer);
    while (continues_identifier(peek(lexer, 0)))
        take(lexer);

    struct token *token = make(lexer, TOKEN_IDENTIFIER, start);

    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
        if (*token->text == *keywords[i] && !strcmp(token->text, keywords[i]))
            token->kind = token->looks = TOKEN_KEYWORD;
    if (!strcmp(token->text, "private") && !is_since(lexer, "3.0"))
        token->kind = token->looks = TOKEN_IDENTIFIER;
    if (*token->text == '@' && token->text[1] != '\0')
        token->looks = TOKEN_OPERATOR;
    return token;
}

static struct token *
lex_operator(struct lexer *lexer)
{
    const char *start = lexer->input->next;

    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        const char *text = operators[i];
        unsigned matched = 0;

        while (text[matched] && peek(lexer, matched) == text[matched])
            matched++;
        if (text[matched])
            continue;
        while (matched--)
            take(lexer);
        if (!strcmp(text, "%{"))
            return lex_embedded(lexer, start);
        return make(lexer, TOKEN_OPERATOR, start);
    }
    take(lexer);
    while (!at_end(lexer) && (peek(lexer, 0) & 0xc0) == 0x80)
        take(lexer); /* the rest of a character of several bytes */
    return junk(lexer, start, "unexpected character");
}

const struct token *
lexer_next(struct lexer *lexer)
{
    for (;;) {
        struct token *token;

        skip_space(lexer);
        if (at_end(lexer) && lexer->input->below) {
            lexer->input = lexer->input->below;
            continue;
        }

        struct position position = lexer->input->position;
        char c = peek(lexer, 0);

        if (at_end(lexer))
            token = make(lexer, TOKEN_END, lexer->input->next);
        /* An argument is not searched for arguments. */
        else if ((c == '$' || c == '@') && !lexer->input->below &&
                 (isdigit((unsigned char)peek(lexer, 1)) ||
                  peek(lexer, 1) == '#'))
            token = lex_argument(lexer, position);
        else if (starts_identifier(c))
            token = lex_word(lexer);
        else if (isdigit((unsigned char)c))
            token = lex_number(lexer);
        else if (c == '"')
            token = lex_string(lexer);
        else
            token = lex_operator(lexer);

        if (!token)
            continue;
        token->position = position;
        return token;
    }
}
