#include "vm/console.h"

#include <string.h>
#include <unistd.h>

/* More text than this is a machine that prints without end. */
#define TEXT_MAX  (8 * 1024 * 1024)
#define TEXT_KEEP (1024 * 1024)

#define END_LINES 25
#define END_BYTES 1500

/* What the kernel prints when it has failed. */
static const struct {
    const char *text;
    bool at_start; /* of the line only */
} failures[] = {
    {"panic ", true},
    {"Assertion `", false},
    {"Kernel page fault at address", true},
    {" trap, eip 0x", false},
    {"kernel trap, type", true},
    {"Debugger invoked", false},
    {"Stopped\tat ", true},
};

static bool
says_failure(const char *line)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        const char *found = strstr(line, failures[i].text);

        if (found != NULL && (found == line || !failures[i].at_start))
            return true;
    }
    return false;
}

static bool
is_prompt(const char *line)
{
    return strncmp(line, "db> ", 4) == 0 || strncmp(line, "db{", 3) == 0;
}

/* Look at the line that grows, each time it has grown. */
static void
look(struct vm_console *console)
{
    const char *line = text_string(&console->text) + console->line;

    if (says_failure(line))
        console->panicked = true;
    if (is_prompt(line))
        console->panicked = console->prompt = true;
}

/* Forget the beginning of a text that has become too long. */
static void
shorten(struct vm_console *console)
{
    size_t cut = console->line - TEXT_KEEP;

    memmove(console->text.data, console->text.data + cut,
            console->text.size - cut + 1);
    console->text.size -= cut;
    console->line -= cut;
}

void
vm_console_add(struct vm_console *console, const char *data, size_t size)
{
    if (console->file >= 0 && write(console->file, data, size) < 0)
        console->file = -1; /* a full disk must not end the run */
    for (size_t i = 0; i < size; i++) {
        /* A NUL would end the text for those who read it as a string. */
        if (data[i] == '\r' || data[i] == '\0')
            continue;
        if (data[i] == '\n') {
            look(console);
            text_putc(&console->text, '\n');
            console->line = console->text.size;
        } else {
            text_putc(&console->text, data[i]);
        }
    }
    look(console);
    if (console->text.size > TEXT_MAX && console->line > TEXT_KEEP)
        shorten(console);
}

const char *
vm_console_end(const struct vm_console *console)
{
    const char *start = text_string(&console->text);
    const char *at = start + console->text.size;
    unsigned lines = 0;

    while (at > start &&
           (size_t)(start + console->text.size - at) < END_BYTES) {
        if (at[-1] == '\n' && lines++ == END_LINES)
            break;
        at--;
    }
    return at;
}
