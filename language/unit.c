#include "language/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/messages.h"
#include "language/parse/parser.h"
#include "language/parse/preprocessor.h"
#include "language/state.h"
#include "support/path.h"

struct unit *
unit_new(const struct language_options *options)
{
    struct unit *unit = xcalloc(1, sizeof(*unit));

    if (options)
        unit->options = *options;
    unit->state = ARENA_NEW(&unit->arena, struct language_state);
    unit->state->arguments_used = arena_alloc(
        &unit->arena, unit->options.argument_count * sizeof(bool) + 1);
    return unit;
}

void
unit_free(struct unit *unit)
{
    if (!unit)
        return;
    text_free(&unit->messages.text);
    arena_free(&unit->arena);
    free(unit);
}

/*
 * The bytes of a well-formed UTF-8 character, 0 if it is none.  NUL is none
 * here: no part of the language can hold one.
 */
static unsigned
character_size(const unsigned char *at, size_t left)
{
    unsigned size = at[0] == 0      ? 0
                    : at[0] < 0x80  ? 1
                    : at[0] < 0xc2  ? 0
                    : at[0] < 0xe0  ? 2
                    : at[0] < 0xf0  ? 3
                    : at[0] <= 0xf4 ? 4
                                    : 0;

    if (size > left)
        return 0;
    for (unsigned i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

static int
check_characters(struct unit *unit, const struct source *source)
{
    const unsigned char *at = (const unsigned char *)source->text;
    const unsigned char *end = at + source->size;
    struct token junk = {
        .kind = TOKEN_JUNK, .looks = TOKEN_JUNK, .position = {source, 1, 1}};

    while (at < end) {
        unsigned size = character_size(at, (size_t)(end - at));

        if (!size) {
            char text[8];

            snprintf(text, sizeof(text), "\\x%02x", *at);
            junk.text = text;
            message_parse_error(unit, &junk,
                                *at ? "script is not valid UTF-8"
                                    : "NUL byte in script");
            text_puts(&unit->messages.text, "1 parse error.\n");
            return -1;
        }
        if (*at == '\n') {
            junk.position.line++;
            junk.position.column = 1;
        } else {
            junk.position.column += size;
        }
        at += size;
    }
    return 0;
}

static int
add_source(struct unit *unit, const char *name, const char *text, size_t size,
           bool library)
{
    struct arena *arena = &unit->arena;
    struct source *source = ARENA_NEW(arena, struct source);
    struct script *script = ARENA_NEW(arena, struct script);
    size_t length = strlen(name);
    bool macros = library && length > 5 && !strcmp(name + length - 5, ".stpm");

    source->name = arena_string(arena, name, length);
    source->text = arena_string(arena, text, size);
    source->size = size;
    source->library = library;
    if (check_characters(unit, source))
        return -1;
    script->source = source;
    if (parse_source(unit, source, script, macros))
        return -1;
    LIST_ADD(arena, &unit->scripts, script);
    return 0;
}

int
unit_add_text(struct unit *unit, const char *name, const char *text,
              size_t size)
{
    return add_source(unit, name, text, size, false);
}

/* Standard input to its end, in memory that the caller frees. */
static char *
read_input(size_t *size)
{
    struct text text = {0};
    char block[4096];
    size_t got;

    while ((got = fread(block, 1, sizeof(block), stdin)) > 0)
        text_add(&text, block, got);
    *size = text.size;
    return text_take(&text);
}

static int
add_file(struct unit *unit, const char *path, bool library)
{
    bool input = !strcmp(path, "-") && !library;
    struct error error;
    char *data = NULL;
    size_t size = 0;

    if (input) {
        data = read_input(&size);
    } else if (path_read(path, &data, &size, &error)) {
        text_printf(&unit->messages.text, "%s\n", error.text);
        unit->messages.errors++;
        return -1;
    }

    int result =
        add_source(unit, input ? "<stdin>" : path, data, size, library);

    free(data);
    return result;
}

int
unit_add_file(struct unit *unit, const char *path)
{
    return add_file(unit, path, false);
}

int
unit_add_library(struct unit *unit, const char *path)
{
    return add_file(unit, path, true);
}
