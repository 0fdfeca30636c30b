/*
 * Formatting by the rules of printf, into memory.
 */

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct output {
    char *target;
    size_t space; /* bytes of target, the NUL included */
    size_t size;  /* bytes there would be with enough space */
};

struct conversion {
    bool left, plus, space, alternative, zero;
    int width;
    int precision; /* -1: none */
    char length;   /* 'H' for hh, 'h', 'l' (all of 64 bits), or 0 */
    char kind;
};

static void
put(struct output *output, char character)
{
    if (output->size + 1 < output->space)
        output->target[output->size] = character;
    output->size++;
}

static void
fill(struct output *output, char character, int count)
{
    while (count-- > 0)
        put(output, character);
}

static void
put_text(struct output *output, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        put(output, text[i]);
}

/* TEXT within the width, with spaces. */
static void
put_padded(struct output *output, const struct conversion *conversion,
           const char *text, size_t size)
{
    int padding = conversion->width - (int)size;

    if (!conversion->left)
        fill(output, ' ', padding);
    put_text(output, text, size);
    if (conversion->left)
        fill(output, ' ', padding);
}

static void
put_number(struct output *output, const struct conversion *conversion,
           uint64_t value, const char *prefix, unsigned base)
{
    const char *digits =
        conversion->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[24]; /* 2^64 in octal has 22 digits */
    int size = 0, zeros, padding, prefix_size = (int)strlen(prefix);

    /* Zero with precision zero is no digit at all. */
    if (value != 0 || conversion->precision != 0)
        do
            text[size++] = digits[value % base];
        while ((value /= base) != 0);
    if (conversion->kind == 'o' && conversion->alternative &&
        (size == 0 || text[size - 1] != '0') && conversion->precision <= size)
        text[size++] = '0';

    zeros = conversion->precision > size ? conversion->precision - size : 0;
    padding = conversion->width - prefix_size - zeros - size;
    if (conversion->zero && !conversion->left && conversion->precision < 0 &&
        padding > 0) {
        zeros = padding;
        padding = 0;
    }
    if (!conversion->left)
        fill(output, ' ', padding);
    put_text(output, prefix, (size_t)prefix_size);
    fill(output, '0', zeros);
    while (size > 0)
        put(output, text[--size]);
    if (conversion->left)
        fill(output, ' ', padding);
}

static void
put_signed(struct output *output, const struct conversion *conversion,
           int64_t value)
{
    const char *sign = conversion->plus ? "+" : conversion->space ? " " : "";

    if (value < 0)
        put_number(output, conversion, -(uint64_t)value, "-", 10);
    else
        put_number(output, conversion, (uint64_t)value, sign, 10);
}

static const char *
parse_number(const char *at, int *number, va_list *arguments)
{
    if (*at == '*') {
        *number = va_arg(*arguments, int);
        return at + 1;
    }
    for (*number = 0; isdigit(*at); at++)
        *number = *number * 10 + (*at - '0');
    return at;
}

/* What follows the %: returns where its conversion ends. */
static const char *
parse(const char *at, struct conversion *conversion, va_list *arguments)
{
    *conversion = (struct conversion){.precision = -1};
    for (;; at++) {
        if (*at == '-')
            conversion->left = true;
        else if (*at == '+')
            conversion->plus = true;
        else if (*at == ' ')
            conversion->space = true;
        else if (*at == '#')
            conversion->alternative = true;
        else if (*at == '0')
            conversion->zero = true;
        else
            break;
    }
    at = parse_number(at, &conversion->width, arguments);
    if (conversion->width < 0) {
        conversion->left = true;
        conversion->width = -conversion->width;
    }
    if (*at == '.')
        at = parse_number(at + 1, &conversion->precision, arguments);
    for (; *at != '\0' && strchr("hljzt", *at) != NULL; at++) {
        if (*at == 'h')
            conversion->length = conversion->length == 'h' ? 'H' : 'h';
        else if (sizeof(long) == 8 || *at == 'j' || conversion->length == 'l')
            conversion->length = 'L';
        else
            conversion->length = 'l';
    }
    conversion->kind = *at;
    return *at != '\0' ? at + 1 : at;
}

static int64_t
signed_argument(const struct conversion *conversion, va_list *arguments)
{
    switch (conversion->length) {
    case 'L':
        return va_arg(*arguments, int64_t);
    case 'H':
        return (signed char)va_arg(*arguments, int);
    case 'h':
        return (short)va_arg(*arguments, int);
    default:
        return va_arg(*arguments, int);
    }
}

static uint64_t
unsigned_argument(const struct conversion *conversion, va_list *arguments)
{
    switch (conversion->length) {
    case 'L':
        return va_arg(*arguments, uint64_t);
    case 'H':
        return (unsigned char)va_arg(*arguments, int);
    case 'h':
        return (unsigned short)va_arg(*arguments, int);
    default:
        return va_arg(*arguments, unsigned);
    }
}

static void
put_unsigned(struct output *output, const struct conversion *conversion,
             uint64_t value)
{
    unsigned base = conversion->kind == 'u'   ? 10
                    : conversion->kind == 'o' ? 8
                                              : 16;
    const char *prefix = "";

    if (conversion->alternative && base == 16 && value != 0)
        prefix = conversion->kind == 'X' ? "0X" : "0x";
    put_number(output, conversion, value, prefix, base);
}

static void
convert(struct output *output, struct conversion *conversion,
        va_list *arguments)
{
    const char *text;
    char character;

    switch (conversion->kind) {
    case 'd':
    case 'i':
        put_signed(output, conversion, signed_argument(conversion, arguments));
        break;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_unsigned(output, conversion,
                     unsigned_argument(conversion, arguments));
        break;
    case 'p':
        put_number(output, conversion, (uintptr_t)va_arg(*arguments, void *),
                   "0x", 16);
        break;
    case 'c':
        character = (char)va_arg(*arguments, int);
        put_padded(output, conversion, &character, 1);
        break;
    case 's':
        text = va_arg(*arguments, const char *);
        if (text == NULL)
            text = "(null)";
        put_padded(output, conversion, text,
                   strnlen(text, conversion->precision >= 0
                                     ? (size_t)conversion->precision
                                     : SIZE_MAX));
        break;
    case '%':
        put(output, '%');
        break;
    }
}

int
vsnprintf(char *target, size_t size, const char *format, va_list arguments)
{
    struct output output = {.target = target, .space = size};
    struct conversion conversion;
    va_list list;

    va_copy(list, arguments);
    while (*format != '\0') {
        if (*format != '%') {
            put(&output, *format++);
            continue;
        }
        format = parse(format + 1, &conversion, &list);
        convert(&output, &conversion, &list);
    }
    va_end(list);
    if (size > 0)
        target[output.size < size ? output.size : size - 1] = '\0';
    return output.size > INT_MAX ? -1 : (int)output.size;
}

int
snprintf(char *target, size_t size, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vsnprintf(target, size, format, arguments);
    va_end(arguments);
    return result;
}
