#include "runtime/base/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/platform.h"

#define BUFFER_SIZE (64 * 1024)

static char buffer[BUFFER_SIZE];
static size_t used;
static bool closed;

void
rt_output_flush(void)
{
    if (used > 0 && !closed)
        closed = !rt_platform_write(RT_STDOUT, buffer, used);
    used = 0;
}

void
rt_output(const char *text, size_t length)
{
    while (length > BUFFER_SIZE - used) {
        size_t part = BUFFER_SIZE - used;

        memcpy(buffer + used, text, part);
        used = BUFFER_SIZE;
        rt_output_flush();
        text += part;
        length -= part;
    }
    memcpy(buffer + used, text, length);
    used += length;
}

char *
rt_output_reserve(size_t size)
{
    if (size > BUFFER_SIZE - used)
        rt_output_flush();
    return buffer + used;
}

void
rt_output_add(size_t length)
{
    used += length;
}

void
rt_message(const char *format, ...)
{
    char text[RT_MESSAGE_MAX];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof(text)) {
        length = sizeof(text) - 1;
        text[length - 1] = '\n';
    }

    rt_output_flush();
    rt_platform_write(RT_STDERR, text, (size_t)length);
}

bool
rt_output_alive(void)
{
    return !closed;
}
