#include "runtime/values/format.h"

#include <string.h>

#include "runtime/values/escape.h"

/* No field is wider, whatever `*` is given. */
#define FIELD_MAX 65535

void
rt_sink_add(struct rt_sink *sink, const char *text, size_t length)
{
    size_t room = (size_t)(sink->end - sink->at);

    while (length > room) {
        memcpy(sink->at, text, room);
        sink->at += room;
        if (sink->full == NULL)
            return;
        text += room;
        length -= room;
        sink->full(sink);
        room = (size_t)(sink->end - sink->at);
    }
    memcpy(sink->at, text, length);
    sink->at += length;
}

void
rt_sink_fill(struct rt_sink *sink, char byte, size_t count)
{
    char part[64];

    memset(part, byte, sizeof(part));
    while (count > 0) {
        size_t size = count < sizeof(part) ? count : sizeof(part);

        rt_sink_add(sink, part, size);
        count -= size;
    }
}

/* ---- numbers --------------------------------------------------------- */

static const char digits_lower[] = "0123456789abcdef";
static const char digits_upper[] = "0123456789ABCDEF";

/* Digits of VALUE before END; at least one. */
static char *
put_digits(char *end, uint64_t value, unsigned base, const char *digits)
{
    if (base == 10) {
        do {
            *--end = (char)('0' + value % 10);
            value /= 10;
        } while (value != 0);
    } else {
        unsigned shift = base == 8 ? 3 : 4;

        do {
            *--end = digits[value & (base - 1)];
            value >>= shift;
        } while (value != 0);
    }
    return end;
}

char *
rt_decimal(char *end, int64_t value)
{
    uint64_t amount = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    end = put_digits(end, amount, 10, digits_lower);
    if (value < 0)
        *--end = '-';
    return end;
}

struct field {
    unsigned flags;
    int width; /* RT_DEFAULT: none */
    int precision;
};

/* Sign or 0x, then zeroes up to the precision and, with '0', up to the width
 * as well (unlike C, a precision does not stop that), then digits; spaces
 * before or after. */
static void
add_number(struct rt_sink *sink, const struct field *field, const char *prefix,
           const char *digits, size_t count)
{
    size_t prefix_size = strlen(prefix);
    size_t zeroes = 0, spaces = 0;
    size_t width = field->width > 0 ? (size_t)field->width : 0;

    if (field->precision > 0 && (size_t)field->precision > count)
        zeroes = (size_t)field->precision - count;
    if (prefix_size + zeroes + count < width)
        spaces = width - prefix_size - zeroes - count;
    if ((field->flags & (RT_ZERO | RT_LEFT)) == RT_ZERO) {
        zeroes += spaces;
        spaces = 0;
    }

    if ((field->flags & RT_LEFT) == 0)
        rt_sink_fill(sink, ' ', spaces);
    rt_sink_add(sink, prefix, prefix_size);
    rt_sink_fill(sink, '0', zeroes);
    rt_sink_add(sink, digits, count);
    if ((field->flags & RT_LEFT) != 0)
        rt_sink_fill(sink, ' ', spaces);
}

static void
add_signed(struct rt_sink *sink, const struct field *field, int64_t value)
{
    char text[RT_NUMBER_MAX];
    char *end = text + sizeof(text);
    char *start = rt_decimal(end, value);
    const char *prefix = "";

    if (value < 0) {
        start++;
        prefix = "-";
    } else if (field->flags & RT_PLUS) {
        prefix = "+";
    } else if (field->flags & RT_SPACE) {
        prefix = " ";
    }
    add_number(sink, field, prefix, start, (size_t)(end - start));
}

/* The prefix of '#' stands before 0 as well, in base 8 before any zeroes. */
static void
add_unsigned(struct rt_sink *sink, const struct field *field, char conversion,
             int64_t value)
{
    bool alternate = (field->flags & RT_ALTERNATE) != 0 || conversion == 'p';
    const char *digits = conversion == 'X' ? digits_upper : digits_lower;
    const char *prefix = "";
    char text[RT_NUMBER_MAX];
    char *end = text + sizeof(text);
    unsigned base = 16;
    char *start;

    if (conversion == 'u')
        base = 10;
    else if (conversion == 'o')
        base = 8;
    if (alternate && base == 8)
        prefix = "0";
    else if (alternate && base == 16)
        prefix = conversion == 'X' ? "0X" : "0x";

    start = put_digits(end, (uint64_t)value, base, digits);
    add_number(sink, field, prefix, start, (size_t)(end - start));
}

/* ---- the rest -------------------------------------------------------- */

/* Text within spaces; precision is the most of it.  The flag '0' asks for a
 * NUL behind it, for those who read the output as records. */
static void
add_text(struct rt_sink *sink, const struct field *field, const char *text,
         size_t length)
{
    size_t width = field->width > 0 ? (size_t)field->width : 0;
    size_t spaces;

    if (field->precision >= 0 && (size_t)field->precision < length)
        length = (size_t)field->precision;
    spaces = width > length ? width - length : 0;

    if ((field->flags & RT_LEFT) == 0)
        rt_sink_fill(sink, ' ', spaces);
    rt_sink_add(sink, text, length);
    if ((field->flags & RT_LEFT) != 0)
        rt_sink_fill(sink, ' ', spaces);
    if ((field->flags & RT_ZERO) != 0)
        rt_sink_add(sink, "", 1);
}

