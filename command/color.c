#include "command/color.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/run/output.h"
#include "support/text.h"

enum part { PART_ERROR, PART_WARNING, PART_SOURCE, PART_CARET, PART_TOKEN };

/* The codes of ECMA-48's SGR are kept as they are written. */
static struct {
    const char *key;
    char code[16];
} parts[] = {
    [PART_ERROR] = {"error", "01;31"},   [PART_WARNING] = {"warning", "00;33"},
    [PART_SOURCE] = {"source", "00;34"}, [PART_CARET] = {"caret", "01"},
    [PART_TOKEN] = {"token", "01"},
};

static bool on;

/* KEY=VALUE of LENGTH bytes; false if that is none. */
static bool
set_part(const char *setting, size_t length)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t key = strlen(parts[i].key);
        size_t size = length > key ? length - key - 1 : 0;

        if (size == 0 || strncmp(setting, parts[i].key, key) != 0 ||
            setting[key] != '=' || size >= sizeof(parts[i].code) ||
            strspn(setting + key + 1, "0123456789;") < size)
            continue;
        memcpy(parts[i].code, setting + key + 1, size);
        parts[i].code[size] = '\0';
        return true;
    }
    return false;
}

/* Whether all that the variable says makes sense. */
static bool
read_settings(void)
{
    const char *setting = getenv("SYSTEMTAP_COLORS");
    size_t length;

    if (setting == NULL)
        return true;
    do {
        length = strcspn(setting, ":");
        if (!set_part(setting, length))
            return false;
        setting += length + (setting[length] == ':');
    } while (*setting != '\0');
    return true;
}

void
color_open(const char *when)
{
    const char *terminal = getenv("TERM");

    on = strcmp(when, "always") == 0 ||
         (strcmp(when, "auto") == 0 && isatty(STDERR_FILENO) &&
          terminal != NULL && strcmp(terminal, "dumb") != 0);
    on = on && read_settings();
}

bool
color_is_on(void)
{
    return on;
}

static void
paint(struct text *out, enum part part, const char *text, size_t size)
{
    text_printf(out, "\033[%sm%.*s\033[m", parts[part].code, (int)size, text);
}

/* The bytes of LINE that are the word before a message, and which color. */
static size_t
lead_of(const char *line, size_t size, enum part *part)
{
    static const struct {
        const char *word;
        enum part part;
    } leads[] = {
        {"parse error:", PART_ERROR},
        {"semantic error:", PART_ERROR},
        {"ERROR:", PART_ERROR},
        {"WARNING:", PART_WARNING},
    };

    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
        size_t length = strlen(leads[i].word);

        if (size >= length && memcmp(line, leads[i].word, length) == 0) {
            *part = leads[i].part;
            return length;
        }
    }
    return 0;
}

/* "…: identifier 'x' at file:1:2": the last quoted word before " at ". */
static void
paint_token(struct text *out, const char *rest, size_t size)
{
    static const char mark[] = "' at ";
    const char *end = NULL;
    const char *start;

    for (size_t i = 0; i + strlen(mark) <= size; i++) {
        if (memcmp(rest + i, mark, strlen(mark)) == 0)
            end = rest + i;
    }
    start = end;
    while (start != NULL && start > rest && start[-1] != '\'')
        start--;
    if (start == NULL || start == rest) {
        text_add(out, rest, size);
        return;
    }
    text_add(out, rest, (size_t)(start - rest));
    paint(out, PART_TOKEN, start, (size_t)(end - start));
    text_add(out, end, size - (size_t)(end - rest));
}

/* A line without its newline. */
static void
paint_line(struct text *out, const char *line, size_t size)
{
    static const char label[] = "source: ";
    static const char saw[] = "saw: ";
    const char *start = line;
    size_t blanks, length;
    enum part part;

    length = lead_of(line, size, &part);
    if (length > 0) {
        paint(out, part, line, length);
        paint_token(out, line + length, size - length);
        return;
    }
    for (blanks = 0; blanks < size; blanks++) {
        if (line[blanks] != ' ' && line[blanks] != '\t')
            break;
    }
    start = line + blanks;
    length = size - blanks;
    text_add(out, line, blanks);
    if (blanks == 0)
        text_add(out, start, length);
    else if (length == 1 && *start == '^')
        paint(out, PART_CARET, start, 1);
    else if (length > strlen(saw) && memcmp(start, saw, strlen(saw)) == 0)
        paint_token(out, start, length);
    else if (length >= strlen(label) &&
             memcmp(start, label, strlen(label)) == 0) {
        text_puts(out, label);
        paint(out, PART_SOURCE, start + strlen(label), length - strlen(label));
    } else
        text_add(out, start, length);
}

int
color_write(const char *text, size_t size)
{
    const char *end = text + size;
    struct text painted = {0};
    int failed;

    if (!on)
        return output_write_all(STDERR_FILENO, text, size);
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline != NULL ? newline : end;

        paint_line(&painted, text, (size_t)(stop - text));
        if (newline != NULL)
            text_putc(&painted, '\n');
        text = stop + (newline != NULL);
    }
    failed = output_write_all(STDERR_FILENO, painted.data, painted.size);
    text_free(&painted);
    return failed;
}
