#include "runtime/values/embedded.h"

#include <stdarg.h>

#include "runtime/base/scratch.h"
#include "runtime/values/print.h"

void
rt_embedded_print(const char *format, ...)
{
    char text[RT_EMBEDDED_PRINT];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    rt_print_text(text, strlen(text));
}

struct rt_string
rt_embedded_string(const char *text)
{
    return rt_hold((struct rt_string){text, strlen(text)});
}

size_t
rt_embedded_copy(char *target, const char *source, size_t size)
{
    size_t length = strlen(source);
    size_t part = length < size ? length : size - 1;

    if (size > 0) {
        memcpy(target, source, part);
        target[part] = '\0';
    }
    return length;
}

size_t
rt_embedded_append(char *target, const char *source, size_t size)
{
    size_t length = strnlen(target, size);

    return length + rt_embedded_copy(target + length, source, size - length);
}
