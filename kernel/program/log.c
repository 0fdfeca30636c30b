/* Formatting of messages, without a C library. */

#include "kernel/program/log.h"

#include <stdint.h>

static void
put_char(struct log *log, char c)
{
    if (log->length + 1 < log->size) {
        log->text[log->length++] = c;
        log->text[log->length] = '\0';
    }
}

static void
put_number(struct log *log, uint64_t number, unsigned base)
{
    char digits[20];
    unsigned count = 0;

    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    while (count > 0)
        put_char(log, digits[--count]);
}

static void
put_signed(struct log *log, int64_t number)
{
    if (number < 0)
        put_char(log, '-');
    put_number(log, number < 0 ? -(uint64_t)number : (uint64_t)number, 10);
}

void
log_start(struct log *log, char *text, size_t size)
{
    log->text = text;
    log->size = size;
    log->length = 0;
    if (size > 0)
        text[0] = '\0';
}

void
log_put_list(struct log *log, const char *format, va_list arguments)
{
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            put_char(log, *at);
            continue;
        }
        int wide = at[1] == 'l' && at[2] == 'l';
        at += wide ? 3 : 1;
        switch (*at) {
        case 'd':
            put_signed(log, wide ? va_arg(arguments, long long)
                                 : va_arg(arguments, int));
            break;
        case 'u':
        case 'x':
            put_number(log,
                       wide ? va_arg(arguments, unsigned long long)
                            : va_arg(arguments, unsigned),
                       *at == 'x' ? 16 : 10);
            break;
        case 'c':
            put_char(log, (char)va_arg(arguments, int));
            break;
        case 's':
            for (const char *s = va_arg(arguments, const char *); *s != '\0';
                 s++)
                put_char(log, *s);
            break;
        default:
            put_char(log, *at);
        }
    }
}

void
log_put(struct log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_put_list(log, format, arguments);
    va_end(arguments);
}
