#include "support/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
error_set(struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    return -1;
}

int
error_prefix(struct error *error, const char *format, ...)
{
    char old[ERROR_SIZE];
    va_list arguments;
    size_t length;

    memcpy(old, error->text, sizeof(old));
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    length = strlen(error->text);
    snprintf(error->text + length, sizeof(error->text) - length, ": %s", old);
    return -1;
}