/* With '#' as C writes it between single quotes. */
static void
add_byte(struct rt_sink *sink, const struct field *field, int64_t value)
{
    struct field plain = {field->flags & ~(unsigned)RT_ZERO, field->width,
                          RT_DEFAULT};
    char byte = (char)value;
    char escaped[RT_ESCAPE_MAX];

    if ((field->flags & RT_ALTERNATE) == 0 || byte == '"')
        add_text(sink, &plain, &byte, 1);
    else if (byte == '\'')
        add_text(sink, &plain, "\\'", 2);
    else
        add_text(sink, &plain, escaped, rt_escape(escaped, byte));
}

/* How many bytes a number of bytes asks for: any other than these is 8. */
static size_t
binary_size(int size)
{
    return size == 1 || size == 2 || size == 4 ? (size_t)size : 8;
}

/* The low bytes, as they are in memory, as many as the precision or else the
 * width says, and NULs before or after them up to the width. */
static void
add_binary(struct rt_sink *sink, const struct field *field, int64_t value)
{
    bool given = field->precision == 8 || binary_size(field->precision) != 8;
    size_t size = binary_size(given ? field->precision : field->width);
    size_t width = field->width > 0 ? (size_t)field->width : 0;
    size_t filling = width > size ? width - size : 0;
    union {
        uint64_t eight;
        uint32_t four;
        uint16_t two;
        uint8_t one;
    } bytes;

    if (size == 8)
        bytes.eight = (uint64_t)value;
    else if (size == 4)
        bytes.four = (uint32_t)value;
    else if (size == 2)
        bytes.two = (uint16_t)value;
    else
        bytes.one = (uint8_t)value;

    if ((field->flags & RT_LEFT) == 0)
        rt_sink_fill(sink, '\0', filling);
    rt_sink_add(sink, (const char *)&bytes, size);
    if ((field->flags & RT_LEFT) != 0)
        rt_sink_fill(sink, '\0', filling);
}

/* Bytes of memory, in words of eight; %M in hexadecimal. */
static const union rt_value *
add_memory(struct rt_sink *sink, char conversion, const struct field *field,
           const union rt_value *words)
{
    size_t count = (size_t)field->precision;
    struct field plain = {field->flags, field->width, RT_DEFAULT};
    char text[2 * RT_MEMORY_MAX];
    size_t length = 0;

    for (size_t i = 0; i < count && i < RT_MEMORY_MAX; i++) {
        unsigned byte = (uint64_t)words[i / 8].number >> i % 8 * 8 & 0xff;

        if (conversion == 'M') {
            text[length++] = digits_lower[byte >> 4];
            text[length++] = digits_lower[byte & 15];
        } else {
            text[length++] = (char)byte;
        }
    }
    add_text(sink, &plain, text, length);
    return words + (count + 7) / 8;
}

/* As SystemTap takes it: the low 32 bits, and 0 if these are negative. */
static int
clamp(int64_t value)
{
    int32_t number = (int32_t)value;

    if (number < 0)
        return 0;
    return number > FIELD_MAX ? FIELD_MAX : number;
}

static const union rt_value *
take_field(struct field *field, const struct rt_directive *directive,
           const union rt_value *argument)
{
    field->flags = directive->flags;
    field->width = directive->width;
    field->precision = directive->precision;

    if (field->width == RT_ARGUMENT)
        field->width = clamp((argument++)->number);
    if (field->precision == RT_ARGUMENT)
        field->precision = clamp((argument++)->number);
    return argument;
}

static void
add_directive(struct rt_sink *sink, const struct rt_directive *directive,
              const struct field *field, const union rt_value *argument)
{
    switch (directive->conversion) {
    case 'd':
        add_signed(sink, field, argument->number);
        break;
    case 's':
        add_text(sink, field, argument->string.text, argument->string.length);
        break;
    case 'c':
        add_byte(sink, field, argument->number);
        break;
    case 'b':
        add_binary(sink, field, argument->number);
        break;
    default:
        add_unsigned(sink, field, directive->conversion, argument->number);
        break;
    }
}

static bool
is_plain(const struct rt_directive *directive)
{
    return directive->flags == 0 && directive->width == RT_DEFAULT &&
           directive->precision == RT_DEFAULT;
}

void
rt_format(struct rt_sink *sink, const struct rt_directive *directives,
          unsigned count, const union rt_value *arguments)
{
    const struct rt_directive *directive;

    for (directive = directives; directive < directives + count; directive++) {
        struct field field;

        if (directive->conversion == 0) {
            rt_sink_add(sink, directive->text, directive->length);
        } else if (directive->conversion == 'd' && is_plain(directive)) {
            char text[RT_NUMBER_MAX];
            char *end = text + sizeof(text);
            char *start = rt_decimal(end, arguments++->number);

            rt_sink_add(sink, start, (size_t)(end - start));
        } else if (directive->conversion == 's' && is_plain(directive)) {
            rt_sink_add(sink, arguments->string.text, arguments->string.length);
            arguments++;
        } else {
            arguments = take_field(&field, directive, arguments);
            if (directive->conversion == 'm' || directive->conversion == 'M')
                arguments =
                    add_memory(sink, directive->conversion, &field, arguments);
            else
                add_directive(sink, directive, &field, arguments++);
        }
    }
}
