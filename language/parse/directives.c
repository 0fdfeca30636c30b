#include "language/parse/directives.h"

#include <ctype.h>
#include <string.h>

/* Widths and precisions beyond this are mistakes. */
#define FIELD_MAX 4096

/* Digits, or a star for an argument.  Returns false if too large. */
static bool
read_field(const char **at, int *fixed, int *argument, int *arguments)
{
    if (**at == '*') {
        *argument = (*arguments)++;
        (*at)++;
        return true;
    }
    for (*fixed = 0; isdigit((unsigned char)**at); (*at)++) {
        *fixed = *fixed * 10 + (**at - '0');
        if (*fixed > FIELD_MAX)
            return false;
    }
    return true;
}

/* A zero behind another flag begins the width, as in SystemTap, which knows
 * one flag only. */
static void
read_flags(const char **at, struct format_directive *directive)
{
    const char *start = *at;

    for (;; (*at)++) {
        switch (**at) {
        case '-':
            directive->left = true;
            break;
        case '+':
            directive->plus = true;
            break;
        case ' ':
            directive->space = true;
            break;
        case '0':
            if (*at > start)
                return;
            directive->zero = true;
            break;
        case '#':
            directive->alternate = true;
            break;
        default:
            return;
        }
    }
}

/* After '%'. */
static int
read_directive(const char **at, struct format_directive *directive,
               int *arguments, struct error *error)
{
    const char *start = *at - 1;

    directive->width = directive->width_argument = -1;
    directive->precision = directive->precision_argument = -1;
    read_flags(at, directive);
    if ((isdigit((unsigned char)**at) || **at == '*') &&
        !read_field(at, &directive->width, &directive->width_argument,
                    arguments))
        return error_set(error, "format width is more than %d", FIELD_MAX);
    if (**at == '.') {
        (*at)++;
        if ((isdigit((unsigned char)**at) || **at == '*') &&
            !read_field(at, &directive->precision,
                        &directive->precision_argument, arguments))
            return error_set(error, "format precision is more than %d",
                             FIELD_MAX);
    }

    if (**at == 'l') /* as C's %ld: every number is long */
        (*at)++;

    char c = **at;

    if (!c)
        return error_set(error,
                         "trailing incomplete print format conversion "
                         "'%s'",
                         start);
    if (!strchr("diuxXopcsbmM", c))
        return error_set(error,
                         "invalid or missing conversion specifier "
                         "'%.*s': %s",
                         (int)(*at - start + 1), start,
                         strchr("hljzt", c)
                             ? "all numbers are long, leave the length out"
                             : "expected one of d i u x X o p c s b m M %");
    (*at)++;
    directive->conversion = c == 'i' ? 'd' : c;
    directive->argument = (*arguments)++;
    return 0;
}

static void
add_text(struct arena *arena, directive_list *directives, const char *start,
         size_t size)
{
    struct format_directive directive = {
        .text = arena_string(arena, start, size),
        .width = -1,
        .precision = -1,
        .width_argument = -1,
        .precision_argument = -1,
        .argument = -1,
    };

    if (size)
        LIST_ADD(arena, directives, directive);
}

int
format_parse(struct arena *arena, const char *format,
             directive_list *directives, struct error *error)
{
    const char *text = format;
    const char *at = format;
    int arguments = 0;

    while (*at) {
        if (*at != '%') {
            at++;
            continue;
        }
        add_text(arena, directives, text, (size_t)(at - text));
        if (at[1] == '%') {
            text = at + 1; /* the second one is text */
            at += 2;
            continue;
        }

        struct format_directive directive = {0};

        at++;
        if (read_directive(&at, &directive, &arguments, error))
            return -1;
        LIST_ADD(arena, directives, directive);
        text = at;
    }
    add_text(arena, directives, text, (size_t)(at - text));
    return arguments;
}
